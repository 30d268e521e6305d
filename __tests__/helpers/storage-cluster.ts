import { randomUUID } from 'node:crypto';
import { statusBody } from './api-faults.js';
import type { ApiAnswer, ApiServer, RecordedRequest } from './api-server.js';
import { openLive, serveLive, type LiveClient } from './live-server.js';

interface Meta {
  readonly name: string;
  readonly uid: string;
}
interface HeldPod {
  readonly metadata: Meta & { readonly namespace: string };
  readonly node: string;
  readonly word: string | undefined;
  /** How often its status was shown. */
  looks: number;
}
interface HeldClaim {
  readonly metadata: Meta & { readonly namespace: string };
  asked: string;
  volume: string | undefined;
}

type Body = Record<string, unknown>;
const refusal = (status: number, message: string, reason = ''): ApiAnswer => ({ status, body: statusBody(status, message, reason) });
const notFound = refusal(404, 'not found', 'NotFound');

/** What happens in the cluster; each field is what a test changes. */
export interface StorageBehaviour {
  classes: Body[];
  /** Names of the nodes; the first pod gets the first of them that it may have. */
  nodes: string[];
  /** Volumes that somebody made in advance. */
  volumes: Body[];
  binds: boolean;
  /** Parts of each volume's `spec`, beside what every one has. @param node of the pod that waits for it */
  volume: (node: string) => Body;
  /** Whether a node may have the volume of another one. */
  shared: boolean;
  /** What the second pod reads instead of what was written. */
  otherContent: string | undefined;
  /** Every pod runs on the first node, whatever it asks for. */
  misplaces: boolean;
  /** Status of a pod that does not come to run, by its name and how often it was looked at; undefined where it runs. */
  stuck: (name: string, nth: number) => Body | undefined;
  grows: boolean;
  /** The volume goes with its claim. */
  reclaims: boolean;
  /** Answers to requests that differ, by method and resource, e.g. `POST persistentvolumeclaims`. */
  answers: Record<string, ApiAnswer>;
  /** Events of the namespace. */
  events: Body[];
}

export const storageClass = (more: Body = {}, annotations: Body = { 'storageclass.kubernetes.io/is-default-class': 'true' }): Body => ({
  metadata: { name: 'standard', creationTimestamp: '2026-11-23T19:00:00Z', annotations },
  provisioner: 'csi.example.com',
  reclaimPolicy: 'Delete',
  volumeBindingMode: 'WaitForFirstConsumer',
  ...more,
});

/** A cluster whose claims, volumes and pods behave as a test says, without time passing. */
export class StorageCluster {
  readonly behaviour: StorageBehaviour = {
    classes: [storageClass()],
    nodes: ['worker-1', 'worker-2'],
    volumes: [],
    binds: true,
    volume: () => ({ csi: { driver: 'csi.example.com', volumeAttributes: { secret: 'shown to nobody' } } }),
    shared: true,
    otherContent: undefined,
    misplaces: false,
    stuck: () => undefined,
    grows: true,
    reclaims: true,
    answers: {},
    events: [],
  };
  /** Every request that changed something, with the resource, in order. */
  readonly changes: string[] = [];
  readonly namespaces = new Map<string, Body>();
  readonly claims = new Map<string, HeldClaim>();
  readonly volumes = new Map<string, Body & { spec: Body; status: { phase: string } }>();
  readonly pods = new Map<string, HeldPod>();
  /** Told of each change, before it is answered. */
  onChange: (change: string) => void = () => undefined;
  /** No answer at all. */
  away = false;
  server!: ApiServer;

  async start(): Promise<void> {
    this.server = await serveLive({
      answer: (request) => this.#answer(request),
      away: () => this.away,
      routes: { 'GET /apis/storage.k8s.io/v1/storageclasses': () => ({ body: { metadata: {}, items: this.behaviour.classes } }) },
    });
  }

  /** A client as a run has it. */
  api(): Promise<LiveClient> {
    return openLive(this.server);
  }

  /** What is there of ours. */
  get left(): readonly string[] {
    return [...this.namespaces.keys(), ...this.claims.keys(), ...this.volumes.keys(), ...this.pods.keys()];
  }

