import { leaveOuts, readAddress } from '../compliance-monitor/account.js';
import { isKeyText, keyKind, readKey } from '../compliance-monitor/key.js';
import { recognise } from '../text/path-or-text.js';
import { inSentence, layersOf, type RawInputs } from './layers.js';
import { uploadSpecs } from './list-actions.js';
import { unknownInputs, valuesOf } from './parse.js';
import { assertNone } from './problems.js';
import { Reader, type Named } from './reader.js';

type UploadReader = Reader<(typeof uploadSpecs)[number]['name']>;

/** What is uploaded, to where, and how. */
export interface UploadInputs {
  /** The path of the report. */
  readonly report: string;
  /** Absent if nothing is to be sent. */
  readonly url?: URL | undefined;
  /** The login, or the path of a file that holds it. */
  readonly login?: Named | undefined;
  /** The text of the key, or the path of its file. */
  readonly key?: Named | undefined;
  readonly dryRun: boolean;
  readonly leaveOut: (typeof leaveOuts)[number];
}

/** Why the text of a key is none. What no key is recognised in is a problem only after it was tried as a path. */
const keyProblem = (given: string): string | undefined => {
  const found = recognise(given, keyKind.isText);
  const read = found === undefined ? undefined : readKey(found.text);
  return read !== undefined && 'problem' in read ? read.problem : undefined;
};

const readKeyInput = (reader: UploadReader): Named | undefined => {
  const key = reader.named('key');
  const problem = key !== undefined && isKeyText(key.value) ? keyProblem(key.value) : undefined;
  if (problem !== undefined) reader.problems.push(`${reader.nameOf('key')}: ${problem}.`);
  return key;
};

const readUrl = (reader: UploadReader): URL | undefined => {
  const text = reader.optional('url');
  const url = text === undefined ? undefined : readAddress(text);
  if (url === undefined || url instanceof URL) return url;
  reader.problems.push(`${reader.nameOf('url')}: ${url.problem}.`);
  return undefined;
};

/** Without a word nothing is sent if there is no address to send it to. */
const readDryRun = (reader: UploadReader): boolean => (reader.text('dry-run') === '' ? reader.text('url') === '' : reader.flag('dry-run'));

/**
 * Reads what is asked of `upload`. An empty secret is no problem in a workflow: runs for forks and Dependabot get none.
 * @throws {UserError} with every problem at once
 */
export const parseUploadInputs = (raw: RawInputs, surface: 'action' | 'terminal'): UploadInputs => {
  const reader: UploadReader = new Reader(uploadSpecs, layersOf(raw, surface, {}), surface);
  reader.problems.push(...unknownInputs(raw, uploadSpecs, surface));
  const dryRun = readDryRun(reader);
  const inputs: UploadInputs = {
    report: reader.text('report'),
    url: readUrl(reader),
    login: reader.named('login'),
    key: readKeyInput(reader),
    dryRun,
    leaveOut: reader.choice('leave-out', leaveOuts),
  };
  if (surface === 'action' && inputs.report === '')
    reader.problems.push(
      'Input "report" is missing: set it to the path of the report `scs-report`, e.g. ${{ fromJSON(steps.check.outputs.report-files).scs-report }}. A check writes it with `subject` set.',
    );
  if (!dryRun && reader.text('url') === '')
    reader.problems.push(
      `${reader.nameOf('url')} is missing: ${inSentence(reader.nameOf('dry-run'))} is false, and there is no address to send the report to.`,
    );
  if (surface === 'terminal')
    for (const name of dryRun ? (['key'] as const) : (['key', 'login'] as const))
      if (reader.text(name) === '') reader.problems.push(`${reader.nameOf(name)} is missing: an upload needs it.`);
  assertNone(reader.problems, valuesOf([raw]));
  return inputs;
};
