import { createReadStream } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { reasonOf, UserError } from '../../model/errors.js';
import { downloadProgram } from '../../tools/download.js';
import { environmentFor, findOnPath } from '../../tools/find.js';
import { runTool, type Command, type Ended } from '../../tools/process.js';
import { readTextFile } from '../../system/text-file.js';
import { readTar } from '../tar.js';
import { withoutValues } from '../../text/without-values.js';

type Env = Readonly<Record<string, string | undefined>>;

/** What is installed where no Sonobuoy is on the PATH. */
const pinnedSonobuoy = '0.57.5';
/** Where its archives are published, without a slash at the end. */
const sonobuoyDownloads = 'https://github.com/vmware-tanzu/sonobuoy/releases/download';

/** A Sonobuoy program. */
export interface Sonobuoy {
  readonly path: string;
  /** Without `v`. */
  readonly version: string;
}

export interface Installation {
  readonly env: Env;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
  /** The version to install, where none is on the PATH. */
  readonly version?: string | undefined;
  /** The SHA-256 that its archive must have; the publisher's list of checksums without. */
  readonly sha256?: string | undefined;
  readonly downloads?: string | undefined;
  /** A directory of this run, mode 0700. */
  readonly directory: string;
}

const maxProgram = 300 * 1_048_576;

/** Runs Sonobuoy with an environment that holds no kubeconfig and nothing of our inputs. @param home a directory for what it may write */
export const runSonobuoy = (
  { path }: Pick<Sonobuoy, 'path'>,
  env: Env,
  home: string,
  command: Omit<Command, 'file' | 'env'>,
): Promise<Ended> => runTool({ ...command, file: path, env: { ...environmentFor(env), HOME: home } });

/** @throws {UserError} where the program does not say its version as Sonobuoy does */
const asSonobuoy = async (path: string, { env, signal }: Installation): Promise<Sonobuoy> => {
  const ended = await runSonobuoy({ path }, env, dirname(path), { args: ['version', '--short'], timeoutMs: 20_000, stop: signal });
  const version = ended.how === 'exit' && ended.code === 0 ? /^v?(\d+\.\d+\.\d+\S{0,40})\s*$/m.exec(ended.stdout)?.[1] : undefined;
  if (version === undefined)
    throw new UserError([
      `${path} does not answer "sonobuoy version" (${withoutValues(ended.tail.at(-1) ?? ended.how)}). Take it from the PATH, or put a working sonobuoy there.`,
    ]);
  return { path, version };
};

/** Takes the one program out of its archive. @throws where it is not in it */
const unpack = async (archive: string, into: string): Promise<void> => {
  for await (const file of readTar(createReadStream(archive).pipe(createGunzip()), { entries: 1_000, bytes: 2 * maxProgram })) {
    if (file.path !== 'sonobuoy' || file.size > maxProgram) continue;
    await writeFile(into, await file.read(file.size), { mode: 0o755 });
    return;
  }
  throw new Error('its archive holds no program "sonobuoy"');
};

/** The checksum that the publisher's own list gives for a file. It comes from where the file comes from: it tells a broken download, and no forged release. */
const publishedSum = async (base: string, version: string, name: string, directory: string, signal: AbortSignal): Promise<string> => {
  const file = join(directory, `checksums-${version}.txt`);
  const download = { program: 'sonobuoy', url: `${base}/sonobuoy_${version}_checksums.txt`, file, signal, maxBytes: 100_000 };
  await downloadProgram(download);
  const list = await readTextFile(file, { maxBytes: 100_000 }).finally(() => rm(file, { force: true }));
  const sum = ('text' in list ? list.text : '')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find(([, which]) => which === name)?.[0]
    ?.toLowerCase();
  if (sum === undefined || !/^[0-9a-f]{64}$/.test(sum)) throw new UserError([`The checksums of Sonobuoy ${version} do not name ${name}.`]);
  return sum;
};

/** Into the directory of this run, anew each time: it takes seconds beside hours, and nobody else can write there. */
const install = async (version: string, installation: Installation): Promise<Sonobuoy> => {
  const { signal, log, downloads = sonobuoyDownloads, directory } = installation;
  const cpu = process.arch === 'x64' ? 'amd64' : process.arch;
  const name = `sonobuoy_${version}_${process.platform}_${cpu}.tar.gz`;
  log(`Installing sonobuoy ${version} ...`);
  const base = `${downloads}/v${version}`;
  const [archive, program] = [join(directory, name), join(directory, 'sonobuoy')];
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const sha256 = installation.sha256 ?? (await publishedSum(base, version, name, directory, signal));
    await downloadProgram({ program: 'sonobuoy', url: `${base}/${name}`, sha256, file: archive, signal });
    await unpack(archive, program);
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError([`Cannot install sonobuoy ${version}: ${reasonOf(cause)}. Put sonobuoy on the PATH in an earlier step.`], {
      cause,
    });
  } finally {
    await rm(archive, { force: true });
  }
  return asSonobuoy(program, installation);
};

/**
 * The Sonobuoy on the PATH whatever its version, or one that is installed.
 * @throws {UserError} where neither can be had
 */
export const obtainSonobuoy = async (installation: Installation): Promise<Sonobuoy> => {
  const wanted = (installation.version ?? pinnedSonobuoy).replace(/^v/, '');
  const path = await findOnPath('sonobuoy', installation.env);
  if (path === undefined) {
    const installed = await install(wanted, installation);
    installation.log(`Using sonobuoy ${installed.version}, which was compared with its checksum.`);
    return installed;
  }
  const found = await asSonobuoy(path, installation);
  const other =
    installation.version !== undefined && found.version !== wanted ? `; ${wanted} would be installed only where none is on the PATH` : '';
  installation.log(`Using sonobuoy ${found.version} from the PATH (${path})${other}.`);
  return found;
};
