import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { csiDrivers } from '../../src/facts/csi-drivers.js';
import { csiNodes } from '../../src/facts/csi-nodes.js';
import { defaultVolume, type DefaultVolume } from '../../src/facts/default-volume.js';
import { storageClasses, type StorageClass } from '../../src/facts/storage-classes.js';
import { unavailableReasons, type Facts } from '../../src/model/fact.js';
import { scs0211v1 } from '../../src/standards/scs-0211-v1.js';
import { scs0211v2 } from '../../src/standards/scs-0211-v2.js';
import { csi, seen, unbound } from '../helpers/default-volume.js';
import { settle, settleOne } from '../helpers/settle.js';
import { cinder, forbidden, installed, localPath, main, of, storageFacts } from '../helpers/storage.js';

const ids = ['default-class', 'not-node-bound', 'not-local', 'expandable'] as const;
const outcomesOf = (facts: Facts, tier: 'light' | 'active' = 'light'): string =>
  ids.map((id) => settleOne(scs0211v2.requirements, id, facts, undefined, tier).outcome).join(' ');
const growing = { expandable: true };
const pending = (provisioner: string) => unbound('no volume was bound to the claim within 60 s, with a pod that uses it', provisioner);

/** Classes whose volumes a CSI driver makes, and the CSIDriver object that shows it. */
const byDriver: readonly (readonly [provisioner: string, driver: string])[] = [
  ['kubernetes.io/aws-ebs', 'ebs.csi.aws.com'],
  ['kubernetes.io/azure-disk', 'disk.csi.azure.com'],
  ['kubernetes.io/azure-file', 'file.csi.azure.com'],
  ['kubernetes.io/cinder', cinder],
  ['kubernetes.io/gce-pd', 'pd.csi.storage.gke.io'],
  ['kubernetes.io/vsphere-volume', 'csi.vsphere.vmware.com'],
  [cinder, cinder],
  ['csi.hetzner.cloud', 'csi.hetzner.cloud'],
  ['efs.csi.aws.com', 'efs.csi.aws.com'],
  ['rook-ceph.rbd.csi.ceph.com', 'rook-ceph.rbd.csi.ceph.com'],
];

describe('a default class of network storage', () => {
  test.each(byDriver)('%s: its driver %s is there', (provisioner, driver) => {
    expect(outcomesOf(storageFacts([main(provisioner, growing)], [driver]))).toBe('pass pass pass pass');
  });

  test.each(byDriver)('%s: its driver %s is not there, and makes no volumes', (provisioner, driver) => {
    const facts = storageFacts([main(provisioner, growing)], ['csi.example.com', `x-${driver}`]);
    expect(outcomesOf(facts)).toBe('abort abort abort abort');
    const row = settleOne(scs0211v2.requirements, 'not-local', facts);
    expect(row.message).toContain(`has no CSIDriver object ${driver}`);
    expect(row.evidence.at(-1)).toEqual({
      source: 'GET /apis/storage.k8s.io/v1/csinodes',
      observed: `csi.example.com, x-${driver}`,
    });
    expect(row.evidence.at(-2)?.observed).toBe(`csi.example.com, x-${driver}`);
  });

  test.each(byDriver)('%s: the CSIDriver objects cannot be listed', (provisioner) => {
    const facts = storageFacts([main(provisioner, growing)], forbidden);
    expect(outcomesOf(facts)).toBe('abort abort abort abort');
    expect(settleOne(scs0211v2.requirements, 'default-class', facts).message).toContain('grant list csidrivers.storage.k8s.io');
  });

  test.each(byDriver)('%s: its object is there, and no node runs its driver %s', (provisioner, driver) => {
    for (const running of [[], ['csi.example.com', `x-${driver}`]]) {
      const facts = storageFacts([main(provisioner, growing)], [driver], running);
      expect(outcomesOf(facts)).toBe('abort abort abort abort');
      for (const id of ids) expect(settleOne(scs0211v2.requirements, id, facts).message).toMatch(/CSI driver .* runs on no node/);
    }
  });

  test.each(byDriver)('%s: the CSINodes cannot be listed', (provisioner, driver) => {
    for (const unavailable of unavailableReasons.filter((reason) => reason !== 'not-recorded')) {
      const facts = storageFacts([main(provisioner, growing)], [driver], { unavailable, detail: 'GET /it: 410 gone' });
      expect(outcomesOf(facts)).toBe('abort abort abort abort');
    }
    const facts = storageFacts([main(provisioner, growing)], [driver], forbidden);
    expect(settleOne(scs0211v2.requirements, 'default-class', facts).message).toMatch(
      /grant list csinodes\.storage\.k8s\.io; .* runs on a node is not known/,
    );
  });

  test.each(byDriver)('%s: nobody asked for the CSINodes, and its driver %s has its object', (provisioner, driver) => {
    const classes = [main(provisioner, growing)];
    const before = { [storageClasses.name]: classes, [csiDrivers.name]: [driver] };
    expect(outcomesOf(before)).toBe('pass pass pass pass');
    const unknown = { unavailable: 'not-found', detail: 'GET /apis/storage.k8s.io/v1/csinodes: 404' };
    expect(outcomesOf({ ...before, [csiNodes.name]: unknown })).toBe('pass pass pass pass');
    expect(outcomesOf({ ...before, [csiDrivers.name]: [], [csiNodes.name]: unknown })).toBe('abort abort abort abort');
  });

  test('a recording that was made before they were read: no better', () => {
    expect(outcomesOf({ [storageClasses.name]: [main('kubernetes.io/cinder', growing)] })).toBe('abort abort abort abort');
  });
});

