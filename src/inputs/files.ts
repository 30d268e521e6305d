import { parseOfferFile, parseOfferList, type Offer } from '../facts/support/offer.js';
import { parseReleaseData } from '../facts/support/release-data.js';
import type { FileInputs } from './file-inputs.js';
import { inSentence } from './layers.js';
import type { Named } from './reader.js';
import type { SourceFile } from './source-locations.js';
import { UserError } from '../model/errors.js';
import { printablePath } from '../text/path-or-text.js';
import { readYaml } from '../text/read-yaml.js';
import type { Statement } from '../model/statement.js';
import { readTextFile } from '../system/text-file.js';
import { loadScope } from '../certificate-scope/load.js';
import type { Scope } from '../certificate-scope/scope.js';
import { standards } from '../standards/index.js';
import { parseStatements } from '../evaluation/statements.js';

/** A small text file that the user named. A larger one is no configuration. */
const maxBytes = 16 * 1024 * 1024;

/** Reads a text file that a setting names. @throws {UserError} if it cannot be read, with the name of the setting */
export const readInputFile = async ({ name, value: path }: Named): Promise<string> => {
  const read = await readTextFile(path, { maxBytes });
  if ('text' in read) return read.text;
  throw new UserError([
    `Cannot read "${printablePath(path)}" of ${inSentence(name)}: ${read.problem}. Give the path of a text file that exists and that you may read.`,
  ]);
};

/** YAML (or JSON) as plain data; dates stay texts. @throws {UserError} with the lines if it is none */
const plainOf = async (file: Named, options: Parameters<typeof readYaml>[1] = {}): Promise<unknown> => {
  const read = readYaml(await readInputFile(file), options);
  const problems = 'problems' in read ? read.problems : read.documents.length > 1 ? ['it holds several YAML documents'] : [];
  if ('problems' in read || problems.length > 0)
    throw new UserError(problems.map((problem) => `Cannot use "${file.value}" of ${inSentence(file.name)}: ${problem}.`));
  return read.documents[0];
};

/** What the files say that the settings name. */
export interface InputFiles {
  readonly sources: readonly SourceFile[];
  readonly releaseData?: { readonly name: string; readonly text: string } | undefined;
  readonly scope?: { readonly scope: Scope; readonly source: string } | undefined;
  readonly statements: readonly Statement[];
  /** Without a date if the setting itself lists the versions. */
  readonly offer?: (Omit<Offer, 'date'> & Partial<Pick<Offer, 'date'>>) | undefined;
}

const declarable = (): ReadonlyMap<string, boolean> =>
  new Map(standards.flatMap((s) => s.requirements.map((r) => [`${s.id}/${r.id}`, r.settledBy?.statement === true] as const)));

/** @throws {UserError} with every problem of what was refused */
export const assertAll = (settled: readonly PromiseSettledResult<unknown>[]): void => {
  const problems: string[] = [];
  for (const one of settled) {
    if (one.status === 'fulfilled') continue;
    if (!(one.reason instanceof UserError)) throw one.reason;
    problems.push(...one.reason.problems);
  }
  if (problems.length > 0) throw new UserError(problems);
};

const optionally = async <T>(file: Named | undefined, read: (file: Named) => Promise<T>): Promise<T | undefined> =>
  file === undefined ? undefined : read(file);

const readSource = async (file: Named): Promise<SourceFile> => ({ file: file.value, text: await readInputFile(file) });

/** Reads every file that the settings name, before a cluster is made. @throws {UserError} with everything that is wrong with any of them */
export const readInputFiles = async (inputs: FileInputs): Promise<InputFiles> => {
  const sources = [...inputs.sources, ...(inputs.kindConfig === undefined ? [] : [inputs.kindConfig])].map(readSource);
  const others = [
    optionally(inputs.releaseData, async (file) => {
      const text = await readInputFile(file);
      parseReleaseData(text, file.value);
      return { name: file.value, text };
    }),
    optionally(inputs.certificateScope, async (file) => ({
      scope: loadScope(await plainOf(file), file.value),
      source: file.value,
    })),
    optionally(inputs.statements, async (file) => parseStatements(await plainOf(file), file.value, declarable())),
    optionally(
      inputs.offeredVersions,
      async (given) =>
        parseOfferList(given.value) ??
        // Everything stays text: an unquoted `1.30` would be the number 1.3.
        parseOfferFile(await plainOf(given, { allText: true }), given.value),
    ),
  ] as const;
  assertAll(await Promise.allSettled([...sources, ...others]));
  const [releaseData, scope, statements, offer] = await Promise.all(others);
  return {
    sources: await Promise.all(sources),
    releaseData,
    scope,
    statements: statements ?? [],
    offer,
  };
};
