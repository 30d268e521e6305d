import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../model/errors.js';
import { downloadProgram, sha256Of } from '../../programs/download.js';
import { environmentFor, findOnPath, programCache } from '../../programs/find.js';
import { bareVersion } from './options.js';
import { run, type Command, type Ended } from '../../programs/process.js';
import { kindDownloads, kindRelease, kindReleases, pinnedKind, type BinaryName, type KindRelease } from './releases.js';

type Env = Readonly<Record<string, string | undefined>>;

/** A kind program. */
export interface Kind {
  readonly path: string;
  /** Without `v`. */
  readonly version: string;
  /** Of a program that we installed: compared again before each use, for the cache is open to whatever else runs on the machine. */
  readonly sha256?: string;
}

/** Where kind is installed from and to. */
export interface Installation {
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
  readonly downloads?: string;
  readonly releases?: readonly KindRelease[];
  readonly platform?: NodeJS.Platform;
  readonly arch?: string;
}

/** Runs kind, after one that we installed was found to be still the same. */
export const runKind = async (kind: Pick<Kind, 'path' | 'sha256'>, env: Env, command: Omit<Command, 'file' | 'env'>): Promise<Ended> => {
  if (kind.sha256 !== undefined && (await sha256Of(kind.path).catch(() => undefined)) !== kind.sha256)
    return { how: 'not-started', stdout: '', tail: [`${kind.path} is not the program that was installed: its checksum changed`] };
  return run({ ...command, file: kind.path, env: environmentFor(env) });
};

/** `0.33.0` of `kind v0.33.0 go1.26.8 linux/amd64`; pre-releases keep their suffix. */
const parseKindVersion = (text: string): string | undefined => /^kind v?(\d+\.\d+\.\d+[^\s]*)/m.exec(text)?.[1]?.slice(0, 60);

/** @throws {UserError} where the program does not say its version as kind does */
const asKind = async (path: string, env: Env, signal: AbortSignal, sha256?: string): Promise<Kind> => {
  const kind = sha256 === undefined ? { path } : { path, sha256 };
  const ended = await runKind(kind, env, { args: ['version'], timeoutMs: 20_000, stop: signal });
  if (ended.how === 'stopped') throw new UserError(['Looking for kind was cancelled.']);
  const version = ended.how === 'exit' && ended.code === 0 ? parseKindVersion(ended.stdout) : undefined;
  if (version === undefined)
    throw new UserError([
      `${path} does not answer "kind version" (${ended.tail.at(-1) ?? ended.how}). Take it from the PATH, or put a working kind there.`,
    ]);
  return { ...kind, version };
};

const notInstallable = (version: string, releases: readonly KindRelease[], platform: string): UserError => {
  const offered = releases.filter((r) => Object.keys(r.sha256).some((name) => name === platform)).map((r) => r.version);
  const instead = offered.length > 0 ? ` Known for ${platform}: ${offered.join(', ')}; set "kind-version" to one of them, or put` : ' Put';
  return new UserError([
    `kind ${version} cannot be installed on ${platform}: no checksum of that program is known.${instead} kind on the PATH in an earlier step.`,
  ]);
};

/**
 * Installs a release of kind, or takes the one that was installed before; either way its checksum is compared.
 * @param version without `v`
 * @throws {UserError} for a platform or version without a known checksum, and where the program cannot be had
 */
export const installKind = async (version: string, env: Env, installation: Installation): Promise<Kind> => {
  const { platform = process.platform, arch = process.arch, releases = kindReleases, log, signal } = installation;
  const cpu = arch === 'x64' ? 'amd64' : arch;
  const name = `${platform}-${cpu}`;
  const release = releases === kindReleases ? kindRelease(version) : releases.find((r) => r.version === version);
  const sha256 = release?.sha256[name as BinaryName];
  if (sha256 === undefined) throw notInstallable(version, releases, name);
  const file = join(programCache('kind', env), version, cpu, 'kind');
  const cached = await sha256Of(file);
  if (cached !== sha256) {
    if (cached !== undefined) log(`The kind in the cache at ${file} has another checksum; it is replaced.`);
    await rm(file, { force: true, recursive: true });
    log(`Installing kind ${version} ...`);
    await downloadProgram({
      program: 'kind',
      url: `${installation.downloads ?? kindDownloads}/v${version}/kind-${name}`,
      sha256,
      file,
      signal,
    });
  }
  return asKind(file, env, signal, sha256);
};

/**
 * The kind on the PATH whatever its version, or one that is installed.
 * @param wanted the version to install, where none is on the PATH
 * @throws {UserError} where neither can be had
 */
export const obtainKind = async (wanted: string | undefined, env: Env, installation: Installation): Promise<Kind> => {
  const version = bareVersion(wanted ?? pinnedKind);
  const path = await findOnPath('kind', env);
  if (path === undefined) {
    const kind = await installKind(version, env, installation);
    installation.log(`Using kind ${kind.version}, which was checked against its known checksum.`);
    return kind;
  }
  const kind = await asKind(path, env, installation.signal);
  const other = wanted !== undefined && kind.version !== version ? `; ${version} would be installed only where none is on the PATH` : '';
  installation.log(`Using kind ${kind.version} from the PATH (${path})${other}.`);
  return kind;
};
