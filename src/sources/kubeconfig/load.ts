import { readFile, stat } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';
import { reasonOf, UserError } from '../../model/errors.js';
import { duplicatesOf } from '../../model/shape.js';
import { fromBase64, type Secrets } from '../secrets.js';
import { codeOf } from '../system-error.js';
import { inClusterKubeconfig } from './in-cluster.js';
import { parseKubeconfig } from './parse.js';
import type { ClusterEntry, ContextEntry, KubeconfigFile, UserEntry } from './schema.js';

/** An entry, and the directory that its relative paths start from; none where the kubeconfig came as text. */
export interface Placed<T> {
  readonly entry: T;
  readonly directory?: string;
}

/** Several files as one, by kubectl's rules: of every name the first entry wins. */
export interface Kubeconfig {
  readonly currentContext?: string;
  readonly contexts: ReadonlyMap<string, ContextEntry>;
  readonly clusters: ReadonlyMap<string, Placed<ClusterEntry>>;
  readonly users: ReadonlyMap<string, Placed<UserEntry | undefined>>;
}

export interface LoadOptions {
  /** A path, several joined by the platform's delimiter, or the text itself, also in base64. */
  readonly kubeconfig?: string | undefined;
  /** Where a pod finds its service account; only tests set it. */
  readonly serviceAccountDirectory?: string | undefined;
}

type Env = Readonly<Record<string, string | undefined>>;
interface Loaded {
  readonly file: KubeconfigFile;
  readonly directory?: string;
}

/** A kubeconfig of a thousand clusters is smaller. */
const mostBytes = 16 * 1024 * 1024;

