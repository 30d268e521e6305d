import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { defaultVolume, type DefaultVolume } from '../../src/facts/default-volume.js';
import { newRunId } from '../../src/probes/sandbox/identity.js';
import type { ProbeContext } from '../../src/probes/sandbox/sandbox.js';
import { createStorageProbe } from '../../src/probes/storage/index.js';
import { statusBody } from '../helpers/api-faults.js';
import { StorageCluster, storageClass, type StorageBehaviour } from '../helpers/storage-cluster.js';

let cluster: StorageCluster;
let log: string[];
let warnings: string[];

beforeEach(async () => {
  cluster = new StorageCluster();
  await cluster.start();
  [log, warnings] = [[], []];
});
afterEach(() => cluster.server.close());

const times = { classMs: 500, bindMs: 1_500, podMs: 3_000, growMs: 1_500, goneMs: 1_500 };

/** A run of the probe in that cluster, with what it may be told in the middle. */
const run = async (behaviour: Partial<StorageBehaviour> = {}, onChange: (change: string, cancel: () => void) => void = () => undefined) => {
  Object.assign(cluster.behaviour, behaviour);
  const { api, lasting, cancel, signal } = await cluster.api();
  cluster.onChange = (change) => onChange(change, cancel);
  const context: ProbeContext = {
    api,
    lasting,
    signal,
    run: newRunId(),
    image: 'registry.example/agnhost:1',
    nodes: 10,
    patienceMs: 20_000,
    log: (line) => log.push(line),
    step: () => undefined,
    onActing: () => undefined,
    warn: (warning) => warnings.push(warning),
  };
  const fact = await createStorageProbe(times).run(context, () => Promise.reject(new Error('no other fact is asked for')));
  return defaultVolume.schema.parse(fact);
};

const results = (seen: DefaultVolume): readonly string[] => [
  seen.claim.state,
  seen.written.result,
  seen.readElsewhere.result,
  seen.growth.result,
  seen.removal.result,
];
const nothing = ['not-tried', 'not-tried', 'not-tried', 'not-tried'];
const host = (name: string): object => ({
  hostPath: { path: '/var/volume' },
  nodeAffinity: {
    required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [name] }] }] },
  },
});

afterEach(() => {
  expect(cluster.left).toEqual([]);
  expect(warnings).toEqual([]);
});

test('network storage: every step comes to its end, and nothing of the driver’s attributes is shown', async () => {
  const seen = await run({ classes: [storageClass({ allowVolumeExpansion: true })] });
  expect(results(seen)).toEqual(['bound', 'same-content', 'same-content', 'grown', 'deleted']);
  expect([seen.written.node, seen.readElsewhere.node]).toEqual(['worker-1', 'worker-2']);
  expect(seen.volume).toMatchObject({
    source: 'csi',
    driver: 'csi.example.com',
    nodeAffinity: [],
    hosts: [],
    accessModes: ['ReadWriteOnce'],
  });
  expect(seen.growth).toMatchObject({ from: '1Gi', to: '2Gi' });
  expect(JSON.stringify(seen)).not.toContain('shown to nobody');
  expect(seen.ended).toBe('');
  expect(log.join('\n')).toMatch(
    /making a claim of 1Gi without a class \(it gets standard of csi\.example\.com\).*\n.*observed in [0-9.]+ s/,
  );
});

test('a class that binds at once: the claim is bound before a pod is made', async () => {
  const seen = await run({ classes: [storageClass({ volumeBindingMode: 'Immediate' })] });
  expect(results(seen)).toEqual(['bound', 'same-content', 'same-content', 'not-tried', 'deleted']);
  expect(seen.growth.why).toBe('the class does not allow it');
});

test('a directory of the host: the scheduler refuses the second node', async () => {
  const seen = await run({ volume: host, shared: false } as Partial<StorageBehaviour>);
  expect(results(seen)).toEqual(['bound', 'same-content', 'refused', 'not-tried', 'deleted']);
  expect(seen.volume).toMatchObject({ source: 'hostPath', nodeAffinity: ['kubernetes.io/hostname In worker-1'], hosts: ['worker-1'] });
  expect(seen.readElsewhere.why).toContain("didn't match PersistentVolume's node affinity");
});

