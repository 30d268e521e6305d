import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { environment, fromRoot, program } from './support.js';

/** Git in a work tree, with a name that a host may not have. */
export const git = (work: string, ...words: readonly string[]): void => {
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...words], { cwd: work, stdio: 'ignore' });
};

/**
 * Makes a repository that uses the action by `./`, and the others by `./actions/NAME`, for the runner of workflows on this host.
 * @param work an empty folder
 * @param files beside the action, by their paths; the workflow is one of them
 */
export const repository = (work: string, files: Readonly<Record<string, string>>): void => {
  cpSync(dirname(dirname(program)), join(work, 'dist'), { recursive: true });
  for (const part of ['action.yml', 'actions']) cpSync(fromRoot(part), join(work, part), { recursive: true });
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

/** A run of a repository's workflow. */
export interface ActRun {
  /** What it has printed so far. */
  readonly log: () => string;
  /** Sends the signal of a cancelled job. */
  readonly cancel: () => void;
  /** Its exit code, once it has ended and printed everything; null after a signal. */
  readonly ended: Promise<number | null>;
}

/**
 * Starts the workflow of such a repository on this host, with this Node first on the PATH.
 * @param work the repository
 * @param event the name of what happened, with further options of `act`
 * @param env of every step
 * @param onText is called when something was printed
 */
export const startAct = (
  work: string,
  [event, ...options]: readonly [string, ...string[]],
  env: Readonly<Record<string, string>>,
  onText: (run: Pick<ActRun, 'log' | 'cancel'>) => void = () => undefined,
): ActRun => {
  const words = Object.entries({ GITHUB_REPOSITORY: 'scs/demo', ...env }).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
  const own = environment();
  const child = spawn('act', [event, '-P', 'ubuntu-latest=-self-hosted', ...options, ...words], {
    cwd: work,
    env: { ...own, PATH: `${dirname(process.execPath)}:${own['PATH'] ?? ''}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  const run = {
    log: () => log,
    cancel: () => {
      if (!child.killed) child.kill('SIGINT');
    },
  };
  const note = (text: string): void => {
    log += text;
    onText(run);
  };
  child.stdout.setEncoding('utf8').on('data', note);
  child.stderr.setEncoding('utf8').on('data', note);
  return { ...run, ended: new Promise((done, failed) => child.on('error', failed).on('close', done)) };
};
