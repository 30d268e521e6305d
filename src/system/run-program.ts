import { StringDecoder } from 'node:string_decoder';
import { execa } from 'execa';
import { reasonOf } from '../model/errors.js';
import { lineSplitter, plainLine } from '../text/program-output.js';
import { longestMs } from './deadline.js';
import { codeOf } from './system-error.js';

/** A program to run, without a shell. */
export interface Program {
  /** A path, or a name on the PATH of `env`. */
  readonly file: string;
  readonly args: readonly string[];
  /** All of its environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
  /** Ends the program. Without it the program is left to finish within its time, whatever happens to the run. */
  readonly stop?: AbortSignal | undefined;
  /** Standard input. Default: empty. */
  readonly input?: string | undefined;
  /** Takes each line of both streams, fit for a log. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Takes standard error as it comes. */
  readonly onStderr?: ((text: string) => void) | undefined;
}

/** How a program ended. */
export interface Ended {
  readonly how: 'exit' | 'timeout' | 'stopped' | 'too-much-output' | 'not-started';
  /** The exit code of a program that ended by itself. */
  readonly code?: number | undefined;
  /** The signal that ended it, if it was not ours. */
  readonly signal?: string | undefined;
  /** Why it did not start, e.g. `ENOENT`. */
  readonly error?: string | undefined;
  readonly stdout: string;
  /** The last lines of both streams, fit for a log. If the program did not start: why. */
  readonly tail: readonly string[];
}

/** In characters. A program that prints more on standard output is ended. */
const maxStdout = 1_048_576;
const tailLines = 60;
/** From the polite signal to the one that cannot be refused, and from the end of a program to the end of its output. */
const graceMs = 2_000;

/**
 * Starts a program in a process group of its own: it has no terminal to ask at, and what it started ends with it, also if its parent is gone.
 * Only a descendant that starts a session of its own escapes.
 * `cleanup` and `timeout` of execa stay off: one sends SIGTERM only and listens to a dozen signals, the other does not end the wait for output that a
 * daemon holds open.
 */
const start = ({ file, args, env, input }: Program, cancelSignal: AbortSignal) =>
  execa(file, args, {
    env,
    extendEnv: false,
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
    buffer: { stdout: true, stderr: false },
    maxBuffer: maxStdout,
    stripFinalNewline: false,
    reject: false,
    cancelSignal,
    killDescendants: true,
    forceKillAfterDelay: graceMs,
    cleanup: false,
  });

type Child = ReturnType<typeof start>;

/** Splits both streams into lines. `lines` of execa holds a line of any length. Returns a function that gives the last of them. */
const watchOutput = ({ stdout, stderr }: Child, { onLine, onStderr }: Program) => {
  const tail: string[] = [];
  const splitters = [stdout, stderr].map((stream) => {
    const splitter = lineSplitter((line) => {
      tail.push(line);
      if (tail.length > tailLines) tail.shift();
      onLine?.(plainLine(line));
    });
    const decoder = new StringDecoder('utf8');
    stream.on('data', (chunk: Buffer) => {
      const text = decoder.write(chunk);
      splitter.write(text);
      if (stream === stderr) onStderr?.(text);
    });
    return splitter;
  });
  return (): readonly string[] => {
    splitters.forEach((splitter) => splitter.end());
    return tail.map((line) => plainLine(line));
  };
};

/** Ends the program if the run is stopped, on SIGINT and SIGTERM, and with this process. Returns how to stop watching. */
const endWith = (stop: AbortSignal, end: () => void, kill: () => void): (() => void) => {
  stop.addEventListener('abort', end);
  process.on('SIGINT', end).on('SIGTERM', end).on('exit', kill);
  return () => {
    stop.removeEventListener('abort', end);
    process.off('SIGINT', end).off('SIGTERM', end).off('exit', kill);
  };
};

/** Follows a program to its end. */
const follow = async (child: Child, program: Program, ending: AbortController): Promise<Ended> => {
  const { stdout, stderr, nodeChildProcess } = child;
  const tailOf = watchOutput(child, program);
  const closeOutput = (): void => [stdout, stderr].forEach((stream) => stream.destroy());
  const { promise: givenUp, resolve: giveUp } = Promise.withResolvers<undefined>();
  const end = (how: 'timeout' | 'stopped'): void => ending.abort(how);
  const deadline = setTimeout(end, Math.min(program.timeoutMs, longestMs), 'timeout');
  const timers = [deadline];
  const later = (act: () => void, ms: number): number => timers.push(setTimeout(act, ms));
  const kill = (): boolean => child.kill('SIGKILL');
  const unwatch = program.stop === undefined ? undefined : endWith(program.stop, () => end('stopped'), kill);
  // A daemon that the program leaves behind may hold its output open. What was printed until then counts.
  nodeChildProcess.once('exit', () => {
    clearTimeout(deadline);
    later(closeOutput, graceMs);
  });
  // One that we may not signal, e.g. because it changed its user, does not keep the run waiting.
  ending.signal.addEventListener('abort', () => later(() => giveUp(undefined), 2 * graceMs));

  const result = await Promise.race([child, givenUp]);
  timers.forEach((timer) => clearTimeout(timer));
  unwatch?.();
  const tail = tailOf();
  if (child.pid === undefined) return notStarted(result?.cause);
  const how = result?.isMaxBuffer === true ? 'too-much-output' : ((ending.signal.reason as 'timeout' | 'stopped' | undefined) ?? 'exit');
  // It has ended, and what it started may still be there.
  if (how !== 'exit') kill();
  if (result === undefined) {
    closeOutput();
    nodeChildProcess.unref();
  }
  return { how, stdout: result?.stdout ?? '', tail, ...(how === 'exit' ? { code: result?.exitCode, signal: result?.signal } : {}) };
};

const notStarted = (error: unknown): Ended => {
  // execa refuses some arguments itself, without a code. Such an error quotes what was refused.
  const code = codeOf(error) || 'ERR_INVALID_ARG_VALUE';
  const why = code.startsWith('ERR_') ? `${code}: no program can be given such arguments or such an environment` : reasonOf(error);
  return { how: 'not-started', error: code, stdout: '', tail: [plainLine(why)] };
};

/**
 * Runs a program without a shell, within bounds of time and output.
 * Never rejects: how it ended is the answer.
 */
export const runProgram = async (program: Program): Promise<Ended> => {
  if (program.stop?.aborted === true) return { how: 'stopped', stdout: '', tail: [] };
  const ending = new AbortController();
  try {
    return await follow(start(program, ending.signal), program, ending);
  } catch (error) {
    return notStarted(error);
  }
};
