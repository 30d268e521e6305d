import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Facts } from '../../src/model/fact.js';
import { scs0215v1 } from '../../src/standards/scs-0215-v1.js';
import { apiServer, flagz } from '../helpers/control-plane.js';
import { direct, doubtful, proxied, proxySentence, served, type Dated } from '../helpers/front.js';
import { improvedByHiding } from '../helpers/hiding.js';
import { forbidden, settleOne } from '../helpers/settle.js';

const requirements = scs0215v1.requirements.filter(({ id }) => id === 'certificate-rotation' || id === 'ca-renewal');
const row = (id: string, facts: Facts, now?: Date) => settleOne(requirements, id, facts, now);
const rotation = (facts: Facts, now?: Date) => row('certificate-rotation', facts, now);
const expectRow = (seen: { outcome: string; message: string }, outcome: string, message: RegExp): void =>
  expect([seen.outcome, seen.message]).toEqual([outcome, expect.stringMatching(message)]);

const config = (rotateCertificates: boolean): unknown => ({
  rotateCertificates,
  serverTLSBootstrap: false,
  readOnlyPort: 0,
  anonymous: false,
  authorizationMode: 'Webhook',
  tlsCertFile: true,
});
/** Kubelets by node: whether each rotates; undefined for one that does not answer. */
const kubelets = (rows: Readonly<Record<string, boolean | undefined>>, sampled = false): unknown => ({
  total: sampled ? 5_000 : Object.keys(rows).length,
  asked: Object.keys(rows),
  sampled,
  nodes: Object.entries(rows).map(([node, rotates]) =>
    rotates === undefined
      ? { node, unavailable: { unavailable: 'server-error', detail: '503 tls: internal error' } }
      : { node, config: config(rotates) },
  ),
});
const nodesOf = (version: string, ...names: readonly string[]): unknown =>
  names.map((name) => ({ name, labels: {}, ready: true, kubeletVersion: version, externalIPs: [], internalIPs: [] }));

/** A cluster that kubeadm made, with two kubelets that rotate. */
const kubeadm: Facts = {
  ...direct,
  'kubelet-configs': kubelets({ a: true, b: true }),
  'pending-kubelet-serving-requests': [],
  nodes: nodesOf('v1.36.3', 'a', 'b'),
  'server-version': { gitVersion: 'v1.36.3' },
  'kube-apiserver-pods': [apiServer()],
  'api-server-flagz': flagz(),
};
/** The same with another CA and another certificate. */
const issued = (ca: Dated, leaf: Dated): Facts => ({ ...kubeadm, ...served(ca, leaf) });
const oldCa = { from: '2023-10-15T08:00:00Z', until: '2033-10-12' };
const carried = (until: string, ca: Partial<Dated> = {}): Facts =>
  issued({ ...oldCa, ...ca }, { from: oldCa.from, until, ...(ca.commonName === undefined ? {} : { commonName: 'k3s' }) });

