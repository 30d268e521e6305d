import { spawn } from 'node:child_process';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How the program ended, and everything that it printed. */
export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

const root = join(import.meta.dirname, '..', '..');
/** Where a process finds code that an earlier one compiled. */
export const codeCache = { NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? '' };

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Called with what sends a signal to it, as soon as it runs. */
  readonly interrupt?: (send: (signal: NodeJS.Signals) => void) => void;
  /** `cli`: the command line program. The others are steps of actions, which take their inputs from the environment. */
  readonly entry?: 'cli' | 'index' | 'post' | 'action/merge-entry' | 'action/upload-entry';
  /** Standard input; nothing without. */
  readonly input?: string;
  /** Words for bash, which starts the program as `"$0" "$@"`. */
  readonly shell?: readonly string[];
  /** The user that it runs as; this process must be root's. */
  readonly uid?: number;
}

/** Runs an entry in a process of its own, from the sources as `compile-sources.mjs` compiled them, with a home and an environment of its own. */
export const program = async (args: readonly string[], options: ProgramOptions = {}): Promise<Ended> => {
  const home = await mkdtemp(join(tmpdir(), 'scs-kaas-test-'));
  try {
    if (options.uid !== undefined) await chown(home, options.uid, options.uid);
    return await new Promise<Ended>((resolve, reject) => {
      const begun = performance.now();
      const command = [process.execPath, '--no-warnings', join(root, '.cache/program/bundled', `${options.entry ?? 'cli'}.js`), ...args];
      const [file = '', ...words] = options.shell === undefined ? command : ['bash', ...options.shell, ...command];
      const child = spawn(file, words, {
        cwd: home,
        env: { PATH: process.env['PATH'] ?? '', HOME: home, TMPDIR: home, CI: 'true', ...codeCache, ...options.env },
        stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
        ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
      });
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(options.input);
      const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
      const kill = setTimeout(() => child.kill('SIGKILL'), 60_000);
      child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
      child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
      child.on('error', reject);
      child.on('close', (code, signal) => {
        clearTimeout(kill);
        const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString('utf8');
        resolve({ code, signal, stdout: text(stdout), stderr: text(stderr), ms: performance.now() - begun });
      });
      options.interrupt?.((signal) => child.kill(signal));
    });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
};
