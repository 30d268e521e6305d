import { join } from 'node:path';
import { UserError } from '../../model/errors.js';
import { findOnPath, programCache } from '../../tools/find.js';
import { identifyTool, installTool, type Tool, type ToolContext, type ToolDescription } from '../../tools/install.js';
import { selectKind, type WantedKind } from './image.js';
import { kindDownloads, kindReleases, type BinaryName, type KindRelease } from './releases.js';

type Env = Readonly<Record<string, string | undefined>>;

/** Where kind is installed from and to. */
export interface Installation {
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
  readonly secret?: ToolContext['secret'];
  readonly downloads?: string | undefined;
  readonly releases?: readonly KindRelease[] | undefined;
  readonly platform?: NodeJS.Platform | undefined;
  readonly arch?: string | undefined;
}

const kindTool: ToolDescription = {
  name: 'kind',
  versionArgs: ['version'],
  // `0.33.0` of `kind v0.33.0 go1.26.8 linux/amd64`; pre-releases keep their suffix.
  version: /^kind v?(\d+\.\d+\.\d+\S{0,40})/m,
  advice: 'Put a working kind on the PATH, or set "kind.version" to the release to install.',
};

const notInstallable = (version: string, releases: readonly KindRelease[], platform: string): UserError => {
  const offered = releases.filter((r) => Object.keys(r.sha256).some((name) => name === platform)).map((r) => r.version);
  const instead = offered.length > 0 ? ` Known for ${platform}: ${offered.join(', ')}; set "kind.version" to one of them, or put` : ' Put';
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
export const installKind = async (version: string, env: Env, installation: Installation): Promise<Tool> => {
  const { releases = kindReleases, downloads = kindDownloads } = installation;
  const { cpu, name } = platformOf(installation);
  const sha256 = checksumOf(
    releases.find((r) => r.version === version),
    name,
  );
  if (sha256 === undefined) throw notInstallable(version, releases, name);
  const file = join(programCache('kind', env), version, cpu, 'kind');
  return installTool(kindTool, { version, url: `${downloads}/v${version}/kind-${name}`, sha256, file }, { ...installation, env });
};

/** @throws {UserError} where the one on the PATH does not work and nothing else was asked for */
const kindOnPath = async (path: string, wanted: WantedKind, env: Env, { signal, log }: Installation): Promise<Tool | undefined> => {
  try {
    return await identifyTool(kindTool, path, { env, signal });
  } catch (error) {
    if (wanted.kindVersion === undefined || signal.aborted || !(error instanceof UserError)) throw error;
    log(`${path} is not used: it does not answer "kind version".`);
    return undefined;
  }
};

/** A kind, and the node image that it is to make a cluster of; without one the configuration decides. */
export interface ObtainedKind {
  readonly kind: Tool;
  readonly image?: string | undefined;
}

const noteForeignImage = ({ version }: Tool, { image }: WantedKind, releases: readonly KindRelease[], log: Installation['log']): void => {
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
  const { install, image, message } = selectKind(present?.version, wanted, (r) => checksumOf(r, name) !== undefined, releases);
  if (install === undefined && present !== undefined) {
    log(`Using kind ${present.version} from the PATH (${present.path}).`);
    noteForeignImage(present, wanted, releases, log);
    return { kind: present, image };
  }
  const unused = message === undefined ? '' : `kind ${present?.version ?? ''} on the PATH is not used: ${message}.`;
  if (unused !== '') log(unused);
  const kind = await installKind(install ?? '', env, installation).catch((error: unknown) => {
    if (unused === '' || !(error instanceof UserError)) throw error;
    throw new UserError([[...error.problems, unused].join(' ')], { cause: error });
  });
  log(`Using kind ${kind.version}, which was checked against its known checksum.`);
  noteForeignImage(kind, wanted, releases, log);
  return { kind, image };
};
