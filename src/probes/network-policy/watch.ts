import { NotAvailable } from '../../model/errors.js';
import type { Api } from '../../model/ports.js';
import { readLog } from '../../kubernetes/objects.js';
import { again, poll } from '../../system/poll.js';
import { podStates } from '../sandbox/pods.js';
import type { CellAt } from './plan.js';
import { besideServer, ClientLog, notProbed, viewCell, type CellView, type SeenRound } from './observe.js';

const pollMs = 350;
/** An API server may be away for so long in the middle. */
const outageMs = 90_000;

/** A client whose log is followed. */
export interface Client {
  readonly namespace: string;
  readonly name: string;
  readonly log: ClientLog;
}

/** Follows the logs of the clients, and tells how the cells look. */
export class Watch {
  readonly #clients: ReadonlyMap<string, Client>;
  #ready: ReadonlySet<string> = new Set();
  #seenAt = performance.now();

  constructor(
    private readonly api: Api,
    clients: readonly Client[],
    /** The namespace of the pods that the kubelet probes. */
    private readonly probedByNode: string,
  ) {
    this.#clients = new Map(clients.map((client) => [client.name, client]));
  }

  /**
   * Reads all logs once. One that cannot be read now is read the next time.
   * @returns whether any could be read
   * @throws {NotAvailable} where none could be read for long, or the right is gone
   */
  async read(): Promise<boolean> {
    const one = async ({ namespace, name, log }: Client): Promise<boolean> => {
      const text = await readLog(this.api, `${namespace}/pods/${name}`, `tailLines=${log.lines}&limitBytes=2000000`);
      if (text !== undefined) log.read(text, performance.now());
      return text !== undefined;
    };
    const states = podStates(this.api, this.probedByNode).then((pods) => {
      this.#ready = new Set(pods.filter((pod) => pod.ready).map((pod) => pod.name));
    });
    const done = await Promise.allSettled([states, ...[...this.#clients.values()].map(one)]);
    const now = performance.now();
    const any = done.some((result) => result.status === 'fulfilled' && result.value === true);
    if (any) this.#seenAt = now;
    else if (now - this.#seenAt > outageMs) {
      const failed = done.find((result) => result.status === 'rejected');
      throw failed?.reason instanceof NotAvailable
        ? failed.reason
        : new NotAvailable('unreachable', 'no log of a pod could be read any more');
    }
    return any;
  }

  /** Whether every pod's kernel speaks SCTP; undefined while one has not said so. */
  get sctp(): boolean | undefined {
    const all = [...this.#clients.values()].map(({ log }) => log.sctp);
    if (all.includes(false)) return false;
    return all.includes(undefined) ? undefined : true;
  }

  /** Pods by whether the metadata service of a cloud took a connection from them; those that have not said so are left out. */
  get metadata(): ReadonlyMap<string, boolean> {
    return new Map([...this.#clients.values()].flatMap(({ name, log }) => (log.metadata === undefined ? [] : [[name, log.metadata]])));
  }

  /** The rounds of one client that began after a moment; read out once for all of its cells. */
  #rounds(client: string, since: number, known: Map<string, readonly SeenRound[]>): readonly SeenRound[] {
    const rounds = known.get(client) ?? this.#clients.get(client)?.log.since(since) ?? [];
    known.set(client, rounds);
    return rounds;
  }

  /** The rounds of the pod that tells of a cell, begun after a moment; of a cell that the kubelet probes, those of the pod that answers it. */
  roundsOf({ spec, client, server }: CellAt, since: number): readonly SeenRound[] {
    return this.#clients.get(spec.via === 'node' ? server : client)?.log.since(since) ?? [];
  }

  /** How cells look after a change. @param since the moment of the change, on the clock of `performance.now()` */
  views(cells: readonly CellAt[], since: number): readonly CellView[] {
    const known = new Map<string, readonly SeenRound[]>();
    const now = performance.now();
    const checked = (cell: CellAt, view: CellView): CellView =>
      // Only who has orders asks at all, itself first.
      (this.#clients.get(cell.server)?.log.orders ?? 0) > 0 ? besideServer(view, this.#rounds(cell.server, since, known), now) : view;
    return cells.map((cell) => {
      if (cell.hindrance !== '') return { ...notProbed(cell.hindrance), settled: true };
      if (cell.spec.via === 'node') {
        const ready = this.#ready.has(cell.server);
        return checked(cell, {
          observed: ready ? 'allowed' : 'denied',
          settled: ready,
          lateMs: 0,
          note: ready ? '' : 'the readiness probe of the kubelet does not get through',
        });
      }
      return checked(cell, viewCell(this.#rounds(cell.client, since, known), cell.order, cell.spec.expected, cell.server, since, now));
    });
  }

  /** Clients that have not begun to probe, with the last line of their log. */
  get silent(): ReadonlyMap<string, string> {
    return new Map([...this.#clients.values()].filter(({ log }) => !log.begun).map(({ name, log }) => [name, log.lastLine] as const));
  }

  /** The cells whose order was answered by the right server at least once. */
  answered(cells: readonly CellAt[]): ReadonlySet<CellAt> {
    const known = new Map<string, readonly SeenRound[]>();
    const answered = (cell: CellAt): boolean =>
      cell.spec.via === 'node'
        ? this.#ready.has(cell.server)
        : this.#rounds(cell.client, Number.NEGATIVE_INFINITY, known).some(({ result }) => {
            const one = result(cell.order);
            return one?.mark === 'answered' && one.server === cell.server;
          });
    return new Set(cells.filter((cell) => cell.hindrance === '' && answered(cell)));
  }

  /**
   * Reads until something is so.
   * @param so is told how long it has been watched, in milliseconds
   * @param maxMs how long, in milliseconds
   * @returns whether it came to be so
   */
  until(so: (watchedMs: number) => boolean, maxMs: number, signal: AbortSignal): Promise<boolean> {
    let blindMs = 0;
    return poll({
      look: async () => {
        const begin = performance.now();
        // Time in which nothing can be seen is no time of watching.
        if (!(await this.read())) blindMs += performance.now() - begin + pollMs;
      },
      everyMs: pollMs,
      signal,
      until: (_, { totalMs }) => so(totalMs - blindMs) || (signal.aborted || totalMs > maxMs + blindMs ? false : again),
    });
  }
}
