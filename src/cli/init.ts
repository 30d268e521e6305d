import { lstat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { exitCodes, type ExitCode } from '../evaluation/exit-code.js';
import { openDirectory, writeReport } from '../github/files.js';
import { reasonOf, UserError } from '../model/errors.js';
import { codeOf } from '../system/system-error.js';
import { terminalText } from '../text/escape.js';
import { findOut, type Found } from './init-find.js';
import { nextSteps, planInit, type Plan, type PlannedFile } from './init-plan.js';
import { write } from './screen.js';

/** The options of the command `init`. */
export interface InitOptions {
  /** Found out if it is absent. */
  readonly cluster?: 'kubeconfig' | 'kind' | undefined;
  /** Overwrites files. */
  readonly force: boolean;
  /** Prints the files and writes nothing. */
  readonly print: boolean;
}

type Kind = 'none' | 'link' | 'other';

const kindOf = async (path: string): Promise<Kind> => {
  try {
    return (await lstat(path)).isSymbolicLink() ? 'link' : 'other';
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return 'none';
    throw new UserError([`Cannot look for ${path}: ${reasonOf(error)}.`], { cause: error });
  }
};

/** Every folder above a path, from the outermost on, e.g. `.github`, `.github/workflows`. */
const foldersAbove = (path: string): readonly string[] => {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
};

/** Why nothing can be written. */
const problemsOf = async (root: string, files: readonly PlannedFile[], force: boolean): Promise<readonly string[]> => {
  const linked: string[] = [];
  for (const folder of new Set(files.flatMap((file) => foldersAbove(file.path))))
    if ((await kindOf(join(root, folder))) === 'link') linked.push(folder);
  const existing: string[] = [];
  for (const { path } of files) if ((await kindOf(join(root, path))) !== 'none') existing.push(path);
  return [
    ...linked.map(
      (folder) => `${folder} is a symbolic link, and nothing is written through links. Replace it by a folder, or use "--print".`,
    ),
    ...(existing.length === 0 || force
      ? []
      : [`Nothing was written, since these files exist: ${existing.join(', ')}. Overwrite them with "--force", or use "--print".`]),
  ];
};

const writeFiles = async (root: string, files: readonly PlannedFile[]): Promise<void> => {
  const done: string[] = [];
  for (const { path, text } of files) {
    try {
      await writeReport(await openDirectory(join(root, dirname(path)), root), basename(path), text);
    } catch (error) {
      const before = done.length === 0 ? '' : ` Written before that: ${done.join(', ')}.`;
      throw new UserError([`Cannot write ${path}: ${reasonOf(error)}.${before}`], { cause: error });
    }
    done.push(path);
  }
};

const clusterWords = (plan: Plan, found: Found): string => {
  if (plan.cluster === 'kubeconfig') return 'The workflow checks the cluster of a kubeconfig, every night.';
  const others = found.kindConfigs.slice(1);
  const config = plan.kindConfig === undefined ? 'the default configuration' : plan.kindConfig;
  return `The workflow checks a kind cluster with ${config}, on each pull request${plan.branch === undefined ? '' : ` and each push to ${plan.branch}`}.${others.length === 0 ? '' : ` Other configurations of kind: ${others.join(', ')}.`}`;
};

const summary = (plan: Plan, found: Found, files: readonly PlannedFile[]): readonly string[] => [
  ...(found.isRepository ? [] : ['There is no git repository here or above: the files are in the current directory.']),
  terminalText(`Written to ${found.root}:`),
  ...files.map((file) => `  ${file.path}`),
  '',
  clusterWords(plan, found),
  '',
  ...nextSteps(plan),
];

/**
 * The command `init`: writes a workflow, and the roles for its service account.
 * @param directory in the repository, or where the files belong
 * @throws {UserError} if a file exists, or cannot be written
 */
export const runInit = async (options: InitOptions, directory: string = process.cwd()): Promise<ExitCode> => {
  const found = await findOut(directory);
  const [kindConfig] = found.kindConfigs;
  const cluster = options.cluster ?? (kindConfig === undefined ? 'kubeconfig' : 'kind');
  const plan: Plan = { cluster, branch: found.branch, kindConfig: cluster === 'kind' ? kindConfig : undefined };
  const files = planInit(plan);
  if (options.print) {
    write(files.map(({ path, text }) => `# ${path}\n${text}`).join('\n'));
    return exitCodes.fine;
  }
  const problems = await problemsOf(found.root, files, options.force);
  if (problems.length > 0) throw new UserError(problems);
  await writeFiles(found.root, files);
  write(`${summary(plan, found, files).join('\n')}\n`);
  return exitCodes.fine;
};