describe('certificates that carry the day of their CA', () => {
  test.each([
    ['kubeadm before 1.36, renewed this year', carried('2027-09-02T09:15:00Z'), 'pass', /carries the notBefore of its CA/],
    ['K3s, renewed yesterday', carried('2027-11-22', { commonName: 'k3s-server-ca@1697356800' }), 'pass', /only the time left counts/],
    ['RKE2, renewed a year ago but for a week', carried('2026-11-30', { commonName: 'rke2-server-ca@1697356800' }), 'pass', /6 days/],
    ['366 days left', carried('2027-11-24T12:00:00Z'), 'pass', /366 days/],
    ['a minute more left', carried('2027-11-24T12:01:00Z'), 'fail', /not rotated within a year/],
    ['five years left', carried('2031-11-01'), 'fail', /4\.9 years more/],
    ['expired', carried('2026-11-22'), 'fail', /expired on 2026-11-22/],
    [
      'another day than the CA: two years of its own',
      issued(oldCa, { from: '2025-08-01', until: '2027-08-01' }),
      'fail',
      /lives for 730 days .*not rotated within a year/,
    ],
    [
      'a CA that was renewed since, with the same name',
      issued({ from: '2026-06-01', until: '2036-06-01' }, { from: oldCa.from, until: '2027-09-02' }),
      'abort',
      /its CA \(CN=kubernetes\) is newer: the day of issue does not show/,
    ],
  ])('%s', (_, facts, outcome, message) => expectRow(rotation(facts), outcome, message));

  test('the CA before its renewal still stands in the bundle: the day is known again', () => {
    const renewed = issued({ from: '2026-06-01', until: '2036-06-01' }, { from: oldCa.from, until: '2027-09-02' });
    const [before] = served(oldCa, oldCa)['root-cas'] as readonly unknown[];
    expectRow(rotation({ ...renewed, 'root-cas': [before, ...(renewed['root-cas'] as readonly unknown[])] }), 'pass', /carries/);
  });

  /** CAs of one name and another age, by the day that they begin on. */
  const ofName = (...days: readonly string[]): readonly unknown[] =>
    days.flatMap((from) => served({ from, until: '2036-06-01' }, oldCa)['root-cas'] as readonly unknown[]);
  const [before, again, since] = ['2021-10-15', '2022-10-15', '2026-06-01'];
  test.each([
    ['older', [before], [before], 'fail'],
    ['all older', [before], [again], 'fail'],
    ['newer', [since], [since], 'abort'],
    ['renewed twice, the kubeconfig with the first', [before], [since], 'abort'],
    ['renewed twice, the kubeconfig with the last', [since], [before], 'abort'],
    ['renewed, both in the bundle', [before], [before, since], 'abort'],
    ['renewed, and the one whose day it carries beside', [before], [since, oldCa.from], 'pass'],
  ])('a life of years, and CAs of its issuer that are known: %s', (_, kubeconfig, root, outcome) => {
    const facts = { ...carried('2027-09-02'), 'kubeconfig-cas': ofName(...kubeconfig), 'root-cas': ofName(...root) };
    expect(rotation(facts).outcome).toBe(outcome);
    // The kubeconfig alone may hold a CA that was renewed since.
    expectRow(rotation({ ...facts, 'root-cas': forbidden('configmaps') }), 'abort', /the day of issue does not show/);
  });

  test.each([
    ['a life of years by its dates', '2027-09-02', 'abort', /cannot be seen: the day of issue does not show/],
    ['more than a year left', '2028-09-02', 'fail', /not rotated within a year/],
    ['expired', '2026-11-01', 'fail', /expired/],
    ['a life of a year', '2024-10-01', 'fail', /expired/],
  ])('no CA can be seen: %s', (_, until, outcome, message) => {
    const hidden = { 'root-cas': forbidden('configmaps'), 'kubeconfig-cas': forbidden('kubeconfig') };
    expectRow(rotation({ ...carried(until), ...hidden }), outcome, message);
  });
});

