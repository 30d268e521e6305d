import { notProbed, quietMs, type CellView, type SeenRound } from './observe.js';

/** On a machine with time to spare a round takes a little more than a second. */
const slowRoundMs = 2_000;
/** A phase ends after this many times the patience, however few rounds were seen. */
export const mostPatience = 6;
/** A pod that has begun no two rounds for so long after a change is not waited for. */
const startMs = 30_000;

/** What a cell is waited for with, and what is known of it so far. */
export interface Waiting {
  readonly expected: 'allowed' | 'denied';
  /** Rounds of the pod that probes, begun after the change. */
  readonly rounds: readonly SeenRound[];
  /** Milliseconds since the change, but for those in which nothing could be seen. */
  readonly watchedMs: number;
  /** How long a change may take on a machine with time to spare, in milliseconds. */
  readonly patienceMs: number;
}

/** What should come through and does not may be a busy machine: it gets as long again. What comes through and should not is no matter of lost probes. */
const times = ({ expected }: Waiting): number => (expected === 'allowed' ? 2 : 1);

/** How many rounds have to be seen before a cell counts as broken: time alone says little where everything is slow, the network's own programs included. */
const roundsWanted = (waiting: Waiting, patienceMs: number): number => Math.ceil((times(waiting) * patienceMs) / slowRoundMs);

/**
 * Whether a cell that has not come out as expected has been waited for long enough.
 * @param now the moment of looking, on the clock of the rounds
 */
export const waitedEnough = (waiting: Waiting, fullPatienceMs: number, now: number): boolean => {
  const { rounds, watchedMs, patienceMs } = waiting;
  if (watchedMs < times(waiting) * patienceMs) return false;
  if (rounds.length >= roundsWanted(waiting, fullPatienceMs)) return true;
  const last = rounds.at(-1);
  return rounds.length < 2 || last === undefined ? watchedMs > startMs : now - last.at > quietMs(rounds);
};

/** What a cell comes to when nobody waits any longer: one that came out wrong in too few rounds is open. */
export const atTheEnd = (view: CellView, waiting: Waiting, fullPatienceMs: number): CellView => {
  const { rounds, watchedMs } = waiting;
  if (view.settled || view.observed === 'not-probed' || rounds.length >= roundsWanted(waiting, fullPatienceMs)) return view;
  return notProbed(
    `the nodes are so busy that only ${rounds.length} rounds of the probe were seen in ${Math.round(watchedMs / 1_000)} s`,
    view.lateMs,
  );
};