test('a driver for local storage that no node runs has no volumes that could be local', () => {
  const outcomes = (drivers: unknown, running: unknown): string =>
    outcomesOf(storageFacts([main('topolvm.io', growing)], drivers, running));
  expect(outcomes(['topolvm.io'], ['topolvm.io'])).toBe('pass fail fail pass');
  expect(outcomes(['topolvm.io'], [])).toBe('abort abort abort abort');
  expect(outcomes(forbidden, [])).toBe('abort abort abort abort');
  expect(outcomes(['topolvm.io'], forbidden)).toBe('abort fail fail abort');
});

test.each([
  ['NFS, whose server may be anything', main('nfs.csi.k8s.io')],
  ['a virtual machine’s storage', main('csi.kubevirt.io')],
  ['Longhorn that does not say how many copies', main('driver.longhorn.io')],
  ['a driver that is not known here', main('csi.example.com')],
])('a row that stays open doubts no driver that was seen: %s', (_, storageClass) => {
  const { provisioner } = storageClass;
  for (const { requirements } of [scs0211v1, scs0211v2])
    for (const id of ['not-node-bound', 'not-local']) {
      const row = settleOne(requirements, id, storageFacts([storageClass], [provisioner]));
      expect(row.outcome).toBe('abort');
      expect(row.message).toMatch(/^The default StorageClass "standard" /);
      expect(row.message).not.toMatch(/;|Whether|CSI driver/);
    }
});

test.each(['kubernetes.io/glusterfs', 'kubernetes.io/rbd', 'kubernetes.io/storageos'])(
  '%s was removed from Kubernetes, whatever drivers are there',
  (provisioner) => {
    expect(outcomesOf(storageFacts([main(provisioner, growing)], installed))).toBe('abort abort abort abort');
  },
);

describe('a class whose volumes are made by hand, which may lie anywhere', () => {
  const byHand = [main('kubernetes.io/no-provisioner', growing)];
  const all = ['default-class', 'hardware-failure', 'not-node-bound', 'not-local'];
  const ofV1 = (facts: Facts, tier: 'light' | 'active' = 'light'): string =>
    all.map((id) => settleOne(scs0211v1.requirements, id, facts, undefined, tier).outcome).join(' ');

  test.each([[[]], [installed], [forbidden]])('only that it makes none is sure, with the drivers %j', (drivers) => {
    expect(outcomesOf(storageFacts(byHand, drivers))).toBe('fail abort abort abort');
    expect(ofV1(storageFacts(byHand, drivers))).toBe('fail abort abort abort');
    expect(settleOne(scs0211v2.requirements, 'not-local', storageFacts(byHand, drivers)).message).toContain('made by hand');
  });

  test('nor does a run show more in which no claim could be made', () => {
    const volume = unbound('nothing makes volumes of the default StorageClass', 'kubernetes.io/no-provisioner', 'not-made');
    expect(ofV1({ ...storageFacts(byHand), [defaultVolume.name]: volume }, 'active')).toBe('fail abort abort abort');
  });
});