  #answer(request: RecordedRequest): ApiAnswer {
    const [, , , first = '', name, second, inner, sub] = new URL(request.path, 'http://x').pathname.split('/');
    const spaced = first === 'namespaces' && second !== undefined;
    const resource = spaced ? second : first;
    const own = spaced ? inner : name;
    const what = `${request.method} ${resource}${sub === undefined ? '' : `/${sub}`}`;
    if (request.method !== 'GET') {
      this.changes.push(what);
      this.onChange(what);
    }
    if (this.away) return refusal(503, 'away');
    const other = this.behaviour.answers[what];
    if (other !== undefined) return other;
    const body = request.body === '' ? {} : (JSON.parse(request.body) as Body);
    switch (resource) {
      case 'nodes':
        return this.#nodes();
      case 'namespaces':
        return this.#namespace(request.method, own, body);
      case 'persistentvolumeclaims':
        return this.#claim(request.method, name ?? '', own, body);
      case 'persistentvolumes':
        return this.#volume(request.method, own, body);
      case 'pods':
        return this.#pod(request.method, name ?? '', own, body);
      case 'events':
        return { body: { metadata: {}, items: this.behaviour.events } };
      default:
        return notFound;
    }
  }

  #nodes(): ApiAnswer {
    const items = this.behaviour.nodes.map((name) => ({
      metadata: { name, labels: { 'kubernetes.io/hostname': name } },
      status: { conditions: [{ type: 'Ready', status: 'True' }], nodeInfo: { architecture: 'amd64', operatingSystem: 'linux' } },
    }));
    return { body: { metadata: {}, items } };
  }

  #namespace(method: string, name: string | undefined, body: Body): ApiAnswer {
    if (method === 'POST') {
      const metadata = { uid: randomUUID(), ...(body['metadata'] as { name: string }) };
      this.namespaces.set(metadata.name, { metadata });
      return { status: 201, body: { metadata } };
    }
    if (name === undefined) return { body: { metadata: {}, items: [...this.namespaces.values()] } };
    const held = this.namespaces.get(name);
    if (held === undefined) return notFound;
    if (method === 'DELETE') {
      this.namespaces.delete(name);
      for (const [key, pod] of this.pods) if (pod.metadata.namespace === name) this.pods.delete(key);
      for (const [key, claim] of this.claims) if (claim.metadata.namespace === name) this.#removeClaim(key, claim);
    }
    return { body: held };
  }

  #bind(claim: HeldClaim, node: string): void {
    if (!this.behaviour.binds || claim.volume !== undefined) return;
    const { name: claimName, namespace, uid } = claim.metadata;
    claim.volume = `pvc-${uid}`;
    this.volumes.set(claim.volume, {
      metadata: { name: claim.volume, uid: randomUUID(), annotations: { 'pv.kubernetes.io/provisioned-by': 'csi.example.com' } },
      spec: {
        accessModes: ['ReadWriteOnce'],
        capacity: { storage: claim.asked },
        claimRef: { namespace, name: claimName, uid },
        persistentVolumeReclaimPolicy: this.behaviour.classes[0]?.['reclaimPolicy'] ?? 'Delete',
        storageClassName: 'standard',
        ...this.behaviour.volume(node),
      },
      status: { phase: 'Bound' },
    });
  }

  #removeClaim(key: string, claim: HeldClaim): void {
    this.claims.delete(key);
    const volume = this.volumes.get(claim.volume ?? '');
    if (volume !== undefined) volume.status.phase = 'Released';
    this.#reclaim();
  }

  #reclaim(): void {
    for (const [name, { spec, status }] of this.volumes)
      if (this.behaviour.reclaims && status.phase === 'Released' && spec['persistentVolumeReclaimPolicy'] === 'Delete')
        this.volumes.delete(name);
  }

  #claim(method: string, namespace: string, name: string | undefined, body: Body): ApiAnswer {
    const shown = ({ metadata, volume }: HeldClaim): Body => ({
      metadata,
      spec: { storageClassName: 'standard', ...(volume === undefined ? {} : { volumeName: volume }) },
      status:
        volume === undefined
          ? { phase: 'Pending' }
          : { phase: 'Bound', capacity: (this.volumes.get(volume)?.spec['capacity'] ?? {}) as Body },
    });
    const key = `${namespace}/${name ?? (body['metadata'] as Meta | undefined)?.name ?? ''}`;
    const storage = (body as { spec?: { resources?: { requests?: { storage?: string } } } }).spec?.resources?.requests?.storage;
    if (method === 'POST') {
      const claim: HeldClaim = {
        metadata: { namespace, uid: randomUUID(), name: key.split('/')[1] ?? '' },
        asked: storage ?? '',
        volume: undefined,
      };
      this.claims.set(key, claim);
      if (this.behaviour.classes[0]?.['volumeBindingMode'] === 'Immediate') this.#bind(claim, '');
      return { status: 201, body: shown(claim) };
    }
    if (name === undefined) return { body: { metadata: {}, items: [...this.claims.values()].map(shown) } };
    const held = this.claims.get(key);
    if (held === undefined) return notFound;
    if (method === 'PATCH' && storage !== undefined && this.behaviour.grows) {
      const volume = this.volumes.get(held.volume ?? '');
      if (volume !== undefined) volume.spec['capacity'] = { storage };
    }
    if (method === 'DELETE') this.#removeClaim(key, held);
    return { body: shown(held) };
  }

  #volume(method: string, name: string | undefined, body: Body): ApiAnswer {
    if (name === undefined) return { body: { metadata: {}, items: [...this.behaviour.volumes, ...this.volumes.values()] } };
    const held = this.volumes.get(name);
    if (held === undefined) return notFound;
    if (method === 'PATCH') {
      Object.assign(held.spec, body['spec']);
      this.#reclaim();
    }
    return { body: held };
  }

  /** The first pod writes; a second one reads. */
  #state(pod: HeldPod): Body {
    const { node, word, metadata } = pod;
    const claim = [...this.claims.values()].find((c) => c.metadata.namespace === metadata.namespace);
    if (claim?.volume === undefined) return { phase: 'Pending' };
    const stuck = this.behaviour.stuck(metadata.name, ++pod.looks);
    if (stuck !== undefined) return stuck;
    if (word === undefined && !this.behaviour.shared) {
      const message = `0/2 nodes are available: 1 node(s) didn't match PersistentVolume's node affinity`;
      return { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }] };
    }
    const message = word === undefined ? (this.behaviour.otherContent ?? this.#written) : word;
    this.#written = message;
    return { phase: 'Succeeded', containerStatuses: [{ state: { terminated: { exitCode: 0, message } } }], node };
  }
  #written = '';

  #pod(method: string, namespace: string, name: string | undefined, body: Body): ApiAnswer {
    const shown = (pod: HeldPod): Body => ({ metadata: pod.metadata, spec: { nodeName: pod.node }, status: this.#state(pod) });
    if (method === 'POST') {
      const { metadata, spec } = body as {
        metadata: Meta;
        spec: {
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: { matchFields: { values: string[] }[] }[] };
            };
          };
          containers: { env: { name: string; value: string }[] }[];
        };
      };
      const terms = spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms;
      const node = this.behaviour.misplaces ? (this.behaviour.nodes[0] ?? '') : (terms[0]?.matchFields[0]?.values[0] ?? '');
      const word = spec.containers[0]?.env.find((e) => e.name === 'WORD')?.value;
      const pod = { metadata: { ...metadata, namespace, uid: randomUUID() }, node, word, looks: 0 };
      this.pods.set(`${namespace}/${metadata.name}`, pod);
      const claim = [...this.claims.values()].find((c) => c.metadata.namespace === namespace);
      if (claim !== undefined) this.#bind(claim, node);
      return { status: 201, body: shown(pod) };
    }
    if (method === 'DELETE') return this.pods.delete(`${namespace}/${name ?? ''}`) ? { body: {} } : notFound;
    return { body: { metadata: {}, items: [...this.pods.values()].filter((p) => p.metadata.namespace === namespace).map(shown) } };
  }
}
