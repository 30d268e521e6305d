import { createReadStream } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { reasonOf, UserError } from '../../model/errors.js';
import { downloadProgram } from '../../tools/download.js';
import { findOnPath } from '../../tools/find.js';
import { identifyTool, installTool, type Tool, type ToolContext, type ToolDescription } from '../../tools/install.js';
import { readTextFile } from '../../system/text-file.js';
import { readTar } from '../tar.js';

/** What is installed where no Sonobuoy is on the PATH. */
const pinnedSonobuoy = '0.57.5';
/** Where its archives are published, without a slash at the end. */
const sonobuoyDownloads = 'https://github.com/vmware-tanzu/sonobuoy/releases/download';

export interface Installation extends ToolContext {
  /** The version to install, where none is on the PATH. */
  readonly version?: string | undefined;
  /** The SHA-256 that its archive must have; the publisher's list of checksums without. */
  readonly sha256?: string | undefined;
  readonly downloads?: string | undefined;
  /** A directory of this run, mode 0700. */
  readonly directory: string;
}

const maxProgram = 300 * 1_048_576;

/** Takes the one program out of its archive. @throws where it is not in it */
const unpack = async (archive: string, into: string): Promise<void> => {
  for await (const file of readTar(createReadStream(archive).pipe(createGunzip()), { entries: 1_000, bytes: 2 * maxProgram })) {
    if (file.path !== 'sonobuoy' || file.size > maxProgram) continue;
    await writeFile(into, await file.read(file.size), { mode: 0o755 });
    return;
  }
  throw new Error('its archive holds no program "sonobuoy"');
};

const sonobuoyTool: ToolDescription = {
  name: 'sonobuoy',
  versionArgs: ['version', '--short'],
  version: /^v?(\d+\.\d+\.\d+\S{0,40})\s*$/m,
  advice: 'Take it from the PATH, or put a working sonobuoy there.',
  unpack,
};

/** The checksum that the publisher's own list gives for a file. It comes from where the file comes from: it tells a broken download, and no forged release. */
const publishedSum = async (base: string, version: string, name: string, installation: Installation): Promise<string> => {
  const { directory, signal, env, secret } = installation;
  const file = join(directory, `checksums-${version}.txt`);
  const url = `${base}/sonobuoy_${version}_checksums.txt`;
  await downloadProgram({ program: 'sonobuoy', url, file, signal, env, secret, maxBytes: 100_000 });
  const list = await readTextFile(file, { maxBytes: 100_000 }).finally(() => rm(file, { force: true }));
  const sum = ('text' in list ? list.text : '')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find(([, which]) => which === name)?.[0]
    ?.toLowerCase();
  if (sum === undefined || !/^[0-9a-f]{64}$/.test(sum)) throw new UserError([`The checksums of Sonobuoy ${version} do not name ${name}.`]);
  return sum;
};

/** It may write there. */
const withHome = (installation: Installation): ToolContext => ({
  ...installation,
  env: { ...installation.env, HOME: installation.directory },
});

/** Into the directory of this run, anew each time: it takes seconds beside hours, and nobody else can write there. */
const install = async (version: string, installation: Installation): Promise<Tool> => {
  const { downloads = sonobuoyDownloads, directory } = installation;
  const cpu = process.arch === 'x64' ? 'amd64' : process.arch;
  const name = `sonobuoy_${version}_${process.platform}_${cpu}.tar.gz`;
  const base = `${downloads}/v${version}`;
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const sha256 = installation.sha256 ?? (await publishedSum(base, version, name, installation));
    const file = join(directory, 'sonobuoy');
    return await installTool(sonobuoyTool, { version, url: `${base}/${name}`, sha256, file }, withHome(installation));
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError([`Cannot install sonobuoy ${version}: ${reasonOf(cause)}. Put sonobuoy on the PATH in an earlier step.`], {
      cause,
    });
  }
};

/**
 * The Sonobuoy on the PATH whatever its version, or one that is installed.
 * @throws {UserError} where neither can be had
 */
export const obtainSonobuoy = async (installation: Installation): Promise<Tool> => {
  const wanted = (installation.version ?? pinnedSonobuoy).replace(/^v/, '');
  const path = await findOnPath('sonobuoy', installation.env);
  if (path === undefined) {
    const installed = await install(wanted, installation);
    installation.log(`Using sonobuoy ${installed.version}, which was compared with its checksum.`);
    return installed;
  }
  const found = await identifyTool(sonobuoyTool, path, withHome(installation));
  const other =
    installation.version !== undefined && found.version !== wanted ? `; ${wanted} would be installed only where none is on the PATH` : '';
  installation.log(`Using sonobuoy ${found.version} from the PATH (${path})${other}.`);
  return found;
};