test('one node: what could not be shown says why', async () => {
  const seen = await run({ nodes: ['worker-1'] });
  expect(results(seen)).toEqual(['bound', 'same-content', 'not-tried', 'not-tried', 'deleted']);
  expect(seen.readElsewhere.why).toBe('one node alone takes pods of this check');
});

test('a second node that finds other content', async () => {
  expect((await run({ otherContent: 'no such file' })).readElsewhere.result).toBe('other-content');
});

test('a second pod that somebody has put on the first node again proves nothing', async () => {
  expect((await run({ misplaces: true })).readElsewhere).toMatchObject({
    result: 'failed',
    why: expect.stringContaining('ran on worker-1 again'),
  });
});

test('a class that allows growth, and nothing grows', async () => {
  const seen = await run({ classes: [storageClass({ allowVolumeExpansion: true })], grows: false });
  expect(seen.growth).toMatchObject({ result: 'not-grown', from: '1Gi', to: '2Gi' });
});

test('Retain: the volume stays, and is then removed by us', async () => {
  const seen = await run({ classes: [storageClass({ reclaimPolicy: 'Retain' })] });
  expect(seen.removal.result).toBe('retained');
  expect(cluster.changes).toContain('PATCH persistentvolumes');
});

describe('what keeps a claim from being made', () => {
  test.each<readonly [string, Partial<StorageBehaviour>, string]>([
    ['no class', { classes: [] }, 'the cluster has no default StorageClass'],
    ['no default class', { classes: [storageClass({}, {})] }, 'the cluster has no default StorageClass'],
    [
      'a class without provisioner',
      { classes: [storageClass({ provisioner: 'kubernetes.io/no-provisioner' })] },
      'nothing makes volumes of',
    ],
    ['no node', { nodes: [] }, 'no node takes pods of this check'],
    [
      'volumes of others that a claim would take',
      { volumes: [{ metadata: { name: 'precious', uid: 'u' }, spec: { storageClassName: 'standard' }, status: { phase: 'Available' } }] },
      'a claim would take one of them instead of a new one: precious',
    ],
  ])('%s', async (_, behaviour, why) => {
    const seen = await run(behaviour);
    expect(results(seen)).toEqual(['not-made', ...nothing]);
    expect(seen.ended).toContain(why);
    expect(seen.written.why).toBe(seen.ended);
    expect(cluster.changes).toEqual([]);
  });

  const quota =
    'persistentvolumeclaims "volume" is forbidden: exceeded quota: none, requested: persistentvolumeclaims=1, used: 0, limited: 0';
  test.each([
    ['a quota of zero', 'POST persistentvolumeclaims', 403, quota, 'not-made'],
    ['a webhook that refuses claims', 'POST persistentvolumeclaims', 400, 'admission webhook "w" denied the request: no', 'not-made'],
    ['a quota that allows no pod', 'POST pods', 403, 'pods "writer" is forbidden: exceeded quota: none', 'pending'],
    ['a webhook that refuses namespaces', 'POST namespaces', 400, 'admission webhook "w" denied the request: no', 'not-made'],
  ])('%s', async (_, what, status, message, state) => {
    const seen = await run({ answers: { [what]: { status, body: statusBody(status, message) } } });
    expect(results(seen)).toEqual([state, ...nothing]);
    expect(seen.ended).toContain(message);
  });
});

