import { rm } from 'node:fs/promises';
import { UserError } from '../model/errors.js';
import { runProgram, type Ended, type Program } from '../system/run-program.js';
import { withoutValues } from '../text/without-values.js';
import { downloadProgram, sha256Of } from './download.js';
import { foreignBuild } from './executable.js';
import { environmentFor } from './find.js';

type Env = Readonly<Record<string, string | undefined>>;

/** A program that is there. */
export interface Tool {
  readonly path: string;
  /** Without `v`. */
  readonly version: string;
  /** Of one in the cache: compared again before each use, for the cache is open to whatever else runs on the machine. */
  readonly sha256?: string | undefined;
}

/** How a program is known and taken. */
export interface ToolDescription {
  readonly name: string;
  /** What makes it say its version, after its own name, and where that stands in what it says. */
  readonly versionArgs: readonly string[];
  readonly version: RegExp;
  /** What to do about one that says none. */
  readonly advice: string;
  /** Takes it out of the archive that is downloaded; one without is downloaded itself, and kept for later runs. */
  readonly unpack?: ((archive: string, into: string) => Promise<void>) | undefined;
}

/** One release of it. */
export interface Release {
  /** Without `v`. */
  readonly version: string;
  readonly url: string;
  /** Hexadecimal, of what is downloaded. */
  readonly sha256: string;
  /** Where the program is to stand. */
  readonly file: string;
}

export interface ToolContext {
  readonly env: Env;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
  /** Registers a value that must never be shown. */
  readonly secret?: ((value: string) => void) | undefined;
}

/** Runs a program with an environment that holds no kubeconfig and nothing of our inputs, after one of the cache was found to be still the same. */
export const runInstalled = async (tool: Omit<Tool, 'version'>, env: Env, command: Omit<Program, 'file' | 'env'>): Promise<Ended> => {
  if (tool.sha256 !== undefined && (await sha256Of(tool.path).catch(() => undefined)) !== tool.sha256)
    return { how: 'not-started', stdout: '', tail: [`${tool.path} is not the program that was installed: its checksum changed`] };
  return runProgram({ ...command, file: tool.path, env: environmentFor(env) });
};

/** @throws {UserError} where the program does not say its version as it should */
export const identifyTool = async (
  { name, versionArgs, version: pattern, advice }: ToolDescription,
  path: string,
  { env, signal }: Pick<ToolContext, 'env' | 'signal'>,
  sha256?: string,
): Promise<Tool> => {
  const ended = await runInstalled({ path, sha256 }, env, { args: versionArgs, timeoutMs: 20_000, stop: signal });
  if (ended.how === 'stopped') throw new UserError([`Looking for ${name} was cancelled.`]);
  const version = ended.how === 'exit' && ended.code === 0 ? pattern.exec(ended.stdout)?.[1]?.slice(0, 60) : undefined;
  if (version !== undefined) return { path, version, sha256 };
  const said = (await foreignBuild(path)) ?? withoutValues(ended.tail.at(-1) ?? ended.how);
  throw new UserError([`${path} does not answer "${name} version" (${said}). ${advice}`]);
};

/**
 * Installs a release of a program, or takes the one that was installed before; either way its checksum is compared.
 * @throws {UserError} where it cannot be had
 */
export const installTool = async (tool: ToolDescription, release: Release, context: ToolContext): Promise<Tool> => {
  const { name, unpack } = tool;
  const { version, url, sha256, file } = release;
  // Nobody knows the checksum of what was taken out of an archive.
  const cached = unpack === undefined ? await sha256Of(file) : undefined;
  if (cached !== sha256) {
    if (cached !== undefined) context.log(`The ${name} in the cache at ${file} has another checksum; it is replaced.`);
    await rm(file, { force: true, recursive: true });
    context.log(`Installing ${name} ${version} ...`);
    const download = unpack === undefined ? file : `${file}.archive`;
    const { signal, env, secret } = context;
    await downloadProgram({ program: name, url, sha256, file: download, signal, env, secret });
    try {
      await unpack?.(download, file);
    } finally {
      if (download !== file) await rm(download, { force: true });
    }
  }
  return identifyTool(tool, file, context, unpack === undefined ? sha256 : undefined);
};