describe('the life of a certificate with a day of its own', () => {
  const own = (from: string, until: string): Facts => issued(oldCa, { from, until });
  test.each([
    ['exactly 366 days', own('2026-11-23', '2027-11-24'), 'pass', /366 days/],
    ['a minute more', own('2026-11-22T00:00:00Z', '2027-11-23T00:01:00Z'), 'fail', /366 days/],
    ['ten years', own('2026-11-23', '2036-11-20'), 'fail', /10\.0 years/],
    [
      'valid from tomorrow on',
      own('2026-11-24', '2027-11-20'),
      'abort',
      /is valid from 2026-11-24\S+ on, which is after 2026-11-23\S+, the time to evaluate at/,
    ],
    [
      'no dates',
      { ...kubeadm, ...direct, 'api-server-certificate': { ...(direct['api-server-certificate'] as object), notAfter: '' } },
      'abort',
      /no readable dates/,
    ],
  ])('%s', (_, facts, outcome, message) => expectRow(rotation(facts), outcome, message));

  /** Valid from so many hours before now on, for so many hours. */
  const hours = (age: number, life: number): Facts => {
    const at = (h: number): string => new Date(Date.parse('2026-11-23T12:00:00Z') + h * 3_600_000).toISOString();
    return issued({ from: '2020-01-01', until: '2036-01-01' }, { from: at(-age), until: at(life - age) });
  };
  test.each([
    ['24 hours, issued now', 1, 24, false],
    ['24 hours, in the last fifth', 20, 24, true],
    ['six days, half over (ACME, profile shortlived)', 72, 144, false],
    ['30 days, renewed at half (OpenShift)', 13 * 24, 720, false],
    ['30 days, 18 left', 12 * 24, 720, false],
    ['30 days, 5 left: the renewal has not come', 25 * 24, 720, true],
    ['45 days, 10 left', 35 * 24, 45 * 24, false],
    ['90 days, 30 left (cert-manager renews at a third)', 60 * 24, 90 * 24, false],
    ['90 days, 17 left', 73 * 24, 90 * 24, true],
    ['a year, 31 days left', 334 * 24, 365 * 24, false],
    ['a year, 29 days left', 336 * 24, 365 * 24, true],
    ['a year, an hour left', 365 * 24 - 1, 365 * 24, true],
  ])('%s: passes, and says whether it ends soon', (_, age, life, soon) => {
    const seen = rotation(hours(age, life));
    expect([seen.outcome, seen.expiresSoon !== undefined]).toEqual(['pass', soon]);
  });

  test('a life of hours is told in hours', () => {
    expectRow(rotation(hours(1, 24)), 'pass', /lives for 24 hours, 23 hours of which are left/);
  });

  test('whatever is renewed within a year never fails while it is valid; what is not never passes', () => {
    const dayMs = 86_400_000;
    const now = Date.parse('2026-11-23T12:00:00Z');
    const world = fc.record({
      carries: fc.boolean(),
      caAge: fc.integer({ min: 800, max: 3_000 }),
      age: fc.double({ min: 0, max: 364, noNaN: true }),
      life: fc.double({ min: 0.1, max: 3_650, noNaN: true }),
    });
    const iso = (ms: number): string => new Date(ms).toISOString();
    fc.assert(
      fc.property(world, ({ carries, caAge, age, life }) => {
        const from = now - (carries ? caAge : age) * dayMs;
        const ca = {
          subject: 'CN=ca',
          issuer: 'CN=ca',
          notBefore: iso(now - caAge * dayMs),
          notAfter: iso(now + 4_000 * dayMs),
          isCa: true,
        };
        const leaf = {
          subject: 'CN=x',
          issuer: 'CN=ca',
          notBefore: iso(from),
          notAfter: iso(now + (life - age) * dayMs),
          isCa: false,
          altNames: ['kubernetes'],
        };
        const { outcome } = rotation({ ...kubeadm, 'api-server-certificate': leaf, 'kubeconfig-cas': [ca], 'root-cas': [ca] });
        const left = life - age;
        if (left <= 0) expect(outcome).toBe('fail');
        else if (life <= 366) expect(outcome).toBe('pass');
        else if (!carries || left > 366) expect(outcome).toBe('fail');
      }),
      { numRuns: 300 },
    );
  });
});

describe('a proxy in front: its certificate says nothing of the cluster', () => {
  const tenYears = issued({ from: '2023-01-01', until: '2043-01-01' }, { from: '2023-01-01', until: '2033-01-01' });
  test('directly it would break it, or meet it', () => {
    expect([rotation(tenYears).outcome, rotation(kubeadm).outcome]).toEqual(['fail', 'pass']);
  });
  test.each(Object.keys(proxied(kubeadm)))('%s', (mark) => {
    for (const world of [tenYears, kubeadm]) expectRow(rotation(proxied(world)[mark]!), 'abort', proxySentence(mark));
  });
  test.each(Object.keys(doubtful(kubeadm)))('it cannot be ruled out, because %s', (doubt) => {
    expectRow(rotation(doubtful(kubeadm)[doubt]!), 'abort', /A proxy before the API server cannot be ruled out: /);
    expect(rotation(doubtful(tenYears)[doubt]!).outcome).toBe('fail');
  });
  test('kubelets behind it still count', () => {
    const facts = { ...proxied(kubeadm)['a path in the server URL']!, 'kubelet-configs': kubelets({ a: false }) };
    expectRow(rotation(facts), 'fail', /rotateCertificates is false/);
  });
  test.each([
    ['CN=kubernetes', '2026-11-01'],
    ['CN=kubernetes', '2020-01-01'],
  ])('a CA of the cluster’s own name and other dates is no mark: %s of %s', (subject, notBefore) => {
    const other = { subject, issuer: subject, notBefore: `${notBefore}T00:00:00.000Z`, notAfter: '2036-11-20T00:00:00.000Z', isCa: true };
    expect(rotation({ ...kubeadm, 'kubeconfig-cas': [other] }).outcome).toBe('pass');
  });
});

