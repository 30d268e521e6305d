import * as z from 'zod/mini';
import { defineFact, type Permission } from '../model/fact.js';
import { nodes } from './nodes.js';
import { storageClasses } from './storage-classes.js';
import { actRight } from '../model/permission.js';
import { acted, sandboxPermissions } from './support/acted.js';

/** What one step came to. `not-tried` says in `why` what kept us from it. */
const step = <const R extends readonly [string, ...string[]]>(results: R) =>
  z.object({
    result: z.enum(results),
    /** The node that it took place on; `''` where there was none. */
    node: z.string(),
    /** Why it came out so, where that needs a word; else `''`. */
    why: z.string(),
    tookMs: z.number(),
  });

const volume = z.object({
  name: z.string(),
  accessModes: z.readonly(z.array(z.string())),
  /** What it lies on, by the name of the field, e.g. `csi`, `hostPath`, `local`, `nfs`. */
  source: z.string(),
  /** The CSI driver; `''` for any other source. */
  driver: z.string(),
  /** Where it can be used, one alternative each, e.g. `kubernetes.io/hostname In worker-1`; empty for everywhere. */
  nodeAffinity: z.readonly(z.array(z.string())),
  /** The hosts that every alternative of its node affinity names; empty where it goes by something wider, e.g. a zone. */
  hosts: z.readonly(z.array(z.string())),
  reclaimPolicy: z.string(),
  capacity: z.string(),
});

const schema = z.object({
  image: z.string(),
  /** The class that a claim without a class got, or would get; `''` where there is none. */
  storageClass: z.string(),
  provisioner: z.string(),
  /** `Immediate` or `WaitForFirstConsumer`; `''` without a class. */
  bindingMode: z.string(),
  reclaimPolicy: z.string(),
  expandable: z.boolean(),
  /** The nodes that pods of ours could run on. */
  eligible: z.readonly(z.array(z.string())),
  leftOut: z.readonly(z.array(z.object({ node: z.string(), why: z.string() }))),
  /** `not-made`: no claim was made; `pending`: one was, and no volume was bound to it. */
  claim: z.object({ state: z.enum(['not-made', 'pending', 'bound']), requested: z.string(), why: z.string(), tookMs: z.number() }),
  volume: z.optional(volume),
  /** A pod wrote a random word and read it back. */
  written: step(['same-content', 'other-content', 'failed', 'not-tried']),
  /** After that pod was gone, one on another node read. `refused`: the scheduler does not let the volume go there. */
  readElsewhere: step(['same-content', 'other-content', 'refused', 'failed', 'not-tried']),
  /** The claim was made larger. `volume-only`: the file system would follow with the next pod. `infeasible`: the driver says never. */
  growth: z.extend(step(['grown', 'volume-only', 'infeasible', 'not-grown', 'refused', 'not-tried']), { from: z.string(), to: z.string() }),
  /** The claim was deleted. `retained`: the volume stayed, as its policy says. */
  removal: step(['deleted', 'retained', 'still-there', 'not-tried']),
  /** Why it ended early; `''` where it did not. */
  ended: z.string(),
  /** How long it took, what was left to remove at the end not included, in milliseconds. */
  tookMs: z.number(),
});
export type DefaultVolume = z.infer<typeof schema>;

/** What the probe insists on. */
export const volumePermissions: readonly Permission[] = [
  ...storageClasses.permissions,
  ...nodes.permissions,
  ...sandboxPermissions,
  actRight('delete', '', 'pods', 'giving the volume free, so that another node can have it'),
  actRight('create', '', 'persistentvolumeclaims', 'a claim without a class, in a namespace of our own'),
  actRight('get', '', 'persistentvolumeclaims', 'which class and which volume it got'),
  actRight('list', '', 'persistentvolumeclaims', 'whether a volume may still come when the claim goes'),
  actRight('patch', '', 'persistentvolumeclaims', 'asking for a larger volume, where the class allows it'),
  actRight('delete', '', 'persistentvolumeclaims', 'seeing whether the volume goes with its claim'),
  actRight('get', '', 'persistentvolumes', 'what the volume is like, and whether it is gone'),
  actRight('list', '', 'persistentvolumes', 'leaving volumes alone that stand ready for others, and finding ours'),
  actRight('patch', '', 'persistentvolumes', 'removing a volume of ours that its class would retain'),
];

/**
 * What a claim without a class gets, and how that behaves: found out by a claim and two pods of our own, which are removed again with
 * the volume. Only what was observed; what was seen before something ended it is kept.
 */
export const defaultVolume = defineFact({
  name: 'default-volume',
  tier: 'active',
  schema,
  permissions: [
    ...volumePermissions,
    actRight('list', '', 'events', 'why a claim of ours is not bound or a pod of ours does not start; without it the report says less'),
  ],
  collect: (ports) => acted(ports, 'default-volume', schema),
});
