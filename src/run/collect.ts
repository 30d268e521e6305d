import { NotAvailable, reasonOf } from '../model/errors.js';
import type { Fact, Facts, Ports, Unavailable } from '../model/fact.js';

/** What a run is told while facts come in. */
export type Progress = (done: number, all: number, name: string) => void;

const toUnavailable = (error: unknown): Unavailable =>
  error instanceof NotAvailable
    ? error.toUnavailable()
    : { unavailable: 'malformed', detail: `unexpected: ${reasonOf(error)}; please report this` };

/**
 * Collects facts, all at once, each once even where another fact builds on it; those that act come after all that look, and the end-to-end tests,
 * which may disturb a cluster, come last.
 * @param facts to collect
 * @param ports everything that a fact may use, except other facts
 * @param deadline ends collecting: what is not there by then is unavailable with reason `timeout`, and the run goes on to a partial report
 * @returns one value or one `Unavailable` per fact; never throws for what a cluster does
 */
export const collect = async (
  facts: readonly Fact<unknown>[],
  ports: Omit<Ports, 'fact'>,
  deadline: AbortSignal,
  progress: Progress = () => undefined,
): Promise<Facts> => {
  const started = new Map<string, Promise<unknown>>();
  const overdue = new Promise<never>((_, reject) => {
    const stop = (): void => {
      reject(new NotAvailable('timeout', `the run's deadline passed or it was cancelled before this was read`));
    };
    if (deadline.aborted) stop();
    else deadline.addEventListener('abort', stop, { once: true });
  });
  overdue.catch(() => undefined);
  const once = <T>(fact: Fact<T>): Promise<T> => {
    let running = started.get(fact.name);
    if (running === undefined) {
      const looking = fact.collect({ ...ports, fact: once });
      // What acts ends by itself, and gives back what it made and what it has seen by then.
      running = fact.tier === undefined ? Promise.race([looking, overdue]) : looking;
      running.catch(() => undefined);
      started.set(fact.name, running);
    }
    return running as Promise<T>;
  };
  let done = 0;
  const entriesOf = (some: readonly Fact<unknown>[]): Promise<readonly (readonly [string, unknown])[]> =>
    Promise.all(
      some.map(async (fact) => {
        const value = await once(fact).catch(toUnavailable);
        progress(++done, facts.length, fact.name);
        return [fact.name, value] as const;
      }),
    );
  // What is made to find out more must not be seen by those that look.
  const looked = await entriesOf(facts.filter((fact) => fact.tier === undefined));
  const acted = await entriesOf(facts.filter((fact) => fact.tier === 'active'));
  const tested = await entriesOf(facts.filter((fact) => fact.tier === 'heavy'));
  return Object.fromEntries([...looked, ...acted, ...tested]);
};
