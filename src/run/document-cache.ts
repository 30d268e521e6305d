import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { readJson } from '../text/read-json.js';
import { readTextFile } from '../system/text-file.js';

const entry = z.object({ url: z.string(), fetchedAt: z.iso.datetime(), text: z.string() });

const cachePath = (directory: string, url: string): string => join(directory, `${createHash('sha256').update(url).digest('hex')}.json`);

/**
 * A document of an earlier run.
 * @returns undefined where there is none; a damaged one, one of another URL and one that is too large count as none
 */
export const readCached = async (
  directory: string,
  url: string,
  maxBytes: number,
): Promise<{ readonly text: string; readonly fetchedAt: string } | undefined> => {
  try {
    const path = cachePath(directory, url);
    // JSON in JSON: quotes and line ends take two bytes, other controls six.
    const read = await readTextFile(path, { maxBytes: 6 * maxBytes + 10_000 });
    if ('problem' in read) return undefined;
    const parsed = entry.safeParse(readJson(read.text));
    return parsed.success && parsed.data.url === url ? { text: parsed.data.text, fetchedAt: parsed.data.fetchedAt } : undefined;
  } catch {
    return undefined;
  }
};

/** Keeps a document for later runs: whole or not at all, for this user alone. A cache that cannot be written is no failure. */
export const writeCached = async (
  directory: string,
  url: string,
  document: { readonly text: string; readonly fetchedAt: string },
): Promise<void> => {
  const path = cachePath(directory, url);
  const unfinished = `${path}.${randomUUID()}`;
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeFile(unfinished, JSON.stringify({ url, ...document }), { mode: 0o600, flag: 'wx' });
    await rename(unfinished, path);
  } catch {
    await rm(unfinished, { force: true }).catch(() => undefined);
  }
};
