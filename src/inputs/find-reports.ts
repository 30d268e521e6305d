import { glob, readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UserError } from '../model/errors.js';
import { looksLikePath, notShown } from '../text/path-or-text.js';

/** What a check writes beside its report, and is none. */
const noReport = 'scs-kaas-snapshot.json';
/** A pattern that finds more is a mistake. */
const maxFiles = 1_000;

/** The signs of a pattern. */
const signs = /[*?[\]{}!]/g;

/** A path or a pattern for a message, or that it is not shown. */
const printable = (word: string): string => (looksLikePath(word.replace(signs, 'x')) ? word : notShown);

const isReport = (name: string): boolean => name.endsWith('.json') && name !== noReport;

interface Found {
  readonly paths: readonly string[];
  /** Folders and patterns that hold no report. */
  readonly missed: readonly string[];
}

/** @throws {UserError} if there are more than can be meant */
const assertFew = (paths: readonly string[], word: string): readonly string[] => {
  if (paths.length <= maxFiles) return paths;
  throw new UserError([
    `Input "reports-from" holds ${printable(word)}, which finds more than ${maxFiles} files. Name a folder or pattern with fewer.`,
  ]);
};

/** The reports of a folder and of all folders in it; no symbolic link is followed. */
const inFolder = async (folder: string, word: string): Promise<readonly string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && isReport(entry.name)).map((entry) => join(entry.parentPath, entry.name));
  return assertFew(files.sort(), word);
};

/** What a pattern finds, but for symbolic links. */
const byPattern = async (pattern: string, root: string): Promise<readonly string[]> => {
  const files: string[] = [];
  for await (const entry of glob(pattern, { cwd: root, withFileTypes: true })) {
    if (entry.isFile() && entry.name !== noReport) files.push(join(entry.parentPath, entry.name));
    assertFew(files, pattern);
  }
  return files.sort();
};

/** A path stays as it is if nothing is there: it counts as a report that cannot be used. */
const findOne = async (word: string, root: string): Promise<readonly string[]> => {
  const path = resolve(root, word);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) return inFolder(path, word);
  return found === undefined && /[*?[{]/.test(word) ? byPattern(word, root) : [path];
};

/**
 * Finds the JSON reports that the action `merge` is given, each once.
 * @param words paths, folders (with all folders in them) or globs
 * @param root what relative ones start from
 * @throws {UserError} if a folder cannot be read, or one of them finds more than can be meant
 */
export const findReports = async (words: readonly string[], root: string): Promise<Found> => {
  const all: { readonly word: string; readonly paths: readonly string[] }[] = [];
  for (const word of words) all.push({ word, paths: await findOne(word, root) });
  return {
    paths: [...new Set(all.flatMap(({ paths }) => paths))],
    missed: all.filter(({ paths }) => paths.length === 0).map(({ word }) => printable(word)),
  };
};
