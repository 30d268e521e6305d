import { defineStandard } from '../model/requirement.js';
import { judgeExpandable } from './support/default-storage.js';
import { judgeGrowth } from './support/default-volume.js';
import { byClass, byVolume, storageRequirements } from './support/storage-ladder.js';

const clause = '#recommended-non-performance-related-properties';
const { defaultClass, readWriteOnce, notNodeBound, notLocal, redundant } = storageRequirements({
  level: 'SHOULD',
  clause,
  titles: {
    defaultClass: 'There is one default storage class',
    notLocal: 'Volumes of the default class lie on no local or ephemeral storage',
  },
});

/** https://docs.scs.community/standards/scs-0211-v2-kaas-default-storage-class */
export const scs0211v2 = defineStandard({
  id: 'scs-0211-v2',
  title: 'KaaS default storage class',
  category: 'informative',
  status: 'draft',
  url: 'https://docs.scs.community/standards/scs-0211-v2-kaas-default-storage-class',
  requirements: [
    defaultClass,
    readWriteOnce,
    notNodeBound,
    notLocal,
    {
      id: 'expandable',
      level: 'MAY',
      title: 'Volumes of the default class can grow',
      clause,
      remediation: 'To use this option, set allowVolumeExpansion: true on the default StorageClass, if its driver supports it.',
      ladder: [byVolume(judgeGrowth), ...byClass(judgeExpandable)],
      configuredBy: ['allowVolumeExpansion', 'StorageClass', 'storageClass'],
    },
    redundant,
  ],
});
