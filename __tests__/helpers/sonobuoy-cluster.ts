import { randomUUID } from 'node:crypto';
import { statusBody } from './api-faults.js';
import type { ApiAnswer, ApiServer, RecordedRequest } from './api-server.js';
import { openLive, serveLive, type LiveClient } from './live-server.js';

interface Held {
  readonly path: string;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly uid: string;
  readonly created: string;
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
  readonly owners: string[];
  body: Record<string, unknown>;
  goneAt?: number;
}

type Metadata = Record<string, unknown> & {
  readonly name: string;
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
  readonly creationTimestamp?: string;
  readonly ownerReferences?: readonly { readonly uid: string }[];
};

const reasons: Readonly<Record<number, string>> = { 403: 'Forbidden', 404: 'NotFound', 409: 'AlreadyExists' };
const refusal = (status: number, message: string, reason = reasons[status]): ApiAnswer => ({
  status,
  body: statusBody(status, message, reason),
});
const selects = (selector: string, labels: Readonly<Record<string, string>>): boolean =>
  selector
    .split(',')
    .filter((part) => part !== '')
    .every((part) => {
      const [key = '', value] = part.split('=');
      return labels[key] !== undefined && (value === undefined || labels[key] === value);
    });

/** As the API server writes a time. @param inMs from now, in milliseconds */
export const moment = (inMs = 0): string => new Date(Date.now() + inMs).toISOString().replace(/\.\d+Z$/, 'Z');

/** A cluster that keeps whatever is made in it, and lets objects go as a real one does: a while later, and with what they own. */
export class SonobuoyCluster {
  readonly objects = new Map<string, Held>();
  /** Every request that changed something, in order. */
  readonly changes: string[] = [];
  terminationMs = 100;
  away = false;
  /** e.g. `POST /api/v1/namespaces/x/pods`: answered with 403 by admission. */
  readonly refused = new Map<string, string>();
  /** Asked first: what stands before the API server, or what keeps it from answering as it would. */
  instead: (request: RecordedRequest) => ApiAnswer | undefined = () => undefined;
  /** Something in between drops the query of requests. */
  dropsQuery = false;
  log = '';
  /** Called with every object that is made. */
  onMade: (path: string) => void = () => undefined;
  server!: ApiServer;

  async start(): Promise<void> {
    const answer = (request: RecordedRequest): ApiAnswer => this.#answer(request);
    const rbac = ['GET', 'POST', 'DELETE'].map((method) => [`${method} /apis/rbac.authorization.k8s.io/v1/*`, answer] as const);
    this.server = await serveLive({ answer, away: () => this.away, routes: Object.fromEntries(rbac) as Record<string, () => ApiAnswer> });
  }

  client(): Promise<LiveClient> {
    return openLive(this.server);
  }

  /** Puts an object there, as if somebody had made it. @param place e.g. `/api/v1/namespaces` */
  put(place: string, metadata: Metadata, more: Record<string, unknown> = {}): Held {
    const namespace = /^\/api\/v1\/namespaces\/([^/]+)\//.exec(place)?.[1];
    const held: Held = {
      path: `${place}/${metadata.name}`,
      name: metadata.name,
      namespace,
      uid: randomUUID(),
      created: metadata.creationTimestamp ?? moment(),
      labels: { ...metadata.labels },
      annotations: { ...metadata.annotations },
      owners: (metadata.ownerReferences ?? []).map(({ uid }) => uid),
      body: more,
    };
    this.objects.set(held.path, held);
    return held;
  }

  /** What Sonobuoy says on its pod. */
  say(status: object, namespace = 'scs-kaas-sonobuoy'): void {
    const pod = this.objects.get(`/api/v1/namespaces/${namespace}/pods/sonobuoy`);
    if (pod !== undefined) pod.annotations['sonobuoy.hept.io/status'] = JSON.stringify(status);
  }

  get paths(): readonly string[] {
    this.#settle();
    return [...this.objects.keys()].sort();
  }

  #settle(): void {
    const now = performance.now();
    for (const [path, { goneAt, uid }] of this.objects) {
      if (goneAt === undefined || goneAt > now) continue;
      this.objects.delete(path);
      for (const [other, held] of this.objects) if (other.startsWith(`${path}/`) || held.owners.includes(uid)) this.objects.delete(other);
    }
  }

  #shown({ name, namespace, uid, created, labels, annotations, body, goneAt }: Held): object {
    const ending = goneAt === undefined ? {} : { deletionTimestamp: created };
    return { ...body, metadata: { name, namespace, uid, creationTimestamp: created, labels, annotations, ...ending } };
  }

  #answer(request: RecordedRequest): ApiAnswer {
    this.#settle();
    const url = new URL(this.dropsQuery ? (request.path.split('?')[0] ?? '') : request.path, 'http://x');
    const instead = this.instead(request);
    if (instead !== undefined) return instead;
    const why = this.refused.get(`${request.method} ${url.pathname}`);
    if (why !== undefined) return refusal(403, why);
    if (request.method !== 'GET') this.changes.push(`${request.method} ${url.pathname}`);
    if (url.pathname.endsWith('/log')) return { headers: { 'content-type': 'text/plain' }, body: this.log };
    if (request.method === 'POST') return this.#create(url.pathname, request.body);
    const one = this.objects.get(url.pathname);
    if (request.method === 'DELETE') return one === undefined ? refusal(404, 'not found') : this.#remove(one, request.body);
    if (one !== undefined) return { body: this.#shown(one) };
    const last = url.pathname.split('/').at(-1) ?? '';
    const isList = ['namespaces', 'pods', 'clusterroles', 'clusterrolebindings', 'persistentvolumes'].includes(last);
    return isList ? this.#list(url) : refusal(404, `${url.pathname} not found`);
  }

  #list(url: URL): ApiAnswer {
    const selector = url.searchParams.get('labelSelector') ?? '';
    const only = /^metadata\.name=(.*)$/.exec(url.searchParams.get('fieldSelector') ?? '')?.[1];
    const kind = url.pathname.split('/').at(-1) ?? '';
    const items = [...this.objects.values()].filter(
      ({ path, name, labels }) =>
        selects(selector, labels) &&
        (only === undefined || name === only) &&
        (url.pathname === '/api/v1/pods' ? path.split('/').at(-2) === kind : path.slice(0, path.lastIndexOf('/')) === url.pathname),
    );
    return { body: { metadata: {}, items: items.map((held) => this.#shown(held)) } };
  }

  #create(place: string, body: string): ApiAnswer {
    const { metadata, ...more } = JSON.parse(body) as { metadata: Metadata };
    if (this.objects.has(`${place}/${metadata.name}`)) return refusal(409, 'already exists');
    const held = this.put(place, metadata, more);
    this.onMade(held.path);
    return { status: 201, body: this.#shown(held) };
  }

  #remove(held: Held, body: string): ApiAnswer {
    const { preconditions } = (body === '' ? {} : JSON.parse(body)) as { preconditions?: { uid?: string } };
    if (preconditions?.uid !== undefined && preconditions.uid !== held.uid)
      return refusal(409, 'the UID in the precondition does not match', 'Conflict');
    held.goneAt ??= performance.now() + this.terminationMs;
    return { body: this.#shown(held) };
  }
}
