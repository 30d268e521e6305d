import type { DefaultVolume } from '../../facts/default-volume.js';
import type { PodImage } from '../sandbox/pods.js';
import type { ProbeContext } from '../sandbox/sandbox.js';
import type { Patience } from '../../kubernetes/objects.js';
import type { PodPatience } from '../sandbox/patience.js';
import { again, poll } from '../../system/poll.js';
import type { Labelled } from './affinity.js';
import type { ClaimedClass } from './looks.js';

/** How long each step may take at most, in milliseconds. */
export interface Times {
  /** Until a claim without a class has got one: by admission at once, by the controller of KEP-3333 a little later. */
  readonly classMs: number;
  readonly bindMs: number;
  /** Until a pod has ended: its image may have to come first, and the volume be taken off another node. */
  readonly podMs: number;
  readonly growMs: number;
  readonly goneMs: number;
}
export const usualTimes: Times = { classMs: 10_000, bindMs: 60_000, podMs: 120_000, growMs: 30_000, goneMs: 60_000 };

/** What all steps share. */
export interface Stage {
  readonly context: ProbeContext;
  readonly namespace: string;
  readonly pod: PodImage;
  readonly classes: readonly ClaimedClass[];
  /** All nodes. */
  readonly nodes: readonly Labelled[];
  /** Those that our pods may run on, with their zones. */
  readonly eligible: readonly { readonly name: string; readonly zone: string }[];
  readonly times: Times;
  readonly patience: Patience;
  /** What was seen of the pods so far, over all steps that look at them. */
  readonly pods: PodPatience;
}

/** What was seen so far: each step fills in its part. */
export type Seen = { -readonly [K in keyof DefaultVolume]: DefaultVolume[K] };

/** A claim of the smallest size that drivers of all clouds take: several refuse less than one GiB. */
export const requested = '1Gi';

const untried = { result: 'not-tried', node: '', why: '', tookMs: 0 } as const;

/** Nothing seen. */
export const nothingSeen = (image: string): Seen => ({
  image,
  storageClass: '',
  provisioner: '',
  bindingMode: '',
  reclaimPolicy: '',
  expandable: false,
  eligible: [],
  leftOut: [],
  claim: { state: 'not-made', requested, why: '', tookMs: 0 },
  written: untried,
  readElsewhere: untried,
  growth: { ...untried, from: '', to: '' },
  removal: untried,
  ended: '',
  tookMs: 0,
});

/** What was seen of the class. */
export const seenOfClass = (chosen: ClaimedClass): Partial<Seen> => ({
  storageClass: chosen.name,
  provisioner: chosen.provisioner,
  bindingMode: chosen.bindingMode,
  reclaimPolicy: chosen.reclaimPolicy,
  expandable: chosen.expandable,
});

export const claimName = 'volume';
export const claimsPath = ({ namespace }: Stage): string => `/api/v1/namespaces/${namespace}/persistentvolumeclaims`;
export const claimPath = (stage: Stage): string => `${claimsPath(stage)}/${claimName}`;
export const podPath = ({ namespace }: Stage): string => `/api/v1/namespaces/${namespace}/pods`;

/** The milliseconds since a moment of `performance.now()`. */
export const since = (begin: number): number => Math.round(performance.now() - begin);

const pollMs = 500;
/** Looks until a look tells. Ends with the run, by an exception. */
export const until = <T>({ context }: Stage, look: () => Promise<T | typeof again>): Promise<T> =>
  poll<T | typeof again, T>({ look, everyMs: pollMs, until: (told) => told, signal: context.signal });
