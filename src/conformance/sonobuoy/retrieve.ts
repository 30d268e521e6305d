import { randomBytes } from 'node:crypto';
import { chmod, constants, copyFile, mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { reasonOf } from '../../model/errors.js';
import { sha256Of } from '../../tools/download.js';
import { runInstalled, type Tool } from '../../tools/install.js';
import { pause } from '../../system/poll.js';
import { archiveBounds } from '../archive.js';
import { runNamespace } from './identity.js';
import type { ArchiveInfo } from './status.js';
import { withoutValues } from '../../text/without-values.js';

const tryMs = 180_000;
const tries = 5;
const pauseMs = 5_000;

export interface Retrieval {
  readonly sonobuoy: Tool;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The text of a kubeconfig, as it is at this moment. */
  readonly kubeconfig: () => Promise<string>;
  /** A directory of this run, mode 0700, for the kubeconfig while it is used. */
  readonly directory: string;
  /** Where the archive is put. */
  readonly into: string;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
  /** Shorter times, for tests. */
  readonly pauseMs?: number | undefined;
}

/** A file that may hold anything is compared with what was said of it before it was sent. */
const archiveProblem = async (file: string, info: ArchiveInfo): Promise<string | undefined> => {
  const { size } = await stat(file);
  if (info.size !== undefined && size !== info.size) return `it has ${size} bytes and should have ${info.size}`;
  if (size > archiveBounds.compressed) return `it is larger than ${archiveBounds.compressed} bytes`;
  if (info.sha256 === undefined) return undefined;
  return (await sha256Of(file)) === info.sha256 ? undefined : 'its checksum is not the one that Sonobuoy has given for it';
};

/** One try. @returns undefined where it succeeded, else why not */
const fetchOnce = async (retrieval: Retrieval, info: ArchiveInfo, name: string): Promise<string | undefined> => {
  const { sonobuoy, env, kubeconfig, directory, into, signal } = retrieval;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const home = await mkdtemp(join(directory, 'retrieve-'));
  try {
    const [config, results] = [join(home, 'kubeconfig'), join(home, 'results.tar.gz')];
    await writeFile(config, await kubeconfig(), { mode: 0o600, flag: 'wx' });
    const args = ['retrieve', home, '--filename', basename(results), '--namespace', runNamespace, '--kubeconfig', config];
    const ended = await runInstalled(sonobuoy, { ...env, HOME: home }, { args, timeoutMs: tryMs, stop: signal });
    if (ended.how !== 'exit' || ended.code !== 0)
      return ended.how === 'timeout' ? `it took longer than ${tryMs / 1_000} s` : withoutValues(ended.tail.at(-1) ?? ended.how);
    const problem = await archiveProblem(results, info);
    if (problem !== undefined) return `the archive is not whole: ${problem}`;
    await mkdir(into, { recursive: true });
    const partial = join(into, `.${name}.${randomBytes(4).toString('hex')}`);
    await copyFile(results, partial, constants.COPYFILE_EXCL);
    await chmod(partial, 0o644);
    await rename(partial, join(into, name));
    return undefined;
  } catch (error) {
    return reasonOf(error);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
};

/**
 * Fetches the archive of a run that is complete, and looks whether it is whole.
 * @param info what Sonobuoy has said of it
 * @returns its path, or why it could not be had after several tries
 */
export const retrieveArchive = async (
  retrieval: Retrieval,
  info: ArchiveInfo,
): Promise<{ readonly path: string } | { readonly why: string }> => {
  const name = info.name ?? `sonobuoy_${randomBytes(8).toString('hex')}.tar.gz`;
  let why = '';
  for (let n = 1; n <= tries && !retrieval.signal.aborted; n++) {
    if (n > 1) await pause((retrieval.pauseMs ?? pauseMs) * n, retrieval.signal);
    const problem = await fetchOnce(retrieval, info, name);
    if (problem === undefined) return { path: join(retrieval.into, name) };
    why = problem;
    retrieval.log(`the archive could not be fetched (try ${n} of ${tries}): ${problem}`);
  }
  return { why: retrieval.signal.aborted ? `the run was ended${why === '' ? '' : ` (${why})`}` : why };
};