test.each([
  ['local paths register no driver', localPath, 'pass fail fail pass'],
  ['a directory of minikube’s node', 'k8s.io/minikube-hostpath', 'pass fail fail pass'],
  ['OpenEBS local volumes', 'openebs.io/local', 'pass fail fail pass'],
  ['directories of an NFS server', 'k8s-sigs.io/nfs-subdir-external-provisioner', 'pass abort abort pass'],
  ['a provisioner that nobody knows', 'example.com/odd', 'pass abort abort pass'],
  ['one that nobody knows, with the word of CSI names', 'example.com/csi.disk', 'pass abort abort pass'],
])('%s: the absence of CSIDriver objects says nothing', (_, provisioner, outcomes) => {
  expect(outcomesOf(storageFacts([main(provisioner, growing)], []))).toBe(outcomes);
  expect(outcomesOf(storageFacts([main(provisioner, growing)], forbidden))).toBe(outcomes);
  expect(outcomesOf(storageFacts([main(provisioner, growing)], installed, []))).toBe(outcomes);
  expect(outcomesOf(storageFacts([main(provisioner, growing)], [], forbidden))).toBe(outcomes);
});

describe('a provisioner that is not known here, and has the form of a CSI name', () => {
  const surely = ['linstor.csi.linbit.com', 'pxd.portworx.com', 'ebs.csi.eks.amazonaws.com', 'csi.example.com', 'seaweedfs-csi-driver'];
  const maybe = ['nfs-client', 'nfs.example.com', 'constructor'];

  test.each([...surely, ...maybe])('%s: its driver is there', (provisioner) => {
    expect(outcomesOf(storageFacts([main(provisioner, growing)], [provisioner]))).toBe('pass abort abort pass');
  });

  test.each([...surely, ...maybe])('%s: without the object nothing shows that it makes volumes', (provisioner) => {
    const facts = storageFacts([main(provisioner, growing)], installed);
    expect(outcomesOf(facts)).toBe('abort abort abort abort');
    expect(settleOne(scs0211v2.requirements, 'default-class', facts).message).toContain(`has no CSIDriver object ${provisioner}`);
    expect(outcomesOf(storageFacts([main(provisioner, growing)], forbidden))).toBe('abort abort abort abort');
  });

  test('a claim that stays pending refutes only what is a CSI driver for sure', () => {
    const outcomeOf = (provisioner: string): string => {
      const facts = { ...storageFacts([main(provisioner)], installed), [defaultVolume.name]: pending(provisioner) };
      return settleOne(scs0211v2.requirements, 'default-class', facts, undefined, 'active').outcome;
    };
    expect(surely.map(outcomeOf)).toEqual(surely.map(() => 'fail'));
    expect(maybe.map(outcomeOf)).toEqual(maybe.map(() => 'abort'));
  });
});

test('what is wrong with the classes themselves stays wrong, whatever drivers are there', () => {
  for (const classes of [[], [of('a', cinder)], [main(cinder), of('b', cinder, { defaultBy: 'annotation' })]])
    for (const drivers of [[], [cinder], forbidden])
      expect(settleOne(scs0211v2.requirements, 'default-class', storageFacts(classes, drivers)).outcome).toBe('fail');
});

test('a class that does not allow growth does not use that option, whether its driver is there or not', () => {
  for (const drivers of [[], [cinder], forbidden])
    expect(settleOne(scs0211v2.requirements, 'expandable', storageFacts([main(cinder)], drivers)).outcome).toBe('not-applicable');
});

