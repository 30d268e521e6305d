import { randomUUID } from 'node:crypto';
import { deadlineAnnotation, leaseMs, namespaceOf, ownLabels } from '../../src/probes/sandbox/identity.js';
import type { ApiAnswer, ApiServer, RecordedRequest } from './api-server.js';
import { statusBody } from './api-faults.js';
import { openLive, serveLive, type LiveClient } from './live-server.js';

export interface HeldNamespace {
  readonly name: string;
  readonly uid: string;
  readonly created: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  /** Why it does not go when it is removed. */
  stuck?: string;
  /** Answer to its removal. */
  refuses?: ApiAnswer;
  goneAt?: number;
}
export interface HeldVolume {
  readonly name: string;
  readonly namespace: string;
  readonly claim: string;
  policy: 'Delete' | 'Retain';
  /** By which provisioner; none for one that someone made by hand. */
  readonly provisioner?: string;
  goneAt?: number;
}

const json = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;
const refusal = (status: number, message: string, reason = status === 404 ? 'NotFound' : ''): ApiAnswer => ({
  status,
  body: statusBody(status, message, reason),
});

/** A cluster that keeps namespaces and volumes and lets them go as a real one does: later, or not at all. */
export class SandboxCluster {
  readonly namespaces = new Map<string, HeldNamespace>();
  readonly volumes = new Map<string, HeldVolume>();
  /** Claims under way, by namespace. */
  readonly claims = new Map<string, readonly string[]>();
  /** Of the class of these claims. */
  reclaimPolicy: 'Delete' | 'Retain' = 'Delete';
  /** e.g. `list persistentvolumes`. */
  readonly forbidden = new Set<string>();
  /** Every request that changed something, in order. */
  readonly changes: string[] = [];
  terminationMs = 150;
  reclaimMs = 100;
  /** No answer at all. */
  away = false;
  /** A namespace is made so much later, and nobody is told. */
  lateMs: number | undefined;
  server!: ApiServer;

  async start(): Promise<void> {
    this.server = await serveLive({
      answer: (request) => this.#answer(request),
      away: () => this.away,
      routes: { 'GET /apis/storage.k8s.io/v1/storageclasses': () => this.#classes() },
    });
  }

  /** A client as a run has it. */
  api(requestTimeoutMs?: number): Promise<LiveClient> {
    return openLive(this.server, requestTimeoutMs);
  }

  /** A namespace of a run. @param endsIn milliseconds until its deadline */
  hold(run: string, purpose: string, endsIn = leaseMs, more: Partial<HeldNamespace> = {}): HeldNamespace {
    const annotations = { [deadlineAnnotation]: new Date(Date.now() + endsIn).toISOString() };
    return this.put(namespaceOf(run, purpose), { labels: { ...ownLabels(run) }, annotations, ...more });
  }

  put(name: string, more: Partial<HeldNamespace> = {}): HeldNamespace {
    const held = { name, uid: randomUUID(), created: new Date().toISOString(), labels: {}, annotations: {}, ...more };
    this.namespaces.set(name, held);
    return held;
  }

  /** A volume as a provisioner makes it for a claim. */
  provision(namespace: string, policy: HeldVolume['policy'], claim: string = randomUUID()): HeldVolume {
    const held = { name: `pvc-${claim}`, namespace, claim, policy, provisioner: 'example.org/disk' };
    this.volumes.set(held.name, held);
    return held;
  }

  #settle(): void {
    const now = performance.now();
    for (const [name, { goneAt, stuck }] of this.namespaces)
      if (goneAt !== undefined && stuck === undefined && goneAt <= now) this.namespaces.delete(name);
    for (const [name, volume] of this.volumes) {
      if (volume.policy === 'Delete' && !this.namespaces.has(volume.namespace)) volume.goneAt ??= now + this.reclaimMs;
      if ((volume.goneAt ?? now) < now) this.volumes.delete(name);
    }
  }

