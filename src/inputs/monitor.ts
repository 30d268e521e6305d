import type { InputName, Reader } from './reader.js';
import { recognise } from '../text/path-or-text.js';
import { leaveOuts, readAddress } from '../compliance-monitor/account.js';
import { isKeyText, keyKind, readKey } from '../compliance-monitor/key.js';

/** Where upstream's report is handed in, and how. */
export interface MonitorInputs {
  /** Absent where nothing is to be sent. */
  readonly url?: URL | undefined;
  /** The login, or the path of a file that holds it. */
  readonly token?: string | undefined;
  /** The key's text, or the path of its file. */
  readonly key?: string | undefined;
  readonly dryRun: boolean;
  readonly leaveOut: (typeof leaveOuts)[number];
}

/** Why a key's text is none; what no key is recognised in is told when it was tried as a path as well. */
const keyProblem = (given: string): string | undefined => {
  const found = recognise(given, keyKind.isText);
  const read = found === undefined ? undefined : readKey(found.text);
  return read !== undefined && 'problem' in read ? read.problem : undefined;
};

const readKeyInput = (reader: Reader, on: 'action' | 'terminal'): string | undefined => {
  const key = reader.optional('monitor-key');
  const problem = key !== undefined && isKeyText(key) ? keyProblem(key) : undefined;
  if (problem !== undefined) reader.problems.push(`${on === 'terminal' ? 'Option "--monitor-key"' : 'Input "monitor-key"'}: ${problem}.`);
  return key;
};

const readUrl = (reader: Reader): URL | undefined => {
  const text = reader.optional('monitor-url');
  const url = text === undefined ? undefined : readAddress(text);
  if (url === undefined || url instanceof URL) return url;
  reader.problems.push(`Input "monitor-url": ${url.problem}.`);
  return undefined;
};

/** Without a word nothing is sent where there is no address to send it to. */
const readDryRun = (reader: Reader): boolean => {
  if (reader.text('monitor-dry-run') === '') return reader.text('monitor-url') === '';
  return reader.flag('monitor-dry-run');
};

/**
 * Reads what is needed to hand in upstream's report. A secret that is empty is no problem in a workflow: forks and Dependabot get none, and their
 * check is to go on.
 * @param from where the cluster comes from
 * @returns undefined where nothing is to be handed in
 */
export const readMonitor = (
  reader: Reader,
  { from, on }: { readonly from: 'kubeconfig' | 'kind' | 'embedded' | 'snapshot'; readonly on: 'action' | 'terminal' },
): MonitorInputs | undefined => {
  const given = (name: InputName): boolean => reader.text(name) !== '';
  const leaveOut = reader.choice('monitor-leave-out', leaveOuts);
  const dryRun = readDryRun(reader);
  if (!(['monitor-url', 'monitor-token', 'monitor-key'] as const).some(given) && reader.text('monitor-dry-run') !== 'true') {
    // The file alone can be handed in by hand.
    if (from === 'kind' && given('subject'))
      reader.problems.push(
        'Input "subject" is given, but a kind cluster says nothing about a provider; leave it out, or judge a cluster of the offer through its kubeconfig.',
      );
    return undefined;
  }
  // What is no login may be a path, and is read later.
  const [url, token, key] = [readUrl(reader), reader.optional('monitor-token'), readKeyInput(reader, on)];
  if (on === 'action' && !given('subject'))
    reader.problems.push('Input "subject" is missing: whose report is to be handed in at the monitor ("monitor-url", "monitor-key").');
  if (!dryRun && !given('monitor-url'))
    reader.problems.push('Input "monitor-url" is missing: "monitor-dry-run" is false, and there is no address to send the report to.');
  if (from === 'kind' && !dryRun)
    reader.problems.push(
      'Input "monitor-url" is given, but a kind cluster says nothing about a provider; hand in a report on a cluster of the offer, or set monitor-dry-run to true.',
    );
  if (on === 'terminal')
    for (const name of dryRun ? (['monitor-key'] as const) : (['monitor-key', 'monitor-token'] as const))
      if (!given(name)) reader.problems.push(`Option "--${name}" is missing: a report is handed in with all of them.`);
  return { url, token, key, dryRun, leaveOut };
};
