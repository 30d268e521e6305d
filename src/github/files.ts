import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { limits } from '../model/limits.js';
import { appendToCommandFile } from './command-files.js';

const codeOf = (error: unknown): unknown => (typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined);

const isLink = async (path: string): Promise<boolean> => {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
};

/** Makes a directory and what is missing above it. Node's own way never ends where the kernel makes no directories, as below /proc. */
const makeDirectory = async (path: string): Promise<void> => {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) return;
  if (found === undefined && dirname(path) !== path) await makeDirectory(dirname(path));
  await mkdir(path).catch(async (error: unknown) => {
    // Another process may have been faster.
    if (codeOf(error) !== 'EEXIST' || !(await stat(path)).isDirectory()) throw error;
  });
};

/** Every directory from the workspace down to the given one: a pull request decides what these are. Outside of it, the last one alone. */
const steps = (directory: string, workspace: string | undefined): readonly string[] => {
  const inside = workspace === undefined ? '..' : relative(resolve(workspace), directory);
  if (workspace === undefined || inside === '' || inside === '..' || inside.startsWith(`..${sep}`)) return [directory];
  const parts = inside.split(sep);
  return parts.map((_, i) => join(resolve(workspace), ...parts.slice(0, i + 1)));
};

/**
 * Makes a directory for reports, mode 0755, where it is not there.
 * @param workspace the checked-out repository; below it no symbolic link is followed, since a pull request could have placed it
 * @returns its absolute path
 */
export const openDirectory = async (path: string, workspace?: string): Promise<string> => {
  const directory = resolve(path);
  for (const step of steps(directory, workspace))
    if (await isLink(step)) throw new Error(`${step} is a symbolic link; name the directory that it points to`);
  await makeDirectory(directory);
  return directory;
};

/**
 * Refuses the path that a user named if anything but a plain file is there: writing replaces what is there, which would break a device such as
 * /dev/stdout.
 * @throws {Error} with what is there
 */
export const assertNoSpecialFile = async (path: string): Promise<void> => {
  const found = await lstat(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined || found.isFile()) return;
  throw new Error(
    found.isSymbolicLink() ? `${path} is a symbolic link; name the file that it points to` : `${path} is no plain file; name one`,
  );
};

/**
 * Writes a file, mode 0644, whole or not at all: into a new file beside it, which then takes its place. A symbolic link of that name is
 * replaced, never followed.
 * @param directory as `openDirectory` gave it
 * @param name of the file alone; anything else is refused
 * @returns the file's path
 */
export const writeReport = async (directory: string, name: string, text: string): Promise<string> => {
  if (name !== basename(name) || /[\\/\0]/.test(name) || ['', '.', '..'].includes(name))
    throw new Error(`"${name}" is no plain file name: reports are written into ${directory} alone`);
  const path = join(directory, name);
  const temporary = join(directory, `.${name.slice(0, 100)}.${randomBytes(8).toString('hex')}`);
  const file = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);
  try {
    try {
      await file.writeFile(text);
      await file.chmod(0o644);
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    // The reason is why it could not be written, not why it could not be tidied up.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  return path;
};

/**
 * Appends to the summary of this step. GitHub shows nothing of one that is too large, so nothing is written then.
 * @throws {Error} with what happened and what to do
 */
export const appendSummary = (env: Readonly<Record<string, string | undefined>>, markdown: string): void => {
  const text = markdown.endsWith('\n') ? markdown : `${markdown}\n`;
  const problem = appendToCommandFile(env, 'GITHUB_STEP_SUMMARY', text, limits.summaryBytes);
  if (problem !== undefined) throw new Error(problem);
};
