import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { environment, fromRoot, program } from './support.js';

/** Git in a work tree, with a name that a host may not have. */
export const git = (work: string, ...words: readonly string[]): void => {
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...words], { cwd: work, stdio: 'ignore' });
};

/**
 * Makes a repository that uses the action by `./`, for the runner of workflows on this host.
 * @param work an empty folder
 * @param files beside the action, by their paths; the workflow is one of them
 */
export const repository = (work: string, files: Readonly<Record<string, string>>): void => {
  cpSync(dirname(dirname(program)), join(work, 'dist'), { recursive: true });
  cpSync(fromRoot('action.yml'), join(work, 'action.yml'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(work, path)), { recursive: true });
    writeFileSync(join(work, path), text);
  }
  git(work, 'init', '-q', '-b', 'main');
  git(work, 'remote', 'add', 'origin', 'https://github.com/scs/demo');
  git(work, 'add', '-A');
  git(work, 'commit', '-q', '-m', 'a repository that uses the action');
};

/** Where the workflow of such a repository stands. */
export const workflowPath = join('.github', 'workflows', 'scs.yml');

/** For `act`: this Node first on the PATH. */
export const actEnvironment = (): NodeJS.ProcessEnv => {
  const env = environment();
  return { ...env, PATH: `${dirname(process.execPath)}:${env['PATH'] ?? ''}` };
};
