import type { ReleaseDays } from './support.js';

const branch = { '1.36': [200, 200], '1.35': [320, 80] } as const;
const newest: ReleaseDays = { patches: { '1.36.2': 50, '1.36.3': 10 }, minors: branch };

/** A cluster of 1.36.3 with a world around it, and what comes of that. */
export const worldsAround: readonly (readonly [string, ReleaseDays, Readonly<Record<string, string>>])[] = [
  [
    'the newest patch of the newest branch',
    newest,
    {
      'scs-0210-v2/supported-branch': 'pass',
      'scs-0210-v2/patch-recency': 'pass',
      'scs-0210-v2/critical-cve': 'pass',
      'scs-0210-v2/critical-cve-fast': 'pass',
      'scs-0210-v2/minor-recency': 'pass',
      'scs-0217-v1/regular-updates': 'pass',
    },
  ],
  [
    'a patch that is 40 days old is not in use',
    { patches: { '1.36.3': 80, '1.36.4': 40 }, minors: branch },
    { 'scs-0210-v2/patch-recency': 'fail', 'scs-0210-v2/critical-cve': 'pass', 'scs-0217-v1/regular-updates': 'fail' },
  ],
  [
    'a patch that is 20 days old fixes a critical CVE',
    { patches: { '1.36.3': 50, '1.36.4': 20 }, minors: branch, fixed: { 'CVE-2026-1000': '1.36.4' } },
    { 'scs-0210-v2/patch-recency': 'pass', 'scs-0210-v2/critical-cve': 'fail', 'scs-0210-v2/critical-cve-fast': 'fail' },
  ],
  [
    'a patch that is 5 days old fixes a critical CVE',
    { patches: { '1.36.3': 50, '1.36.4': 5 }, minors: branch, fixed: { 'CVE-2026-1000': '1.36.4' } },
    { 'scs-0210-v2/critical-cve': 'pass', 'scs-0210-v2/critical-cve-fast': 'fail' },
  ],
  [
    'a newer patch is still affected by the critical CVE',
    { patches: { '1.36.3': 50, '1.36.4': 20 }, minors: branch, fixed: { 'CVE-2026-1000': '1.36.5' } },
    { 'scs-0210-v2/critical-cve': 'pass', 'scs-0210-v2/critical-cve-fast': 'pass' },
  ],
  [
    'upstream ended the branch',
    { ...newest, minors: { '1.37': [100, 300], '1.36': [500, -1] } },
    { 'scs-0210-v2/supported-branch': 'fail' },
  ],
  [
    'release data of 40 days ago',
    { ...newest, asOf: 40, cvesAsOf: 40 },
    {
      'scs-0210-v2/patch-recency': 'abort',
      'scs-0210-v2/critical-cve': 'abort',
      'scs-0210-v2/critical-cve-fast': 'abort',
      'scs-0217-v1/regular-updates': 'abort',
    },
  ],
];