describe('with a claim of our own', () => {
  const gp2 = 'kubernetes.io/aws-ebs';
  const early = (run: DefaultVolume): DefaultVolume => ({ ...run, claim: { state: 'pending', requested: '1Gi', why: '', tookMs: 0 } });
  const other = (run: DefaultVolume): DefaultVolume => ({ ...run, storageClass: 'other' });
  const ebs = 'ebs.csi.aws.com';
  const rows: readonly (readonly [string, string, unknown, unknown, string, running?: unknown])[] = [
    ['the object is there, no node runs the driver, and the claim stays pending', gp2, [ebs], pending(gp2), 'fail', []],
    ['the same with a volume', gp2, [ebs], seen(csi(ebs), { provisioner: gp2 }), 'pass', []],
    ['the same, and no claim was made', gp2, [ebs], unbound('exceeded quota', gp2, 'not-made'), 'abort', []],
    ['the same, and the run ended before the claim had its time', gp2, [ebs], early(pending(gp2)), 'abort', []],
    ['whether a node runs it is not known, and the claim stays pending', gp2, [ebs], pending(gp2), 'abort', forbidden],
    ['the same with a volume', gp2, [ebs], seen(csi(ebs), { provisioner: gp2 }), 'pass', forbidden],
    ['a node runs it without its object, and the claim stays pending', gp2, [], pending(gp2), 'abort', [ebs]],
    ['the objects cannot be listed, no node runs the driver, and the claim stays pending', gp2, forbidden, pending(gp2), 'fail', []],
    ['no driver, and the claim stays pending', gp2, [], pending(gp2), 'fail'],
    ['a removed in-tree name, and the claim stays pending', 'kubernetes.io/rbd', [], pending('kubernetes.io/rbd'), 'fail'],
    ['no CSIDriver object, and a volume all the same', gp2, [], seen(csi('ebs.csi.aws.com'), { provisioner: gp2 }), 'pass'],
    ['the objects cannot be listed, and a volume', gp2, forbidden, seen(csi('ebs.csi.aws.com'), { provisioner: gp2 }), 'pass'],
    ['the objects cannot be listed, and the claim stays pending', gp2, forbidden, pending(gp2), 'abort'],
    ['the driver is there, and the claim stays pending', gp2, ['ebs.csi.aws.com'], pending(gp2), 'abort'],
    ['the driver is there, and a volume', cinder, [cinder], seen(csi(cinder)), 'pass'],
    ['the driver is there, and no claim was made', cinder, [cinder], unbound('exceeded quota', cinder, 'not-made'), 'pass'],
    ['the driver is there, and a claim of another class stays pending', gp2, ['ebs.csi.aws.com'], other(pending(gp2)), 'abort'],
    ['the driver is there, and a claim of another class was bound', cinder, [cinder], other(seen(csi(cinder))), 'pass'],
    ['the driver is there, and the run ended before the claim had its time', cinder, [cinder], early(pending(cinder)), 'abort'],
    ['a program of its own, and the claim stays pending', localPath, [], pending(localPath), 'abort'],
    ['a program of its own, and a volume', localPath, [], seen(csi('', { source: 'hostPath' }), { provisioner: localPath }), 'pass'],
    ['a program of its own, and no claim was made', localPath, [], unbound('exceeded quota', localPath, 'not-made'), 'pass'],
    ['a provisioner that nobody knows, and the claim stays pending', 'example.com/odd', [], pending('example.com/odd'), 'abort'],
    ['no driver, and no claim was made', gp2, [], unbound('exceeded quota', gp2, 'not-made'), 'abort'],
    ['no driver, and the run ended before the claim had its time', gp2, [], early(pending(gp2)), 'abort'],
    ['no driver, and a claim of another class', gp2, [], other(pending(gp2)), 'abort'],
    ['no driver, and a claim of another class was bound', gp2, [], other(seen(csi('ebs.csi.aws.com'))), 'abort'],
    ['no driver, and no right to act', gp2, [], { unavailable: 'forbidden', detail: 'nothing was made' }, 'abort'],
  ];
  const filled = rows.map(([what, provisioner, drivers, volume, outcome, running = drivers]) => ({
    what,
    provisioner,
    drivers,
    volume,
    outcome,
    running,
  }));
  test.each(filled)('$what', ({ provisioner, drivers, volume, outcome, running }) => {
    const facts = { ...storageFacts([main(provisioner)], drivers, running), [defaultVolume.name]: volume };
    for (const { requirements } of [scs0211v2, scs0211v1])
      expect(settleOne(requirements, 'default-class', facts, undefined, 'active').outcome).toBe(outcome);
  });

  test('nothing but a volume, or no claim at all, lets a class pass', () => {
    const volumes = [pending, (name: string) => early(pending(name)), (name: string) => other(pending(name))];
    for (const provisioner of [...byDriver.map(([name]) => name), localPath, 'example.com/odd', 'nfs-client', 'kubernetes.io/rbd'])
      for (const drivers of [[], byDriver.map(([, driver]) => driver), forbidden])
        for (const volume of volumes) {
          const facts = { ...storageFacts([main(provisioner)], drivers), [defaultVolume.name]: volume(provisioner) };
          for (const { requirements } of [scs0211v2, scs0211v1])
            expect(settleOne(requirements, 'default-class', facts, undefined, 'active').outcome).toMatch(/^(?:abort|fail)$/);
        }
  });

  test('the note on the beta annotation stays beside what a claim got', () => {
    const facts = { ...storageFacts([main(cinder, { defaultBy: 'beta-annotation' })]), [defaultVolume.name]: seen(csi(cinder)) };
    const row = settleOne(scs0211v2.requirements, 'default-class', facts, undefined, 'active');
    expect(row).toMatchObject({ outcome: 'pass', rung: 'act', message: expect.stringMatching(/beta annotation.*got a volume of it/) });
  });

  test('a claim that stays pending is quoted', () => {
    const becauseOf = (drivers: unknown): string => {
      const facts = { ...storageFacts([main(gp2)], drivers), [defaultVolume.name]: pending(gp2) };
      return settleOne(scs0211v2.requirements, 'default-class', facts, undefined, 'active').message;
    };
    expect(becauseOf(['ebs.csi.aws.com'])).toMatch(
      /^The default StorageClass is "standard"; a claim without a class got no volume: no volume was bound/,
    );
    expect(becauseOf(forbidden)).toMatch(
      /grant list csidrivers.*A claim without a class got no volume: .*Whether the cluster has the CSI driver/,
    );
    expect(becauseOf([])).toMatch(
      /no CSIDriver object ebs\.csi\.aws\.com \(which serves kubernetes\.io\/aws-ebs\): .*got no volume: no volume was bound to the claim within 60 s/,
    );
  });
});

