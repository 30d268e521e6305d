import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { codeCache } from './program.js';

/** The built program: the one that is committed, or another build that is to be tried. */
const dist = resolve(import.meta.dirname, '..', '..', process.env['SCS_KAAS_DIST'] ?? 'dist');

export interface Watched {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  /** From the signal, or from the deadline, to the end; below 0 where it ended before. */
  readonly afterMs: number;
  /** The largest part of it that was in memory, in MB. */
  readonly peakMb: number;
}

export interface WatchOptions {
  readonly entry: 'cli' | 'action';
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly directory: string;
  /** What ends it: a signal, as soon as `met` has settled, or its own deadline, in milliseconds from its start. */
  readonly end: NodeJS.Signals | number;
  readonly met: Promise<void>;
  /** Closes standard output at once, as `| head -0` does. */
  readonly deaf?: boolean;
}

const peakOf = (pid: number | undefined): number => {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid ?? 0}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
};

const sleep = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms).unref());
/** What a process needs after the first connection to be where it hangs. */
const settleMs = 1_000;
/** One that hangs for good ends here. */
const maxMs = 45_000;

/** Runs an entry of `dist` and watches its memory and how long it takes to end. */
export const watch = async (options: WatchOptions): Promise<Watched> => {
  const { entry, args, env, directory, end, met, deaf = false } = options;
  const begun = performance.now();
  const child = spawn(process.execPath, [join(dist, entry === 'cli' ? 'cli/index.js' : 'index.js'), ...args], {
    cwd: directory,
    env: { PATH: process.env['PATH'] ?? '', HOME: directory, TMPDIR: directory, CI: 'true', ...codeCache, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  if (deaf) child.stdout.destroy();
  else child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  let peakMb = 0;
  const sampler = setInterval(() => (peakMb = Math.max(peakMb, peakOf(child.pid))), 50);
  const kill = setTimeout(() => child.kill('SIGKILL'), maxMs);
  const ended = new Promise<{ code: number | null; signal: string | null; at: number }>((resolve, reject) => {
    child.on('error', reject).on('exit', (code, signal) => resolve({ code, signal, at: performance.now() }));
  });
  let endAt = begun + (typeof end === 'number' ? end : 0);
  if (typeof end === 'string') {
    await Promise.race([met.then(() => sleep(settleMs)), sleep(10_000), ended]);
    endAt = performance.now();
    child.kill(end);
  }
  const { code, signal, at } = await ended;
  clearInterval(sampler);
  clearTimeout(kill);
  // A daemon of a plugin may hold our own pipes, and is none of this.
  child.stdout.destroy();
  child.stderr.destroy();
  const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString('utf8');
  return { code, signal, stdout: text(out), stderr: text(err), afterMs: at - endAt, peakMb };
};
