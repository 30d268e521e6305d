import { lstat, realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { UserError } from '../model/errors.js';
import { readTextFile } from '../system/text-file.js';
import { printablePath } from '../text/path-or-text.js';
import { parseConfig } from './config.js';
import type { ConfigValues } from './layers.js';

/** Where the config file is looked for, in the repository. */
export const defaultConfig = '.github/scs-kaas.yaml';

/** A larger one is no configuration. */
const maxBytes = 1024 * 1024;

/** Where config files are. */
export interface ConfigPlaces {
  /** The root of the repository, or the current directory. */
  readonly root: string;
  /**
   * Reads a file of the repository from a commit that is trusted, if the files of the work tree are not: those of a pull request of a fork.
   * @returns undefined if the commit has no such file
   * @throws {UserError} if it is not known
   */
  readonly trusted?: ((path: string) => Promise<string | undefined>) | undefined;
}

/** Whether a value is YAML itself: no path has a line break, or a colon before a blank. */
const isText = (given: string): boolean => /\n|:\s|^\s*\{/.test(given);

const valuesOf = (text: string, name: string): ConfigValues => {
  const read = parseConfig(text);
  if ('values' in read) return { values: read.values, name };
  throw new UserError(read.problems.map((problem) => `Cannot use ${name}: ${problem}`));
};

/** The path of a file within the work tree, with `/`; undefined for a file elsewhere. */
const pathInTree = async (path: string, root: string): Promise<string | undefined> => {
  const [real, realRoot] = await Promise.all([realpath(path).catch(() => path), realpath(root).catch(() => root)]);
  // A link out of the work tree is a file of the work tree, and so is the aim of a link into it.
  for (const [file, tree] of [
    [path, root],
    [real, realRoot],
  ] as const) {
    const inside = relative(tree, file);
    if (inside !== '' && inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside)) return inside.split(sep).join('/');
  }
  return undefined;
};

const readFileOf = async (path: string, shown: string): Promise<string> => {
  const read = await readTextFile(path, { maxBytes });
  if ('text' in read) return read.text;
  throw new UserError([`Cannot read the config file ${shown}: ${read.problem}. Give the path of a text file, or the YAML text itself.`]);
};

const isThere = async (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

/**
 * Reads the config of a run: the YAML text or the file that was asked for, or the file in the default place, if there is one.
 * @param given the input or option `config`
 * @returns undefined if there is none
 * @throws {UserError} with every problem, or if a file that was asked for cannot be read
 */
export const readConfig = async (given: string | undefined, { root, trusted }: ConfigPlaces): Promise<ConfigValues | undefined> => {
  if (given !== undefined && isText(given)) return valuesOf(given, 'the config');
  const path = resolve(root, given ?? defaultConfig);
  const shown = given === undefined ? defaultConfig : printablePath(given);
  const inTree = trusted === undefined ? undefined : await pathInTree(path, root);
  if (trusted !== undefined && inTree !== undefined) {
    const text = await trusted(inTree);
    if (text === undefined && given !== undefined)
      throw new UserError([`Cannot read the config file ${shown}: the base of the pull request has no such file. Add it there first.`]);
    return text === undefined ? undefined : valuesOf(text, `${shown} of the base`);
  }
  if (given === undefined && !(await isThere(path))) return undefined;
  return valuesOf(await readFileOf(path, shown), shown);
};

/** The root of the repository, or the current directory. */
export const configRoot = (env: Readonly<Record<string, string | undefined>>, current: string): string =>
  env['GITHUB_WORKSPACE'] || current;
