import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { liveCves } from '../../src/facts/kubernetes-cves.js';
import { livePatches, liveWindows } from '../../src/facts/kubernetes-releases.js';
import { parseReleaseData, type ReleaseData } from '../../src/facts/support/release-data.js';
import { compareMinors, compareVersions, minorOf } from '../../src/facts/support/version.js';
import { createDocuments } from '../../src/sources/documents.js';
import { fromCopies } from './dated-copies.js';

const file = fileURLToPath(new URL('../../src/facts/data/kubernetes-releases.json', import.meta.url));
/** Branches whose patches are kept: twice what upstream supports. */
const keptBranches = 8;

/** The same data give the same bytes: newest first, ids in order, only the branches that are still asked for. */
const tidy = ({ schemaVersion, releases, cves }: ReleaseData): ReleaseData => {
  const minors = [...releases.minors].sort((a, b) => compareMinors(b.minor, a.minor));
  const kept = minors.slice(0, keptBranches).map((m) => m.minor);
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

const fromNetwork = async (before: ReleaseData): Promise<ReleaseData> => {
  const cacheDirectory = await mkdtemp(join(tmpdir(), 'scs-kaas-release-data-'));
  try {
    const token = process.env['GITHUB_TOKEN'];
    const documents = createDocuments({
      cacheDirectory,
      offline: false,
      now: new Date(),
      env: process.env,
      silenceMs: 30_000,
      ...(token === undefined ? {} : { token }),
    });
    const [patches, windows, cves] = await Promise.all([livePatches(documents), liveWindows(documents), liveCves(documents, before.cves)]);
    const branches = [...new Set(patches.list.map((p) => minorOf(p.version)))];
    return {
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
        asOf: cves.section.unread.length === 0 ? cves.section.asOf : before.cves.asOf,
        source: cves.section.source,
        reviewed: cves.reviewed,
        critical: cves.section.list,
      },
    };
  } finally {
    await rm(cacheDirectory, { recursive: true, force: true });
  }
};

/**
 * Writes the bundled release data anew.
 * @param copies a directory with dated copies; the network without
 * @returns a line that says what was written
 * @throws where a source cannot be had: a half refresh would look fresh
 */
export const refresh = async (copies: string | undefined): Promise<string> => {
  const data = tidy(
    copies === undefined ? await fromNetwork(parseReleaseData(await readFile(file, 'utf8'), file)) : await fromCopies(copies),
  );
  const text = await format(JSON.stringify(data), { parser: 'json', printWidth: 140 });
  parseReleaseData(text, file);
  await writeFile(file, text);
  const { releases, cves } = data;
  return `wrote ${releases.patches.length} releases as of ${releases.asOf}, ${cves.critical.length} critical CVEs of ${cves.reviewed.length} as of ${cves.asOf}`;
};
