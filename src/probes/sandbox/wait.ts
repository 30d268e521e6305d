import { NotAvailable } from '../../model/errors.js';
import type { Api } from '../../model/ports.js';
import { again, poll, type Clock } from '../../system/poll.js';
import { PodPatience, type Trouble } from './patience.js';
import { podStates, type PodState } from './pods.js';

const pollMs = 500;
/** Images of some ten megabytes may have to come first. */
const startMs = 120_000;
/** An API server may be away for a while. */
const outageMs = 90_000;

/** How pods of ours came up. */
export interface Started {
  /** By namespace and name, `ns/name`. */
  readonly running: ReadonlyMap<string, PodState>;
  /** Why each other one does not run. */
  readonly problems: ReadonlyMap<string, Trouble>;
}

/** A map of what is there. */
export const mapOf = <K, T>(entries: readonly (readonly [K, T | undefined])[]): ReadonlyMap<K, T> =>
  new Map(entries.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])));

export const podKey = (pod: { readonly namespace: string; readonly name: string }): string => `${pod.namespace}/${pod.name}`;

const up = (pod: PodState): boolean => pod.running && pod.ips.length > 0;

/** Whether a node may still be at the image of a pod: it has the pod, and the kubelet has said nothing of it since. */
const mayPull = ({ node, problem, ips }: PodState): boolean => node !== '' && problem === undefined && ips.length === 0;

export interface WaitOptions {
  readonly signal: AbortSignal;
  /** How many run, told as it changes. */
  readonly progress?: ((running: number, all: number) => void) | undefined;
  readonly maxMs?: number | undefined;
  readonly clock?: Clock | undefined;
}

/**
 * Waits until pods run, or until it is clear that they will not.
 * @param wanted the pods, by namespace and name
 * @throws {NotAvailable} where the pods cannot be looked at
 */
export const untilRunning = async (
  api: Api,
  wanted: readonly { readonly namespace: string; readonly name: string }[],
  options: WaitOptions,
): Promise<Started> => {
  const { signal, clock, progress, maxMs = startMs } = options;
  const namespaces = [...new Set(wanted.map((pod) => pod.namespace))];
  const keys = wanted.map(podKey);
  const patience = new PodPatience();
  let told = -1;
  const judge = (pods: readonly PodState[], totalMs: number): Started | typeof again => {
    const mine = pods.filter((pod) => keys.includes(podKey(pod)));
    const running = new Map(mine.filter(up).map((pod) => [podKey(pod), pod] as const));
    const troubles = mine.map((pod) => ({ pod, trouble: patience.look(pod, totalMs) }));
    const problems = mapOf(troubles.map(({ pod, trouble }) => [podKey(pod), up(pod) ? undefined : trouble]));
    if (running.size !== told) progress?.((told = running.size), keys.length);
    const late = totalMs > maxMs;
    if (!signal.aborted && !late && running.size + problems.size < keys.length) return again;
    const what = signal.aborted ? 'the run ended before it ran' : `it did not run within ${Math.round(totalMs / 1_000)} s`;
    const troubleOf = (key: string): Trouble => {
      const pod = mine.find((one) => podKey(one) === key);
      const trouble = pod === undefined ? undefined : patience.troubleOf(pod);
      if (trouble !== undefined) return trouble;
      const image = late && pod !== undefined && mayPull(pod);
      const detail = image ? ', and its node may still be pulling the image' : '';
      return { what, detail, why: `${what}${detail}`, node: pod?.node ?? '', image };
    };
    const open = keys.filter((key) => !running.has(key) && !problems.has(key));
    return { running, problems: new Map([...problems, ...open.map((key) => [key, troubleOf(key)] as const)]) };
  };
  return poll({
    look: async () => (await Promise.all(namespaces.map((namespace) => podStates(api, namespace)))).flat(),
    everyMs: pollMs,
    signal,
    clock,
    until: (pods, { totalMs }) => judge(pods, totalMs),
    outage: (error, { awayMs }) => {
      if (signal.aborted || !(error instanceof NotAvailable) || error.reason === 'forbidden' || awayMs > outageMs) throw error;
      return again;
    },
  });
};
