import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { BadResults } from './bad-results.js';
import { readTar } from './tar.js';

/** The files of one run that are read, by their path in a Sonobuoy archive. */
export type ResultFiles = ReadonlyMap<string, Buffer>;

const kib = 1024;
const mib = 1024 * kib;

/** What an archive may be like. A certified run of 446 tests is 300 KB; one with the logs of a large cluster some hundred MB. */
export const archiveBounds = { compressed: 256 * mib, bytes: 2_048 * mib, entries: 200_000, timeMs: 120_000 } as const;

/** `refuse`: without it nothing can be judged. `leave`: it tells something besides. `cut`: its beginning is enough. */
interface Wanted {
  readonly most: number;
  readonly beyond: 'refuse' | 'leave' | 'cut';
}

export const junitFolder = 'plugins/e2e/results/global/';

const wantedFiles: Readonly<Record<string, Wanted>> = {
  'serverversion.json': { most: mib, beyond: 'refuse' },
  'meta/config.json': { most: mib, beyond: 'leave' },
  'plugins/e2e/definition.json': { most: mib, beyond: 'refuse' },
  'plugins/e2e/errors/global/error.json': { most: 64 * kib, beyond: 'cut' },
  'plugins/e2e/sonobuoy_results.yaml': { most: 64 * kib, beyond: 'cut' },
  [`${junitFolder}e2e.log`]: { most: 64 * mib, beyond: 'leave' },
  'resources/cluster/core_v1_namespaces.json': { most: 64 * mib, beyond: 'leave' },
  'resources/cluster/core_v1_nodes.json': { most: 128 * mib, beyond: 'leave' },
};

const mostJunitFiles = 200;

/**
 * Whether a file lies beside results and is none: the steps of kubetest (`junit_runner.xml`), and the copies of attributes that macOS puts
 * beside each file it packs (AppleDouble, `._junit_01.xml`).
 * @param name without its folder
 */
export const isBeside = (name: string): boolean => name === 'junit_runner.xml' || name === '.DS_Store' || name.startsWith('._');

const isJunit = (path: string): boolean =>
  !path.endsWith('/junit_runner.xml') && /^plugins\/e2e\/results\/global\/junit[\w.-]{0,100}\.xml$/.test(path);

/** Whether a file is read, and how much of it. Every path is compared as a whole: one with `..`, or an absolute one, is none of these. */
export const wantedFile = (path: string): Wanted | undefined =>
  isJunit(path) ? { most: 128 * mib, beyond: 'refuse' } : Object.hasOwn(wantedFiles, path) ? wantedFiles[path] : undefined;

/** What a file holds, as far as it is wanted; undefined where it is left out. @throws {BadResults} where it is too large to be judged */
export const sized = async (
  path: string,
  size: number,
  wanted: Wanted,
  read: (most: number) => Promise<Buffer>,
): Promise<Buffer | undefined> => {
  if (size > wanted.most && wanted.beyond === 'refuse') throw new BadResults(`its ${path} is larger than ${wanted.most} bytes`);
  return size > wanted.most && wanted.beyond === 'leave' ? undefined : read(wanted.most);
};

const collectFiles = async (source: AsyncIterable<Uint8Array>, found: Map<string, Buffer>): Promise<void> => {
  const left = new Set<string>();
  for await (const file of readTar(source, archiveBounds)) {
    const wanted = wantedFile(file.path);
    if (wanted === undefined) continue;
    const other = found.get(file.path);
    if (other === undefined && found.size >= mostJunitFiles) throw new BadResults(`it holds more than ${mostJunitFiles} result files`);
    const content = await sized(file.path, file.size, wanted, file.read);
    // Which of two counts is what someone who means harm decides; two that are the same are one.
    if (left.has(file.path) || (other !== undefined && content?.equals(other) !== true))
      throw new BadResults(`it holds ${file.path} twice`);
    if (content === undefined) left.add(file.path);
    else found.set(file.path, content);
  }
};

/** By its shape and not by its class: errors of Node's own modules are of another realm where the tests run. */
const codeOf = (error: unknown): unknown => (typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined);

const inWords = (error: unknown): string => {
  switch (codeOf(error)) {
    case 'Z_BUF_ERROR':
      return 'it is cut';
    case 'Z_DATA_ERROR':
      return 'it is damaged, or not packed with gzip';
    case 'ABORT_ERR':
      return `unpacking it took more than ${archiveBounds.timeMs / 1_000} seconds`;
    default:
      return 'it cannot be unpacked';
  }
};

/**
 * Unpacks a Sonobuoy archive in memory: the few files that are judged, each bounded; nothing is written and no link is followed.
 * @param packed the archive, a tar packed with gzip, of any origin
 * @throws {BadResults} where it is cut, damaged, no archive, or beyond the bounds
 */
export const readArchive = async (packed: Buffer): Promise<ResultFiles> => {
  if (packed.length > archiveBounds.compressed) throw new BadResults(`it is larger than ${archiveBounds.compressed} bytes`);
  const found = new Map<string, Buffer>();
  try {
    await pipeline(
      Readable.from([packed], { objectMode: false }),
      createGunzip(),
      (source: AsyncIterable<Uint8Array>) => collectFiles(source, found),
      { signal: AbortSignal.timeout(archiveBounds.timeMs) },
    );
  } catch (cause) {
    throw cause instanceof BadResults ? cause : new BadResults(inWords(cause), { cause });
  }
  return found;
};
