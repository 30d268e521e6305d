import type { ImportedResults } from '../facts/e2e-results.js';
import { assertAll, readInputFiles, type InputFiles } from '../inputs/files.js';
import type { Inputs } from '../inputs/parse.js';
import type { Named } from '../inputs/reader.js';
import { UserError } from '../model/errors.js';
import { parsePullSecret, pullSecretKind } from '../probes/image.js';
import { readPathOrText, unwrap } from '../system/path-or-text.js';
import { likelySecrets } from '../text/likely-secrets.js';
import type { Runtime } from './runtime.js';

/** What is read before a cluster is opened. */
export interface Given extends InputFiles {
  /** The text of a Docker configuration. */
  readonly pullSecret: string | undefined;
  /** Results of earlier end-to-end runs, and the tests that may fail. */
  readonly imported: ImportedResults | undefined;
}

type Place = Pick<Runtime, 'env' | 'secret'>;

/** The login that a variable holds, or the file of a path. A secret itself stands in no setting. */
const readPullSecretText = async ({ value, name }: Named, { env, secret }: Place): Promise<string> => {
  const variable = /^env:(.*)$/s.exec(value)?.[1];
  if (variable !== undefined) {
    const text = (Object.hasOwn(env, variable) ? env[variable]?.trim() : undefined) ?? '';
    if (text !== '') return unwrap(text, pullSecretKind, secret) ?? text;
    throw new UserError([`${name} names a variable that is not set; set it, in a workflow in the "env" of the step, from a secret.`]);
  }
  // What looks like a path may be a secret too.
  const read = await readPathOrText(value, pullSecretKind, secret);
  if ('problem' in read) throw new UserError([`${name} ${read.problem}. Give env:NAME, or the path of a config.json with "auths".`]);
  if (read.from === 'file') return read.text;
  // Others have read it already; at least this run shows nothing of it.
  likelySecrets(read.text).forEach(secret);
  throw new UserError([
    `${name} holds the secret itself, which others can read; give env:NAME, or the path of a file. Replace the secret.`,
  ]);
};

/** The pull secret of the probes' image. @throws {UserError} if it cannot be read or is none */
const readPullSecret = async (given: Named | undefined, place: Place): Promise<string | undefined> =>
  given === undefined ? undefined : parsePullSecret(await readPullSecretText(given, place), place.secret);

/** @throws {UserError} if they cannot be read */
const readResults = async ({ e2e, checks: { tier } }: Pick<Inputs, 'e2e' | 'checks'>): Promise<ImportedResults | undefined> => {
  if (e2e.results.length === 0 && tier !== 'heavy') return undefined;
  const { readGivenResults } = await import(/* webpackMode: "eager" */ './e2e.js');
  return readGivenResults(e2e);
};

/**
 * Reads every file that the settings name, before a cluster is made.
 * @param place environment, and what is called with every text that nobody may see
 * @throws {UserError} with everything that is wrong with any of them
 */
export const readGiven = async (inputs: Pick<Inputs, 'files' | 'probes' | 'e2e' | 'checks'>, place: Place): Promise<Given> => {
  const reading = [readInputFiles(inputs.files), readPullSecret(inputs.probes.pullSecretFrom, place), readResults(inputs)] as const;
  assertAll(await Promise.allSettled(reading));
  const [files, pullSecret, imported] = await Promise.all(reading);
  return { ...files, pullSecret, imported };
};
