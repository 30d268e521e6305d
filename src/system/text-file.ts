import { constants, type Stats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { devNull } from 'node:os';
import { decodeText } from '../text/decode-text.js';
import { pause } from './poll.js';
import { codeOf } from './system-error.js';

/** Why a file cannot be read: a phrase that begins with "it" or names the error, and holds nothing of the path or of the file. */
export interface Unread {
  readonly problem: string;
  /** Nothing is there. */
  readonly missing: boolean;
}

export interface ReadOptions {
  readonly maxBytes: number;
  /** How long a pipe may take to say everything, in milliseconds; what else is read comes from a disk. */
  readonly pipeMs?: number | undefined;
}

/** A program that prints a kubeconfig into a pipe, as with `<(…)`, takes a second or two. After a signal ten seconds are left for everything. */
const longestPipeMs = 8_000;
const pollMs = 20;
const pieceBytes = 65_536;

const unread = (problem: string, missing = false): Unread => ({ problem, missing });

/** In our words: those of Node repeat the path, which may be a secret. */
const reasons: ReadonlyMap<string, Unread> = new Map([
  ['ENOENT', unread('no such file', true)],
  ['ENOTDIR', unread('no such file', true)],
  ['EACCES', unread('permission denied')],
  ['EPERM', unread('permission denied')],
  ['EISDIR', unread('it is a directory')],
  ['ENAMETOOLONG', unread('no such file, and no path is as long', true)],
  ['ERR_INVALID_ARG_VALUE', unread('no such file, and no path holds a zero byte', true)],
  ['ELOOP', unread('its symbolic links lead in a circle')],
  ['ENXIO', unread('it is a socket or a device')],
]);

const whyOf = (error: unknown): Unread => {
  const code = codeOf(error);
  return reasons.get(code) ?? unread(`it cannot be read (${code || 'the file system failed'})`);
};

const kindProblem = (found: Stats): string | undefined => {
  if (found.isFile() || found.isFIFO()) return undefined;
  if (found.isDirectory()) return 'it is a directory';
  return found.isSocket() ? 'it is a socket' : 'it is a device';
};

/** A piece of an open file; undefined where a writer has not said anything yet. */
const readPiece = async (file: FileHandle, piece: Buffer): Promise<number | undefined> => {
  try {
    return (await file.read(piece, 0, piece.length, null)).bytesRead;
  } catch (error) {
    if (codeOf(error) === 'EAGAIN') return undefined;
    throw error;
  }
};

const readOpen = async (file: FileHandle, isPipe: boolean, { maxBytes, pipeMs = longestPipeMs }: ReadOptions): Promise<Buffer | Unread> => {
  const end = performance.now() + pipeMs;
  const pieces: Buffer[] = [];
  const piece = Buffer.alloc(Math.min(pieceBytes, maxBytes + 1));
  for (let length = 0; ;) {
    const bytes = await readPiece(file, piece);
    if (bytes === 0) return isPipe && length === 0 ? unread('it is a pipe that nobody writes into') : Buffer.concat(pieces, length);
    if (bytes !== undefined) {
      length += bytes;
      if (length > maxBytes) return unread(`it is larger than ${maxBytes} bytes`);
      pieces.push(Buffer.from(piece.subarray(0, bytes)));
    }
    // Also of one that says something again and again, and never ends.
    if ((isPipe || bytes === undefined) && performance.now() > end)
      return unread(`it is a pipe that was not closed within ${pipeMs / 1_000} s`);
    if (bytes === undefined) await pause(pollMs);
  }
};

/**
 * Reads a file that someone named. Never waits for longer than a pipe may take: it is opened without blocking, and what was opened is looked at, so
 * that nothing can change in between. What is no file and no pipe is refused. Sizes are counted while reading: those of `stat` are zero below
 * /proc, and change.
 */
export const readBytes = async (path: string, options: ReadOptions): Promise<Buffer | Unread> => {
  if (path === devNull) return Buffer.alloc(0);
  let file: FileHandle;
  try {
    // On Windows neither is defined, which adds nothing.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch (error) {
    return whyOf(error);
  }
  try {
    const found = await file.stat();
    const problem = kindProblem(found);
    if (problem !== undefined) return unread(problem);
    if (found.size > options.maxBytes) return unread(`it is larger than ${options.maxBytes} bytes`);
    return await readOpen(file, found.isFIFO(), options);
  } catch (error) {
    return whyOf(error);
  } finally {
    await file.close();
  }
};

/** Reads a text file that someone named, in UTF-8 or UTF-16, without its byte order mark; otherwise as `readBytes`. */
export const readTextFile = async (path: string, options: ReadOptions): Promise<{ readonly text: string } | Unread> => {
  const bytes = await readBytes(path, options);
  if ('problem' in bytes) return bytes;
  const text = decodeText(bytes);
  return text === undefined ? unread('it is neither UTF-8 nor UTF-16 text; save it as UTF-8') : { text };
};
