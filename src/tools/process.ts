import { spawn, type ChildProcess } from 'node:child_process';
import { reasonOf } from '../model/errors.js';
import { lineSplitter, plainLine } from '../text/program-output.js';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
  /** Ends the program; without it the program is left to finish within its time, whatever happens to the run. */
  readonly stop?: AbortSignal | undefined;
  /** What it reads; nothing without. */
  readonly input?: string | undefined;
  /** Takes each line of output, fit for a log. */
  readonly onLine?: ((line: string) => void) | undefined;
}

/** How a program ended. */
export interface Ended {
  readonly how: 'exit' | 'timeout' | 'stopped' | 'not-started';
  /** The exit code; absent where a signal or we ended it. */
  readonly code?: number | undefined;
  readonly stdout: string;
  /** The last lines of both streams, fit for a log; of a program that did not start, why. */
  readonly tail: readonly string[];
}

const maxOutput = 1_048_576;
const tailLines = 60;
/** From the polite signal to the one that cannot be refused. */
const graceMs = 2_000;
const windows = process.platform === 'win32';

/** Signals the program and all that it started (its process group). */
const signalAll = (child: ChildProcess, signal: NodeJS.Signals): void => {
  if (child.pid === undefined) return;
  try {
    if (windows) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It is gone already.
  }
};

/** Ends the program when the run is stopped, on SIGINT and SIGTERM, and when this process ends; returns how to stop watching. */
const endWith = (child: ChildProcess, stop: AbortSignal, end: () => void): (() => void) => {
  const kill = (): void => signalAll(child, 'SIGKILL');
  stop.addEventListener('abort', end);
  process.on('SIGINT', end).on('SIGTERM', end).on('exit', kill);
  if (stop.aborted) end();
  return () => {
    stop.removeEventListener('abort', end);
    process.off('SIGINT', end).off('SIGTERM', end).off('exit', kill);
  };
};

const collectOutput = (child: ChildProcess, onLine: (line: string) => void): { stdout: string; tail: string[]; end: () => void } => {
  const seen = { stdout: '', tail: [] as string[], end: (): void => undefined };
  const splitters = [child.stdout, child.stderr].map((stream) => {
    const splitter = lineSplitter((raw) => {
      const line = plainLine(raw);
      seen.tail.push(line);
      if (seen.tail.length > tailLines) seen.tail.shift();
      onLine(line);
    });
    stream?.setEncoding('utf8').on('data', splitter.write);
    return splitter;
  });
  child.stdout?.on('data', (piece: string) => {
    if (seen.stdout.length < maxOutput) seen.stdout += piece.slice(0, maxOutput - seen.stdout.length);
  });
  seen.end = () => splitters.forEach((splitter) => splitter.end());
  return seen;
};

/**
 * Runs a program without a shell, in a process group of its own so that what it started ends with it, and so without a terminal to ask at.
 * Never rejects: how it ended is the answer. Output is bounded.
 */
export const runTool = (command: Command): Promise<Ended> =>
  new Promise((resolve) => {
    const child = spawn(command.file, [...command.args], {
      env: { ...command.env },
      stdio: [command.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      shell: false,
      detached: !windows,
      windowsHide: true,
    });
    // One that ends without having read everything says by its exit code why.
    child.stdin?.on('error', () => undefined).end(command.input);
    const output = collectOutput(child, command.onLine ?? (() => undefined));
    let ending: 'timeout' | 'stopped' | undefined;
    let grace: NodeJS.Timeout | undefined;
    const end = (why: 'timeout' | 'stopped'): void => {
      if (ending !== undefined) return;
      ending = why;
      signalAll(child, 'SIGTERM');
      grace = setTimeout(() => signalAll(child, 'SIGKILL'), graceMs);
    };
    const timer = setTimeout(() => end('timeout'), command.timeoutMs);
    const unwatch = command.stop === undefined ? (): void => undefined : endWith(child, command.stop, () => end('stopped'));
    const settle = (ended: Pick<Ended, 'how' | 'code'>, extra: readonly string[] = []): void => {
      clearTimeout(timer);
      clearTimeout(grace);
      unwatch();
      output.end();
      resolve({ ...ended, stdout: output.stdout, tail: [...output.tail, ...extra] });
    };
    child.on('error', (error) => {
      if (child.pid === undefined) settle({ how: 'not-started' }, [plainLine(reasonOf(error))]);
    });
    child.on('exit', (code) => {
      if (ending !== undefined) signalAll(child, 'SIGKILL');
      const done = (): void => settle({ how: ending ?? 'exit', code: ending === undefined ? (code ?? undefined) : undefined });
      // A grandchild that outlives the program would hold the streams open.
      const late = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, graceMs);
      child.on('close', () => {
        clearTimeout(late);
        done();
      });
    });
  });
