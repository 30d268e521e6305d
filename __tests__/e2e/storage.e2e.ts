import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import {
  down,
  environment,
  kubectl,
  objects,
  outcomesOf,
  probeImage,
  program,
  scsKaas,
  up,
  type Ended,
  type JsonReport,
} from './support.js';

let kubeconfig = '';
let before: readonly string[] = [];

beforeAll(() => {
  kubeconfig = up('storage');
});
afterAll(() => {
  down('storage');
  rmSync(shared, { recursive: true, force: true });
});

/** What both workers see as /shared: see clusters/storage.yaml. */
const shared = '/tmp/scs-kaas-e2e-shared';

const defaultMark = 'storageclass.kubernetes.io/is-default-class';
const mark = (name: string, value: 'true' | 'false'): void => {
  kubectl(kubeconfig, ['annotate', 'storageclass', name, '--overwrite', `${defaultMark}=${value}`]);
};

/** Adds a default class; it goes after the test. */
const addClass = (name: string, fields: Readonly<Record<string, unknown>>): void => {
  const metadata = { name, annotations: { [defaultMark]: 'true' }, labels: { test: 'storage' } };
  const body = { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata, ...fields };
  kubectl(kubeconfig, ['create', '-f', '-'], JSON.stringify(body));
};
const localPath = { provisioner: 'rancher.io/local-path', volumeBindingMode: 'WaitForFirstConsumer', reclaimPolicy: 'Delete' };

/** A default class alone. */
const onlyClass = (name: string, fields: Readonly<Record<string, unknown>>): void => {
  mark('standard', 'false');
  addClass(name, fields);
};

/** All objects, but for what the tests themselves add and take away. */
const others = (): readonly string[] => objects(kubeconfig).filter((line) => !/^(StorageClass|ValidatingAdmissionPolicy)/.test(line));

beforeEach(() => {
  before = others();
});
afterEach(async () => {
  mark('standard', 'true');
  kubectl(kubeconfig, ['delete', 'storageclasses,validatingadmissionpolicies,validatingadmissionpolicybindings', '-l', 'test=storage']);
  for (const node of ['storage-worker', 'storage-worker2']) kubectl(kubeconfig, ['uncordon', node]);
  // A provisioner's own helper goes a moment after the volume.
  for (let i = 0; i < 20 && others().join() !== before.join(); i++) await sleep(500);
  expect(others()).toEqual(before);
});

const words = (): readonly string[] => [
  ...['check', '--kubeconfig', kubeconfig, '--format', 'json', '--offline', '--fail-on', 'never', '--tier', 'active'],
  ...['--standards', 'scs-0211-v2,scs-0211-v1', '--set', `probe.image=${probeImage}`],
];

interface Checked {
  readonly report: JsonReport;
  readonly outcomes: Readonly<Record<string, string>>;
  readonly seconds: number;
  readonly message: (id: string) => string;
  readonly seen: (source: string) => string;
  readonly log: string;
}

const toChecked = ({ stdout, stderr }: Ended, seconds: number): Checked => {
  const report = JSON.parse(stdout) as JsonReport;
  const of = (id: string) => report.requirements.find((r) => r.id === `scs-0211-v2/${id}`);
  const evidence = report.requirements.flatMap((r) => r.evidence);
  return {
    report,
    outcomes: outcomesOf(report),
    seconds,
    message: (id) => of(id)?.message ?? '',
    seen: (source) => evidence.find((e) => e.source.startsWith(source))?.observed ?? '',
    log: stderr,
  };
};

const check = async (...more: readonly string[]): Promise<Checked> => {
  const begin = performance.now();
  // The test's own words instead of the usual ones of the same name.
  const usual = words().filter((word, i, all) => !more.includes(word) && !more.includes(all[i - 1] ?? ''));
  const ended = await scsKaas([...usual, ...more]);
  if (ended.code !== 0) throw new Error(`scs-kaas ended with ${ended.code}: ${ended.stderr}`);
  return toChecked(ended, (performance.now() - begin) / 1_000);
};

