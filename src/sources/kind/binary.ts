import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../model/errors.js';
import { downloadProgram, sha256Of } from '../../tools/download.js';
import { foreignBuild } from '../../tools/executable.js';
import { environmentFor, findOnPath, programCache } from '../../tools/find.js';
import { selectKind, type WantedKind } from './image.js';
import { runTool, type Command, type Ended } from '../../tools/process.js';
import { kindDownloads, kindReleases, type BinaryName, type KindRelease } from './releases.js';

type Env = Readonly<Record<string, string | undefined>>;

/** A kind program. */
export interface Kind {
  readonly path: string;
  /** Without `v`. */
  readonly version: string;
  /** Of a program that we installed: compared again before each use, for the cache is open to whatever else runs on the machine. */
  readonly sha256?: string | undefined;
}

/** Where kind is installed from and to. */
export interface Installation {
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
  readonly downloads?: string | undefined;
  readonly releases?: readonly KindRelease[] | undefined;
  readonly platform?: NodeJS.Platform | undefined;
  readonly arch?: string | undefined;
}

/** Runs kind, after one that we installed was found to be still the same. */
export const runKind = async (kind: Pick<Kind, 'path' | 'sha256'>, env: Env, command: Omit<Command, 'file' | 'env'>): Promise<Ended> => {
  if (kind.sha256 !== undefined && (await sha256Of(kind.path).catch(() => undefined)) !== kind.sha256)
    return { how: 'not-started', stdout: '', tail: [`${kind.path} is not the program that was installed: its checksum changed`] };
  return runTool({ ...command, file: kind.path, env: environmentFor(env) });
};

/** `0.33.0` of `kind v0.33.0 go1.26.8 linux/amd64`; pre-releases keep their suffix. */
const parseKindVersion = (text: string): string | undefined => /^kind v?(\d+\.\d+\.\d+[^\s]*)/m.exec(text)?.[1]?.slice(0, 60);

/** @throws {UserError} where the program does not say its version as kind does */
const asKind = async (path: string, env: Env, signal: AbortSignal, sha256?: string): Promise<Kind> => {
  const kind = sha256 === undefined ? { path } : { path, sha256 };
  const ended = await runKind(kind, env, { args: ['version'], timeoutMs: 20_000, stop: signal });
  if (ended.how === 'stopped') throw new UserError(['Looking for kind was cancelled.']);
  const version = ended.how === 'exit' && ended.code === 0 ? parseKindVersion(ended.stdout) : undefined;
  if (version !== undefined) return { ...kind, version };
  const said = (await foreignBuild(path)) ?? ended.tail.at(-1) ?? ended.how;
  throw new UserError([
    `${path} does not answer "kind version" (${said}). Put a working kind on the PATH, or set "kind-version" to the release to install.`,
  ]);
};

const notInstallable = (version: string, releases: readonly KindRelease[], platform: string): UserError => {
  const offered = releases.filter((r) => Object.keys(r.sha256).some((name) => name === platform)).map((r) => r.version);
  const instead = offered.length > 0 ? ` Known for ${platform}: ${offered.join(', ')}; set "kind-version" to one of them, or put` : ' Put';
  return new UserError([
    `kind ${version} cannot be installed on ${platform}: no checksum of that program is known.${instead} kind on the PATH in an earlier step.`,
  ]);
};

const platformOf = ({ platform = process.platform, arch = process.arch }: Installation): { cpu: string; name: string } => {
  const cpu = arch === 'x64' ? 'amd64' : arch;
  return { cpu, name: `${platform}-${cpu}` };
};

const checksumOf = (release: KindRelease | undefined, name: string): string | undefined => release?.sha256[name as BinaryName];

/**
 * Installs a release of kind, or takes the one that was installed before; either way its checksum is compared.
 * @param version without `v`
 * @throws {UserError} for a platform or version without a known checksum, and where the program cannot be had
 */
export const installKind = async (version: string, env: Env, installation: Installation): Promise<Kind> => {
  const { releases = kindReleases, log, signal } = installation;
  const { cpu, name } = platformOf(installation);
  const sha256 = checksumOf(
    releases.find((r) => r.version === version),
    name,
  );
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

/** @throws {UserError} where the one on the PATH does not work and nothing else was asked for */
const kindOnPath = async (path: string, wanted: WantedKind, env: Env, { signal, log }: Installation): Promise<Kind | undefined> => {
  try {
    return await asKind(path, env, signal);
  } catch (error) {
    if (wanted.kindVersion === undefined || signal.aborted || !(error instanceof UserError)) throw error;
    log(`${path} is not used: it does not answer "kind version".`);
    return undefined;
  }
};

/** A kind, and the node image that it is to make a cluster of; without one the configuration decides. */
export interface ObtainedKind {
  readonly kind: Kind;
  readonly image?: string | undefined;
}

const noteForeignImage = ({ version }: Kind, { image }: WantedKind, releases: readonly KindRelease[], log: Installation['log']): void => {
  const owners = releases.filter((r) => r.images.some((i) => i.image === image)).map((r) => r.version);
  if (owners.length > 0 && !owners.includes(version))
    log(
      `The node image ${image ?? ''} belongs to kind ${owners.join(', ')}, and kind ${version} is used: kind supports an image only with its own release.`,
    );
};

/**
 * The kind on the PATH, or one that is installed, as `selectKind` chooses.
 * @throws {UserError} where it cannot be had, or no node image is known for it
 */
export const obtainKind = async (wanted: WantedKind, env: Env, installation: Installation): Promise<ObtainedKind> => {
  const { log, releases = kindReleases } = installation;
  const path = await findOnPath('kind', env);
  const present = path === undefined ? undefined : await kindOnPath(path, wanted, env, installation);
  const { name } = platformOf(installation);
  const { install, image, because } = selectKind(present?.version, wanted, (r) => checksumOf(r, name) !== undefined, releases);
  const chosen = image === undefined ? {} : { image };
  if (install === undefined && present !== undefined) {
    log(`Using kind ${present.version} from the PATH (${present.path}).`);
    noteForeignImage(present, wanted, releases, log);
    return { kind: present, ...chosen };
  }
  const unused = because === undefined ? '' : `kind ${present?.version ?? ''} on the PATH is not used: ${because}.`;
  if (unused !== '') log(unused);
  const kind = await installKind(install ?? '', env, installation).catch((error: unknown) => {
    if (unused === '' || !(error instanceof UserError)) throw error;
    throw new UserError([[...error.problems, unused].join(' ')], { cause: error });
  });
  log(`Using kind ${kind.version}, which was checked against its known checksum.`);
  noteForeignImage(kind, wanted, releases, log);
  return { kind, ...chosen };
};