describe('an image that cannot be pulled: two failures are the answer', () => {
  const status = (reason: string, message: string): object => ({
    phase: 'Pending',
    containerStatuses: [{ image: 'registry.example/agnhost:1', state: { waiting: { reason, message } } }],
  });
  /** As a kubelet does: a failure, a wait, the next failure; far quicker. */
  const unpulled = (nth: number): object =>
    nth % 2 === 0 ? status('ImagePullBackOff', 'Back-off pulling image') : status('ErrImagePull', 'no such host');
  const words =
    /^the image "registry\.example\/agnhost:1" cannot be pulled \(ErrImagePull\) on node worker-1: no such host\. Set `probe.registry` .*`probe.image` .*`probe.pullSecretFrom`/;

  test('on the node that writes: the volume is looked at all the same', async () => {
    const begin = performance.now();
    const seen = await run({ stuck: (_, nth) => unpulled(nth) as Record<string, unknown> });
    expect(results(seen)).toEqual(['bound', 'failed', 'not-tried', 'not-tried', 'deleted']);
    expect(seen.written.why).toMatch(words);
    expect(performance.now() - begin).toBeLessThan(times.podMs + 4_000);
  });

  test('of a class that binds at once', async () => {
    const seen = await run({
      classes: [storageClass({ volumeBindingMode: 'Immediate' })],
      stuck: (_, nth) => unpulled(nth) as Record<string, unknown>,
    });
    expect(seen.written.why).toMatch(words);
  });

  test('only on the node that reads: that one is named', async () => {
    const seen = await run({ stuck: (name, nth) => (name === 'reader' ? (unpulled(nth) as Record<string, unknown>) : undefined) });
    expect(results(seen)).toEqual(['bound', 'same-content', 'failed', 'not-tried', 'deleted']);
    expect(seen.readElsewhere.why).toContain('cannot be pulled (ErrImagePull) on node worker-2');
  });

  test('one failure, and then it runs', async () => {
    const seen = await run({ stuck: (_, nth) => (nth < 3 ? (unpulled(nth) as Record<string, unknown>) : undefined) });
    expect(results(seen)).toEqual(['bound', 'same-content', 'same-content', 'not-tried', 'deleted']);
  });

  test('one failure, and then a pull that hangs: it ends in its time, and says what failed', async () => {
    const seen = await run({ stuck: (_, nth) => (nth <= 2 ? unpulled(1) : unpulled(2)) as Record<string, unknown> });
    expect(seen.written).toMatchObject({
      result: 'failed',
      why: expect.stringMatching(/^it has not ended within 3 s: the image .*no such host/),
    });
  });
});

test('a claim that is never bound ends within its time, with the words of the events', async () => {
  const events = [
    { involvedObject: { name: 'volume' }, type: 'Normal', reason: 'ExternalProvisioning', message: 'waiting' },
    { involvedObject: { name: 'volume' }, type: 'Warning', reason: 'ProvisioningFailed', message: 'no\nspace' },
    { involvedObject: { name: 'other' }, type: 'Warning', reason: 'Odd', message: 'of something else' },
  ];
  const seen = await run({ binds: false, events });
  expect(results(seen)).toEqual(['pending', ...nothing]);
  expect(seen.ended).toBe('no volume was bound to the claim within 2 s, with a pod that uses it (ProvisioningFailed: no space)');
});

test('a claim that is never bound, and events that may not be read', async () => {
  const message = 'events is forbidden: User "u" cannot list resource "events"';
  const seen = await run({ binds: false, answers: { 'GET events': { status: 403, body: statusBody(403, message) } } });
  expect(seen.ended).toBe('no volume was bound to the claim within 2 s, with a pod that uses it');
});

test.each([
  ['while the claim is made', 'POST persistentvolumeclaims', 'not-made'],
  ['while the first pod is made', 'POST pods', 'pending'],
  ['while the first pod is removed', 'DELETE pods', 'bound'],
  ['while the claim is removed', 'DELETE persistentvolumeclaims', 'bound'],
])('a run that is ended %s keeps what it saw, and removes everything', async (_, what, state) => {
  const begin = performance.now();
  const seen = await run({}, (change, cancel) => change === what && cancel());
  expect(seen.claim.state).toBe(state);
  expect(seen.ended).toBe('the run was ended before everything was seen');
  if (state === 'bound') expect(seen.written.result).toBe('same-content');
  expect(performance.now() - begin).toBeLessThan(10_000);
});

test('an API server that is away for some seconds in the middle', async () => {
  let times = 0;
  const seen = await run({}, (change) => {
    if (change !== 'DELETE pods' || times++ > 0) return;
    cluster.away = true;
    setTimeout(() => (cluster.away = false), 3_000);
  });
  expect(results(seen)).toEqual(['bound', 'same-content', 'same-content', 'not-tried', 'deleted']);
});

test('rights that are missing are named before anything is made', async () => {
  cluster.server.route('POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { status: { allowed: false } });
  await expect(run()).rejects.toMatchObject({ reason: 'forbidden', message: expect.stringContaining('create persistentvolumeclaims') });
  expect(cluster.changes).toEqual([]);
});

test('events are asked for, and not insisted on', () => {
  expect(defaultVolume.permissions.map((p) => `${p.verb} ${p.resource ?? ''}`)).toContain('list events');
});