const v2 = ['default-class', 'read-write-once', 'not-node-bound', 'not-local', 'expandable'].map((id) => `scs-0211-v2/${id}`);
const v1 = ['default-class', 'read-write-once', 'hardware-failure', 'not-node-bound', 'not-local'].map((id) => `scs-0211-v1/${id}`);
const letters: Readonly<Record<string, string>> = { pass: 'P', fail: 'F', abort: 'A', missing: 'M', 'not-applicable': 'N' };
/** The outcomes of version 2, and those of version 1. */
const inLetters = ({ outcomes }: Checked): string =>
  [v2, v1].map((ids) => ids.map((id) => letters[outcomes[id] ?? ''] ?? '?').join('')).join(' ');

test('the class of the test bed: bound to its node, and local, within a minute', async () => {
  const checked = await check();
  expect(inLetters(checked)).toBe('PPFFN PPFFF');
  expect(checked.message('not-node-bound')).toMatch(
    /kubernetes\.io\/hostname In storage-worker2?\).*does not let storage-worker2? have it/,
  );
  expect(checked.message('not-local')).toContain('(hostPath)');
  expect(checked.report.requirements.filter((r) => r.rung === 'act').length).toBe(9);
  expect(checked.seen('the claim is deleted')).toMatch(/^deleted/);
  expect(checked.log).toMatch(/storage: observed in [0-9.]+ s, given back after [0-9.]+ s/);
  expect(checked.seconds).toBeLessThan(60);
  expect(checked.report.caveats.filter((caveat) => !caveat.startsWith('This is a kind cluster'))).toEqual([]);
});

test('a service account with exactly the generated roles sees the same', async () => {
  const manifest = (await scsKaas(['permissions', '--tier', 'active', '--standards', 'scs-0211-v2,scs-0211-v1'])).stdout;
  kubectl(kubeconfig, ['apply', '-f', '-'], manifest);
  const directory = mkdtempSync(join(tmpdir(), 'scs-kaas-e2e-'));
  try {
    const token = kubectl(kubeconfig, ['-n', 'scs-kaas', 'create', 'token', 'scs-kaas', '--duration=30m']).trim();
    const config = parse(kubectl(kubeconfig, ['config', 'view', '--raw', '-o', 'yaml'])) as { users: { user: object }[] };
    for (const user of config.users) user.user = { token };
    const own = join(directory, 'kubeconfig');
    writeFileSync(own, stringify(config), { mode: 0o600 });
    const checked = await check('--kubeconfig', own);
    expect(inLetters(checked)).toBe('PPFFN PPFFF');
    expect(checked.report.missingPermissions).toEqual([]);
    expect(checked.report.caveats.filter((caveat) => !caveat.startsWith('This is a kind cluster'))).toEqual([]);
  } finally {
    rmSync(directory, { recursive: true });
    kubectl(kubeconfig, ['delete', '-f', '-'], manifest);
  }
});

test('a class without provisioner: nothing is made, and nobody waits', async () => {
  onlyClass('by-hand', { provisioner: 'kubernetes.io/no-provisioner', volumeBindingMode: 'WaitForFirstConsumer' });
  const checked = await check();
  expect(inLetters(checked)).toBe('FAAAN FAAAA');
  expect(checked.message('read-write-once')).toContain('nothing makes volumes of the default StorageClass by-hand');
  expect(checked.seconds).toBeLessThan(20);
});

test('two default classes: the newest is tried', async () => {
  await sleep(1_100);
  addClass('second', localPath);
  const checked = await check();
  expect(inLetters(checked)).toBe('FPFFN FPFFF');
  expect(checked.message('read-write-once')).toContain('StorageClass second (rancher.io/local-path)');
});

test('no default class: nothing is made', async () => {
  mark('standard', 'false');
  const checked = await check();
  expect(inLetters(checked)).toBe('FAAAA AAAAA');
  expect(checked.message('read-write-once')).toContain('the cluster has no default StorageClass');
  expect(checked.seconds).toBeLessThan(20);
});

test('Retain: the volume stays, as it should, and is removed by us', async () => {
  onlyClass('kept', { ...localPath, reclaimPolicy: 'Retain' });
  const checked = await check();
  expect(inLetters(checked)).toBe('PPFFN PPFFF');
  expect(checked.seen('the claim is deleted')).toMatch(/^retained/);
  expect(checked.report.caveats.filter((caveat) => !caveat.startsWith('This is a kind cluster'))).toEqual([]);
});

