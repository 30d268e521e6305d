import { expect, test } from '@jest/globals';
import { didYouMean, nearest } from '../../src/text/did-you-mean.js';

const names = ['scs-0214-v2/zone-label', 'scs-0214-v2/region-label', 'scs-0215-v1/etcd-backup', 'scs-0215-v1/etcd-backup-schedule'];

test.each([
  ['scs-0214-v2/zone-lable', 'scs-0214-v2/zone-label'],
  ['zone-label', 'scs-0214-v2/zone-label'],
  ['zone-lable', 'scs-0214-v2/zone-label'],
  ['SCS-0214-v2/region-label', 'scs-0214-v2/region-label'],
  ['etcd-backup', 'scs-0215-v1/etcd-backup'],
])('%s means %s', (word, name) => {
  expect(nearest(word, names)).toBe(name);
});

test('a word that is near to nothing gets no advice', () => {
  expect(didYouMean('something-else-entirely', names)).toBe('');
  expect(didYouMean('', names)).toBe('');
});
