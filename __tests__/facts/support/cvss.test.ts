import { expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { cvssBaseScore } from '../../../src/facts/support/cvss.js';

// Scores as published: the examples document of CVSS 3.1 (https://www.first.org/cvss/v3.1/examples) and CVE records.
test.each([
  ['CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N', 6.4, 'MySQL stored procedure (CVE-2013-0375)'],
  ['CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N', 3.1, 'SSLv3 POODLE (CVE-2014-3566)'],
  ['CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H', 9.9, 'VMware guest to host (CVE-2012-1516)'],
  ['CVSS:3.1/AV:L/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H', 7.8, 'Apple iWork (CVE-2015-1098)'],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N', 7.5, 'Heartbleed (CVE-2014-0160)'],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 9.8, 'Shellshock (CVE-2014-6271)'],
  ['CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:C/C:N/I:H/A:N', 6.8, 'DNS Kaminsky (CVE-2008-1447)'],
  ['CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H', 7.2, 'CVE-2023-5528'],
  ['CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H', 8.8, 'CVE-2023-3676'],
  ['CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:N', 8.1, 'CVE-2024-10220'],
  ['CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:N/I:N/A:L', 2.7, 'CVE-2025-4563'],
  ['CVSS:3.1/AV:N/AC:H/PR:H/UI:N/S:C/C:H/I:N/A:N', 5.8, 'CVE-2025-13281'],
  ['CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:L', 6.7, 'CVE-2025-5187'],
  ['CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H', 6.2, 'CVE-2025-0426'],
  ['CVSS:3.1/AV:A/AC:H/PR:N/UI:N/S:U/C:L/I:N/A:N', 3.1, 'CVE-2024-7598'],
  ['CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:C/C:L/I:N/A:N', 4.1, 'CVE-2020-8561'],
  ['CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 9.8, 'CVE-2018-1002105'],
  ['CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N', 0, 'no impact'],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H', 10, 'the highest'],
  ['CVSS:3.1/S:U/C:H/AV:N/I:H/A:H/UI:N/PR:L/AC:L/E:U/RL:O', 8.8, 'another order, and temporal metrics'],
  // Of CVSS 4.0: as the calculator of Red Hat has them (https://github.com/RedHatProductSecurity/cvss).
  ['CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 7.3, 'CVE-2022-41741'],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H', 10, 'Log4Shell (CVE-2021-44228)'],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N', 8.7, 'Heartbleed (CVE-2014-0160)'],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 9.3, 'no effect on other systems'],
  ['CVSS:4.0/AV:P/AC:H/AT:P/PR:H/UI:A/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N', 1, 'hardly any'],
  ['CVSS:4.0/AV:N/AC:L/AT:P/PR:H/UI:P/VC:H/VI:L/VA:N/SC:H/SI:N/SA:N', 6.9, 'of everything some'],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:L/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N', 0, 'no impact'],
  [
    'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U/CR:L/MAV:P/MSI:S/S:P/U:Clear',
    9.3,
    'threat, environmental and supplemental metrics',
  ],
])('%s is %d: %s', (vector, score) => {
  expect(cvssBaseScore(vector)).toBe(score);
});

test.each([
  '',
  'CVSS:3.1',
  'CVSS:3.1/',
  'AV:N/AC:L/Au:N/C:P/I:P/A:P',
  'CVSS:2.0/AV:N',
  'CVSS:4.1/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N',
  'CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H',
  'CVSS:3.1/AV:X/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H',
  'CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:X/C:H/I:H/A:H',
  'CVSS:3.1/AV:constructor/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H',
  'CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H/',
  'CVSS:3.1//AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H',
  'CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H\n',
  ' CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H',
  'CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H/A:N',
  'CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H/E:U/E:U',
  'CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H/ZZ:N',
  'CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H/AT:N',
  'CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H/__proto__:N',
  'CVSS:3.1/Attack Vector:Network/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H',
  'CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:CVSS:3.1H',
  'CVSS:3.1/::error::/AV:N',
  'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:X/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N',
  'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:R/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N',
  'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:S/SA:N',
  'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/MSC:S',
  'CVSS:4.0/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H',
  `CVSS:3.1${'/AV:N'.repeat(100_000)}`,
  `CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H${'/E:U'.repeat(100)}`,
])('%j has no score that is known here, and nothing is printed', (vector) => {
  const warn = jest.spyOn(console, 'warn').mockReturnValue();
  expect(cvssBaseScore(vector)).toBeNull();
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
});

test.each([
  'CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H',
  'CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H',
  'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N',
])('%s without any one of its metrics has none', (vector) => {
  const [version = '', ...metrics] = vector.split('/');
  for (const [i] of metrics.entries()) expect(cvssBaseScore([version, ...metrics.toSpliced(i, 1)].join('/'))).toBeNull();
});

const one = (values: string): fc.Arbitrary<string> => fc.constantFrom(...values.split(''));
const vectorOf = (version: string, metrics: Readonly<Record<string, string>>): fc.Arbitrary<string> =>
  fc
    .tuple(...Object.entries(metrics).map(([name, values]) => one(values).map((value) => `${name}:${value}`)))
    .map((parts) => [`CVSS:${version}`, ...parts].join('/'));
const metrics3 = { AV: 'NALP', AC: 'LH', PR: 'NLH', UI: 'NR', S: 'UC', C: 'HLN', I: 'HLN', A: 'HLN' };
const impacts4 = { VC: 'HLN', VI: 'HLN', VA: 'HLN', SC: 'HLN', SI: 'HLN', SA: 'HLN' };
const metrics4 = { AV: 'NALP', AC: 'LH', AT: 'NP', PR: 'NLH', UI: 'NPA', ...impacts4 };

test.each([
  ['3.0', vectorOf('3.0', metrics3)],
  ['3.1', vectorOf('3.1', metrics3)],
  ['4.0', vectorOf('4.0', metrics4)],
])('every whole vector of CVSS %s has a score from 0 to 10 with one decimal', (_, vector) => {
  fc.assert(
    fc.property(vector, (text) => {
      const score = cvssBaseScore(text);
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(10);
      expect(Math.round(score! * 10) / 10).toBe(score);
    }),
  );
});
