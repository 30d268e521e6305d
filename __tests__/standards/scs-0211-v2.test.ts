import { describe, expect, test } from '@jest/globals';
import { defaultVolume, type DefaultVolume } from '../../src/facts/default-volume.js';
import { nodes } from '../../src/facts/nodes.js';
import type { StorageClass } from '../../src/facts/storage-classes.js';
import { scs0211v2 } from '../../src/standards/scs-0211-v2.js';
import { scs0211v1 } from '../../src/standards/scs-0211-v1.js';
import { csi, growth, pinned, readElsewhere, seen, unbound, untried, written } from '../helpers/default-volume.js';
import { settleOne } from '../helpers/settle.js';
import { cinder, forbidden, localPath, main, of, twoDefaults, storageFacts } from '../helpers/storage.js';
import { kubeadmTaints, node } from '../helpers/topology.js';

/** Two workers and a control plane that takes no pods. */
const someNodes = { [nodes.name]: [node('c1', {}, { taints: kubeadmTaints }), node('w1', {}), node('w2', {})] };
const v2 = (id: string, classes: unknown) => settleOne(scs0211v2.requirements, id, { ...storageFacts(classes), ...someNodes });

describe('default-class', () => {
  const rows: readonly (readonly [string, readonly StorageClass[], string, string])[] = [
    ['one default class', [main(localPath), of('other', cinder)], 'pass', 'The default StorageClass is "standard"'],
    ['one default class by the beta annotation', [main(cinder, { defaultBy: 'beta-annotation' })], 'pass', 'beta annotation'],
    ['no class at all', [], 'fail', 'The cluster has no StorageClass'],
    ['classes, and none is the default', [of('a', cinder), of('b', cinder)], 'fail', 'None of 2 StorageClasses is the default: "a", "b"'],
    ['two defaults', twoDefaults, 'fail', '"second", "standard"; a claim without a class gets the newest, "second"'],
    ['one default by each annotation', [main(cinder), of('old', cinder, { defaultBy: 'beta-annotation' })], 'fail', '2 StorageClasses'],
    ['a default class that provisions nothing', [main('kubernetes.io/no-provisioner')], 'fail', 'no provisioner'],
  ];
  test.each(rows)('%s', (_, classes, outcome, message) => {
    expect(v2('default-class', classes)).toMatchObject({ outcome, message: expect.stringContaining(message) });
  });

  test('classes that may not be listed', () => {
    expect(v2('default-class', forbidden).outcome).toBe('abort');
  });

  test('forty defaults are not all spelt out', () => {
    const many = Array.from({ length: 40 }, (_, i) => of(`c${i}`, cinder, { defaultBy: 'annotation' }));
    expect(v2('default-class', many).message).toContain('and 30 more');
  });
});

