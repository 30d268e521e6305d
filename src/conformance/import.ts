import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { resultBounds, type E2eRun } from '../facts/e2e-results.js';
import { bounded } from '../text/bounded.js';
import { reasonOf, UserError } from '../model/errors.js';
import { listed } from '../model/outcome.js';
import { readBytes } from '../system/text-file.js';
import { archiveBounds, isBeside, junitFolder, readArchive, sized, wantedFile, type ResultFiles } from './archive.js';
import { BadResults } from './bad-results.js';
import { toRun, unusableRun, type ImportedRun } from './run.js';

type Source = E2eRun['files'][number];

const toSource = (path: string, content: Buffer): Source => ({
  name: bounded(basename(path)),
  sha256: createHash('sha256').update(content).digest('hex'),
});

const unread = (path: string): Source => ({ name: bounded(basename(path)), sha256: '' });

/** A file, bounded. @throws {BadResults} where it cannot be read */
const readBounded = async (path: string, maxBytes: number): Promise<Buffer> => {
  const read = await readBytes(path, { maxBytes });
  if ('problem' in read) throw new BadResults(read.problem);
  return read;
};

/** Where a file of Ginkgo or hydrophone stands in a Sonobuoy archive; undefined for what is none of these. */
const resultPlace = (name: string): string | undefined => {
  if (isBeside(name)) return undefined;
  if (name === 'serverversion.json') return name;
  return /\.xml$/i.test(name) || name === 'e2e.log' ? `${junitFolder}${name}` : undefined;
};

/** What tells the cluster of a run, in an archive of Sonobuoy and beside JUnit files that were taken out of one. */
const origins = ['resources/cluster/core_v1_namespaces.json', 'resources/cluster/core_v1_nodes.json'] as const;
/** What else is read of an archive of Sonobuoy. */
const archiveFiles = [
  'serverversion.json',
  'meta/config.json',
  'plugins/e2e/definition.json',
  'plugins/e2e/errors/global/error.json',
  'plugins/e2e/sonobuoy_results.yaml',
] as const;

/**
 * The folder of the unpacked archive that a path leads into; undefined for a path that leads into none. Whoever names the results alone
 * leaves out what tells of which cluster they are.
 */
const archiveRootOf = (path: string): string | undefined =>
  /^(.+)\/plugins\/e2e(?:\/results(?:\/global(?:\/[^/]+)?)?)?$/.exec(resolve(path))?.[1];

const statOf = (path: string): Promise<Stats | undefined> => lstat(path).catch(() => undefined);
const isRegular = async (path: string): Promise<boolean> => (await statOf(path))?.isFile() ?? false;

const archiveNames = /\.(tar\.gz|tgz)$/i;

/** A run of some files; where they cannot be used it says why. @param sources of what `read` has read by then */
const runOf = async (form: E2eRun['form'], sources: readonly Source[], read: () => Promise<ResultFiles>): Promise<ImportedRun> => {
  try {
    return toRun(await read(), form, sources.slice(0, resultBounds.files));
  } catch (error) {
    if (error instanceof BadResults) return unusableRun(error.message, form, sources);
    throw error;
  }
};

/** Files as they lie in a folder, as if they were in an archive; links are not followed, as nowhere. */
const importFiles = (places: readonly (readonly [path: string, place: string])[], form: E2eRun['form']): Promise<ImportedRun> => {
  const sources: Source[] = [];
  return runOf(form, sources, async () => {
    const files = new Map<string, Buffer>();
    if (places.length > resultBounds.files) throw new BadResults(`it holds more than ${resultBounds.files} result files`);
    for (const [path, place] of places) {
      const wanted = wantedFile(place);
      if (wanted === undefined) throw new BadResults(`${basename(place)} is no name of a file of results`);
      if (files.has(place)) throw new BadResults(`${basename(place)} is given twice; put the files of each run into a folder of its own`);
      const { size } = await stat(path);
      const content = await sized(basename(path), size, wanted, async (most) => {
        const whole = await readBounded(path, archiveBounds.bytes);
        sources.push(toSource(path, whole));
        return whole.subarray(0, most);
      });
      if (content !== undefined) files.set(place, content);
    }
    return files;
  });
};

/** What of a folder is read: an unpacked archive, or the files of Ginkgo or hydrophone. Links are not followed. */
interface Found {
  readonly form: E2eRun['form'];
  readonly places: readonly (readonly [path: string, place: string])[];
  /** Names of files of results that are links. */
  readonly links: readonly string[];
}

const placesIn = async (folder: string): Promise<Found> => {
  const names = async (under: string): Promise<readonly string[]> => (await readdir(join(folder, under)).catch(() => [])).sort();
  const unpacked = (await names('plugins')).includes('e2e');
  const own: readonly (readonly [name: string, place: string | undefined])[] = unpacked
    ? [...(await names(junitFolder)).map((name) => `${junitFolder}${name}`), ...archiveFiles].map((place) => [place, place])
    : (await names('.')).map((name) => [name, resultPlace(name)]);
  const places: (readonly [string, string])[] = [];
  const links: string[] = [];
  for (const [name, place] of [...own, ...origins.map((one) => [one, one] as const)]) {
    if (place === undefined || wantedFile(place) === undefined) continue;
    const path = join(folder, name);
    const found = await statOf(path);
    if (found?.isFile() === true) places.push([path, place]);
    if (found?.isSymbolicLink() === true) links.push(basename(path));
  }
  return { form: unpacked ? 'sonobuoy' : 'junit', places, links };
};

