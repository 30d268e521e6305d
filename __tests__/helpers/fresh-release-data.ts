import type { ReleaseData } from '../../src/facts/support/release-data.js';

const day = 86_400_000;

/**
 * Release data of a world in which 1.36.3 is the newest patch, as of a moment: the recorded clusters run it, and what is judged of them
 * stays the same however old the recording gets.
 */
export const freshReleaseData = (now: Date): string => {
  const at = (days: number): string => new Date(now.getTime() - days * day).toISOString().slice(0, 10);
  const data: ReleaseData = {
    schemaVersion: '1',
    releases: {
      asOf: now.toISOString(),
      source: 'a test',
      minors: [
        { minor: '1.36', released: at(90), endOfLife: at(-300) },
        { minor: '1.35', released: at(200), endOfLife: at(-150) },
        { minor: '1.34', released: at(320), endOfLife: at(10) },
      ],
      patches: [
        { version: '1.36.3', released: at(20) },
        { version: '1.36.2', released: at(50) },
        { version: '1.36.0', released: at(90) },
        { version: '1.35.6', released: at(20) },
        { version: '1.35.0', released: at(200) },
      ],
      incomplete: [],
    },
    cves: {
      asOf: now.toISOString(),
      source: 'a test',
      reviewed: ['CVE-2020-8554', 'CVE-2099-0001'],
      critical: [{ id: 'CVE-2099-0001', score: 9.1, ranges: [{ introduced: '1.36.0', fixed: '1.36.2' }] }],
    },
  };
  return JSON.stringify(data);
};
