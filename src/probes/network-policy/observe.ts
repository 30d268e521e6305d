import { bounded } from '../../text/bounded.js';

/** What one probe of one round came to. */
type Mark = 'answered' | 'refused' | 'silent';

/** One round of one client: every order once. */
interface Round {
  /** The node's uptime at its beginning, in seconds. */
  readonly uptime: number;
  readonly results: Map<number, { readonly mark: Mark; readonly server: string }>;
}

/** One complete round, placed on our own clock. */
export interface SeenRound {
  /** Milliseconds on the clock of the one who reads. */
  readonly at: number;
  readonly result: (order: number) => { readonly mark: Mark; readonly server: string } | undefined;
}

const marks: Readonly<Record<string, Mark>> = { '+': 'answered', x: 'refused', '-': 'silent' };
const line = /^(\d{1,6}) (?:@ (\d{1,12}(?:\.\d{1,4})?)|(\d{1,5}) ([+x-])(?: ([a-z0-9.-]{1,253}))?)$/;

/** The log of one client, read again and again. Its text is the pod's own, and taken for no more than its grammar. */
export class ClientLog {
  readonly #rounds = new Map<number, Round>();
  #offset = Number.POSITIVE_INFINITY;
  #lastLine = '';
  /** Whether the node's kernel speaks SCTP; undefined before the pod has said so. */
  sctp: boolean | undefined;
  /** Whether the metadata service of a cloud took a connection; undefined where the pod has not said so. */
  metadata: boolean | undefined;

  /** @param orders how many orders the client has, the one to itself not included */
  constructor(readonly orders: number) {}

  /**
   * Takes in a part of the log.
   * @param now the moment at which it was read, in milliseconds
   */
  read(text: string, now: number): void {
    for (const row of text.split('\n')) {
      if (row !== '') this.#lastLine = row;
      if (row === 'sctp yes' || row === 'sctp no') this.sctp = row === 'sctp yes';
      if (row === 'metadata yes' || row === 'metadata no') this.metadata = row === 'metadata yes';
      const match = line.exec(row);
      if (match === null) continue;
      const [, number = '', uptime, order, mark = '', server = ''] = match;
      const n = Number(number);
      if (uptime !== undefined) this.#begin(n, Number(uptime), now);
      else this.#rounds.get(n)?.results.set(Number(order), { mark: marks[mark] ?? 'silent', server });
    }
  }

  /** Whether it has probed at all. */
  get begun(): boolean {
    return this.#rounds.size > 0;
  }

  /** For people, where it has not. */
  get lastLine(): string {
    return bounded(this.#lastLine, 100);
  }

  #begin(n: number, uptime: number, now: number): void {
    if (this.#rounds.has(n)) return;
    this.#rounds.set(n, { uptime, results: new Map() });
    // A line is read some time after it was written: the quickest reading comes closest to the difference of the clocks.
    this.#offset = Math.min(this.#offset, now - uptime * 1_000);
  }

  /**
   * The complete rounds that began after a moment, in their order. One in which the prober could not even reach itself says nothing, and is left out.
   */
  since(moment: number): readonly SeenRound[] {
    return [...this.#rounds]
      .sort(([a], [b]) => a - b)
      .filter(([, round]) => round.results.size > this.orders && round.results.get(0)?.mark === 'answered')
      .map(([, round]) => ({ at: round.uptime * 1_000 + this.#offset, result: (order: number) => round.results.get(order) }))
      .filter(({ at }) => at > moment);
  }

  /** How many lines of the log hold the last rounds. */
  get lines(): number {
    return (this.orders + 2) * 5 + 10;
  }
}

/** How often in a row a cell has to come out the same to count. */
const steadyRounds = 2;

/** How one cell looks after a change. */
export interface CellView {
  readonly observed: 'allowed' | 'denied' | 'unsteady' | 'not-probed';
  /** True where it is as expected, and steadily. */
  readonly settled: boolean;
  /** The last contrary observation after the change, in milliseconds; 0 where there was none. */
  readonly lateMs: number;
  readonly note: string;
}

/** A cell of which nobody can tell, and why. */
export const notProbed = (note: string, lateMs = 0): CellView => ({ observed: 'not-probed', settled: false, lateMs, note });

const lastRounds = 3;
/** A client that has begun no round for so long does not probe any more, in milliseconds; unless its rounds take long, as on a busy node. */
const leastQuietMs = 6_000;
const mostQuietMs = 30_000;

/** After how many milliseconds without a new round a client is taken to have stopped: what it saw before is no proof of a wrong answer. */
export const quietMs = (rounds: readonly SeenRound[]): number => {
  const gaps = rounds.slice(1).map(({ at }, i) => at - (rounds[i]?.at ?? at));
  return Math.min(mostQuietMs, Math.max(leastQuietMs, ...gaps.map((gap) => 2 * gap)));
};

/**
 * What is seen of a cell, where the pod that should answer was there all the same: silence is a denial only then. A pod that is there asks itself, too.
 * @param rounds of the pod that should answer, that began after the change
 * @param now the moment of looking, on the same clock
 */
export const besideServer = (view: CellView, rounds: readonly SeenRound[], now: number): CellView => {
  if (view.observed !== 'denied') return view;
  const last = rounds.at(-1)?.at;
  if (last !== undefined && (view.settled || now - last <= quietMs(rounds))) return view;
  return notProbed('the pod that should answer came to a stop, or its log could not be read any more', view.lateMs);
};

/**
 * Looks at one cell after a change.
 * @param rounds of its client that began after the change
 * @param changedAt the moment of the change, on the same clock
 * @param now the moment of looking, on the same clock
 * @param server who has to answer
 */
export const viewCell = (
  rounds: readonly SeenRound[],
  order: number,
  expected: 'allowed' | 'denied',
  server: string,
  changedAt: number,
  now: number,
): CellView => {
  const seen = rounds.flatMap(({ at, result }) => {
    const one = result(order);
    return one === undefined ? [] : [{ at, ...one }];
  });
  const foreign = seen.find(({ mark, server: who }) => mark === 'answered' && who !== server);
  if (foreign !== undefined) return notProbed(`${foreign.server || 'somebody else'} answered in place of ${server}`);
  const answers = seen.map(({ at, mark }) => ({ at, allowed: mark === 'answered' }));
  const wanted = expected === 'allowed';
  const contrary = answers.filter(({ allowed }) => allowed !== wanted).at(-1);
  const lateMs = contrary === undefined ? 0 : Math.max(0, Math.round(contrary.at - changedAt));
  const last = answers.slice(-lastRounds);
  const tail = answers.slice(-steadyRounds);
  if (tail.length === steadyRounds && tail.every(({ allowed }) => allowed === wanted))
    return { observed: expected, settled: true, lateMs, note: '' };
  if (last.length < steadyRounds) return notProbed('too few rounds of the probe were seen', lateMs);
  if (now - (last.at(-1)?.at ?? now) > quietMs(rounds))
    return notProbed('the probe came to a stop, or its log could not be read any more', lateMs);
  const unsettled = { settled: false, lateMs, note: '' };
  if (last.every(({ allowed }) => allowed)) return { observed: 'allowed', ...unsettled };
  if (last.every(({ allowed }) => !allowed)) return { observed: 'denied', ...unsettled };
  // What gets through now and then is not denied; what does not get through now and then may be a loaded machine.
  return { observed: wanted ? 'unsteady' : 'allowed', ...unsettled, note: 'let through now and then' };
};
