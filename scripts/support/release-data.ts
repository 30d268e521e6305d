import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { liveCves } from '../../src/facts/kubernetes-cves.js';
import { livePatches, liveWindows } from '../../src/facts/kubernetes-releases.js';
import { parseReleaseData, type ReleaseData } from '../../src/facts/support/release-data.js';
import { compareMinors, compareVersions, minorOf } from '../../src/facts/support/version.js';
import type { Documents } from '../../src/model/ports.js';
import { createDocuments } from '../../src/run/documents.js';
import { fromCopies } from './dated-copies.js';
import { withReviewedByHand } from './reviewed-by-hand.js';
import { problemsOfSuccessor } from './successor.js';

const bundledPath = fileURLToPath(new URL('../../src/facts/data/kubernetes-releases.json', import.meta.url));
/** Branches whose patches are kept: twice what upstream supports. */
const keptBranches = 8;

/** The same data give the same bytes: newest first, ids in order, only the branches that are still asked for. */
const tidy = ({ schemaVersion, releases, cves: found }: ReleaseData): ReleaseData => {
  const minors = [...releases.minors].sort((a, b) => compareMinors(b.minor, a.minor));
  const kept = minors.slice(0, keptBranches).map((m) => m.minor);
  const cves = withReviewedByHand(found);
  return {
    schemaVersion,
    releases: {
      ...releases,
      minors: minors.slice(0, 2 * keptBranches),
      patches: releases.patches.filter((p) => kept.includes(minorOf(p.version))).sort((a, b) => compareVersions(b.version, a.version)),
      incomplete: releases.incomplete.filter((m) => kept.includes(m)),
    },
    cves: { ...cves, reviewed: [...cves.reviewed].sort(), critical: [...cves.critical].sort((a, b) => (a.id < b.id ? -1 : 1)) },
  };
};

const later = (a: string, b: string): string => (Date.parse(a) >= Date.parse(b) ? a : b);

interface Made {
  readonly data: ReleaseData;
  /** Announced CVEs whose record could not be read. */
  readonly unread: readonly string[];
}

/**
 * Asks the live sources.
 * @param bundled its reviewed CVEs are not asked for again
 * @param published what was published last, of which nothing may get lost
 */
export const fromNetwork = async (documents: Documents, bundled: ReleaseData, published: ReleaseData | undefined): Promise<Made> => {
  const [patches, windows, cves] = await Promise.all([livePatches(documents), liveWindows(documents), liveCves(documents, bundled.cves)]);
  const branches = [...new Set(patches.list.map((p) => minorOf(p.version)))];
  const data: ReleaseData = {
    schemaVersion: '1',
    releases: {
      asOf: [patches.asOf, windows.asOf].sort()[0] ?? patches.asOf,
      source: `${patches.source}; ${windows.source}`,
      minors: windows.list,
      patches: patches.list,
      incomplete: branches.filter((b) => !patches.complete.includes(b)),
    },
    cves: {
      // What could not be read is asked for again by the next refresh; until then the data are no younger than they were.
      asOf: cves.section.unread.length === 0 ? cves.section.asOf : later(bundled.cves.asOf, published?.cves.asOf ?? bundled.cves.asOf),
      source: cves.section.source,
      reviewed: cves.reviewed,
      critical: cves.section.list,
    },
  };
  return { data, unread: cves.section.unread };
};

const readLive = async (published: ReleaseData | undefined): Promise<Made> => {
  const cacheDirectory = await mkdtemp(join(tmpdir(), 'scs-kaas-release-data-'));
  try {
    const token = process.env['GITHUB_TOKEN'];
    const documents = createDocuments({
      cacheDirectory,
      offline: false,
      now: new Date(),
      env: process.env,
      secret: () => undefined,
      silenceMs: 30_000,
      ...(token === undefined ? {} : { token }),
    });
    return await fromNetwork(documents, parseReleaseData(await readFile(bundledPath, 'utf8'), bundledPath), published);
  } finally {
    await rm(cacheDirectory, { recursive: true, force: true });
  }
};

export interface RefreshOptions {
  /** A directory with dated copies; the network without. */
  readonly from?: string | undefined;
  /** The file to write; the bundled one without. */
  readonly to?: string | undefined;
  /** The file that was published last: the new one must not be older and not know less. */
  readonly published?: string | undefined;
}

/**
 * Makes the release data anew.
 * @returns a line that says what was written
 * @throws where a source cannot be had, since a half refresh would look fresh; and where the published file is better: then nothing is written
 */
export const refresh = async ({ from, to = bundledPath, published }: RefreshOptions): Promise<string> => {
  const before = published === undefined ? undefined : parseReleaseData(await readFile(published, 'utf8'), published);
  const made = from === undefined ? await readLive(before) : { data: await fromCopies(from), unread: [] };
  const data = tidy(made.data);
  const problems = before === undefined ? [] : problemsOfSuccessor(before, data, new Date());
  if (problems.length > 0) throw new Error(['The new release data are not published.', ...problems].join('\n'));
  const text = await format(JSON.stringify(data), { parser: 'json', printWidth: 140 });
  parseReleaseData(text, to);
  await writeFile(to, text);
  const { releases, cves } = data;
  const unread =
    made.unread.length === 0
      ? ''
      : `\nThe CVEs keep their date, since these could not be read: ${made.unread.join(', ')}. What no program can read belongs into scripts/support/reviewed-by-hand.ts.`;
  return `wrote ${releases.patches.length} releases as of ${releases.asOf}, ${cves.critical.length} critical CVEs of ${cves.reviewed.length} as of ${cves.asOf}${unread}`;
};
