import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { cleanUpRuns, type CleanUp } from '../../../src/probes/sandbox/clean-up.js';
import { ownLabels } from '../../../src/probes/sandbox/identity.js';
import { SandboxCluster } from '../../helpers/sandbox-cluster.js';
import { hurry } from '../../helpers/hurry.js';

afterAll(hurry(5));
const [run, other] = ['abcdefghij', 'klmnopqrst'];
let cluster: SandboxCluster;
beforeEach(async () => {
  cluster = new SandboxCluster();
  await cluster.start();
});
afterEach(() => cluster.server.close());

const cleanUp = async (options: Partial<CleanUp> = {}, runs: readonly string[] = [run]) =>
  cleanUpRuns((await cluster.api()).api, runs, { signal: new AbortController().signal, volumes: true, ...options });

const names = (): readonly string[] => [...cluster.namespaces.keys()].sort();

describe('namespaces', () => {
  test('those of the run go, those of others stay', async () => {
    cluster.hold(run, 'a');
    cluster.hold(run, 'b');
    cluster.hold(other, 'a');
    cluster.put('default');
    expect(await cleanUp()).toEqual({ removed: ['scs-kaas-abcdefghij-a', 'scs-kaas-abcdefghij-b'], warnings: [] });
    expect(names()).toEqual(['default', 'scs-kaas-klmnopqrst-a']);
  });

  test('someone else’s with our labels, with our name, or with the name of another run are not touched', async () => {
    const foreign = [
      cluster.put('payments', { labels: { ...ownLabels(run) } }),
      cluster.put('scs-kaas-abcdefghij-mine', { labels: { team: 'x' } }),
      cluster.put('scs-kaas-klmnopqrst-x', { labels: { ...ownLabels(run) } }),
      cluster.put('scs-kaas-abcdefghij-', { labels: { ...ownLabels(run) } }),
    ];
    expect(await cleanUp()).toEqual({ removed: [], warnings: [] });
    expect(names()).toEqual(foreign.map((n) => n.name).sort());
    expect(cluster.changes).toEqual([]);
  });

  test('of two probes of one run each gives back its own', async () => {
    cluster.hold(run, 'net');
    cluster.hold(run, 'disk');
    expect(await cleanUp({ only: ['scs-kaas-abcdefghij-net'] })).toMatchObject({ removed: ['scs-kaas-abcdefghij-net'] });
    expect(names()).toEqual(['scs-kaas-abcdefghij-disk']);
  });

  test('one whose labels an admission webhook has changed is given back by its name', async () => {
    cluster.put('scs-kaas-abcdefghij-net', { labels: { 'app.kubernetes.io/managed-by': 'policy-engine' } });
    expect(await cleanUp({ only: ['scs-kaas-abcdefghij-net'] })).toEqual({ removed: ['scs-kaas-abcdefghij-net'], warnings: [] });
  });

  test('one that a finalizer keeps is named with what keeps it, and the others go', async () => {
    cluster.hold(run, 'a', 0, { stuck: 'Some content has finalizers remaining: example.org/hold in 1 resource instances' });
    cluster.hold(run, 'b');
    const { removed, warnings } = await cleanUp({ maxMs: 5_000 });
    expect(removed).toEqual(['scs-kaas-abcdefghij-b']);
    expect(warnings.join()).toMatch(
      /^1 namespace of this check is still there after \d+ s: scs-kaas-abcdefghij-a \(Some content .*example.org\/hold/,
    );
    expect(warnings.join()).toContain('kubectl delete namespace scs-kaas-abcdefghij-a');
  });

  test('one whose removal is refused for good is named soon, and the others go', async () => {
    const refuses = { status: 403, body: { message: 'admission webhook "keep" denied the request: never' } };
    cluster.hold(run, 'a', 0, { refuses });
    cluster.hold(run, 'b');
    const begin = performance.now();
    const { removed, warnings } = await cleanUp({ removalMs: 5_000 });
    expect(performance.now() - begin).toBeLessThan(20_000);
    expect(removed).toEqual(['scs-kaas-abcdefghij-b']);
    expect(warnings.join()).toContain('admission webhook "keep" denied');
  });

  test('one whose removal a webhook keeps while it starts anew goes when it is back', async () => {
    const held = cluster.hold(run, 'a', 0, { refuses: { status: 500, body: { message: 'failed calling webhook "keep": refused' } } });
    setTimeout(() => delete held.refuses, 4_000);
    expect(await cleanUp()).toEqual({ removed: ['scs-kaas-abcdefghij-a'], warnings: [] });
  });

  test('an answer that never came: the namespace that appears later is found', async () => {
    setTimeout(() => cluster.hold(run, 'late'), 1_000);
    expect(await cleanUp({ unsureMs: 7_500 })).toEqual({ removed: ['scs-kaas-abcdefghij-late'], warnings: [] });
  });

  test('texts of the cluster stay in one line', async () => {
    cluster.hold(run, 'a', 0, { stuck: 'one\ntwo\u001b[31m\u202e' });
    const { warnings } = await cleanUp({ maxMs: 3_000 });
    expect(warnings.join()).toContain('one two [31m');
  });
});

describe('an API server that is away', () => {
  test('for a while: everything goes when it is back', async () => {
    cluster.hold(run, 'a');
    cluster.away = true;
    setTimeout(() => (cluster.away = false), 2_000);
    expect(await cleanUp()).toEqual({ removed: ['scs-kaas-abcdefghij-a'], warnings: [] });
  });

  test('in the middle: the removal that was asked for is waited for', async () => {
    cluster.terminationMs = 1_500;
    cluster.hold(run, 'a');
    setTimeout(() => (cluster.away = true), 500);
    setTimeout(() => (cluster.away = false), 2_500);
    expect(await cleanUp()).toEqual({ removed: ['scs-kaas-abcdefghij-a'], warnings: [] });
  });

  test('for ever: what may be left is said by name, with the command', async () => {
    cluster.hold(run, 'a');
    cluster.away = true;
    const { warnings } = await cleanUp({ maxMs: 1_500, only: ['scs-kaas-abcdefghij-a'] });
    expect(warnings.join()).toMatch(
      /What this check made in scs-kaas-abcdefghij-a may still be there: .*scs-kaas cleanup, or: kubectl delete namespace scs-kaas-abcdefghij-a/,
    );
  });

  test('for ever, and nobody knows the names: the command selects them', async () => {
    cluster.away = true;
    const { warnings } = await cleanUp({ maxMs: 1_000 });
    expect(warnings.join()).toContain('kubectl delete namespace --selector app.kubernetes.io/managed-by=scs-kaas,scs-kaas/run=abcdefghij');
  });

  test('the time is over before all is gone: what is left is said', async () => {
    cluster.terminationMs = 60_000;
    cluster.hold(run, 'a');
    const { warnings } = await cleanUp({ signal: AbortSignal.timeout(5_000) });
    expect(warnings.join()).toContain('scs-kaas-abcdefghij-a may still be there: it was not gone');
  });
});

test('a right for the namespaces that is missing is told after a while, with the command', async () => {
  cluster.hold(run, 'a');
  cluster.forbidden.add('list namespaces');
  const { warnings } = await cleanUp({ maxMs: 1_000 });
  expect(warnings.join()).toMatch(/cannot list resource "namespaces".*kubectl delete namespace --selector/);
});

describe('volumes', () => {
  const space = 'scs-kaas-abcdefghij-disk';

  test.each(['Delete', 'Retain'] as const)('of a class that says %s go with their claim', async (policy) => {
    cluster.hold(run, 'disk');
    const { name } = cluster.provision(space, policy);
    cluster.provision('payments', 'Retain');
    expect(await cleanUp()).toEqual({ removed: [space, name], warnings: [] });
    expect(cluster.volumes.size).toBe(1);
  });

  test('one of a namespace that is gone already goes too', async () => {
    const { name } = cluster.provision(space, 'Retain');
    expect(await cleanUp()).toEqual({ removed: [name], warnings: [] });
  });

  test('of someone else’s namespace with a name as ours have it is not touched', async () => {
    cluster.put(space, { labels: { team: 'x' } });
    cluster.provision(space, 'Retain');
    expect(await cleanUp()).toEqual({ removed: [], warnings: [] });
    expect(cluster.changes).toEqual([]);
  });

  test('that was there before our claim bound it is not given to any provisioner, and is named', async () => {
    cluster.hold(run, 'disk');
    for (const held of [
      { name: 'by-hand', namespace: space, claim: '11111111-0000', policy: 'Retain' },
      { name: 'pvc-of-another', namespace: space, claim: '22222222-0000', policy: 'Retain', provisioner: 'example.org/disk' },
    ] as const)
      cluster.volumes.set(held.name, { ...held });
    const { removed, warnings } = await cleanUp();
    expect(removed).toEqual([space]);
    expect([...cluster.volumes.values()].map((v) => v.policy)).toEqual(['Retain', 'Retain']);
    expect(warnings.join('\n')).toMatch(/by-hand, which was there before.*kubectl patch persistentvolume by-hand/);
    expect(warnings.join('\n')).toContain('pvc-of-another');
  });

  test('that a provisioner brings after its claim is gone is waited for', async () => {
    cluster.hold(run, 'disk');
    const claim = '33333333-4444-5555-6666-777777777777';
    cluster.claims.set(space, [claim]);
    setTimeout(() => cluster.provision(space, 'Retain', claim), 2_000);
    expect(await cleanUp()).toEqual({ removed: [space, `pvc-${claim}`], warnings: [] });
  });

  test.each([
    ['Retain', /^A provisioner was at work on 1 claim of this check .*scs-kaas cleanup$/],
    ['Delete', /^$/],
  ] as const)('that may come later yet: of a class that says %s', async (policy, told) => {
    cluster.reclaimPolicy = policy;
    cluster.hold(run, 'disk');
    cluster.claims.set(space, ['33333333-4444-5555-6666-777777777777']);
    const { removed, warnings } = await cleanUp();
    expect(removed).toEqual([space]);
    expect(warnings.join()).toMatch(told);
  });

  test('that a provisioner does not let go is named', async () => {
    cluster.reclaimMs = 60_000;
    cluster.hold(run, 'disk');
    const { name } = cluster.provision(space, 'Delete');
    const { removed, warnings } = await cleanUp({ maxMs: 7_500 });
    expect(removed).toEqual([space]);
    expect(warnings.join()).toMatch(
      new RegExp(`1 volume of this check is still there after \\d+ s: ${name}.*kubectl delete persistentvolume ${name}`),
    );
  });

  test('that may not be looked at keep no namespace', async () => {
    cluster.hold(run, 'a');
    cluster.forbidden.add('list persistentvolumes');
    const { removed, warnings } = await cleanUp();
    expect(removed).toEqual(['scs-kaas-abcdefghij-a']);
    expect(warnings.join()).toMatch(/^Whether volumes of this check are left could not be looked at .*cannot list/);
  });

  test('with a name that is a path are not asked for', async () => {
    cluster.hold(run, 'disk');
    const claim = '33333333-4444-5555-6666-777777777777';
    const name = `../namespaces/default?pvc-${claim}`;
    cluster.volumes.set(name, { name, namespace: space, claim, policy: 'Retain', provisioner: 'x' });
    expect(await cleanUp()).toEqual({ removed: [space], warnings: [] });
    expect(cluster.changes).toEqual([`DELETE /api/v1/namespaces/${space}`]);
  });
});
