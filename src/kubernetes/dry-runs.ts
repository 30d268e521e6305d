import * as z from 'zod/mini';
import { NotAvailable } from '../model/errors.js';
import type { Api, ApiRequest, ApiResponse, DryRunObject, DryRuns } from '../model/ports.js';
import { jsonOf } from '../text/shape.js';
import { formatRequest, isAccepted, isPassing, refusal, statusMessage } from './answers.js';
import { harmless, labelValue, namespacesPath, probePrefix } from './dry-run-objects.js';
import { isAuthorizerRefusal } from './dry-run.js';
import { isThere, traceOfLabel, traceOfObject, type Trace } from './dry-run-traces.js';
import { refuserOf, takesNoDryRun } from './refusers.js';
import { listSchema } from './list-schema.js';
import { queryOf } from './selector.js';
import { pause } from '../system/poll.js';
import { shortened } from '../text/bounded.js';

const objectSchema = z.object({
  kind: z.string(),
  metadata: z.object({ name: z.string(), uid: z.optional(z.string()), resourceVersion: z.optional(z.string()) }),
});
const namedObjects = listSchema(z.object({ metadata: z.object({ name: z.string() }) }));
const statusSchema = z.object({ kind: z.literal('Status') });

/** The API server refused the write by itself, so it stored nothing. Anything else may be the answer of something in between. */
const isRefused = ({ status, text }: ApiResponse): boolean => status >= 400 && status < 500 && jsonOf(text, statusSchema) !== undefined;

/** What an answer tells by itself of whether the object was stored. */
type Told = 'unstored' | 'stored' | 'nothing';

/** An object that was not stored has no version: https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run */
const toldOfCreate =
  (kind: string) =>
  (response: ApiResponse): Told => {
    const object = isAccepted(response) ? jsonOf(response.text, objectSchema) : undefined;
    if (object?.kind !== kind || !object.metadata.name.startsWith(probePrefix)) return 'nothing';
    return object.metadata.resourceVersion ? 'stored' : 'unstored';
  };

/** Every answer holds the version that the object has, which others change at any time: the object has to be looked at. */
const toldOfLabel = (): Told => 'nothing';

const namesDryRun = (response: ApiResponse): boolean => takesNoDryRun(response.status, statusMessage(response));

/** Why a harmless object was not admitted, and by whom where that is known. That of the authorizer is a missing right; any other one is somebody's policy. */
const refusedHarmless = (
  request: ApiRequest,
  response: ApiResponse,
): { readonly error: NotAvailable; readonly who?: string | undefined } => {
  const message = statusMessage(response);
  const error = refusal(request, response);
  if (!isRefused(response) || [401, 404, 408, 429].includes(response.status) || isAuthorizerRefusal(message)) return { error };
  const who = refuserOf(response.status, message)?.who;
  const short = new NotAvailable('refused', `${formatRequest(request)}: ${response.status} ${shortened(message, 160)}`);
  return { error: short, who };
};

/** How often it is tried to prove it where a reason that passes is in the way: whoever waits for an API server that is away waits for each. */
const maxProofs = 2;
/** Of a request that looks for what was stored, or removes it; a run that was cancelled waits for them. */
const undoTimeoutMs = 2_500;
const undoMs = 4_000;
const pauseMs = 200;

const ended = 'the run ended before this was asked';
const advice = 'Check what stands between this machine and the API server, such as a proxy that drops the query of requests.';

/**
 * Sends dry runs one at a time, and none before it is proven on a harmless object that `dryRun=All` is honoured. Something between us and the
 * API server may drop it, and then a dry run is a write: what was stored is removed, and no further write is sent.
 */
export class GuardedDryRuns implements DryRuns {
  #turn: Promise<unknown> = Promise.resolve();
  #proven: true | NotAvailable | undefined;
  #proofs = 0;
  readonly #caveats: string[] = [];
  readonly #lasting: Api;

  /**
   * @param api of the run
   * @param lasting the same API for looking and removing, also after the run was cancelled
   * @param signal ends the run
   */
  constructor(
    private readonly api: Api,
    lasting: Api,
    private readonly signal: AbortSignal,
  ) {
    this.#lasting = { request: (request) => lasting.request({ ...request, timeoutMs: undoTimeoutMs }) };
  }

  readonly create = (path: string, object: DryRunObject): Promise<ApiResponse> => this.#inTurn(() => this.#create(path, object));

  readonly label = (collection: string, name: string, label: string, headers: Readonly<Record<string, string>>): Promise<ApiResponse> => {
    const request: ApiRequest = {
      method: 'PATCH',
      path: `${collection}/${encodeURIComponent(name)}`,
      headers: { ...headers, 'content-type': 'application/merge-patch+json' },
      body: { metadata: { labels: { [label]: labelValue } } },
    };
    return this.#inTurn(() => this.#send(request, traceOfLabel(collection, name, label), toldOfLabel));
  };

