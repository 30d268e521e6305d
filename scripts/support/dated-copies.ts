import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod/mini';
import { cvssBaseScore } from '../../src/facts/support/cvss.js';
import { criticalScore, type ReleaseData } from '../../src/facts/support/release-data.js';
import { minorOf, type VersionRange } from '../../src/facts/support/version.js';

const releasesFile = z.object({
  source: z.string(),
  asOf: z.string(),
  /** Words that name the versions above which a patch may be missing. */
  complete: z.string(),
  minors: z.array(z.object({ minor: z.string(), released: z.string(), endOfLife: z.nullable(z.string()) })),
  patches: z.array(z.object({ version: z.string(), released: z.string() })),
});
const endOfLifeFile = z.array(z.object({ branch: z.string(), 'end-of-life': z.string() }));
/** Ranges as OSV writes them: https://ossf.github.io/osv-schema/#affectedrangesevents-fields */
const event = z.object({ introduced: z.optional(z.string()), fixed: z.optional(z.string()), last_affected: z.optional(z.string()) });
const cvesFile = z.object({
  source: z.string(),
  asOf: z.string(),
  vulnerabilities: z.array(z.object({ id: z.string(), severity: z.array(z.string()), ranges: z.array(z.array(event)) })),
});

const toRanges = (events: readonly z.infer<typeof event>[]): VersionRange[] => {
  const ranges: VersionRange[] = [];
  let introduced: string | undefined;
  for (const e of events) {
    if (e.introduced !== undefined) {
      if (introduced !== undefined) ranges.push({ introduced });
      introduced = e.introduced === '0' ? '0.0.0' : e.introduced;
    } else if (introduced !== undefined) {
      ranges.push(e.fixed === undefined ? { introduced, lastAffected: e.last_affected } : { introduced, fixed: e.fixed });
      introduced = undefined;
    }
  }
  return introduced === undefined ? ranges : [...ranges, { introduced }];
};

const toCves = ({ source, asOf, vulnerabilities }: z.infer<typeof cvesFile>): ReleaseData['cves'] => {
  const critical = new Map<string, { id: string; score: number | null; ranges: VersionRange[] }>();
  for (const { id, severity, ranges } of vulnerabilities) {
    const scores = severity.map(cvssBaseScore);
    const score = scores.length === 0 || scores.includes(null) ? null : Math.max(...(scores as number[]));
    if (score !== null && score < criticalScore) continue;
    const entry = critical.get(id) ?? { id, score, ranges: [] };
    const added = ranges
      .flatMap(toRanges)
      .filter((range) => !entry.ranges.some((known) => JSON.stringify(known) === JSON.stringify(range)));
    critical.set(id, { ...entry, ranges: [...entry.ranges, ...added] });
  }
  return { asOf, source, reviewed: [...new Set(vulnerabilities.map((v) => v.id))], critical: [...critical.values()] };
};

/** Release data out of dated copies of upstream's files. */
export const fromCopies = async (directory: string): Promise<ReleaseData> => {
  const text = (name: string): Promise<string> => readFile(join(directory, name), 'utf8');
  const releases = releasesFile.parse(JSON.parse(await text('kubernetes-releases.json')));
  const ends = endOfLifeFile.parse(parse(await text('k8s-eol-data.yml'), { schema: 'failsafe' }));
  const known = releases.minors.map(({ minor, released, endOfLife }) => ({ minor, released, endOfLife }));
  const older = ends
    .filter((e) => !known.some((k) => k.minor === e.branch))
    .map((e) => ({ minor: e.branch, released: null, endOfLife: e['end-of-life'] }));
  return {
    schemaVersion: '1',
    releases: {
      asOf: releases.asOf,
      source: releases.source,
      minors: [...known, ...older],
      patches: releases.patches,
      incomplete: [...new Set((releases.complete.match(/(?<!\d)\d+\.\d+\.\d+/g) ?? []).map(minorOf))],
    },
    cves: toCves(cvesFile.parse(JSON.parse(await text('kubernetes-cves.json')))),
  };
};
