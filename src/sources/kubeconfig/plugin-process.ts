import { spawn, type ChildProcess } from 'node:child_process';
import { codeOf } from '../system-error.js';

/** A program to run, without a shell. */
export interface PluginCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** How it ended. */
export type PluginEnd =
  | { readonly ended: 'exit'; readonly code: number; readonly stdout: string; readonly stderr: string }
  | { readonly ended: 'signal'; readonly signal: string; readonly stderr: string }
  | { readonly ended: 'not-started'; readonly code: string }
  | { readonly ended: 'timeout' | 'cancelled' | 'too-much-output' };

/** A credential is some kilobytes. */
const mostStdout = 1024 * 1024;
/** Enough for a first line. */
const mostStderr = 4 * 1024;
/** A program may leave a daemon behind that holds its output open: what it printed until then counts. */
const graceMs = 500;

/** Ends a program and all that it started: it leads a process group of its own. */
const killGroup = (child: ChildProcess): void => {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
};

/** Runs a program to its end, or to its deadline; never throws. Its input is empty: nobody can answer a question here. */
export const runPlugin = ({ command, args, env, timeoutMs, signal }: PluginCommand): Promise<PluginEnd> =>
  new Promise((resolve) => {
    if (signal.aborted) {
      resolve({ ended: 'cancelled' });
      return;
    }
    let child: ChildProcess;
    try {
      child = spawn(command, [...args], {
        env: { ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
        shell: false,
        detached: process.platform !== 'win32',
        windowsHide: true,
      });
    } catch (error) {
      resolve({ ended: 'not-started', code: codeOf(error) || 'unknown' });
      return;
    }
    const stdout: Buffer[] = [];
    let stdoutBytes = 0;
    let stderr = '';
    let grace: NodeJS.Timeout | undefined;
    let settled = false;
    const settle = (end: PluginEnd): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      clearTimeout(grace);
      signal.removeEventListener('abort', cancel);
      child.stdout?.destroy();
      child.stderr?.destroy();
      resolve(end);
    };
    const stop = (ended: 'timeout' | 'cancelled' | 'too-much-output'): void => {
      killGroup(child);
      settle({ ended });
    };
    const cancel = (): void => stop('cancelled');
    const timer = setTimeout(() => stop('timeout'), timeoutMs);
    signal.addEventListener('abort', cancel, { once: true });
    const finish = (code: number | null, by: NodeJS.Signals | null): void =>
      settle(
        code === null
          ? { ended: 'signal', signal: by ?? '', stderr }
          : { ended: 'exit', code, stdout: Buffer.concat(stdout).toString('utf8'), stderr },
      );
    child.stdout?.on('data', (chunk: Buffer) => {
      stdoutBytes += chunk.length;
      if (stdoutBytes > mostStdout) stop('too-much-output');
      else stdout.push(chunk);
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      if (stderr.length < mostStderr) stderr += chunk.toString('utf8').slice(0, mostStderr - stderr.length);
    });
    child.on('error', (error) => settle({ ended: 'not-started', code: codeOf(error) || 'unknown' }));
    child.on('close', finish);
    child.on('exit', (code, by) => {
      grace = setTimeout(() => finish(code, by), graceMs);
    });
  });
