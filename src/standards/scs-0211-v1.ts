import type { StorageClass } from '../facts/storage-classes.js';
import { defaultsOf } from '../facts/support/default-class.js';
import { abort, type Answer } from '../model/outcome.js';
import { defineStandard } from '../model/requirement.js';
import { judgePlace, localStorage, nodeBound, type NodesSeen } from './support/default-storage.js';
import { judgeHostLoss, judgeNodeBound, judgeReadWriteOnce, judgeSource } from './support/default-volume.js';
import type { Drivers } from './support/storage-drivers.js';
import { byPlace, byVolume, defaultClassLadder, redundancy } from './support/storage-ladder.js';

const properties = '#required-non-performance-related-properties';
const claim = 'the tier `active` makes a claim and a pod that uses it, looks at the volume that was bound, and removes all three';

/**
 * Version 1 says how a default class is marked and what it must be like; only version 2 demands that there is one, and says so itself.
 * Without a marked class it cannot be seen whether the provider has a default class without its mark, or none: no pass and no fail.
 */
const ifAny = (classes: readonly StorageClass[], judge: () => Answer): Answer =>
  defaultsOf(classes).length === 0
    ? abort(
        'No StorageClass is marked as default; version 1 of the standard does not demand a default class, and the cluster does not show whether one lacks its mark',
      )
    : judge();

/** Local storage is lost with its host; that other storage survives a disk or a host, no name can prove. */
const judgeProtection = (classes: readonly StorageClass[], drivers: Drivers, nodes: NodesSeen): Answer => {
  const place = judgePlace(classes, drivers, nodes, { met: '', broken: 'loses a volume with the host that it lies on' });
  return place.outcome === 'fail' || place.outcome === 'abort'
    ? place
    : abort('The cluster does not show whether the storage keeps its data through the loss of a disk or a host', place.evidence);
};

/** https://docs.scs.community/standards/scs-0211-v1-kaas-default-storage-class; in force until version 2, a draft, replaces it. */
export const scs0211v1 = defineStandard({
  id: 'scs-0211-v1',
  title: 'KaaS default storage class',
  scope: 'info',
  status: 'stable',
  url: 'https://docs.scs.community/standards/scs-0211-v1-kaas-default-storage-class',
  requirements: [
    {
      id: 'default-class',
      level: 'MUST',
      title: 'The default storage class is marked by its annotation',
      clause: '#decision',
      remediation:
        'Annotate exactly one StorageClass with storageclass.kubernetes.io/is-default-class: "true", take the annotation off every other one, and let it have a provisioner.',
      ladder: defaultClassLadder(ifAny),
      settledBy: { tier: 'active', how: `${claim}: a volume shows that the driver of the class is there.` },
      configuredBy: ['storageclass.kubernetes.io/is-default-class', 'is-default-class', 'StorageClass', 'storageClass'],
    },
    {
      id: 'read-write-once',
      level: 'MUST',
      title: 'Volumes of the default class can be mounted ReadWriteOnce',
      clause: properties,
      remediation: 'Choose a default StorageClass whose provisioner offers the access mode ReadWriteOnce.',
      ladder: [byVolume(judgeReadWriteOnce)],
      settledBy: { tier: 'active', how: `${claim}: it must list ReadWriteOnce.` },
      configuredBy: ['StorageClass', 'storageClass', 'provisioner'],
    },
    {
      id: 'hardware-failure',
      level: 'MUST',
      title: 'Volumes of the default class survive the loss of one disk or host',
      clause: properties,
      remediation: 'Let the default StorageClass use storage that keeps each volume redundantly over disks and hosts.',
      ladder: [byVolume(judgeHostLoss), ...byPlace(judgeProtection)],
      settledBy: {
        statement: true,
        how: 'Hand in a statement of the provider about the redundancy of the storage behind the default class.',
      },
      configuredBy: ['provisioner', 'StorageClass', 'storageClass'],
    },
    {
      id: 'not-node-bound',
      level: 'MUST',
      title: 'Volumes of the default class outlive the node',
      clause: properties,
      remediation:
        'Let the default StorageClass use a provisioner whose volumes another node can attach, e.g. Cinder CSI, instead of one for local paths.',
      ladder: [byVolume(judgeNodeBound), ...byPlace((classes, drivers, nodes) => judgePlace(classes, drivers, nodes, nodeBound))],
      settledBy: {
        tier: 'active',
        how: `${claim}: no node affinity of the volume may name a host, and a second node must read what the first wrote.`,
      },
      configuredBy: ['provisioner', 'StorageClass', 'storageClass'],
    },
    {
      id: 'not-local',
      level: 'MUST',
      title: 'Volumes of the default class do not lie on the node itself',
      clause: properties,
      remediation: 'Let the default StorageClass use a provisioner of network storage that is redundant over hosts.',
      ladder: [byVolume(judgeSource), ...byPlace((classes, drivers, nodes) => judgePlace(classes, drivers, nodes, localStorage))],
      settledBy: { tier: 'active', how: `${claim}: its source must be neither local nor hostPath.` },
      configuredBy: ['provisioner', 'StorageClass', 'storageClass'],
    },
    redundancy(properties),
  ],
});
