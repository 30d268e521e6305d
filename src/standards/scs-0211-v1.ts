import type { StorageClass } from '../facts/storage-classes.js';
import { defaultsOf } from '../facts/support/default-class.js';
import { abort, type Answer } from '../model/outcome.js';
import { defineStandard } from '../model/requirement.js';
import { judgePlace, type NodesSeen } from './support/default-storage.js';
import { judgeHostLoss } from './support/default-volume.js';
import type { Drivers } from './support/storage-drivers.js';
import { byPlace, byVolume, provisionedBy, storageRequirements } from './support/storage-ladder.js';

const clause = '#required-non-performance-related-properties';

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
  const place = judgePlace({ met: '', broken: 'loses a volume with the host that it lies on' }, classes, drivers, nodes);
  return place.outcome === 'fail' || place.outcome === 'abort'
    ? place
    : abort('The cluster does not show whether the storage keeps its data through the loss of a disk or a host', place.evidence);
};

const { defaultClass, readWriteOnce, notNodeBound, notLocal, redundant } = storageRequirements({
  level: 'MUST',
  clause,
  titles: {
    defaultClass: 'The default storage class is marked by its annotation',
    notLocal: 'Volumes of the default class do not lie on the node itself',
  },
  classes: ifAny,
});

/** https://docs.scs.community/standards/scs-0211-v1-kaas-default-storage-class; in force until version 2, a draft, replaces it. */
export const scs0211v1 = defineStandard({
  id: 'scs-0211-v1',
  title: 'KaaS default storage class',
  category: 'informative',
  status: 'stable',
  url: 'https://docs.scs.community/standards/scs-0211-v1-kaas-default-storage-class',
  requirements: [
    defaultClass,
    readWriteOnce,
    {
      id: 'hardware-failure',
      level: 'MUST',
      title: 'Volumes of the default class survive the loss of one disk or host',
      clause,
      remediation: 'Let the default StorageClass use storage that keeps each volume redundantly over disks and hosts.',
      ladder: [byVolume(judgeHostLoss), ...byPlace(judgeProtection)],
      settledBy: {
        statement: true,
        nextStep: 'Provide a statement of the provider about the redundancy of the storage behind the default class.',
      },
      configuredBy: provisionedBy,
    },
    notNodeBound,
    notLocal,
    redundant,
  ],
});
