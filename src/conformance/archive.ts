import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { deadlineAfter } from '../system/deadline.js';
import { codeOf } from '../system/system-error.js';
import { bounded } from '../text/bounded.js';
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

const maxJunitFiles = 200;

/**
 * Whether a file lies beside results and is none: the steps of kubetest (`junit_runner.xml`), and the copies of attributes that macOS puts
 * beside each file it packs (AppleDouble, `._junit_01.xml`).
 * @param name without its folder
 */
export const isBeside = (name: string): boolean => name === 'junit_runner.xml' || name === '.DS_Store' || name.startsWith('._');

/** Every XML file of the results may be a report, whatever it is called: one that is not read may be the one with the failures. */
const isJunit = (path: string): boolean => {
  if (!path.startsWith(junitFolder)) return false;
  const name = path.slice(junitFolder.length);
  return !name.includes('/') && name.length <= 255 && /\.xml$/i.test(name) && !isBeside(name);
};

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

/** A file that is read: its path in an archive of Sonobuoy, and the folder before it where somebody packed the archive's folder anew. */
interface Placed {
  readonly folder: string;
  readonly path: string;
  readonly wanted: Wanted;
}

const placedOf = (whole: string): Placed | undefined => {
  const own = wantedFile(whole);
  if (own !== undefined) return { folder: '', path: whole, wanted: own };
  const start = whole.indexOf('/') + 1;
  // No absolute path, and none that leads upwards.
  const wanted = start > 1 && !whole.startsWith('../') ? wantedFile(whole.slice(start)) : undefined;
  return wanted === undefined ? undefined : { folder: whole.slice(0, start), path: whole.slice(start), wanted };
};

/** The files of an archive by the folder that they lie in. */
class Collected {
  readonly #folders = new Map<string, Map<string, Buffer>>();
  readonly #left = new Set<string>();
  #count = 0;
  /** A report at a place where Sonobuoy has none. */
  elsewhere: string | undefined;

  put({ folder, path }: Placed, content: Buffer | undefined): void {
    const files = this.#folders.get(folder) ?? new Map<string, Buffer>();
    this.#folders.set(folder, files);
    const other = files.get(path);
    if (other === undefined && ++this.#count > maxJunitFiles) throw new BadResults(`it holds more than ${maxJunitFiles} result files`);
    // Which of two counts is what someone who means harm decides; two that are the same are one.
    if (this.#left.has(folder + path) || (other !== undefined && content?.equals(other) !== true))
      throw new BadResults(`it holds ${folder}${path} twice`);
    if (content === undefined) this.#left.add(folder + path);
    else files.set(path, content);
  }

  /** @throws {BadResults} where results lie in several folders, or where Sonobuoy puts none */
  files(): ResultFiles {
    const withReports = [...this.#folders].filter(([, files]) => [...files.keys()].some(isJunit));
    const [only, ...more] = withReports;
    if (more.length > 0)
      throw new BadResults(
        `it holds the results of several runs: ${withReports.map(([folder]) => `${folder}${junitFolder}`).join(', ')}. Provide an archive for each`,
      );
    if (only === undefined && this.elsewhere !== undefined)
      throw new BadResults(
        `it holds ${this.elsewhere}, and no report where Sonobuoy has it (${junitFolder}). Unpack it, and provide the folder that holds that file`,
      );
    const [first] = this.#folders.values();
    return only?.[1] ?? this.#folders.get('') ?? first ?? new Map();
  }
}

const collectFiles = async (source: AsyncIterable<Uint8Array>): Promise<ResultFiles> => {
  const found = new Collected();
  const refuseLink = (path: string): void => {
    if (placedOf(path) !== undefined) throw new BadResults(`its ${path} is a link, and links are not followed. Pack the file itself`);
  };
  for await (const file of readTar(source, archiveBounds, refuseLink)) {
    const placed = placedOf(file.path);
    if (placed !== undefined) found.put(placed, await sized(file.path, file.size, placed.wanted, file.read));
    else if (/(?:^|\/)junit[^/]{0,200}\.xml$/i.test(file.path) && !isBeside(file.path.split('/').at(-1) ?? ''))
      found.elsewhere ??= bounded(file.path, 200);
  }
  return found.files();
};

const formatArchiveError = (error: unknown): string => {
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
  const deadline = deadlineAfter(archiveBounds.timeMs);
  try {
    return await pipeline(
      Readable.from([packed], { objectMode: false }),
      createGunzip(),
      (source: AsyncIterable<Uint8Array>) => collectFiles(source),
      { signal: deadline.signal },
    );
  } catch (cause) {
    throw cause instanceof BadResults ? cause : new BadResults(formatArchiveError(cause), { cause });
  } finally {
    deadline.clear();
  }
};
