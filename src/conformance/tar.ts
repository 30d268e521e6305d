import { BadResults } from './bad-results.js';

/** One regular file of an archive. Its content must be read or skipped before the next one is asked for; `read` and `skip` do. */
export interface TarFile {
  /** As the archive has it, without a leading `./`. */
  readonly path: string;
  readonly size: number;
  /** The first bytes of it, at most so many; the rest is skipped. */
  readonly read: (most: number) => Promise<Buffer>;
}

const block = 512;
const drained = 64 * 1024;
const longestPath = 4_096;

/** Hands out a stream's bytes in the pieces that are asked for. */
class Pieces {
  private chunk: Uint8Array = new Uint8Array(0);
  private readonly chunks: AsyncIterator<Uint8Array>;
  constructor(source: AsyncIterable<Uint8Array>) {
    this.chunks = source[Symbol.asyncIterator]();
  }

  private async more(): Promise<boolean> {
    while (this.chunk.length === 0) {
      const next = await this.chunks.next();
      if (next.done === true) return false;
      this.chunk = next.value;
    }
    return true;
  }

  /** @returns fewer bytes only where the stream ends */
  async take(count: number): Promise<Buffer> {
    const parts: Uint8Array[] = [];
    let left = count;
    while (left > 0 && (await this.more())) {
      parts.push(this.chunk.subarray(0, left));
      const taken = Math.min(left, this.chunk.length);
      this.chunk = this.chunk.subarray(taken);
      left -= taken;
    }
    return Buffer.concat(parts);
  }

  /** @returns false where the stream ends before */
  async skip(count: number): Promise<boolean> {
    let left = count;
    while (left > 0 && (await this.more())) {
      const taken = Math.min(left, this.chunk.length);
      this.chunk = this.chunk.subarray(taken);
      left -= taken;
    }
    return left === 0;
  }
}

const parseText = (bytes: Buffer): string => {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
};

/** Octal, as every tar has it; the binary form of GNU is for sizes beyond 8 GiB, which is beyond our bounds. */
const octal = (bytes: Buffer): number => {
  const text = parseText(bytes).trim();
  return /^[0-7]{1,12}$/.test(text) ? Number.parseInt(text, 8) : text === '' ? 0 : Number.NaN;
};

const checksumHolds = (header: Buffer): boolean => {
  let sum = 0;
  for (let i = 0; i < block; i++) sum += i >= 148 && i < 156 ? 32 : (header[i] ?? 0);
  return octal(header.subarray(148, 156)) === sum;
};

/** The records of a pax header that matter here; each is `LENGTH KEY=VALUE\n`. */
const parsePax = (bytes: Buffer): { path?: string; size?: number } => {
  const found: { path?: string; size?: number } = {};
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(32, at);
    const length = space < 0 ? Number.NaN : Number(bytes.toString('latin1', at, space));
    if (!(Number.isInteger(length) && length > space - at && at + length <= bytes.length))
      throw new BadResults('a header of its entries is malformed');
    const record = bytes.toString('utf8', space + 1, at + length - 1);
    const [key, value] = [record.slice(0, record.indexOf('=')), record.slice(record.indexOf('=') + 1)];
    if (key === 'path') found.path = value;
    if (key === 'size') found.size = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    at += length;
  }
  return found;
};

const headerPath = (header: Buffer): string => {
  const name = parseText(header.subarray(0, 100));
  const prefix = header.toString('latin1', 257, 263) === 'ustar\0' ? parseText(header.subarray(345, 500)) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
};

/** What an entry of a tar may take. */
interface Bounds {
  /** How many entries of any kind. */
  readonly entries: number;
  /** How large all of it. */
  readonly bytes: number;
}

/** What headers before an entry say of it. */
interface Ahead {
  readonly path?: string | undefined;
  readonly size?: number | undefined;
}

interface Entry {
  readonly type: string;
  readonly size: number;
  /** With what fills the last block. */
  readonly padded: number;
  /** True where it tells of the entry behind it. */
  readonly isMeta: boolean;
  readonly header: Buffer;
}