  /** Sends no further one, and waits for what is under way. @returns what everyone must know who reads the report: what was stored, and how it is removed */
  async end(): Promise<readonly string[]> {
    this.#proven = this.#proven instanceof NotAvailable ? this.#proven : new NotAvailable('timeout', ended);
    await this.#turn;
    return this.#caveats;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(async () => {
      if (this.signal.aborted) throw new NotAvailable('timeout', ended);
      await this.#assertProven();
      return work();
    });
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  #assertNotStopped(): void {
    if (this.#proven instanceof NotAvailable) throw this.#proven;
  }

  async #assertProven(): Promise<void> {
    this.#assertNotStopped();
    if (this.#proven === true) return;
    try {
      this.#proofs++;
      await this.#prove();
      // It may have been stopped meanwhile.
      this.#assertNotStopped();
      this.#proven = true;
    } catch (error) {
      if (error instanceof NotAvailable && (this.#proofs === maxProofs || !isPassing(error))) this.#proven ??= error;
      throw error;
    }
  }

  async #prove(): Promise<void> {
    await this.#assertQueryArrives();
    const refusals: ReturnType<typeof refusedHarmless>[] = [];
    for (const [path, object] of harmless()) {
      const response = await this.#create(path, object);
      if (namesDryRun(response)) return;
      if (toldOfCreate(object.kind)(response) !== 'unstored') {
        refusals.push(refusedHarmless({ method: 'POST', path }, response));
        continue;
      }
      // The answer may be made up by what is in between; the object itself must not be there.
      const trace = traceOfObject(path, object);
      const there = await isThere(this.#lasting, trace);
      if (typeof there === 'object') throw await this.#wasStored(trace, there.uid);
      return;
    }
    const who = [...new Set(refusals.flatMap((one) => one.who ?? []))].join(' and ');
    const why = refusals.map(({ error }) => error.message).join('; ');
    throw new NotAvailable(
      refusals[0]?.error.reason ?? 'refused',
      `no dry run was sent: ${who === '' ? 'a harmless object is not admitted' : `${who} refused even a harmless object`}, so it is unknown whether the cluster honours dry runs (${why})`,
    );
  }

  /** A read shows a dropped query as well, and writes nothing. Who may not list namespaces learns it from the harmless object. */
  async #assertQueryArrives(): Promise<void> {
    const request: ApiRequest = { path: `${namespacesPath}?${queryOf({ fields: { 'metadata.name': 'default' } })}` };
    const response = await this.api.request(request);
    const items = response.status === 200 ? (jsonOf(response.text, namedObjects)?.items ?? []) : [];
    if (items.every(({ metadata }) => metadata.name === 'default')) return;
    this.#caveats.push(`The query of requests does not reach the API server. No dry run was sent, as it would have been stored. ${advice}`);
    throw (this.#proven = new NotAvailable(
      'refused',
      `${formatRequest(request)}: the answer ignores the query of the request, so no dry run was sent`,
    ));
  }

  #create(path: string, object: DryRunObject): Promise<ApiResponse> {
    return this.#send({ method: 'POST', path, body: object }, traceOfObject(path, object), toldOfCreate(object.kind));
  }

  async #send(request: ApiRequest, trace: Trace, told: (response: ApiResponse) => Told): Promise<ApiResponse> {
    const sent = await this.api.request({ ...request, path: `${request.path}?dryRun=All` }).catch((error: unknown) => {
      if (error instanceof NotAvailable) return error;
      throw error;
    });
    const tells = sent instanceof NotAvailable ? 'nothing' : told(sent);
    if (!(sent instanceof NotAvailable) && (isRefused(sent) || tells === 'unstored')) return sent;
    const there = await isThere(this.#lasting, trace);
    if (typeof there === 'object') throw await this.#wasStored(trace, there.uid);
    if (sent instanceof NotAvailable) throw sent;
    const uid = jsonOf(sent.text, objectSchema)?.metadata.uid;
    if (tells === 'stored') throw await this.#wasStored(trace, uid);
    if (there === 'unknown' && isAccepted(sent)) throw await this.#mayBeStored(trace, uid);
    return sent;
  }

  #stop(what: string): NotAvailable {
    return (this.#proven = new NotAvailable('refused', `${what}, so no further dry run was sent`));
  }

  async #wasStored(trace: Trace, uid: string | undefined): Promise<NotAvailable> {
    const error = this.#stop(`a dry run was not honoured: ${trace.what} was stored`);
    const removed = uid !== undefined && (await this.#remove(trace, uid));
    const fate = removed ? 'It was removed. If it is there again, remove it with' : 'It could not be removed. Remove it with';
    this.#caveats.push(
      `The connection to the API server does not honour dry runs: ${trace.what} was stored. ${fate}: ${trace.command}. No further dry run was sent. ${advice}`,
    );
    return error;
  }

  async #mayBeStored(trace: Trace, uid: string | undefined): Promise<NotAvailable> {
    const error = this.#stop(`it cannot be seen whether a dry run was honoured (${trace.what}: ${trace.lookedFor} does not tell)`);
    if (uid !== undefined) await this.#remove(trace, uid);
    this.#caveats.push(
      `It cannot be seen whether ${trace.what} was stored, which was sent as a dry run. Remove it with: ${trace.command}. No further dry run was sent. ${advice}`,
    );
    return error;
  }

  /** @returns true where it is known to be gone */
  async #remove(trace: Trace, uid: string): Promise<boolean> {
    const end = performance.now() + undoMs;
    try {
      await this.#lasting.request(trace.removal(uid));
      while (performance.now() < end) {
        if ((await isThere(this.#lasting, trace)) === 'absent') return true;
        await pause(pauseMs);
      }
    } catch (error) {
      if (!(error instanceof NotAvailable)) throw error;
    }
    return false;
  }
}
