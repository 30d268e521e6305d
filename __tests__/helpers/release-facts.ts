import type { KubernetesCves } from '../../src/facts/kubernetes-cves.js';
import type { KubernetesReleases } from '../../src/facts/kubernetes-releases.js';
import type { Cve } from '../../src/facts/support/release-data.js';
import type { RequirementReport } from '../../src/model/report.js';
import type { Standard } from '../../src/model/requirement.js';
import { settleOne } from './settle.js';

/** What a test changes of the release facts. */
export interface Changes {
  readonly asOf?: string;
  readonly patches?: readonly (readonly [version: string, released: string])[];
  readonly windows?: readonly (readonly [minor: string, released: string | null, endOfLife: string | null])[];
  /** Branches that are complete; all that have patches without. */
  readonly complete?: readonly string[];
}

/** Patches and windows of three branches, to the second where the hour matters. */
const patches: NonNullable<Changes['patches']> = [
  ['1.37.2', '2026-10-27T12:00:00Z'],
  ['1.37.1', '2026-09-23T12:00:00Z'],
  ['1.37.0', '2026-08-26T12:00:00Z'],
  ['1.36.5', '2026-09-23T12:00:00Z'],
  ['1.36.4', '2026-08-20T12:00:00Z'],
  ['1.36.0', '2026-04-22T12:00:00Z'],
  ['1.33.13', '2026-06-11T12:00:00Z'],
  ['1.33.0', '2025-04-23T12:00:00Z'],
];
const windows: NonNullable<Changes['windows']> = [
  ['1.37', '2026-08-26', null],
  ['1.36', '2026-04-22', '2027-06-28'],
  ['1.35', '2025-12-17', '2027-02-28'],
  ['1.34', '2025-08-27', '2026-10-27'],
  ['1.33', '2025-04-23', '2026-06-28'],
];

const minorOf = (version: string): string => version.split('.').slice(0, 2).join('.');

/** The fact of releases, as of a moment. */
export const releasesFact = (changes: Changes = {}): KubernetesReleases => {
  const list = changes.patches ?? patches;
  const section = { origin: 'live', asOf: changes.asOf ?? '2026-11-23T11:00:00Z', source: 'a test' } as const;
  return {
    patches: {
      ...section,
      list: list.map(([version, released]) => ({ version, released })),
      complete: changes.complete ?? [...new Set(list.map(([version]) => minorOf(version)))],
    },
    windows: { ...section, list: (changes.windows ?? windows).map(([minor, released, endOfLife]) => ({ minor, released, endOfLife })) },
  };
};

/** The fact of critical CVEs, as of a moment. */
export const cvesFact = (list: readonly Cve[] = [], more: Partial<KubernetesCves> = {}): KubernetesCves => ({
  origin: 'live',
  asOf: '2026-11-23T11:00:00Z',
  source: 'a test',
  list,
  unread: [],
  ...more,
});

/** The moment of the tests where they do not name another. */
export const noon = '2026-11-23T12:00:00Z';

/** Settles one requirement of a version policy by a version and the release facts. */
export const versionRow =
  ({ requirements }: Standard) =>
  (
    id: string,
    gitVersion: string,
    now = noon,
    releases: KubernetesReleases = releasesFact(),
    cves: KubernetesCves = cvesFact(),
  ): RequirementReport =>
    settleOne(
      requirements,
      id,
      { 'server-version': { gitVersion }, 'kubernetes-releases': releases, 'kubernetes-cves': cves },
      new Date(now),
    );
