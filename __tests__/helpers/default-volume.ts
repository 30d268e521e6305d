import type { DefaultVolume } from '../../src/facts/default-volume.js';

type Volume = NonNullable<DefaultVolume['volume']>;

/** A volume of a driver. */
export const csi = (driver: string, more: Partial<Volume> = {}): Volume => ({
  name: 'pvc-1',
  accessModes: ['ReadWriteOnce'],
  source: 'csi',
  driver,
  nodeAffinity: [],
  hosts: [],
  reclaimPolicy: 'Delete',
  capacity: '1Gi',
  ...more,
});

/** A volume that is for one node alone. */
export const pinned = { nodeAffinity: ['kubernetes.io/hostname In worker-1'], hosts: ['worker-1'] };

/** A whole run of the probe, in which everything went well. */
export const seen = (volume: Volume | undefined, more: Partial<DefaultVolume> = {}): DefaultVolume => ({
  image: 'agnhost',
  storageClass: 'standard',
  provisioner: volume?.driver ?? 'example.com/odd',
  bindingMode: 'WaitForFirstConsumer',
  reclaimPolicy: 'Delete',
  expandable: true,
  eligible: ['worker-1', 'worker-2'],
  leftOut: [],
  claim: { state: volume === undefined ? 'pending' : 'bound', requested: '1Gi', why: '', tookMs: 2_000 },
  ...(volume === undefined ? {} : { volume }),
  written: { result: 'same-content', node: 'worker-1', why: '', tookMs: 1_000 },
  readElsewhere: { result: 'same-content', node: 'worker-2', why: '', tookMs: 5_000 },
  growth: { result: 'grown', node: '', why: '', tookMs: 3_000, from: '1Gi', to: '2Gi' },
  removal: { result: 'deleted', node: '', why: '', tookMs: 3_000 },
  ended: '',
  tookMs: 20_000,
  ...more,
});

const untried = (why: string) => ({ result: 'not-tried', node: '', why, tookMs: 0 }) as const;

/** A run of the probe that ended before a volume was bound. @param state `not-made`: not even a claim was made */
export const unbound = (why: string, provisioner: string, state: 'pending' | 'not-made' = 'pending'): DefaultVolume =>
  seen(undefined, {
    provisioner,
    claim: { state, requested: '1Gi', why, tookMs: 60_000 },
    written: untried(why),
    readElsewhere: untried(why),
    growth: { ...untried(why), from: '', to: '' },
    removal: untried(why),
    ended: why,
  });

export const { written, readElsewhere, growth } = seen(csi('x'));
export { untried };