describe('where the volumes lie', () => {
  const rows: readonly (readonly [string, readonly StorageClass[], string])[] = [
    ['local paths', [main(localPath)], 'fail'],
    ['logical volumes of the node', [main('topolvm.io')], 'fail'],
    ['OpenEBS local', [main('openebs.io/local')], 'fail'],
    ['local paths by the Helm chart', [main('cluster.local/local-path-provisioner')], 'fail'],
    ['local paths by the Helm chart, in a release of another name', [main('cluster.local/fast-local-path-provisioner')], 'fail'],
    ['a name that only begins like that of the chart', [main('cluster.local/local-path-provisioner-for-nfs')], 'abort'],
    ['a name that only ends like that of the chart', [main('example.com/cluster.local/local-path-provisioner')], 'abort'],
    ['Cinder', [main(cinder)], 'pass'],
    ['Ceph by Rook, whose name has a prefix', [main('rook-ceph.rbd.csi.ceph.com')], 'pass'],
    ['a name that only ends like Ceph', [main('evil.com/rbd.csi.ceph.com')], 'abort'],
    ['an in-tree name', [main('kubernetes.io/aws-ebs')], 'pass'],
    ['Longhorn with three copies', [main('driver.longhorn.io', { parameters: { numberOfReplicas: '3' } })], 'pass'],
    ['Longhorn with one copy', [main('driver.longhorn.io', { parameters: { numberOfReplicas: '1' } })], 'fail'],
    ['Longhorn that does not say how many', [main('driver.longhorn.io')], 'abort'],
    ['Longhorn with a number that is none', [main('driver.longhorn.io', { parameters: { numberOfReplicas: 'many' } })], 'abort'],
    ['NFS, whose server may be anything', [main('nfs.csi.k8s.io')], 'abort'],
    ['a provisioner that nobody knows', [main('example.com/odd')], 'abort'],
    ['a provisioner named like a property of every object', [main('constructor')], 'abort'],
    ['two defaults, the newest of network storage', twoDefaults, 'pass'],
    [
      'two defaults, the newest of local paths',
      [main(localPath, { createdAt: '2026-11-23T19:00:01Z' }), of('a', cinder, { defaultBy: 'annotation' })],
      'fail',
    ],
    ['two defaults of one second: the first by name', [main(localPath), of('a', cinder, { defaultBy: 'annotation' })], 'pass'],
    ['local paths, not the default, beside Cinder', [of('a', localPath, { createdAt: '2026-11-24T00:00:00Z' }), main(cinder)], 'pass'],
    ['no default class', [of('a', cinder)], 'abort'],
    ['no class at all', [], 'abort'],
  ];
  test.each(rows)('%s', (_, classes, outcome) => {
    expect(v2('not-node-bound', classes).outcome).toBe(outcome);
    expect(v2('not-local', classes).outcome).toBe(outcome);
  });

  test('the class that is judged is named where it is not the only default', () => {
    expect(v2('not-node-bound', twoDefaults).message).toContain('StorageClass "second", the newest of 2 defaults');
  });

  test('without a default class there is nothing to judge', () => {
    expect(v2('not-local', [of('a', cinder)]).message).toContain('no default StorageClass to check');
  });

  test('an unknown provisioner is named, and the tier that settles it', () => {
    expect(v2('not-node-bound', [main('example.com/odd')]).message).toContain('example.com/odd');
    expect(scs0211v2.requirements.find((r) => r.id === 'not-node-bound')?.settledBy?.tier).toBe('active');
  });
});

describe('copies on several nodes take several nodes', () => {
  const longhorn = (numberOfReplicas: string) => [main('driver.longhorn.io', { parameters: { numberOfReplicas } })];
  const places = ['not-node-bound', 'not-local'];
  const rowsOf = (classes: unknown, seen: unknown) => {
    const facts = { ...storageFacts(classes), [nodes.name]: seen };
    return [scs0211v2, scs0211v1].flatMap(({ requirements }) => places.map((id) => settleOne(requirements, id, facts)));
  };
  const tainted = (...taints: readonly string[]) => node('n2', {}, { taints });
  const unrecorded = Object.fromEntries(Object.entries(node('n2', {})).filter(([key]) => key !== 'taints'));

  test.each<readonly [string, unknown, string, string]>([
    ['two nodes', [node('n1', {}), node('n2', {})], 'pass', 'driver.longhorn.io keeps 3 copies on several nodes'],
    ['two, one of them not ready at the moment', [node('n1', {}), tainted('node.kubernetes.io/not-ready')], 'pass', '3 copies'],
    ['one node', [node('n1', {})], 'abort', 'only the node n1 is known to take pods'],
    ['a worker and a control plane', [node('n1', {}), tainted(...kubeadmTaints)], 'abort', 'only the node n1'],
    ['a worker and a node for something else', [node('n1', {}), tainted('example.com/gpu')], 'abort', 'only the node n1'],
    ['a worker and a node that is none', [node('n1', {}), node('n2', {}, { standIn: 'virtual-kubelet' })], 'abort', 'only the node n1'],
    ['nodes of a snapshot without taints', [node('n1', {}), unrecorded], 'abort', 'only the node n1'],
    ['control planes only', [tainted(...kubeadmTaints)], 'abort', 'no node is known to take pods'],
    ['no node', [], 'abort', 'no node is known to take pods'],
    ['nodes that may not be listed', { unavailable: 'forbidden', detail: 'GET /api/v1/nodes: 403' }, 'abort', 'GET /api/v1/nodes: 403'],
  ])('%s', (_, seen, outcome, message) => {
    for (const row of rowsOf(longhorn('3'), seen)) expect(row).toMatchObject({ outcome, message: expect.stringContaining(message) });
    // One copy lies on one node, however many there are; network storage lies on none of them.
    for (const row of rowsOf(longhorn('1'), seen)) expect(row.outcome).toBe('fail');
    for (const row of rowsOf([main(cinder)], seen)) expect(row.outcome).toBe('pass');
  });

  test('a volume that was bound on the only node shows no second copy', () => {
    const volume = seen(csi('driver.longhorn.io'), { readElsewhere: untried('one node alone takes pods of this check') });
    const facts = { ...storageFacts(longhorn('3')), [nodes.name]: [node('n1', {})], [defaultVolume.name]: volume };
    for (const { requirements } of [scs0211v2, scs0211v1])
      for (const id of places) expect(settleOne(requirements, id, facts, undefined, 'active').outcome).toBe('abort');
  });
});