/** @throws {BadResults} where the header is none of a tar's */
const toEntry = (header: Buffer, ahead: Ahead, isFirst: boolean): Entry => {
  if (!checksumHolds(header)) throw new BadResults(isFirst ? 'it is no tar' : 'a header of its entries is damaged');
  const type = String.fromCharCode(header[156] ?? 0);
  const ownSize = octal(header.subarray(124, 136));
  const isMeta = 'xgLK'.includes(type);
  const size = isMeta ? ownSize : (ahead.size ?? ownSize);
  if (!Number.isSafeInteger(size)) throw new BadResults('the size of one of its entries is malformed or beyond all bounds');
  return { type, size, padded: Math.ceil(size / block) * block, isMeta, header };
};

const readAhead = async (pieces: Pieces, { type, size, padded }: Entry, ahead: Ahead): Promise<Ahead> => {
  if (size > longestPath * 4) throw new BadResults('a header of its entries is too large');
  const content = await pieces.take(size);
  if (content.length < size || !(await pieces.skip(padded - size))) throw new BadResults('it is cut');
  if (type === 'x') return { ...ahead, ...parsePax(content) };
  return type === 'L' ? { ...ahead, path: parseText(content) } : ahead;
};

/** Counts what all entries take. @throws {BadResults} beyond the bound */
const byteCounter = (most: number): ((more: number) => void) => {
  let bytes = 0;
  return (more) => {
    if ((bytes += more) > most) throw new BadResults(`it holds more than ${most} bytes`);
  };
};

/** To the end, so that the checksum of what it is packed in is looked at as well. */
const drain = async (pieces: Pieces, count: (more: number) => void): Promise<void> => {
  do count(drained);
  while (await pieces.skip(drained));
};

const pathBehind = ({ header }: Entry, ahead: Ahead): string => {
  const path = (ahead.path ?? headerPath(header)).replace(/^(\.\/)+/, '');
  if (path.length > longestPath) throw new BadResults('the path of one of its entries is too long');
  return path;
};

/**
 * Reads the regular files of a tar (ustar, pax, GNU), one after the other, and writes nothing anywhere. Devices and directories are passed
 * over, and so are links, which are never followed.
 * @param onLink is told the path of each link, hard or symbolic
 * @throws {BadResults} where it is no tar, cut or beyond the bounds
 */
export async function* readTar(
  source: AsyncIterable<Uint8Array>,
  bounds: Bounds,
  onLink: (path: string) => void = () => undefined,
): AsyncGenerator<TarFile, void, undefined> {
  const pieces = new Pieces(source);
  const count = byteCounter(bounds.bytes);
  let ahead: Ahead = {};
  for (let entries = 0; ; entries++) {
    const header = await pieces.take(block);
    if (header.length < block) throw new BadResults(entries === 0 ? 'it is empty or no tar' : 'it is cut');
    if (header.every((byte) => byte === 0)) return drain(pieces, count);
    const entry = toEntry(header, ahead, entries === 0);
    if (entries >= bounds.entries) throw new BadResults(`it has more than ${bounds.entries} entries`);
    count(block + entry.padded);
    if (entry.isMeta) {
      ahead = await readAhead(pieces, entry, ahead);
      continue;
    }
    const path = pathBehind(entry, ahead);
    ahead = {};
    let left = entry.padded;
    if (entry.type === '1' || entry.type === '2') onLink(path);
    const read = async (most: number): Promise<Buffer> => {
      const wanted = Math.min(most, entry.size, left);
      const content = await pieces.take(wanted);
      left -= content.length;
      if (content.length < wanted) throw new BadResults('it is cut');
      return content;
    };
    if (entry.type === '0' || entry.type === '\0' || entry.type === '7') yield { path, size: entry.size, read };
    if (!(await pieces.skip(left))) throw new BadResults('it is cut');
  }
}
