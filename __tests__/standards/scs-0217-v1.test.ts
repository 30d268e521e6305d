import { describe, expect, test } from '@jest/globals';
import { scs0217v1 } from '../../src/standards/scs-0217-v1.js';
import { cvesFact, releasesFact } from '../helpers/release-facts.js';
import { settle, settleOne } from '../helpers/settle.js';

test('the catalogue’s rows and levels, in its order', () => {
  expect(scs0217v1.requirements.map((r) => [r.id, r.level])).toEqual([
    ['regular-updates', 'MUST'],
    ['etcd-isolated', 'SHOULD'],
    ['etcd-access', 'MUST'],
    ['etcd-tls', 'MUST'],
    ['etcd-own-ca', 'SHOULD'],
    ['etcd-acl', 'MUST'],
    ['etcd-cn-auth', 'MUST'],
    ['endpoints-secured', 'MUST'],
    ['ports-closed', 'MUST'],
    ['kubelet-read-only-port', 'SHOULD'],
    ['endpoints-https', 'MUST'],
    ['authentication-methods', 'MUST'],
    ['authorization-methods', 'MUST'],
    ['authorization-rbac', 'SHOULD'],
    ['kubelet-https', 'SHOULD'],
    ['kubelet-anonymous-auth', 'MUST'],
    ['kubelet-webhook-authorization', 'MUST'],
    ['kubelet-authentication', 'MAY'],
    ['node-restriction', 'MUST'],
    ['pod-security-admission', 'MUST'],
    ['pod-security-baseline', 'MUST'],
    ['pod-security-restricted', 'MAY'],
    ['pod-security-enforce', 'SHOULD'],
  ]);
  expect(scs0217v1).toMatchObject({ category: 'informative', status: 'draft' });
});

test('without any fact nothing is met and nothing is broken', () => {
  const rows = Object.values(settle(scs0217v1.requirements, {}));
  expect(rows.filter((r) => r.outcome !== 'abort').map((r) => r.id)).toEqual([]);
});

test('every fact forbidden: each row names a right, but for those that take none', () => {
  const facts = Object.fromEntries(
    scs0217v1.requirements
      .flatMap((r) => r.ladder.flatMap((rung) => rung.facts))
      .map((f) => [f.name, { unavailable: 'forbidden', detail: '403' }]),
  );
  const rows = Object.values(settle(scs0217v1.requirements, facts));
  expect(rows.map((r) => r.outcome)).toEqual(rows.map(() => 'abort'));
  expect(rows.filter((r) => !r.message.includes('; grant ')).map((r) => r.id)).toEqual([]);
});

describe('regular updates follow the version policy', () => {
  const noon = new Date('2026-11-23T12:00:00Z');
  const at = (gitVersion: unknown, releases: unknown = releasesFact(), cves: unknown = cvesFact()) =>
    settleOne(
      scs0217v1.requirements,
      'regular-updates',
      {
        'server-version': typeof gitVersion === 'string' ? { gitVersion } : gitVersion,
        'kubernetes-releases': releases,
        'kubernetes-cves': cves,
      },
      noon,
    );
  const gone = { unavailable: 'unreachable', detail: 'no network' };

  test.each([
    [
      'the newest patch of a supported branch',
      'v1.37.2',
      releasesFact(),
      cvesFact(),
      'pass',
      /^scs-0210-v2 is met, .*: scs-0210-v2\/supported-branch: .*scs-0210-v2\/patch-recency: .*scs-0210-v2\/critical-cve: /,
    ],
    ['a patch that is two months behind', 'v1.36.4', releasesFact(), cvesFact(), 'fail', /^scs-0210-v2\/patch-recency: /],
    ['a branch after its end', 'v1.33.13', releasesFact(), cvesFact(), 'fail', /scs-0210-v2\/supported-branch: /],
    ['CVE data out of reach', 'v1.37.2', releasesFact(), gone, 'abort', /kubernetes-cves: no network/],
    ['a patch behind, CVE data out of reach', 'v1.36.4', releasesFact(), gone, 'fail', /patch-recency/],
    ['release data that are too old', 'v1.37.2', releasesFact({ asOf: '2026-09-01T00:00:00Z' }), cvesFact(), 'abort', /too old/],
    ['a version that cannot be read', 'v1.banana', releasesFact(), cvesFact(), 'abort', /cannot be read/],
    ['no version', gone, releasesFact(), cvesFact(), 'abort', /server-version: no network/],
  ])('%s', (_, version, releases, cves, outcome, message) => {
    const row = at(version, releases, cves);
    expect(row.outcome).toBe(outcome);
    expect(row.message).toMatch(message);
  });
});