  #answer(request: RecordedRequest): ApiAnswer | Promise<ApiAnswer> {
    this.#settle();
    const url = new URL(request.path, 'http://x');
    const [, , , resource = '', name, sub] = url.pathname.split('/');
    const verb = request.method === 'GET' ? (name === undefined ? 'list' : 'get') : request.method.toLowerCase();
    const what = `${verb} ${resource}`;
    if (this.forbidden.has(what))
      return refusal(403, `${resource} is forbidden: User "u" cannot ${verb} resource "${resource}" at the cluster scope`);
    if (request.method !== 'GET') this.changes.push(`${request.method} ${url.pathname}`);
    if (sub === 'persistentvolumeclaims') return this.#listClaims(name ?? '');
    if (resource === 'persistentvolumes') return this.#volume(request, name);
    if (resource !== 'namespaces') return refusal(404, 'not found');
    switch (verb) {
      case 'list':
        return this.#list(url.searchParams.get('labelSelector') ?? '');
      case 'post':
        return sub === undefined && name === undefined ? this.#create(request.body) : { status: 201, body: {} };
      default:
        return this.#one(request, name ?? '');
    }
  }

  #shown({ name, uid, created, labels, annotations, goneAt, stuck }: HeldNamespace): object {
    const conditions = stuck === undefined ? [] : [{ type: 'NamespaceFinalizersRemaining', status: 'True', message: stuck }];
    return {
      metadata: { name, uid, creationTimestamp: created, labels, annotations },
      status: goneAt === undefined ? { phase: 'Active' } : { phase: 'Terminating', conditions },
    };
  }

  #list(selector: string): ApiAnswer {
    const wanted = selector.split(',').map((part) => part.split('='));
    const items = [...this.namespaces.values()].filter(({ labels }) =>
      wanted.every(([key = '', value]) => labels[key] !== undefined && (value === undefined || labels[key] === value)),
    );
    return { body: { metadata: {}, items: items.map((n) => this.#shown(n)) } };
  }

  #create(body: string): ApiAnswer | Promise<ApiAnswer> {
    const { metadata } = json(body) as { metadata: { name: string; labels: Record<string, string>; annotations: Record<string, string> } };
    const make = (): ApiAnswer => {
      if (this.namespaces.has(metadata.name)) return refusal(409, 'already exists', 'AlreadyExists');
      return { status: 201, body: this.#shown(this.put(metadata.name, metadata)) };
    };
    if (this.lateMs === undefined) return make();
    setTimeout(make, this.lateMs);
    return new Promise(() => undefined);
  }

  #one(request: RecordedRequest, name: string): ApiAnswer {
    const held = this.namespaces.get(name);
    if (held === undefined) return refusal(404, `namespaces "${name}" not found`);
    if (request.method === 'PATCH') {
      const { metadata } = json(request.body) as { metadata: Partial<Pick<HeldNamespace, 'labels' | 'annotations'>> };
      Object.assign(held.annotations, metadata.annotations);
      Object.assign(held.labels, metadata.labels);
    }
    if (request.method !== 'DELETE') return { body: this.#shown(held) };
    const { preconditions } = json(request.body) as { preconditions?: { uid?: string } };
    if (held.refuses !== undefined) return held.refuses;
    if (preconditions?.uid !== undefined && preconditions.uid !== held.uid)
      return refusal(409, 'the UID in the precondition does not match');
    if (held.goneAt !== undefined) return refusal(409, 'the namespace is being removed already');
    held.goneAt = performance.now() + this.terminationMs;
    return { body: this.#shown(held) };
  }

  #classes(): ApiAnswer {
    return { body: { metadata: {}, items: [{ metadata: { name: 'disk' }, reclaimPolicy: this.reclaimPolicy }] } };
  }

  #listClaims(namespace: string): ApiAnswer {
    const items = (this.claims.get(namespace) ?? []).map((uid) => ({
      metadata: { name: `claim-${uid}`, uid, annotations: { 'volume.kubernetes.io/storage-provisioner': 'example.org/disk' } },
      spec: { storageClassName: 'disk' },
      status: { phase: 'Pending' },
    }));
    return { body: { metadata: {}, items } };
  }

  #volume(request: RecordedRequest, name: string | undefined): ApiAnswer {
    const shown = ({ name: own, namespace, claim, policy, provisioner }: HeldVolume): object => ({
      metadata: { name: own, uid: own, annotations: provisioner === undefined ? {} : { 'pv.kubernetes.io/provisioned-by': provisioner } },
      spec: { persistentVolumeReclaimPolicy: policy, claimRef: { namespace, uid: claim } },
    });
    if (name === undefined) return { body: { metadata: {}, items: [...this.volumes.values()].map(shown) } };
    const held = this.volumes.get(name);
    if (held === undefined) return refusal(404, 'not found');
    if (request.method === 'PATCH')
      held.policy = (
        json(request.body) as { spec: { persistentVolumeReclaimPolicy: HeldVolume['policy'] } }
      ).spec.persistentVolumeReclaimPolicy;
    return { body: shown(held) };
  }
}