const looksLikeKubeconfig = (text: string): boolean =>
  /^\s*\{/.test(text) || /^["']?(apiVersion|kind|clusters|contexts|users|current-context|preferences)["']?\s*:/m.test(text);

/** The text of a kubeconfig where an input holds that and no path. */
const asText = (given: string): string | undefined => {
  const decoded = given.length > 40 ? fromBase64(given) : undefined;
  if (decoded !== undefined && looksLikeKubeconfig(decoded)) return decoded;
  return given.includes('\n') || looksLikeKubeconfig(given) ? given : undefined;
};

const readProblem = (path: string, cause: unknown): string => {
  const code = codeOf(cause);
  const why =
    code === 'ENOENT'
      ? 'no such file'
      : code === 'EACCES'
        ? 'permission denied'
        : code === 'EISDIR'
          ? 'it is a directory'
          : reasonOf(cause);
  return `Cannot read the kubeconfig at ${path}: ${why}. Set the input "kubeconfig" (or KUBECONFIG) to a file that exists and that you may read, or to the text itself.`;
};

const readKubeconfig = async (path: string): Promise<{ text: string } | { problem: string; missing: boolean }> => {
  try {
    if ((await stat(path)).size > mostBytes)
      return { problem: `The kubeconfig at ${path} is larger than ${mostBytes} bytes; this is no kubeconfig.`, missing: false };
    return { text: await readFile(path, 'utf8') };
  } catch (cause) {
    return { problem: readProblem(path, cause), missing: codeOf(cause) === 'ENOENT' };
  }
};

/** A missing or an empty file among several is passed over, as kubectl does; a file that is alone must be there. */
const loadFiles = async (paths: readonly string[], secrets: Secrets, log: (line: string) => void): Promise<readonly Loaded[]> => {
  const problems: string[] = [];
  const missing: string[] = [];
  const loaded: Loaded[] = [];
  for (const path of paths) {
    const read = await readKubeconfig(path);
    if ('problem' in read) {
      (read.missing ? missing : problems).push(read.problem);
      continue;
    }
    if (read.text.trim() === '') {
      missing.push(`The kubeconfig at ${path} cannot be used: it is empty.`);
      continue;
    }
    const parsed = parseKubeconfig(read.text, secrets);
    if ('problem' in parsed) problems.push(`The kubeconfig at ${path} cannot be used: ${parsed.problem}.`);
    else loaded.push({ file: parsed.file, directory: dirname(resolve(path)) });
  }
  if (loaded.length === 0 || problems.length > 0) throw new UserError([...problems, ...(loaded.length === 0 ? missing : [])]);
  if (missing.length > 0) log(`passed over ${missing.length} of ${paths.length} kubeconfig files that do not exist or are empty`);
  return loaded;
};

const loadText = (text: string, secrets: Secrets): readonly Loaded[] => {
  const parsed = parseKubeconfig(text, secrets);
  if ('problem' in parsed)
    throw new UserError([
      `The kubeconfig given as text cannot be used: ${parsed.problem}. Set the input "kubeconfig" to the output of "kubectl config view --raw --flatten".`,
    ]);
  return [{ file: parsed.file }];
};

const merge = (loaded: readonly Loaded[]): Kubeconfig => {
  const problems: string[] = [];
  const add = <T>(into: Map<string, T>, kind: string, file: ReadonlyMap<string, T>, names: readonly string[]): void => {
    for (const name of duplicatesOf(names))
      problems.push(`The kubeconfig has several ${kind} of the name "${name}" in one file; keep one.`);
    for (const [name, entry] of file) if (!into.has(name)) into.set(name, entry);
  };
  const contexts = new Map<string, ContextEntry>();
  const clusters = new Map<string, Placed<ClusterEntry>>();
  const users = new Map<string, Placed<UserEntry | undefined>>();
  for (const { file, directory } of loaded) {
    const placed = <T>(entry: T): Placed<T> => (directory === undefined ? { entry } : { entry, directory });
    add(
      contexts,
      'contexts',
      new Map(file.contexts.map((c) => [c.name, c.context])),
      file.contexts.map((c) => c.name),
    );
    add(
      clusters,
      'clusters',
      new Map(file.clusters.map((c) => [c.name, placed(c.cluster)])),
      file.clusters.map((c) => c.name),
    );
    add(
      users,
      'users',
      new Map(file.users.map((u) => [u.name, placed(u.user)])),
      file.users.map((u) => u.name),
    );
  }
  if (problems.length > 0) throw new UserError(problems);
  const currentContext = loaded.map(({ file }) => file['current-context']).find((name) => name !== undefined);
  return { ...(currentContext === undefined ? {} : { currentContext }), contexts, clusters, users };
};

/** `~/` is a shell's, and inputs of an action pass through none: people write it all the same. */
const splitPaths = (value: string, home: string | undefined): readonly string[] =>
  value
    .split(delimiter)
    .map((path) => path.trim())
    .filter((path) => path !== '')
    .map((path) => (home !== undefined && /^~[/\\]/.test(path) ? join(home, path.slice(2)) : path));

/** An empty file is none, as for kubectl. */
const holdsText = (path: string): Promise<boolean> =>
  stat(path).then(
    ({ size }) => size > 0,
    () => false,
  );

/**
 * Finds and reads the kubeconfig: the input, then `KUBECONFIG`, then the home directory, then the service account of a pod.
 * @param secrets is told of every credential in it, before anything else happens
 * @throws {UserError} naming every problem at once
 */
export const loadKubeconfig = async (
  options: LoadOptions,
  env: Env,
  secrets: Secrets,
  log: (line: string) => void,
): Promise<Kubeconfig> => {
  const given = options.kubeconfig?.trim() ? options.kubeconfig : undefined;
  const text = given === undefined ? undefined : asText(given);
  if (text !== undefined) {
    // A base64 text is a secret as a whole: whoever decodes it has all of them.
    if (text !== given) secrets.add(given?.trim());
    return merge(loadText(text, secrets));
  }
  const home = env['HOME'] ?? env['USERPROFILE'];
  const named = splitPaths(given ?? env['KUBECONFIG'] ?? '', home);
  if (named.length > 0) return merge(await loadFiles(named, secrets, log));
  const own = home ? join(home, '.kube', 'config') : undefined;
  if (own !== undefined && (await holdsText(own))) return merge(await loadFiles([own], secrets, log));
  const inCluster = await inClusterKubeconfig(env, options.serviceAccountDirectory);
  if (inCluster !== undefined) return inCluster;
  throw new UserError([
    `No cluster was named: the input "kubeconfig" and KUBECONFIG are not set, there is no ${own ?? '~/.kube/config'} with anything in it, and this is not a pod of a cluster. Set the input "kubeconfig" to a path or to the text itself, or "cluster" to kind.`,
  ]);
};
