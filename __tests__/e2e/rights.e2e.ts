import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { startProxy, type Drops } from './proxy.js';
import { check, down, environment, kubectl, objects, outcomesOf, probeImage, scsKaas, up, type JsonReport } from './support.js';

/** A kubeconfig as written by kind, as far as it is changed here. */
interface Kubeconfig {
  users: { name: string; user: Record<string, unknown> }[];
}

let kubeconfig = '';
let directory = '';

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'scs-kaas-e2e-'));
  kubeconfig = up('audited');
});
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
  down('audited');
});

/** A kubeconfig for a service account, with a token that soon ends. */
const asAccount = (account: string): string => {
  const token = kubectl(kubeconfig, ['-n', 'scs-kaas', 'create', 'token', account, '--duration=30m']).trim();
  const config = parse(kubectl(kubeconfig, ['config', 'view', '--raw', '-o', 'yaml'])) as Kubeconfig;
  for (const user of config.users) user.user = { token };
  const path = join(directory, `${account}.kubeconfig`);
  writeFileSync(path, stringify(config), { mode: 0o600 });
  return path;
};

const manifest = async (...words: readonly string[]): Promise<string> => (await scsKaas(['permissions', ...words])).stdout;

interface AuditEvent {
  readonly verb: string;
  readonly requestURI: string;
  readonly userAgent?: string;
  readonly objectRef?: { readonly resource?: string; readonly subresource?: string };
  readonly responseStatus?: { readonly code?: number };
}

const audited = (): readonly AuditEvent[] =>
  execFileSync('docker', ['exec', 'audited-control-plane', 'cat', '/var/log/audit/audit.log'], {
    encoding: 'utf8',
    env: environment(),
    maxBuffer: 1 << 29,
  })
    .split('\n')
    .filter((line) => line.includes('"userAgent":"scs-kaas'))
    .map((line) => JSON.parse(line) as AuditEvent);

/** Resources that exist only as a question: a POST is answered and nothing is stored. */
const questions = new Set(['selfsubjectaccessreviews', 'selfsubjectreviews', 'subjectaccessreviews', 'tokenreviews']);
const isQuestion = ({ objectRef }: AuditEvent): boolean =>
  questions.has(objectRef?.resource ?? '') || (objectRef?.resource === 'serviceaccounts' && objectRef.subresource === 'token');

test('a check as administrator stores nothing: no object created, changed or deleted', async () => {
  const before = objects(kubeconfig);
  await check(kubeconfig);
  expect(objects(kubeconfig)).toEqual(before);
  const events = audited();
  expect(events.length).toBeGreaterThan(20);
  const writes = events.filter((e) => !['get', 'list', 'watch'].includes(e.verb) && !isQuestion(e));
  expect(writes.length).toBeGreaterThan(0);
  expect(writes.filter((e) => !e.requestURI.includes('dryRun=All'))).toEqual([]);
});

/** Writes that the API server stored since it had noted so many events. */
const storedSince = (events: number): readonly AuditEvent[] =>
  audited()
    .slice(events)
    .filter((e) => ['create', 'update', 'patch', 'delete'].includes(e.verb) && !isQuestion(e) && !e.requestURI.includes('dryRun=All'))
    .filter((e) => (e.responseStatus?.code ?? 500) < 300);

describe('behind a proxy that drops parts of requests', () => {
  let straight: JsonReport;
  beforeAll(async () => {
    straight = await check(kubeconfig);
  });

  const writes = (method: string): boolean => method !== 'GET';
  const impersonation = (name: string): boolean => name.startsWith('impersonate-');
  const all = (name: string): boolean => !['user-agent', 'content-type', 'content-length'].includes(name);
  const labels = (): string => kubectl(kubeconfig, ['get', 'nodes', '-o', 'jsonpath={range .items[*]}{.metadata.labels}{end}']);

  test.each<[string, Drops, string[]]>([
    ['the query', { query: () => true }, []],
    ['the query of writes', { query: writes }, ['create pods', 'delete pods']],
    ['the query of creates', { query: (method) => method === 'POST' }, ['create pods', 'delete pods']],
    ['the query of patches', { query: (method) => method === 'PATCH' }, []],
    ['the headers that impersonate', { header: impersonation }, []],
    ['every header', { header: all }, []],
    ['query and headers', { query: () => true, header: all }, []],
    ['the query of writes, and headers', { query: writes, header: all }, ['create pods', 'delete pods']],
  ])('%s: nothing of ours stays, and nothing passes for it', async (_title, drops, expected) => {
    const [before, labelled, events] = [objects(kubeconfig), labels(), audited().length];
    const config = kubectl(kubeconfig, ['config', 'view', '--raw', '-o', 'yaml']);
    const proxy = await startProxy(config, drops);
    try {
      const path = join(directory, 'proxy.kubeconfig');
      writeFileSync(path, proxy.kubeconfig, { mode: 0o600 });
      const report = await check(path);
      const known = outcomesOf(straight);
      const better = report.requirements.filter((r) => r.outcome !== known[r.id] && !['abort', 'fail', 'missing'].includes(r.outcome));
      expect(better.map((r) => `${r.id}: ${known[r.id]} → ${r.outcome}: ${r.message}`)).toEqual([]);
      expect(objects(kubeconfig)).toEqual(before);
      expect(labels()).toEqual(labelled);
      expect(storedSince(events).map((e) => `${e.verb} ${e.objectRef?.resource ?? ''}`)).toEqual(expected);
      const told = report.caveats.filter((caveat) => caveat.includes('proxy that drops the query'));
      expect(told).toHaveLength(drops.query?.('POST', '') === true ? 1 : 0);
      if (expected.length > 0) expect(told[0]).toMatch(/remove it with: kubectl delete pod scs-kaas-probe-\w+ --namespace default/);
    } finally {
      await proxy.close();
    }
  });
});