describe('kubelets', () => {
  const not = (version: string, changes: Facts = {}): Facts => ({
    ...kubeadm,
    'kubelet-configs': kubelets({ a: true, b: false }),
    nodes: nodesOf(version, 'a', 'b'),
    'server-version': { gitVersion: version },
    ...changes,
  });
  const hiddenPlane = { 'kube-apiserver-pods': [], 'api-server-flagz': forbidden('/flagz') };
  const elsewhere = { 'client-ca-file': '/etc/kubernetes/ssl/kube-ca.pem' };
  test.each([
    ['kubeadm', not('v1.36.3'), 'fail', /^rotateCertificates is false on 1 kubelet of 2 asked.*: b\.$/],
    ['kubeadm, a release candidate', not('v1.37.0-rc.1'), 'fail', /: b\.$/],
    ['kubeadm, the API server hidden, its flags in /flagz (Kamaji)', not('v1.36.3', { 'kube-apiserver-pods': [] }), 'fail', /: b\.$/],
    ['K3s', not('v1.36.3+k3s1'), 'abort', /K3s renews the certificates of kubelets when it starts/],
    ['K3s behind flags like those of kubeadm', not('v1.36.3+k3s2', hiddenPlane), 'abort', /K3s/],
    ['RKE2', not('v1.31.2+rke2r1'), 'abort', /RKE2 renews/],
    ['EKS', not('v1.33.5-eks-1234567', hiddenPlane), 'abort', /EKS hold no client certificate/],
    [
      'EKS, which shows files like those of kubeadm in /flagz alone',
      not('v1.33.5-eks-1234567', { 'kube-apiserver-pods': [] }),
      'abort',
      /EKS/,
    ],
    ['EKS Anywhere: kubeadm has started its API servers', not('v1.33.5-eks-1234567'), 'fail', /: b\.$/],
    ['EKS Distro by another maker', not('v1.33.5-eks-1234567', { 'kube-apiserver-pods': [apiServer(elsewhere)] }), 'abort', /EKS/],
    ['EKS Distro, the pods forbidden', not('v1.33.5-eks-1234567', { 'kube-apiserver-pods': forbidden('pods') }), 'abort', /EKS/],
    ['GKE', not('v1.30.5-gke.1443001', hiddenPlane), 'abort', /GKE/],
    ['k0s', not('v1.31.2+k0s', hiddenPlane), 'abort', /k0s/],
    [
      'MicroK8s, RKE1, AKS: a version without a suffix, nothing else',
      not('v1.31.2', hiddenPlane),
      'abort',
      /does not show that kubeadm made/,
    ],
    [
      'RKE1: files elsewhere',
      not('v1.31.2', { 'kube-apiserver-pods': [apiServer(elsewhere)] }),
      'abort',
      /does not show that kubeadm made/,
    ],
    [
      'one API server of kubeadm, one of another maker',
      not('v1.31.2', { 'kube-apiserver-pods': [apiServer(), apiServer(elsewhere, 'cp-2')] }),
      'abort',
      /kubeadm/,
    ],
    [
      'no version at all',
      not('', { nodes: forbidden('nodes'), 'server-version': forbidden('/version') }),
      'abort',
      /who made the kubelets does not show/,
    ],
    ['the node is not listed: the server’s version counts', not('v1.36.3+k3s1', { nodes: [] }), 'abort', /K3s/],
    [
      'one kubelet of K3s beside one of kubeadm',
      {
        ...not('v1.36.3'),
        'kubelet-configs': kubelets({ a: false, c: false }),
        nodes: [...(nodesOf('v1.36.3', 'a') as []), ...(nodesOf('v1.36.3+k3s1', 'c') as [])],
      },
      'fail',
      /: a\.$/,
    ],
    [
      'all rotate, whoever made them',
      { ...not('v1.33.5-eks-1'), 'kubelet-configs': kubelets({ a: true, b: true }) },
      'pass',
      /2 of 2 kubelets/,
    ],
    ['one does not rotate, one is silent', { ...kubeadm, 'kubelet-configs': kubelets({ a: undefined, b: false }) }, 'fail', /: b\.$/],
    ['one is silent', { ...kubeadm, 'kubelet-configs': kubelets({ a: true, b: undefined }) }, 'abort', /did not answer: b \(503/],
    ['all are silent', { ...kubeadm, 'kubelet-configs': kubelets({ a: undefined }) }, 'abort', /did not answer: a/],
    ['no node', { ...kubeadm, 'kubelet-configs': kubelets({}) }, 'abort', /no node whose kubelet/],
    ['forbidden', { ...kubeadm, 'kubelet-configs': forbidden('configz') }, 'abort', /grant list nodes, get nodes\/proxy/],
    ['signing requests forbidden', { ...kubeadm, 'pending-kubelet-serving-requests': forbidden('csr') }, 'pass', /cannot be seen/],
  ])('%s', (_, facts, outcome, message) => expectRow(rotation(facts), outcome, message));

  test('everything that is broken is named at once', () => {
    const facts = { ...issued(oldCa, { from: '2026-11-01', until: '2036-11-01' }), 'kubelet-configs': kubelets({ a: false }) };
    expectRow(rotation(facts), 'fail', /9\.9 years more.*rotateCertificates is false/);
  });
  test('everything that is not known is named at once', () => {
    const facts = { ...proxied(kubeadm)['a path in the server URL']!, 'kubelet-configs': forbidden('configz') };
    expectRow(rotation(facts), 'abort', /A proxy answers.*kubelet-configs: GET configz: 403/);
  });
  test('a handshake that fails leaves it to the kubelets', () => {
    const gone = { unavailable: 'unreachable', detail: 'handshake failed' };
    expectRow(rotation({ ...kubeadm, 'api-server-certificate': gone }), 'abort', /handshake failed/);
    expect(rotation({ ...kubeadm, 'api-server-certificate': gone, 'kubelet-configs': kubelets({ a: false }) }).outcome).toBe('fail');
  });
  test('a serving certificate that waits for approval is said', () => {
    const pending = [{ name: 'csr-1', requestor: 'system:node:b', created: '2026-11-23T11:00:00Z' }];
    const facts = { ...kubeadm, 'pending-kubelet-serving-requests': pending };
    expectRow(
      rotation({ ...facts, 'kubelet-configs': kubelets({ a: true, b: undefined }) }),
      'abort',
      /tls: internal error.*wait for approval .* on b/,
    );
    expectRow(rotation(facts), 'pass', /wait for approval \(kubectl certificate approve\) on b/);
  });
  test('a sample is called one', () => {
    expectRow(rotation({ ...kubeadm, 'kubelet-configs': kubelets({ a: true }, true) }), 'pass', /a sample of 1 of 5000 nodes/);
  });
});

const ca = (until: string, subject = 'CN=kubernetes', from = '2026-11-01T00:00:00Z'): unknown => ({
  subject,
  issuer: subject,
  notBefore: from,
  notAfter: until,
  isCa: true,
});
const cas = (kubeconfig: unknown, root: unknown): Facts => ({ ...direct, 'kubeconfig-cas': kubeconfig, 'root-cas': root });
const [tenYears, ninetyDays] = ['2036-11-20T00:00:00Z', '2027-01-30T00:00:00Z'];
const expired = ca('2026-11-20T00:00:00Z');
/** Ten years old but for ten months. */
const overdue = ca('2027-09-01T00:00:00Z', 'CN=kubernetes', '2017-09-01T00:00:00Z');

describe('renewal of the CA', () => {
  test.each([
    ['ten years', cas([ca(tenYears)], [ca(tenYears)]), 'pass', /10\.0 years, on 2036-11-20/],
    ['90 days, new: the standard sets no time', cas([ca(ninetyDays)], [ca(ninetyDays)]), 'pass', /67 days/],
    ['less than a tenth of ten years left', cas([overdue], [overdue]), 'fail', /overdue: .*less than a tenth of its life/],
    [
      'a tenth of ten years left, and a month',
      cas([], [ca('2027-12-24T00:00:00Z', 'CN=kubernetes', '2017-12-24T00:00:00Z')]),
      'pass',
      /ends in 395 days/,
    ],
    ['less than a tenth of 90 days left', cas([], [ca('2026-11-30T00:00:00Z', 'CN=a', '2026-09-01T00:00:00Z')]), 'fail', /6 days/],
    ['expired', cas([expired], [expired]), 'fail', /expired on 2026-11-20/],
    [
      'expired in the kubeconfig, which is of a front',
      cas([ca('2026-11-20T00:00:00Z', 'CN=front')], [ca(tenYears)]),
      'pass',
      /10\.0 years/,
    ],
    ['overdue in the ConfigMap, a lasting front', cas([ca(tenYears, 'CN=front')], [overdue]), 'fail', /overdue/],
    ['a kubeconfig that trusts the system', cas([], [ca(tenYears)]), 'pass', /10\.0 years/],
    ['the kubeconfig cannot be read', cas(forbidden('kubeconfig'), [ca(tenYears)]), 'pass', /10\.0 years/],
    ['no ConfigMap, no CA in the kubeconfig', cas([], forbidden('configmaps')), 'abort', /The kubeconfig names no CA, and whether/],
    ['ten years in the kubeconfig, the ConfigMap forbidden', cas([ca(tenYears)], forbidden('configmaps')), 'abort', /grant get configmaps/],
    [
      'expired in the kubeconfig, the ConfigMap forbidden',
      cas([expired], forbidden('configmaps')),
      'abort',
      /whether that is the CA of the cluster/,
    ],
    [
      'the ConfigMap forbidden, behind a proxy',
      { ...cas([expired], forbidden('configmaps')), 'endpoint-url': { path: true } },
      'abort',
      /A proxy answers before the API server/,
    ],
    ['old and new beside each other', cas([ca(tenYears)], [overdue, ca(tenYears)]), 'pass', /10\.0 years/],
    ['two of different names, one overdue', cas([], [ca('2026-11-20T00:00:00Z', 'CN=old'), ca(tenYears)]), 'abort', /which of them signs/],
    ['no dates', cas([], [ca('')]), 'abort', /dates of a CA/],
    [
      'valid from next year on',
      cas([], [ca(tenYears, 'CN=a', '2027-11-01T00:00:00Z')]),
      'abort',
      /lie after 2026-11-23\S+, the time to evaluate at/,
    ],
    ['nothing recorded', {}, 'abort', /root-cas: not part of this snapshot/],
  ])('%s', (_, facts, outcome, message) => expectRow(row('ca-renewal', facts), outcome, message));

  /** A cluster that was reached directly, with these CAs in its bundle, one of which signs. */
  const signedBy = (issuer: string, ...root: readonly unknown[]): Facts => ({
    ...direct,
    'api-server-certificate': { ...(direct['api-server-certificate'] as object), issuer },
    'kubeconfig-cas': root,
    'root-cas': root,
  });
  const lasting = ca(tenYears, 'CN=new');
  const old = ca('2027-09-01T00:00:00Z', 'CN=old', '2017-09-01T00:00:00Z');
  const gone = ca('2026-11-20T00:00:00Z', 'CN=gone');
  const rows: readonly (readonly [string, Facts, string, RegExp])[] = [
    [
      'the new one signs, the old one is overdue',
      signedBy('CN=new', old, lasting),
      'pass',
      /signs: CN=new ends in 10\.0 years.*do not count: CN=old/,
    ],
    ['the new one signs, others are overdue and expired', signedBy('CN=new', gone, old, lasting), 'pass', /CN=gone expired on .*CN=old/],
    [
      'the overdue one still signs',
      signedBy('CN=old', old, lasting),
      'fail',
      /that signs the certificate of the API endpoint is overdue: CN=old/,
    ],
    ['the expired one still signs', signedBy('CN=gone', gone, lasting), 'fail', /CN=gone expired/],
    ['all are overdue', signedBy('CN=old', old, gone), 'fail', /overdue: CN=old.*CN=gone/],
    [
      'two of the name of the one that signs',
      signedBy('CN=new', old, lasting, ca(tenYears, 'CN=new', '2026-11-02')),
      'abort',
      /which of them signs does not show/,
    ],
    ['another one signs, by an intermediate', signedBy('CN=other', old, lasting), 'abort', /which of them signs does not show/],
    ['dates that cannot be read beside', signedBy('CN=new', ca('', 'CN=x'), lasting), 'abort', /dates of a CA/],
  ];
  test.each(rows)('several CAs: %s', (_, facts, outcome, message) => expectRow(row('ca-renewal', facts), outcome, message));
  const replaced = signedBy('CN=new', old, lasting);
  test.each(Object.entries({ ...proxied(replaced), ...doubtful(replaced) }))(
    'several CAs, and something else may have answered than the API server: %s',
    (_, facts) => expect(row('ca-renewal', facts).outcome).toBe('abort'),
  );
  test('the one that signs is overdue soon', () => {
    const soon = ca('2027-12-20T00:00:00Z', 'CN=soon', '2017-12-20T00:00:00Z');
    expect(row('ca-renewal', signedBy('CN=soon', soon, old)).expiresSoon).toContain('CN=soon');
    expect(row('ca-renewal', signedBy('CN=new', soon, old, lasting)).expiresSoon).toBeUndefined();
  });
  test('less knowledge never makes it better', () => {
    const worlds = [...rows.map(([, facts]) => facts), replaced, ...Object.values(proxied(replaced)), ...Object.values(doubtful(replaced))];
    expect(worlds.flatMap((world) => improvedByHiding(requirements, world))).toEqual([]);
  });

  test.each([
    ['two months before it is overdue', '2027-12-20T00:00:00Z', true],
    ['later', '2028-06-20T00:00:00Z', false],
  ])('a pass says when it ends soon: %s', (_, until, soon) => {
    const seen = row('ca-renewal', cas([], [ca(until, 'CN=a', `${Number(until.slice(0, 4)) - 10}${until.slice(4)}`)]));
    expect([seen.outcome, seen.expiresSoon !== undefined]).toEqual(['pass', soon]);
  });

  test('whether the kubeconfig has the same one is shown', () => {
    const seen = row('ca-renewal', cas([ca(tenYears), ca(tenYears, 'CN=front')], [ca(tenYears)]));
    expect(seen.evidence.filter(({ source }) => source === 'CA of the kubeconfig').map(({ observed }) => observed)).toEqual([
      'CN=kubernetes, the same one',
      'CN=front, another one, which does not count',
    ]);
  });
});

test('less knowledge never makes it better: each fact hidden in random worlds', () => {
  const some = (worlds: readonly Facts[]) => fc.constantFrom(...worlds);
  const long = served({ from: '2023-01-01', until: '2033-01-01' }, { from: '2025-01-01', until: '2027-01-01' });
  const endpoints = [direct, long, served(oldCa, { from: oldCa.from, until: '2027-09-02' })];
  const world = fc.record({
    endpoint: some(endpoints.flatMap((one) => [one, ...Object.values(proxied(one)), ...Object.values(doubtful(one))])),
    kubelets: some(
      [kubelets({ a: true, b: true }), kubelets({ a: true, b: false }), kubelets({ a: undefined, b: false })].map((k) => ({
        'kubelet-configs': k,
      })),
    ),
    version: some(['v1.36.3', 'v1.36.3+k3s1'].map((v) => ({ nodes: nodesOf(v, 'a', 'b'), 'server-version': { gitVersion: v } }))),
    pods: some([[], [apiServer()], [apiServer({ 'client-ca-file': '/x' })]].map((p) => ({ 'kube-apiserver-pods': p }))),
  });
  fc.assert(
    fc.property(world, ({ endpoint, kubelets: k, version, pods }) => {
      expect(improvedByHiding(requirements, { ...kubeadm, ...endpoint, ...k, ...version, ...pods })).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
