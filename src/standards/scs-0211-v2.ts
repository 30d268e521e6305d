import { defineStandard } from '../model/requirement.js';
import { judgeExpandable, judgePlace, localStorage, nodeBound } from './support/default-storage.js';
import { judgeGrowth, judgeNodeBound, judgeReadWriteOnce, judgeSource } from './support/default-volume.js';
import { byClass, byPlace, byVolume, defaultClassLadder, redundancy } from './support/storage-ladder.js';

const failureSafe = '#recommended-non-performance-related-properties';
const claim = 'the tier `active` makes a claim and a pod that uses it, looks at the volume that was bound, and removes all three';

/** https://docs.scs.community/standards/scs-0211-v2-kaas-default-storage-class */
export const scs0211v2 = defineStandard({
  id: 'scs-0211-v2',
  title: 'KaaS default storage class',
  scope: 'info',
  status: 'draft',
  url: 'https://docs.scs.community/standards/scs-0211-v2-kaas-default-storage-class',
  requirements: [
    {
      id: 'default-class',
      level: 'MUST',
      title: 'There is one default storage class',
      clause: '#decision',
      remediation:
        'Annotate exactly one StorageClass with storageclass.kubernetes.io/is-default-class: "true", take the annotation off every other one, and let it have a provisioner.',
      ladder: defaultClassLadder(),
      settledBy: { tier: 'active', how: `${claim}: a volume shows that the driver of the class is there.` },
      configuredBy: ['storageclass.kubernetes.io/is-default-class', 'is-default-class', 'StorageClass', 'storageClass'],
    },
    {
      id: 'read-write-once',
      level: 'SHOULD',
      title: 'Volumes of the default class can be mounted ReadWriteOnce',
      clause: failureSafe,
      remediation: 'Choose a default StorageClass whose provisioner offers the access mode ReadWriteOnce.',
      ladder: [byVolume(judgeReadWriteOnce)],
      settledBy: { tier: 'active', how: `${claim}: it must list ReadWriteOnce.` },
      configuredBy: ['StorageClass', 'storageClass', 'provisioner'],
    },
    {
      id: 'not-node-bound',
      level: 'SHOULD',
      title: 'Volumes of the default class outlive the node',
      clause: failureSafe,
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
      level: 'SHOULD',
      title: 'Volumes of the default class lie on no local or ephemeral storage',
      clause: failureSafe,
      remediation: 'Let the default StorageClass use a provisioner of network storage that is redundant over hosts.',
      ladder: [byVolume(judgeSource), ...byPlace((classes, drivers, nodes) => judgePlace(classes, drivers, nodes, localStorage))],
      settledBy: { tier: 'active', how: `${claim}: its source must be neither local nor hostPath.` },
      configuredBy: ['provisioner', 'StorageClass', 'storageClass'],
    },
    {
      id: 'expandable',
      level: 'MAY',
      title: 'Volumes of the default class can grow',
      clause: failureSafe,
      remediation: 'To use this option, set allowVolumeExpansion: true on the default StorageClass, if its driver supports it.',
      ladder: [byVolume(judgeGrowth), ...byClass(judgeExpandable)],
      configuredBy: ['allowVolumeExpansion', 'StorageClass', 'storageClass'],
    },
    redundancy(failureSafe),
  ],
});
