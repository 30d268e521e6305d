import { expect, test } from '@jest/globals';
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
])('%s is %d: %s', (vector, score) => {
  expect(cvssBaseScore(vector)).toBe(score);
});

test.each([
  '',
  'CVSS:3.1',
  'CVSS:3.1/',
  'AV:N/AC:L/Au:N/C:P/I:P/A:P',
  'CVSS:2.0/AV:N',
  'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N',
  'CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H',
  'CVSS:3.1/AV:X/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H',
  'CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:X/C:H/I:H/A:H',
  'CVSS:3.1/AV:constructor/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H',
])('%j has no score that is known here', (vector) => {
  expect(cvssBaseScore(vector)).toBeNull();
});

test('every whole vector has a score from 0 to 10 with one decimal', () => {
  const one = (values: string): fc.Arbitrary<string> => fc.constantFrom(...values.split(''));
  const vector = fc.tuple(one('NALP'), one('LH'), one('NLH'), one('NR'), one('UC'), one('HLN'), one('HLN'), one('HLN'));
  fc.assert(
    fc.property(vector, ([av, ac, pr, ui, s, c, i, a]) => {
      const score = cvssBaseScore(`CVSS:3.1/AV:${av}/AC:${ac}/PR:${pr}/UI:${ui}/S:${s}/C:${c}/I:${i}/A:${a}`);
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(10);
      expect(Math.round(score! * 10) / 10).toBe(score);
    }),
  );
});