const importArchive = (path: string): Promise<ImportedRun> => {
  const sources = [unread(path)];
  return runOf('sonobuoy', sources, async () => {
    const packed = await readBounded(path, archiveBounds.compressed);
    sources[0] = toSource(path, packed);
    return readArchive(packed);
  });
};

/** The folders within a folder that hold files of results, for who named the one above. */
const foldersWithResults = async (path: string): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const entry of (await readdir(path, { withFileTypes: true })).slice(0, 1_000)) {
    if (!entry.isDirectory()) continue;
    const names = await readdir(join(path, entry.name)).catch(() => []);
    if (names.some((name) => archiveNames.test(name) || (name !== 'serverversion.json' && resultPlace(name) !== undefined)))
      found.push(entry.name);
  }
  return found.sort();
};

/** The files of a folder that are no archives: one run, or none. */
const importFilesOf = async (path: string): Promise<readonly ImportedRun[]> => {
  const { form, places, links } = await placesIn(path);
  // What is not read may be what failed.
  if (places.length > 0 && links.length > 0)
    return [unusableRun(`links are not followed: ${listed(links, 3)}; put the files themselves there`, form, [unread(path)])];
  return places.length > 0 ? [await importFiles(places, form)] : [];
};

/** A folder: every archive in it is a run, and what else of results lies there is another one. */
const importFolder = async (path: string): Promise<readonly ImportedRun[]> => {
  const root = archiveRootOf(path);
  if (root !== undefined) return importFilesOf(root);
  const runs: ImportedRun[] = [];
  for (const name of (await readdir(path)).sort())
    if (archiveNames.test(name) && !isBeside(name) && (await isRegular(join(path, name)))) {
      if (runs.length >= resultBounds.runs) throw new Error(`${path} holds more than ${resultBounds.runs} archives`);
      runs.push(await importArchive(join(path, name)));
    }
  runs.push(...(await importFilesOf(path)));
  if (runs.length > 0) return runs;
  const within = await foldersWithResults(path);
  const why =
    within.length === 0
      ? 'it holds no file of results'
      : `it holds no file of results itself; name the folders in it that do, each for a run: ${listed(within, 5)}`;
  return [unusableRun(why, 'junit', [unread(path)])];
};

type Kind = 'archive' | 'folder' | 'file' | 'beside';

/** What a path is. @throws {UserError} where it is nothing that can be read */
const kindOf = async (path: string): Promise<Kind> => {
  const wrong = (why: string, cause?: unknown): UserError =>
    new UserError(
      [`Cannot read "${path}" of the input "e2e-results": ${why}. It takes Sonobuoy archives (.tar.gz), JUnit files, or folders of these.`],
      { cause },
    );
  const found = await stat(path).catch((cause: unknown) => {
    throw wrong(reasonOf(cause), cause);
  });
  if (found.isDirectory()) return 'folder';
  if (!found.isFile()) throw wrong('it is no file and no folder');
  if (isBeside(basename(path))) return 'beside';
  if (archiveNames.test(path)) return 'archive';
  if (resultPlace(basename(path)) === undefined) throw wrong('its name is none that is known');
  return 'file';
};

/**
 * Imports results of the upstream end-to-end tests: each archive and each folder is a run, loose files together are one.
 * @param paths as the user gave them
 * @returns a run each; one that cannot be used says why, and proves nothing
 * @throws {UserError} with every path that cannot be read at all
 */
export const importResults = async (paths: readonly string[]): Promise<readonly ImportedRun[]> => {
  if (paths.length > resultBounds.runs)
    throw new UserError([`The input "e2e-results" names ${paths.length} paths; it takes ${resultBounds.runs}.`]);
  const kinds = await Promise.allSettled(paths.map(async (path) => ({ path, kind: await kindOf(path) })));
  const problems = kinds.flatMap((k) => (k.status === 'rejected' && k.reason instanceof UserError ? k.reason.problems : []));
  if (problems.length > 0) throw new UserError(problems);
  const known = kinds.flatMap((k) => (k.status === 'fulfilled' ? [k.value] : []));
  const runs: ImportedRun[] = [];
  try {
    // One after the other: each may be large.
    for (const { path } of known.filter(({ kind }) => kind === 'archive')) runs.push(await importArchive(path));
    for (const { path } of known.filter(({ kind }) => kind === 'folder')) runs.push(...(await importFolder(path)));
    const files = known.filter(({ kind }) => kind === 'file').map(({ path }) => path);
    const roots = new Set(files.flatMap((path) => archiveRootOf(path) ?? []));
    for (const root of roots) runs.push(...(await importFilesOf(root)));
    const loose = files.filter((path) => archiveRootOf(path) === undefined && !roots.has(dirname(resolve(path))));
    if (loose.length > 0)
      runs.push(
        await importFiles(
          loose.map((path) => [path, resultPlace(basename(path)) ?? ''] as const),
          'junit',
        ),
      );
    if (runs.length === 0 && known.length > 0)
      runs.push(
        unusableRun(
          'no file of results',
          'junit',
          known.map(({ path }) => unread(path)),
        ),
      );
    if (runs.length > resultBounds.runs) throw new Error(`they hold ${runs.length} runs, and ${resultBounds.runs} are taken`);
  } catch (cause) {
    throw new UserError([`Cannot read what the input "e2e-results" names: ${reasonOf(cause)}.`], { cause });
  }
  return runs;
};