test('not to know the drivers, or fewer of them, never helps', () => {
  const provisioners = [
    ...byDriver.map(([name]) => name),
    'topolvm.io',
    'driver.longhorn.io',
    localPath,
    'example.com/odd',
    'kubernetes.io/rbd',
    'linstor.csi.linbit.com',
    'nfs-client',
  ];
  const anyClass = fc.record<Pick<StorageClass, 'provisioner' | 'expandable' | 'defaultBy'>>({
    provisioner: fc.constantFrom(...provisioners),
    expandable: fc.boolean(),
    defaultBy: fc.constantFrom('annotation', 'beta-annotation', 'none'),
  });
  const good = ['pass', 'not-applicable'];
  const rowsOf = (classes: readonly unknown[], drivers: unknown, running: unknown) => {
    const facts = storageFacts(classes, drivers, running);
    return [...Object.values(settle(scs0211v2.requirements, facts)), ...Object.values(settle(scs0211v1.requirements, facts))];
  };
  let better = 0;
  const someDrivers = fc.subarray(byDriver.map(([, driver]) => driver));
  fc.assert(
    fc.property(fc.array(anyClass, { maxLength: 3 }), someDrivers, someDrivers, fc.nat(), (some, drivers, running, i) => {
      const classes = some.map((c, n) => of(`c${n}`, c.provisioner, c));
      const whole = rowsOf(classes, drivers, running);
      better += whole.filter((row) => row.outcome === 'pass').length;
      const lessOf = (names: readonly string[]) => [forbidden, names.filter((_, n) => n !== i % Math.max(1, names.length))];
      const hidden = [
        ...lessOf(drivers).map((less) => rowsOf(classes, less, running)),
        ...lessOf(running).map((less) => rowsOf(classes, drivers, less)),
        rowsOf(classes, forbidden, forbidden),
      ];
      for (const rows of hidden)
        for (const [n, row] of rows.entries())
          if (good.includes(row.outcome))
            expect([row.id, whole[n]?.outcome]).toEqual([row.id, expect.stringMatching(/^(?:pass|not-applicable)$/)]);
    }),
  );
  expect(better).toBeGreaterThan(0);
});

test('objects and CSINodes are read with rights of their own', () => {
  for (const [fact, resource] of [
    [csiDrivers, 'csidrivers'],
    [csiNodes, 'csinodes'],
  ] as const)
    expect(fact.permissions).toEqual([expect.objectContaining({ role: 'read', verb: 'list', group: 'storage.k8s.io', resource })]);
});
