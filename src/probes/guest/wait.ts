import { setTimeout as sleep } from 'node:timers/promises';
import { NotAvailable } from '../../model/errors.js';
import type { Api } from '../../model/ports.js';
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
  readonly problems: ReadonlyMap<string, string>;
}

export const keyOf = (pod: { readonly namespace: string; readonly name: string }): string => `${pod.namespace}/${pod.name}`;

const up = (pod: PodState): boolean => pod.running && pod.ips.length > 0;

/** How long each problem has lasted. */
class Bearable {
  readonly #since = new Map<string, number>();
  over(pod: PodState, now: number): string | undefined {
    const key = keyOf(pod);
    if (pod.problem === undefined) {
      this.#since.delete(key);
      return undefined;
    }
    const since = this.#since.get(key) ?? now;
    this.#since.set(key, since);
    return now - since >= pod.problem.bearableMs ? pod.problem.why : undefined;
  }
}

/**
 * Waits until pods run, or until it is clear that they will not.
 * @param wanted the pods, by namespace and name
 * @param options.progress how many run, told as it changes
 * @throws {NotAvailable} where the pods cannot be looked at
 */
export const untilRunning = async (
  api: Api,
  wanted: readonly { readonly namespace: string; readonly name: string }[],
  options: { readonly signal: AbortSignal; readonly progress?: (running: number, all: number) => void; readonly mostMs?: number },
): Promise<Started> => {
  const namespaces = [...new Set(wanted.map((pod) => pod.namespace))];
  const keys = wanted.map(keyOf);
  const begin = performance.now();
  const bearable = new Bearable();
  let seenAt = begin;
  let told = -1;
  for (;;) {
    const now = performance.now();
    let pods: readonly PodState[];
    try {
      pods = (await Promise.all(namespaces.map((namespace) => podStates(api, namespace)))).flat();
      seenAt = performance.now();
    } catch (error) {
      if (options.signal.aborted || !(error instanceof NotAvailable) || error.reason === 'forbidden' || now - seenAt > outageMs)
        throw error;
      await sleep(pollMs, undefined, { signal: options.signal }).catch(() => undefined);
      continue;
    }
    const mine = pods.filter((pod) => keys.includes(keyOf(pod)));
    const running = new Map(mine.filter(up).map((pod) => [keyOf(pod), pod] as const));
    const problems = new Map(
      mine.flatMap((pod) => {
        const why = up(pod) ? undefined : bearable.over(pod, now);
        return why === undefined ? [] : [[keyOf(pod), why] as const];
      }),
    );
    if (running.size !== told) options.progress?.((told = running.size), keys.length);
    const late = now - begin > (options.mostMs ?? startMs);
    if (options.signal.aborted || late || running.size + problems.size >= keys.length) {
      const why = options.signal.aborted ? 'the run ended before it ran' : `it did not run within ${Math.round((now - begin) / 1_000)} s`;
      const open = keys.filter((key) => !running.has(key) && !problems.has(key));
      return {
        running,
        problems: new Map([...problems, ...open.map((key) => [key, mine.find((pod) => keyOf(pod) === key)?.problem?.why ?? why] as const)]),
      };
    }
    await sleep(pollMs, undefined, { signal: options.signal }).catch(() => undefined);
  }
};