test('Immediate, of a provisioner that does not support it: never bound, with the provisioner’s words', async () => {
  onlyClass('at-once', { ...localPath, volumeBindingMode: 'Immediate' });
  const checked = await check();
  expect(inLetters(checked)).toBe('AAFFN AAFFF');
  expect(checked.message('read-write-once')).toMatch(
    /^no volume was bound to the claim within 60 s \(ProvisioningFailed: .*no node was specified/,
  );
  expect(checked.report.requirements.filter((r) => r.outcome === 'pass' && r.rung === 'act')).toEqual([]);
});

test('a class that allows growth, of a provisioner that does not grow: no pass', async () => {
  onlyClass('growing', { ...localPath, allowVolumeExpansion: true });
  const checked = await check();
  expect(inLetters(checked)).toBe('PPFFN PPFFF');
  expect(checked.message('expandable')).toMatch(/Option not used: .* a volume of 1Gi did not grow within 30/);
});

test('an image that cannot be pulled: the volume is judged, its use is not', async () => {
  const checked = await check('--set', 'probe.image=127.0.0.1:1/nothing:1');
  expect(inLetters(checked)).toBe('PAFFN PAFFF');
  expect(checked.message('read-write-once')).toMatch(
    /the image "127\.0\.0\.1:1\/nothing:1" cannot be pulled \(ErrImagePull\) on node storage-worker.*`probe\.registry`.*`probe\.image`/,
  );
  // Two failed pulls are an answer.
  expect(Number(/^failed on \S+ \(([\d.]+) s\)/.exec(checked.seen('a pod writes and reads back'))?.[1])).toBeLessThanOrEqual(45);
});

test('admission that refuses claims: in its own words', async () => {
  const metadata = { name: 'no-claims', labels: { test: 'storage' } };
  const group = 'admissionregistration.k8s.io/v1';
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['persistentvolumeclaims'] };
  const spec = { matchConstraints: { resourceRules: [rule] }, validations: [{ expression: 'false', message: 'claims need a ticket' }] };
  const objectsToMake = [
    { apiVersion: group, kind: 'ValidatingAdmissionPolicy', metadata, spec },
    {
      apiVersion: group,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata,
      spec: { policyName: 'no-claims', validationActions: ['Deny'] },
    },
  ];
  for (const body of objectsToMake) kubectl(kubeconfig, ['create', '-f', '-'], JSON.stringify(body));
  await sleep(5_000);
  const checked = await check();
  expect(inLetters(checked)).toBe('PAFFN PAFFF');
  expect(checked.message('read-write-once')).toContain('claims need a ticket');
  expect(checked.seconds).toBeLessThan(40);
});

test('no node takes pods: nothing is made, and each node is named with its reason', async () => {
  for (const node of ['storage-worker', 'storage-worker2']) kubectl(kubeconfig, ['cordon', node]);
  const checked = await check();
  expect(inLetters(checked)).toBe('PAFFN PAFFF');
  expect(checked.message('read-write-once')).toMatch(
    /no node takes pods of this check: storage-control-plane .*storage-worker \(cordoned\)/,
  );
});

interface Claim {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly uid: string };
  readonly spec: { readonly storageClassName?: string; readonly resources: { readonly requests: { readonly storage: string } } };
}
interface Volume {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly storageClassName?: string; readonly capacity: { readonly storage: string } };
  readonly status: { readonly phase: string };
}

