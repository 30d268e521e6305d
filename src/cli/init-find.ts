import { lstat, readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import * as z from 'zod/mini';
import { readTextFile } from '../system/text-file.js';
import { readYaml } from '../text/read-yaml.js';

/** What `init` finds out about the place that it writes to. */
export interface Found {
  /** Of the git repository, else the current directory; an absolute path. */
  readonly root: string;
  readonly isRepository: boolean;
  /** The default branch, as far as git knows it here. */
  readonly branch: string | undefined;
  /** Configurations of kind, relative to the root. */
  readonly kindConfigs: readonly string[];
}

/** Files of git are a line long. */
const maxGitBytes = 4_096;
const maxConfigBytes = 1_048_576;
/** In one folder; a folder with more is not one for configuration. */
const maxFiles = 200;

const firstLine = async (path: string): Promise<string> => {
  const read = await readTextFile(path, { maxBytes: maxGitBytes });
  return 'text' in read ? (read.text.split('\n')[0] ?? '').trim() : '';
};

/** The nearest folder that holds `.git`: a folder, or a file in a worktree and in a submodule. */
const repositoryAbove = async (directory: string): Promise<string | undefined> => {
  const found = await stat(join(directory, '.git')).catch(() => undefined);
  if (found?.isDirectory() === true || found?.isFile() === true) return directory;
  const parent = dirname(directory);
  return parent === directory ? undefined : repositoryAbove(parent);
};

/** The folder of git's own files for this checkout. */
const gitDirectory = async (root: string): Promise<string> => {
  const path = join(root, '.git');
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true) return path;
  const named = (await firstLine(path)).replace(/^gitdir: */, '');
  return resolve(root, named);
};

/** A name that is safe in a workflow: in a filter of branches, other characters are patterns. */
const branchName = (line: string, prefix: string): string | undefined => {
  const name = line.startsWith(prefix) ? line.slice(prefix.length) : '';
  return /^\w[\w./-]{0,199}$/.test(name) ? name : undefined;
};

/** The branch that the remote repository names, else the current one. */
const defaultBranch = async (root: string): Promise<string | undefined> => {
  const own = await gitDirectory(root);
  // A worktree shares all but its HEAD.
  const shared = resolve(own, (await firstLine(join(own, 'commondir'))) || '.');
  const remote = branchName(await firstLine(join(shared, 'refs', 'remotes', 'origin', 'HEAD')), 'ref: refs/remotes/origin/');
  return remote ?? branchName(await firstLine(join(own, 'HEAD')), 'ref: refs/heads/');
};

const cluster = z.object({ kind: z.literal('Cluster'), apiVersion: z.string().check(z.startsWith('kind.x-k8s.io/')) });

const isKindConfig = async (path: string): Promise<boolean> => {
  const read = await readTextFile(path, { maxBytes: maxConfigBytes });
  // Most files are something else, and reading them as YAML takes longer.
  if ('problem' in read || !read.text.includes('kind.x-k8s.io/')) return false;
  const yaml = readYaml(read.text, { merge: true, aliases: 20 });
  // kind reads the first document only.
  return 'documents' in yaml && cluster.safeParse(yaml.documents[0]).success;
};

/** Where configurations of kind usually are; in the root only by their name. Names with other characters are left out: they would need care in a workflow. */
const places: readonly { readonly folder: string; readonly name: RegExp }[] = [
  { folder: '', name: /^kind[\w.-]{0,100}\.ya?ml$/i },
  ...['.github', 'hack', 'test'].map((folder) => ({ folder, name: /^[\w.-]{1,100}\.ya?ml$/i })),
];

const kindConfigsIn = async (root: string, { folder, name }: (typeof places)[number]): Promise<readonly string[]> => {
  const directory = join(root, folder);
  // A link may lead out of the repository, and so does what is found behind it.
  const isOwn = folder === '' || (await lstat(directory).catch(() => undefined))?.isDirectory() === true;
  const entries = isOwn ? await readdir(directory, { withFileTypes: true }).catch(() => []) : [];
  const names = entries.filter((entry) => entry.isFile() && name.test(entry.name)).map((entry) => entry.name);
  const found: string[] = [];
  for (const file of names.sort().slice(0, maxFiles))
    if (await isKindConfig(join(directory, file))) found.push(folder === '' ? file : `${folder}/${file}`);
  return found;
};

/** Looks at the repository that a directory is in; changes nothing. */
export const findOut = async (directory: string): Promise<Found> => {
  const repository = await repositoryAbove(directory);
  const root = repository ?? directory;
  return {
    root,
    isRepository: repository !== undefined,
    branch: repository === undefined ? undefined : await defaultBranch(root),
    kindConfigs: (await Promise.all(places.map((place) => kindConfigsIn(root, place)))).flat(),
  };
};
