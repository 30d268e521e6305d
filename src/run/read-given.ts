import type { ImportedResults } from '../facts/e2e-results.js';
import { assertAll, readInputFiles, type InputFiles } from '../inputs/files.js';
import type { Inputs } from '../inputs/parse.js';
import { UserError } from '../model/errors.js';
import { parsePullSecret, pullSecretKind } from '../probes/image.js';
import { readPathOrText } from '../system/path-or-text.js';

/** What is read before a cluster is opened. */
export interface Given extends InputFiles {
  /** The text of a Docker configuration. */
  readonly pullSecret: string | undefined;
  /** Results of earlier end-to-end runs, and the tests that may fail. */
  readonly imported: ImportedResults | undefined;
}

type Secret = (value: string) => void;

/** The pull secret of the probes' image. @throws {UserError} if it cannot be read or is none; what looks like a path may be a secret too */
const readPullSecret = async (given: string | undefined, secret: Secret): Promise<string | undefined> => {
  if (given === undefined) return undefined;
  const read = await readPathOrText(given, pullSecretKind, secret);
  if ('text' in read) return parsePullSecret(read.text, secret);
  throw new UserError([`Input "probe-pull-secret" ${read.problem}. Give the path of a config.json with "auths", or its text.`]);
};

/** @throws {UserError} if they cannot be read */
const readResults = async ({ e2e, checks: { tier } }: Pick<Inputs, 'e2e' | 'checks'>): Promise<ImportedResults | undefined> => {
  if (e2e.results.length === 0 && tier !== 'heavy') return undefined;
  const { readGivenResults } = await import(/* webpackMode: "eager" */ './e2e.js');
  return readGivenResults(e2e);
};

/**
 * Reads every file that the inputs name, before a cluster is made.
 * @param secret called with every text that nobody may see
 * @throws {UserError} with everything that is wrong with any of them
 */
export const readGiven = async (inputs: Pick<Inputs, 'files' | 'probes' | 'e2e' | 'checks'>, secret: Secret): Promise<Given> => {
  const reading = [readInputFiles(inputs.files), readPullSecret(inputs.probes.pullSecret, secret), readResults(inputs)] as const;
  assertAll(await Promise.allSettled(reading));
  const [files, pullSecret, imported] = await Promise.all(reading);
  return { ...files, pullSecret, imported };
};
