import { describe, expect, test } from '@jest/globals';
import { refuserOf, takesNoDryRun } from '../../src/kubernetes/refusers.js';

const bare = 'admission webhook "w.example.org" does not support dry run';

describe('who takes no dry run', () => {
  test('the API server’s own words', () => {
    expect(takesNoDryRun(400, bare)).toBe(true);
    expect(refuserOf(400, bare)).toEqual({ who: 'the admission webhook "w.example.org"', noDryRun: true });
  });
  test.each([
    ['another status', 403, bare],
    ['within the words of a webhook', 400, 'admission webhook "w.example.org" denied the request: y does not support dry run'],
    ['with something behind', 400, `${bare}; try again`],
    ['with something before', 400, `no: ${bare}`],
    ['nothing', 400, ''],
  ])('not: %s', (_, status, message) => {
    expect(takesNoDryRun(status, message)).toBe(false);
    expect(refuserOf(status, message)?.noDryRun ?? false).toBe(false);
  });
});

describe('who refused', () => {
  test('pod security admission by its own sentence, and nobody by quoting it', () => {
    const own = 'pods "x" is forbidden: violates PodSecurity "baseline:latest": privileged';
    expect(refuserOf(403, own)?.who).toBe('pod security admission (baseline:latest)');
    expect(refuserOf(403, `admission webhook "w" denied the request: ${own}`)?.who).toBe('the admission webhook "w"');
    expect(refuserOf(403, `somebody says: ${own}`)).toBeUndefined();
  });
  test('a name of any length and with controls stays one short line', () => {
    const who = refuserOf(400, `admission webhook "${'x\n'.repeat(500)}" denied the request: no`)?.who ?? '';
    expect(who.length).toBeLessThan(300);
    expect(who).not.toContain('\n');
  });
  test.each(['', 'no', 'the server could not find the requested resource'])('nobody: %s', (message) => {
    expect(refuserOf(403, message)).toBeUndefined();
  });
});
