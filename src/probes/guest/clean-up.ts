import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod/mini';
import { listAll } from '../../facts/support/list.js';
import { bounded } from '../../facts/support/text.js';
import { NotAvailable, reasonOf } from '../../model/errors.js';
import { count, listed } from '../../model/outcome.js';
import type { Api } from '../../model/ports.js';
import { clockSkewMs, deadlineAnnotation, leaseMs, ownerLabel, owner, ownSelector, runLabel, runOfNamespace } from './identity.js';
import { merge, remove, type Patience } from './objects.js';

const pollMs = 500;
/** A namespace with some pods is gone within seconds; a volume takes as long as its provisioner. */
const goneMs = 120_000;
/** An API server that is away gets so long. */
const awayMs = 180_000;

const rawNamespace = z.object({
  metadata: z.object({
    name: z.string(),
    uid: z.string(),
    labels: z.optional(z.record(z.string(), z.string())),
    annotations: z.optional(z.record(z.string(), z.string())),
  }),
  status: z.optional(
    z.object({
      phase: z.optional(z.string()),
      conditions: z.optional(z.array(z.object({ type: z.string(), status: z.string(), message: z.optional(z.string()) }))),
    }),
  ),
});

/** A namespace that a run of ours made. */
export interface Leftover {
  readonly name: string;
  readonly uid: string;
  readonly run: string;
  /** Until when its run answers for it; undefined where it does not say. */
  readonly deadline: string | undefined;
  /** What keeps it, where it is being removed and does not go. */
  readonly stuck: string | undefined;
}

const toLeftover = (raw: z.infer<typeof rawNamespace>): Leftover | undefined => {
  const { name, uid, labels = {}, annotations = {} } = raw.metadata;
  const run = runOfNamespace(name);
  // Both have to say so: a label can be put on anyone's namespace, and a name can be anyone's.
  if (run === undefined || labels[ownerLabel] !== owner || labels[runLabel] !== run) return undefined;
  const kept = (raw.status?.conditions ?? []).filter((c) => c.status === 'True').map((c) => bounded(c.message ?? c.type, 300));
  const deadline = annotations[deadlineAnnotation];
  return {
    name,
    uid,
    run,
    deadline: deadline === undefined ? undefined : bounded(deadline, 40),
    stuck: raw.status?.phase === 'Terminating' ? listed(kept, 3) : undefined,
  };
};

/** The namespaces that runs of ours have made and that are still there. @param run of that one alone */
export const leftovers = async (api: Api, run?: string): Promise<readonly Leftover[]> => {
  const found = await listAll(api, `/api/v1/namespaces?labelSelector=${ownSelector(run)}`, rawNamespace, toLeftover);
  return found.filter((n) => n !== undefined);
};

const rawVolume = z.object({
  metadata: z.object({ name: z.string(), uid: z.string() }),
  spec: z.object({
    persistentVolumeReclaimPolicy: z.optional(z.string()),
    claimRef: z.optional(z.object({ namespace: z.optional(z.string()) })),
  }),
});
interface Volume {
  readonly name: string;
  readonly uid: string;
  readonly retained: boolean;
}

/** Volumes whose claim was in a namespace of these runs: nobody else's claim can have been there. */
const volumesOf = async (api: Api, runs: ReadonlySet<string>): Promise<readonly Volume[]> => {
  const found = await listAll(api, '/api/v1/persistentvolumes', rawVolume, ({ metadata, spec }): Volume | undefined => {
    const run = runOfNamespace(spec.claimRef?.namespace ?? '');
    return run !== undefined && runs.has(run)
      ? { name: metadata.name, uid: metadata.uid, retained: spec.persistentVolumeReclaimPolicy === 'Retain' }
      : undefined;
  });
  return found.filter((v) => v !== undefined);
};

const volumePath = (name: string): string => `/api/v1/persistentvolumes/${name}`;

/** A volume that outlives its claim is given to its provisioner, so that what lies behind it goes too. */
const release = async (api: Api, volumes: readonly Volume[], patience: Patience): Promise<void> => {
  await Promise.all(
    volumes
      .filter(({ retained }) => retained)
      .map(({ name }) => merge(api, volumePath(name), { spec: { persistentVolumeReclaimPolicy: 'Delete' } }, patience)),
  );
};

export interface CleanUp {
  readonly signal: AbortSignal;
  /** Only these of the runs' namespaces: two probes of one run do not remove each other's. */
  readonly only?: readonly string[];
  /** Whether volumes may have been made. */
  readonly volumes: boolean;
  readonly progress?: (text: string) => void;
  /** How long to look for objects that a request without an answer may still make, in milliseconds. */
  readonly unsureMs?: number;
  readonly goneMs?: number;
  readonly awayMs?: number;
}

const byHand = (names: readonly string[]): string => `Remove them with: kubectl delete namespace ${names.join(' ')}`;