describe('with a service account', () => {
  let admin: JsonReport;
  beforeAll(async () => {
    admin = await check(kubeconfig);
    kubectl(kubeconfig, ['apply', '-f', '-'], await manifest());
    for (const account of ['reader', 'viewer']) kubectl(kubeconfig, ['-n', 'scs-kaas', 'create', 'serviceaccount', account]);
    const read = (await manifest('--role', 'read'))
      .replaceAll('name: scs-kaas, namespace: scs-kaas }]', 'name: reader, namespace: scs-kaas }]')
      .replaceAll('Binding\nmetadata: { name: scs-kaas-read', 'Binding\nmetadata: { name: reader-scs-kaas-read');
    kubectl(kubeconfig, ['apply', '-f', '-'], read);
    kubectl(kubeconfig, ['create', 'clusterrolebinding', 'viewer', '--clusterrole=view', '--serviceaccount=scs-kaas:viewer']);
  });

  /** Outcomes that differ from the administrator's. */
  const differences = (report: JsonReport): JsonReport['requirements'] => {
    const known = outcomesOf(admin);
    return report.requirements.filter((r) => known[r.id] !== r.outcome);
  };

  test('that has the two generated roles every outcome is the administrator’s', async () => {
    const report = await check(asAccount('scs-kaas'));
    expect(differences(report).map((r) => `${r.id}: ${r.outcome}: ${r.message}`)).toEqual([]);
    expect(report.missingPermissions).toEqual([]);
  });

  test.each(['reader', 'viewer'])('%s: every difference is an abort that names the permission', async (account) => {
    const report = await check(asAccount(account));
    const different = differences(report);
    expect(different.length).toBeGreaterThan(0);
    expect(different.filter((r) => r.outcome !== 'abort').map((r) => `${r.id}: ${r.outcome}: ${r.message}`)).toEqual([]);
    expect(different.filter((r) => !/grant [a-z]+ /.test(r.message)).map((r) => `${r.id}: ${r.message}`)).toEqual([]);
  });

  test('the reading role alone is useful, and the report says what the second would settle', async () => {
    const report = await check(asAccount('reader'));
    expect(report.requirements.filter((r) => r.outcome === 'pass' || r.outcome === 'fail').length).toBeGreaterThan(20);
    expect(report.missingPermissions.length).toBeGreaterThan(0);
    expect(report.missingPermissions.filter((p) => p.role !== 'ask')).toEqual([]);
  });

  const active = async (): Promise<JsonReport> => check(asAccount('scs-kaas'), '--tier', 'active', '--set', `probe.image=${probeImage}`);

  test('an active run without its role makes nothing, and names the rights', async () => {
    const events = audited().length;
    const report = await active();
    const matrix = report.requirements.find((r) => r.id === 'scs-0219-v1/network-policy');
    expect(matrix?.outcome).toBe('abort');
    expect(matrix?.message).toMatch(/nothing was made, as these rights are missing: .*delete namespaces.*; grant /);
    expect(report.missingPermissions.filter((p) => p.role === 'act').length).toBeGreaterThan(5);
    expect(storedSince(events)).toEqual([]);
  });

  test('with its role it acts, and gives everything back', async () => {
    kubectl(kubeconfig, ['apply', '-f', '-'], await manifest('--tier', 'active'));
    const [before, events] = [objects(kubeconfig), audited().length];
    const report = await active();
    expect(report.requirements.find((r) => r.id === 'scs-0219-v1/network-policy')).toMatchObject({
      outcome: 'missing',
      message: expect.stringContaining('the policy matrix held in') as unknown,
    });
    expect(report.requirements.find((r) => r.id === 'scs-0211-v2/read-write-once')).toMatchObject({ outcome: 'pass' });
    expect(report.missingPermissions).toEqual([]);
    expect(storedSince(events).length).toBeGreaterThan(20);
    expect(objects(kubeconfig)).toEqual(before);
  });
});

describe('a backup of etcd that the cluster shows', () => {
  const succeeded = (when: Date): void => {
    const status = JSON.stringify({ status: { lastSuccessfulTime: when.toISOString().replace(/\.\d+/, '') } });
    kubectl(kubeconfig, ['-n', 'kube-system', 'patch', 'cronjob', 'etcd-backup', '--subresource=status', '--type=merge', '-p', status]);
  };
  test.each([
    ['yesterday', 1, 'pass'],
    ['30 days ago', 30, 'fail'],
  ])('%s', async (_, days, outcome) => {
    succeeded(new Date(Date.now() - days * 86_400_000));
    expect(outcomesOf(await check(kubeconfig))['scs-0215-v1/etcd-backup']).toBe(outcome);
  });
});
