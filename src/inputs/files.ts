import { parseOfferFile, parseOfferList, type Offer } from '../facts/support/offer.js';
import { parseReleaseData } from '../facts/support/release-data.js';
import type { FileInputs } from './file-inputs.js';
import type { Manifest } from './source-locations.js';
import { UserError } from '../model/errors.js';
import { texts } from '../model/outcome.js';
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

/** Reads a text file. @throws {UserError} where it cannot be read, with the name of the input */
export const readInputFile = async (input: string, path: string): Promise<string> => {
  const read = await readTextFile(path, { maxBytes });
  if ('text' in read) return read.text;
  throw new UserError([
    `Cannot read "${printablePath(path)}" of the input "${input}": ${read.problem}. Give the path of a text file that exists and that you may read.`,
  ]);
};

/** YAML (or JSON) as plain data; dates stay texts. @throws {UserError} with the lines where it is none */
const plainOf = (input: string, file: string, text: string, options: Parameters<typeof readYaml>[1] = {}): unknown => {
  const read = readYaml(text, options);
  const problems = 'problems' in read ? read.problems : read.documents.length > 1 ? ['it holds several YAML documents'] : [];
  if ('problems' in read || problems.length > 0)
    throw new UserError(problems.map((problem) => `Cannot use "${file}" of the input "${input}": ${problem}.`));
  return read.documents[0];
};

/** What the files say that the inputs name. */
export interface InputFiles {
  readonly manifests: readonly Manifest[];
  readonly releaseData?: { readonly name: string; readonly text: string } | undefined;
  readonly scope?: { readonly scope: Scope; readonly source: string } | undefined;
  readonly statements: readonly Statement[];
  /** Without a date where the input itself lists the versions. */
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

const optionally = async <T>(path: string | undefined, read: (path: string) => Promise<T>): Promise<T | undefined> =>
  path === undefined ? undefined : read(path);

/** Reads every file that the inputs name, before a cluster is made. @throws {UserError} with everything that is wrong with any of them */
export const readInputFiles = async (inputs: FileInputs): Promise<InputFiles> => {
  const manifest =
    (input: string) =>
    async (file: string): Promise<Manifest> => ({ file, text: await readInputFile(input, file) });
  const manifests = [...inputs.manifests.map(manifest('manifest')), ...texts(inputs.kindConfig).map(manifest('kind-config'))];
  const others = [
    optionally(inputs.releaseData, async (name) => {
      const text = await readInputFile('release-data', name);
      parseReleaseData(text, name);
      return { name, text };
    }),
    optionally(inputs.scope, async (file) => ({
      scope: loadScope(plainOf('scope', file, await readInputFile('scope', file)), file),
      source: file,
    })),
    optionally(inputs.statements, async (file) =>
      parseStatements(plainOf('statements', file, await readInputFile('statements', file)), file, declarable()),
    ),
    optionally(
      inputs.offeredVersions,
      async (text) =>
        parseOfferList(text) ??
        // Everything stays text: an unquoted `1.30` would be the number 1.3.
        parseOfferFile(plainOf('offered-versions', text, await readInputFile('offered-versions', text), { allText: true }), text),
    ),
  ] as const;
  assertAll(await Promise.allSettled([...manifests, ...others]));
  const [releaseData, scope, statements, offer] = await Promise.all(others);
  return {
    manifests: await Promise.all(manifests),
    releaseData,
    scope,
    statements: statements ?? [],
    offer,
  };
};
