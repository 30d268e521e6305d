import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import pRetry, { AbortError } from 'p-retry';
import type { Dispatcher } from 'undici';
import { reasonOf, UserError } from '../model/errors.js';
import { deadlineAfter } from '../system/deadline.js';
import { openPoolTo, type OpenPool, type ProxyEnvironment } from '../system/pool.js';
import { redirectOf } from '../text/redirect.js';

export interface Download extends ProxyEnvironment {
  /** What people call it. */
  readonly program: string;
  readonly url: string;
  /** Hexadecimal, of the whole file; absent for a list of checksums itself, which is read and never run. */
  readonly sha256?: string | undefined;
  /** Where the program is to stand. */
  readonly file: string;
  readonly signal: AbortSignal;
  readonly maxBytes?: number | undefined;
  readonly timeoutMs?: number | undefined;
}

/** Programs are some ten MB. */
const maxBytes = 100 * 1_048_576;
const longestMs = 180_000;
/** A server that sends nothing for so long has stalled. */
const silenceMs = 30_000;
const maxRedirects = 5;

/**
 * The SHA-256 of a regular file in hex; absent where there is none, and for a link, behind which anything may be put later.
 * @throws where the file cannot be read
 */
export const sha256Of = async (file: string): Promise<string | undefined> => {
  const found = await lstat(file).catch(() => undefined);
  if (found === undefined || !found.isFile()) return undefined;
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
};

/** The server or somebody in between stumbled: the next attempt may do better. */
const passing = [502, 503, 504];

/**
 * The body of a successful response, behind redirects. Credentials are never sent.
 * @param opened gets every pool, for the caller to close
 * @throws {AbortError} if another attempt is of no use
 */
const openBody = async (download: Download, opened: OpenPool[], signal: AbortSignal): Promise<Dispatcher.ResponseData['body']> => {
  let url = new URL(download.url);
  const { protocol } = url;
  for (let redirects = 0; ; redirects++) {
    // Each server may have a proxy of its own.
    const pool = openPoolTo(url, download);
    opened.push(pool);
    const options: Dispatcher.RequestOptions = {
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: 'GET',
      signal,
      headers: { 'user-agent': 'scs-kaas' },
      headersTimeout: silenceMs,
      bodyTimeout: silenceMs,
    };
    const { statusCode, headers, body } = await pool.dispatcher.request(options);
    // Nobody listens until the body is read, and an error that nobody hears ends the process.
    body.on('error', () => undefined);
    if (statusCode === 200) return body;
    body.destroy();
    const next = redirectOf(statusCode, headers['location'], url);
    if (next === undefined || redirects === maxRedirects) {
      const error = new Error(`the server answers ${statusCode}`);
      throw passing.includes(statusCode) ? error : new AbortError(error);
    }
    url = next;
    if (url.protocol !== 'https:' && url.protocol !== protocol)
      throw new AbortError(`the server redirects to ${url.protocol}//, which is not followed`);
  }
};

const fetchInto = async (download: Download, file: string, signal: AbortSignal): Promise<string> => {
  const most = download.maxBytes ?? maxBytes;
  const opened: OpenPool[] = [];
  try {
    const body = await pRetry(() => openBody(download, opened, signal), { retries: 2, minTimeout: 200, signal });
    const hash = createHash('sha256');
    let bytes = 0;
    const target = await open(file, 'wx', 0o600);
    await pipeline(
      body,
      async function* bounded(pieces: AsyncIterable<Buffer>) {
        for await (const piece of pieces) {
          bytes += piece.length;
          if (bytes > most) throw new Error(`it is larger than ${most} bytes`);
          hash.update(piece);
          yield piece;
        }
      },
      target.createWriteStream(),
      { signal },
    );
    return hash.digest('hex');
  } finally {
    await Promise.all(opened.map((pool) => pool.close()));
  }
};

/**
 * Downloads a program and puts it in its place only if it is the one that is expected: nothing else ever gets that name or the right to be executed.
 * Goes through the proxy that the environment names.
 * @throws {UserError} where it cannot be had within time and size, or is another
 */
export const downloadProgram = async (download: Download): Promise<void> => {
  const directory = dirname(download.file);
  const partial = join(directory, `.partial-${randomBytes(8).toString('hex')}`);
  const deadline = deadlineAfter(download.timeoutMs ?? longestMs, download.signal);
  try {
    await mkdir(directory, { recursive: true, mode: 0o755 });
    const sum = await fetchInto(download, partial, deadline.signal);
    if (download.sha256 !== undefined && sum !== download.sha256)
      throw new Error(`its checksum is sha256:${sum} and should be sha256:${download.sha256}; it was thrown away`);
    await chmod(partial, download.sha256 === undefined ? 0o600 : 0o755);
    await rename(partial, download.file);
  } catch (error) {
    if (download.signal.aborted) throw new UserError([`Installing ${download.program} was cancelled.`], { cause: download.signal.reason });
    const cause: unknown = deadline.signal.aborted ? deadline.signal.reason : error;
    throw new UserError(
      [
        `Cannot install ${download.program} from ${download.url}: ${reasonOf(cause)}. Put ${download.program} on the PATH in an earlier step, or let this machine reach that address.`,
      ],
      { cause },
    );
  } finally {
    deadline.clear();
    await rm(partial, { force: true });
  }
};
