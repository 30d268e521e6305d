import { defaultVolume, type DefaultVolume } from '../facts/default-volume.js';
import { storageClasses } from '../facts/storage-classes.js';
import type { Answer } from '../model/outcome.js';
import { act, defineStandard, read } from '../model/requirement.js';
import { judgeDefaultClass, judgeExpandable, judgePlace, localStorage, nodeBound } from './support/default-storage.js';
import { judgeGrowth, judgeNodeBound, judgeReadWriteOnce, judgeSource } from './support/default-volume.js';

const failureSafe = '#recommended-non-performance-related-properties';
const claim = 'the tier `active` makes a claim and a pod that uses it, looks at the volume that was bound, and removes all three';

const byVolume = (judge: (seen: DefaultVolume) => Answer) => act({ defaultVolume }, (facts) => judge(facts.defaultVolume));

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
      ladder: [read({ storageClasses }, (facts) => judgeDefaultClass(facts.storageClasses))],
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
      ladder: [byVolume(judgeNodeBound), read({ storageClasses }, (facts) => judgePlace(facts.storageClasses, nodeBound))],
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
      ladder: [byVolume(judgeSource), read({ storageClasses }, (facts) => judgePlace(facts.storageClasses, localStorage))],
      settledBy: { tier: 'active', how: `${claim}: its source must be neither local nor hostPath.` },
      configuredBy: ['provisioner', 'StorageClass', 'storageClass'],
    },
    {
      id: 'expandable',
      level: 'MAY',
      title: 'Volumes of the default class can grow',
      clause: failureSafe,
      remediation: 'Set allowVolumeExpansion: true on the default StorageClass, where its provisioner supports it.',
      ladder: [byVolume(judgeGrowth), read({ storageClasses }, (facts) => judgeExpandable(facts.storageClasses))],
      configuredBy: ['allowVolumeExpansion', 'StorageClass', 'storageClass'],
    },
  ],
});
