import { spawn, type ChildProcess } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';
import { codeOf } from '../../system/system-error.js';

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
  | { readonly ended: 'timeout'; readonly stderr: string }
  | { readonly ended: 'cancelled' | 'too-much-output' };

/** A credential is some kilobytes. */
const maxStdout = 1024 * 1024;
/** Enough of the beginning and of the end of what it says, each: some say the cause first, and a traceback ends with it. */
const maxStderr = 4 * 1024;

/** Keeps the beginning and the end of a text that comes in parts; in between only whole lines or words are cut. */
const headAndTail = (): { readonly add: (part: string) => void; readonly text: () => string } => {
  let [head, tail] = ['', ''];
  let cut = false;
  return {
    add: (part) => {
      const room = maxStderr - head.length;
      head += part.slice(0, room);
      tail += part.slice(room);
      cut ||= tail.length > maxStderr;
      tail = tail.slice(-maxStderr);
    },
    text: () => {
      if (!cut) return head + tail;
      // Half of a word may be half of a token, which nobody recognises any more.
      const last = Math.max(head.lastIndexOf('\n'), head.lastIndexOf(' '));
      const first = tail.search(/\s/);
      return `${head.slice(0, Math.max(last, 0))}\n…\n${first < 0 ? '' : tail.slice(first)}`;
    },
  };
};
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

const startPlugin = ({ command, args, env }: PluginCommand): ChildProcess =>
  spawn(command, [...args], {
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: false,
    detached: process.platform !== 'win32',
    windowsHide: true,
  });

/** Follows a program that was started to its end. */
const followPlugin = (child: ChildProcess, { timeoutMs, signal }: PluginCommand, resolve: (end: PluginEnd) => void): void => {
  const stdout: Buffer[] = [];
  let stdoutBytes = 0;
  const said = headAndTail();
  const decoder = new StringDecoder('utf8');
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
    settle(ended === 'timeout' ? { ended, stderr: said.text() } : { ended });
  };
  const cancel = (): void => stop('cancelled');
  const timer = setTimeout(() => stop('timeout'), timeoutMs);
  signal.addEventListener('abort', cancel, { once: true });
  const finish = (code: number | null, by: NodeJS.Signals | null): void =>
    settle(
      code === null
        ? { ended: 'signal', signal: by ?? '', stderr: said.text() }
        : { ended: 'exit', code, stdout: Buffer.concat(stdout).toString('utf8'), stderr: said.text() },
    );
  child.stdout?.on('data', (chunk: Buffer) => {
    stdoutBytes += chunk.length;
    if (stdoutBytes > maxStdout) stop('too-much-output');
    else stdout.push(chunk);
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    said.add(decoder.write(chunk));
  });
  child.on('error', (error) => settle({ ended: 'not-started', code: codeOf(error) || 'unknown' }));
  child.on('close', finish);
  child.on('exit', (code, by) => {
    grace = setTimeout(() => finish(code, by), graceMs);
  });
};

/** Runs a program to its end, or to its deadline; never throws. Its input is empty: nobody can answer a question here. */
export const runPlugin = (plugin: PluginCommand): Promise<PluginEnd> =>
  new Promise((resolve) => {
    if (plugin.signal.aborted) {
      resolve({ ended: 'cancelled' });
      return;
    }
    try {
      followPlugin(startPlugin(plugin), plugin, resolve);
    } catch (error) {
      resolve({ ended: 'not-started', code: codeOf(error) || 'unknown' });
    }
  });