const stillThere = (left: readonly Leftover[], seconds: number): string => {
  const why = left.map((n) => `${n.name}${n.stuck ? ` (${n.stuck})` : ''}`);
  return `${count(left.length, 'namespace')} of this check ${left.length === 1 ? 'is' : 'are'} still there after ${seconds} s: ${listed(why)}. ${byHand(left.map((n) => n.name))}`;
};

/** Asks for the removal of namespaces until none is left. @returns warnings */
const removeNamespaces = async (
  api: Api,
  first: readonly Leftover[],
  again: () => Promise<readonly Leftover[]>,
  options: CleanUp,
): Promise<readonly string[]> => {
  const patience = { signal: options.signal, outageMs: options.awayMs ?? awayMs };
  const begin = performance.now();
  let left = first;
  const asked = new Set<string>();
  for (;;) {
    await Promise.all(
      left
        .filter(({ uid }) => !asked.has(uid))
        .map(async ({ name, uid }) => {
          await remove(api, `/api/v1/namespaces/${name}`, patience, uid);
          asked.add(uid);
        }),
    );
    const took = performance.now() - begin;
    if (left.length === 0 && took >= (options.unsureMs ?? 0)) return [];
    if (took > Math.max(options.goneMs ?? goneMs, options.unsureMs ?? 0)) return [stillThere(left, Math.round(took / 1_000))];
    options.progress?.(`${left.length} of our namespaces left`);
    await sleep(pollMs, undefined, { signal: options.signal });
    left = await again();
  }
};

/** Waits until the volumes of some runs are gone. @returns warnings */
const removeVolumes = async (api: Api, runs: ReadonlySet<string>, options: CleanUp): Promise<readonly string[]> => {
  const patience = { signal: options.signal, outageMs: options.awayMs ?? awayMs };
  const begin = performance.now();
  for (;;) {
    const left = await volumesOf(api, runs);
    if (left.length === 0) return [];
    await release(api, left, patience);
    const took = performance.now() - begin;
    if (took > (options.goneMs ?? goneMs))
      return [
        `${count(left.length, 'volume')} of this check ${left.length === 1 ? 'is' : 'are'} still there after ${Math.round(took / 1_000)} s: ${listed(left.map((v) => v.name))}. Look at the provisioner, or remove with: kubectl delete persistentvolume ${left.map((v) => v.name).join(' ')}`,
      ];
    options.progress?.(`${count(left.length, 'volume')} of ours left`);
    await sleep(pollMs, undefined, { signal: options.signal });
  }
};

/** Tries again where the API server is away; a right that is missing, or a removal that is refused, is told at once. */
const withPatience = async <T>(work: () => Promise<T>, { signal, awayMs: most = awayMs }: CleanUp): Promise<T> => {
  const end = performance.now() + most;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const lasting = !(error instanceof NotAvailable) || ['forbidden', 'unauthorized', 'refused', 'malformed'].includes(error.reason);
      if (lasting || signal.aborted || performance.now() > end) throw error;
      await sleep(pollMs * 2, undefined, { signal }).catch(() => undefined);
    }
  }
};

/**
 * Removes everything that some runs have made: their namespaces with all that is in them, and the volumes of their claims. Looks whether it is gone.
 * @param api that outlasts the run
 * @returns warnings, with the command that removes what is left; never throws
 */
export const cleanUpRuns = async (api: Api, runs: readonly string[], options: CleanUp): Promise<readonly string[]> => {
  const chosen = new Set(runs);
  const look = async (): Promise<readonly Leftover[]> =>
    (await leftovers(api, runs.length === 1 ? runs[0] : undefined)).filter(
      (n) => chosen.has(n.run) && (options.only?.includes(n.name) ?? true),
    );
  try {
    const warnings = await withPatience(async () => {
      // Before the claims go: a volume that is to be retained would have to be found by its claim that is no more.
      if (options.volumes) await release(api, await volumesOf(api, chosen), { signal: options.signal });
      return removeNamespaces(api, await look(), look, options);
    }, options);
    return options.volumes ? [...warnings, ...(await withPatience(() => removeVolumes(api, chosen, options), options))] : warnings;
  } catch (error) {
    const select = `${ownerLabel}=${owner}${runs.length === 1 ? `,${runLabel}=${runs[0] ?? ''}` : ''}`;
    return [
      `What this check made may still be there (${reasonOf(error)}). Remove it with: scs-kaas cleanup, or: kubectl delete namespace --selector ${select}`,
    ];
  }
};

/** Whether nobody answers any more for what a run has made, by the clock alone: clocks of two machines may differ. */
export const isOverdue = ({ deadline }: Leftover, now: Date): boolean => {
  const until = deadline === undefined ? Number.NaN : Date.parse(deadline);
  return Number.isNaN(until) || until + clockSkewMs < now.getTime();
};

/** How long to watch a deadline: a living run renews it within less. */
export const watchMs = leaseMs + 5_000;