test.each([
  ['a class that can grow', [main(cinder, { expandable: true })], 'pass'],
  ['a class that cannot: an option that is not used', [main(cinder)], 'not-applicable'],
  ['two defaults, the newest can', twoDefaults, 'pass'],
  ['no default class', [of('a', cinder, { expandable: true })], 'abort'],
  ['forbidden', forbidden, 'abort'],
])('expandable: %s', (_, classes, outcome) => {
  expect(v2('expandable', classes).outcome).toBe(outcome);
});

test('whether a volume is ReadWriteOnce only a claim shows', () => {
  expect(v2('read-write-once', [main(cinder)]).outcome).toBe('missing');
});

test('it is a draft outside of the certificate scope', () => {
  expect([scs0211v2.status, scs0211v2.category]).toEqual(['draft', 'informative']);
});

describe('with a claim and pods of our own', () => {
  const ids = ['read-write-once', 'not-node-bound', 'not-local', 'expandable'];
  const settled = (volume: unknown, classes: unknown = [main('example.com/odd', { expandable: true })]) =>
    ids.map((id) => {
      const facts = { ...storageFacts(classes), ...someNodes, [defaultVolume.name]: volume };
      return settleOne(scs0211v2.requirements, id, facts, undefined, 'active');
    });
  const letters = (rows: ReturnType<typeof settled>): string =>
    rows.map((r) => (r.outcome === 'not-applicable' ? 'N' : (r.outcome[0]?.toUpperCase() ?? '?'))).join('');
  const hostPath = csi('', { source: 'hostPath', ...pinned });
  const zone = { nodeAffinity: ['topology.kubernetes.io/zone In nova'] };
  const refused = { ...readElsewhere, result: 'refused', why: 'volume node affinity conflict' } as const;
  const oneNode = untried('one node alone takes pods of this check');
  const stopped = 'the run was ended before everything was seen';

  const rows: readonly (readonly [string, DefaultVolume, string])[] = [
    ['Cinder, read by a second node of the zone', seen(csi(cinder, zone)), 'PPPP'],
    ['an unknown driver, read by a second node', seen(csi('csi.example.com')), 'PPAP'],
    ['local paths on a host', seen(hostPath, { provisioner: localPath, readElsewhere: refused }), 'PFFP'],
    ['an unknown driver that pins the host', seen(csi('csi.example.com', pinned)), 'PFAP'],
    ['a known local driver under a provisioner of another name', seen(csi('topolvm.io', pinned), { provisioner: 'x' }), 'PFFP'],
    ['a driver of network storage that pins the host', seen(csi(cinder, pinned)), 'PFAP'],
    ['two hosts, and the second reads', seen(csi('csi.example.com', { ...pinned, hosts: ['worker-1', 'worker-2'] })), 'PPAP'],
    ['a second node finds other content', seen(csi(cinder), { readElsewhere: { ...readElsewhere, result: 'other-content' } }), 'PFPP'],
    ['the scheduler refuses the second node', seen(csi(cinder), { readElsewhere: refused }), 'PFPP'],
    [
      'the second node fails to attach',
      seen(csi(cinder), { readElsewhere: { ...readElsewhere, result: 'failed', why: 'Multi-Attach' } }),
      'PAPP',
    ],
    ['NFS, whose server may be anything', seen(csi('', { source: 'nfs' }), { provisioner: 'nfs.csi.k8s.io' }), 'PPAP'],
    ['an in-tree volume of a cloud', seen(csi('', { source: 'cinder' }), { provisioner: 'kubernetes.io/cinder' }), 'PPPP'],
    ['one node, an unknown driver', seen(csi('csi.example.com'), { readElsewhere: oneNode }), 'PAAP'],
    ['a volume without ReadWriteOnce', seen(csi(cinder, { accessModes: ['ReadWriteMany'] })), 'FPPP'],
    [
      'the pod reads something else back',
      seen(csi(cinder), { written: { ...written, result: 'other-content' }, readElsewhere: oneNode }),
      'FAPP',
    ],
    [
      'the pod does not start',
      seen(csi(cinder), { written: { ...written, result: 'failed', why: 'its image cannot be pulled' }, readElsewhere: oneNode }),
      'AAPP',
    ],
    ['only the volume grew', seen(csi(cinder), { growth: { ...growth, result: 'volume-only' } }), 'PPPP'],
    ['it did not grow', seen(csi(cinder), { growth: { ...growth, result: 'not-grown' } }), 'PPPN'],
    ['growth was refused', seen(csi(cinder), { growth: { ...growth, result: 'refused', why: 'exceeded quota' } }), 'PPPN'],
    ['the driver cannot grow it', seen(csi(cinder), { growth: { ...growth, result: 'infeasible' } }), 'PPPN'],
    ['never bound, an unknown provisioner', unbound('no volume was bound', 'csi.example.com'), 'AAAP'],
    ['never bound, a name of network storage', unbound('no volume was bound', cinder), 'AAAP'],
    ['refused by a quota, a name of network storage', unbound('exceeded quota', cinder, 'not-made'), 'AAAP'],
    ['ended by the user, when nothing was bound', unbound(stopped, cinder), 'AAAP'],
    [
      'ended by the user, when a volume was bound',
      seen(csi(cinder), {
        written: untried(stopped),
        readElsewhere: untried(stopped),
        growth: { ...untried(stopped), from: '', to: '' },
        ended: stopped,
      }),
      'AAPP',
    ],
  ];
  test.each(rows)('%s', (_, volume, outcomes) => {
    expect(letters(settled(volume))).toBe(outcomes);
  });

  test('never bound, a name of local storage: that alone settles where it lies', () => {
    const classes = [main(localPath)];
    expect(letters(settled(unbound('no volume was bound', localPath), classes))).toBe('AFFN');
  });

  test('one node, and a name of network storage: the name settles it', () => {
    const facts = seen(csi(cinder), { readElsewhere: oneNode });
    const [, bound] = settled(facts, [main(cinder, { expandable: true })]);
    expect(bound).toMatchObject({ outcome: 'pass', rung: 'read' });
  });

  test('a name of network storage for a volume of something else is no pass', () => {
    const facts = seen(csi('csi.example.com'), { provisioner: cinder });
    expect(settled(facts, [main(cinder)])[2]?.outcome).toBe('abort');
  });

  test('Longhorn: the class says how many copies', () => {
    const facts = seen(csi('driver.longhorn.io'));
    const [, , one] = settled(facts, [main('driver.longhorn.io', { parameters: { numberOfReplicas: '1' } })]);
    const [, , three] = settled(facts, [main('driver.longhorn.io', { parameters: { numberOfReplicas: '3' } })]);
    expect([one?.outcome, three?.outcome]).toEqual(['fail', 'pass']);
  });

  test('a class that does not allow growth', () => {
    const facts = seen(csi(cinder), { expandable: false, growth: { ...untried('the class does not allow it'), from: '', to: '' } });
    expect(settled(facts, [main(cinder)])[3]).toMatchObject({ outcome: 'not-applicable', rung: 'read' });
  });

  test('no default class: there is nothing to judge', () => {
    const facts = {
      ...unbound('no claim was made: the cluster has no default StorageClass', '', 'not-made'),
      storageClass: '',
      expandable: false,
    };
    expect(letters(settled(facts, [of('a', cinder)]))).toBe('AAAA');
    expect(settled(facts, [of('a', cinder)])[1]?.message).toContain('no default StorageClass to check');
  });

  test('without the rights to act, what is read counts as ever, and the rights are named', () => {
    const rows = settled({ unavailable: 'forbidden', detail: 'nothing was made' }, [main(cinder)]);
    expect(rows.map((r) => r.outcome)).toEqual(['abort', 'pass', 'pass', 'not-applicable']);
    expect(rows[0]?.message).toContain('grant ');
  });

  test('every step is in the evidence', () => {
    const [first] = settled(seen(hostPath, { provisioner: localPath, readElsewhere: refused }));
    const evidence = first?.evidence.map((e) => `${e.source}: ${e.observed}`).join('\n');
    expect(evidence).toContain('PersistentVolume pvc-1: ReadWriteOnce; 1Gi; on hostPath; for kubernetes.io/hostname In worker-1; Delete');
    expect(evidence).toContain('refused on worker-2 (5.0 s): volume node affinity conflict');
    expect(evidence).toContain('grows from 1Gi to 2Gi: grown (3.0 s)');
  });
});