/** What a provisioner of network storage does, once: volumes in a directory that both workers share, larger where it is asked for. */
const provisionShared = (storageClass: string): void => {
  const all = (kind: string): readonly (Claim | Volume)[] =>
    (JSON.parse(kubectl(kubeconfig, ['get', kind, '-A', '-o', 'json'])) as { items: (Claim | Volume)[] }).items.filter(
      (one) => one.spec.storageClassName === storageClass,
    );
  const patch = (what: readonly string[], body: object): void => {
    kubectl(kubeconfig, ['patch', ...what, '--type=merge', '-p', JSON.stringify(body)]);
  };
  const volumes = all('persistentvolumes') as readonly Volume[];
  for (const { metadata, status } of volumes)
    if (status.phase === 'Released') kubectl(kubeconfig, ['delete', 'persistentvolume', metadata.name]);
  for (const { metadata, spec } of all('persistentvolumeclaims') as readonly Claim[]) {
    const { name, namespace, uid } = metadata;
    const capacity = spec.resources.requests;
    const volume = volumes.find((v) => v.metadata.name === `pvc-${uid}`);
    if (volume === undefined) {
      const path = join(shared, `pvc-${uid}`);
      mkdirSync(path);
      chmodSync(path, 0o777);
      const body = {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name: `pvc-${uid}`, annotations: { 'pv.kubernetes.io/provisioned-by': 'example.org/shared' } },
        spec: {
          accessModes: ['ReadWriteOnce'],
          capacity,
          storageClassName: storageClass,
          persistentVolumeReclaimPolicy: 'Delete',
          claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, uid },
          hostPath: { path: `/shared/pvc-${uid}`, type: 'Directory' },
        },
      };
      kubectl(kubeconfig, ['create', '-f', '-'], JSON.stringify(body));
    } else if (volume.spec.capacity.storage !== capacity.storage) {
      patch(['persistentvolume', volume.metadata.name], { spec: { capacity } });
      patch(['persistentvolumeclaim', name, '-n', namespace, '--subresource=status'], { status: { capacity } });
    }
  }
};

test('storage that two nodes share, made by the test: the second reads what the first wrote, and it grows', async () => {
  onlyClass('shared', { provisioner: 'example.org/shared', volumeBindingMode: 'WaitForFirstConsumer', allowVolumeExpansion: true });
  const running = check();
  const ended = new AbortController();
  void running.finally(() => ended.abort()).catch(() => undefined);
  while (!ended.signal.aborted) {
    // A namespace may go between the look and the change.
    try {
      provisionShared('shared');
    } catch {
      // The next round sees it as it is then.
    }
    await sleep(500);
  }
  const checked = await running;
  expect(inLetters(checked)).toBe('PPPFP PPFPF');
  expect(checked.message('not-node-bound')).toMatch(/storage-worker2? read what storage-worker2? had written/);
  expect(checked.message('expandable')).toMatch(/A volume of .* grew from 1Gi to 2Gi/);
  expect(checked.seen('the claim is deleted')).toMatch(/^deleted/);
});

test('a volume that somebody made in advance is left alone', async () => {
  onlyClass('shared', { provisioner: 'example.org/shared', volumeBindingMode: 'WaitForFirstConsumer' });
  const spec = { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, storageClassName: 'shared', hostPath: { path: '/shared' } };
  const body = { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'precious' }, spec };
  kubectl(kubeconfig, ['create', '-f', '-'], JSON.stringify(body));
  try {
    const checked = await check();
    expect(inLetters(checked)).toBe('PAAAN PAAAA');
    expect(checked.message('read-write-once')).toContain('stand ready, and a claim would take one of them instead of a new one: precious');
    expect(kubectl(kubeconfig, ['get', 'persistentvolume', 'precious', '-o', 'jsonpath={.status.phase}'])).toBe('Available');
  } finally {
    kubectl(kubeconfig, ['delete', 'persistentvolume', 'precious']);
  }
});

test.each([2_000, 6_000, 10_000])('ended by SIGTERM after %d ms of acting: what was seen is kept, and nothing is left', async (ms) => {
  const ended = await new Promise<Ended>((done) => {
    const child = spawn(process.execPath, [program, ...words()], { env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (!stderr.includes('storage: making') && (stderr + text).includes('storage: making')) setTimeout(() => child.kill('SIGTERM'), ms);
      stderr += text;
    });
    child.on('close', (code) => {
      done({ code, stdout, stderr });
    });
  });
  const checked = toChecked(ended, 0);
  expect(checked.message('read-write-once')).toMatch(
    /the run was ended before everything was seen|a pod on .* wrote to it and read it back/,
  );
  expect(ended.stderr).toContain('storage: observed in');
});
