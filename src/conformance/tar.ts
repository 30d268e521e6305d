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

const textOf = (bytes: Buffer): string => {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
};

/** Octal, as every tar has it; the binary form of GNU is for sizes beyond 8 GiB, which is beyond our bounds. */
const octal = (bytes: Buffer): number => {
  const text = textOf(bytes).trim();
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

const pathOf = (header: Buffer): string => {
  const name = textOf(header.subarray(0, 100));
  const prefix = header.toString('latin1', 257, 263) === 'ustar\0' ? textOf(header.subarray(345, 500)) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
};

/**
 * Reads the regular files of a tar (ustar, pax, GNU), one after the other, and writes nothing anywhere. Devices and directories are passed
 * over, and so are links, which are never followed.
 * @param bounds.entries how many entries of any kind it may have
 * @param bounds.bytes how large all of it may be
 * @param onLink is told the path of each link, hard or symbolic
 * @throws {BadResults} where it is no tar, cut or beyond the bounds
 */
export async function* readTar(
  source: AsyncIterable<Uint8Array>,
  bounds: { readonly entries: number; readonly bytes: number },
  onLink: (path: string) => void = () => undefined,
): AsyncGenerator<TarFile, void, undefined> {
  const pieces = new Pieces(source);
  let next: { path?: string; size?: number } = {};
  let bytes = 0;
  for (let entries = 0; ; entries++) {
    const header = await pieces.take(block);
    if (header.length < block) throw new BadResults(entries === 0 ? 'it is empty or no tar' : 'it is cut');
    if (header.every((byte) => byte === 0)) {
      // To the end, so that the checksum of what it is packed in is looked at as well.
      do if ((bytes += drained) > bounds.bytes) throw new BadResults(`it holds more than ${bounds.bytes} bytes`);
      while (await pieces.skip(drained));
      return;
    }
    if (!checksumHolds(header)) throw new BadResults(entries === 0 ? 'it is no tar' : 'a header of its entries is damaged');
    if (entries >= bounds.entries) throw new BadResults(`it has more than ${bounds.entries} entries`);
    const type = String.fromCharCode(header[156] ?? 0);
    const ownSize = octal(header.subarray(124, 136));
    const isMeta = 'xgLK'.includes(type);
    const size = isMeta ? ownSize : (next.size ?? ownSize);
    if (!Number.isSafeInteger(size)) throw new BadResults('the size of one of its entries is malformed or beyond all bounds');
    const padded = Math.ceil(size / block) * block;
    bytes += block + padded;
    if (bytes > bounds.bytes) throw new BadResults(`it holds more than ${bounds.bytes} bytes`);
    if (isMeta) {
      if (size > longestPath * 4) throw new BadResults('a header of its entries is too large');
      const content = await pieces.take(size);
      if (content.length < size || !(await pieces.skip(padded - size))) throw new BadResults('it is cut');
      if (type === 'x') next = { ...next, ...parsePax(content) };
      if (type === 'L') next = { ...next, path: textOf(content) };
      continue;
    }
    const path = (next.path ?? pathOf(header)).replace(/^(\.\/)+/, '');
    next = {};
    let left = padded;
    if (path.length > longestPath) throw new BadResults('the path of one of its entries is too long');
    if (type === '1' || type === '2') onLink(path);
    if (type === '0' || type === '\0' || type === '7') {
      yield {
        path,
        size,
        read: async (most) => {
          const wanted = Math.min(most, size, left);
          const content = await pieces.take(wanted);
          left -= content.length;
          if (content.length < wanted) throw new BadResults('it is cut');
          return content;
        },
      };
    }
    if (!(await pieces.skip(left))) throw new BadResults('it is cut');
  }
}
