import type { V1Service } from '@kubernetes/client-node';
import * as z from 'zod/mini';
import { ofKind } from '../../kubernetes/api-types.js';
import { listAll } from '../../kubernetes/list.js';
import { NotAvailable } from '../../model/errors.js';
import { listed } from '../../model/outcome.js';
import type { ProbeContext, Sandbox } from '../sandbox/sandbox.js';
import { ownLabels, ownSelector } from '../sandbox/identity.js';
import type { EligibleNode } from '../sandbox/nodes.js';
import { create, mergePatch } from '../../kubernetes/objects.js';
import type { Trouble } from '../sandbox/patience.js';
import { podBody } from '../sandbox/pods.js';
import { mapOf, podKey, untilRunning, type Started } from '../sandbox/wait.js';
import { imageAdvice } from '../image.js';
import { ordersAnnotation, planOf, podsOf, servedKinds, serviceBody, type Found, type MatrixPod } from './plan.js';
import type { Space } from './policies.js';

/** Pods of the matrix, and what is known of them. */
export interface Setup {
  readonly pods: readonly MatrixPod[];
  readonly namespaces: Readonly<Record<Space, string>>;
  readonly found: Omit<Found, 'sctp'>;
  /** Why some pods do not run, by their names. */
  readonly problems: ReadonlyMap<string, Trouble>;
}

const rawService = ofKind<V1Service>()(
  z.object({ metadata: z.object({ name: z.string() }), spec: z.object({ clusterIP: z.optional(z.string()) }) }),
);

/** Reasons with the pods and nodes that each keeps, e.g. of one image that no node can pull, and what helps. */
const grouped = (problems: ReadonlyMap<string, Trouble>): string => {
  const kinds = [...new Set([...problems.values()].map(({ what }) => what))];
  const reasons = kinds.map((kind) => {
    const kept = [...problems].filter(([, { what }]) => what === kind);
    const nodes = [...new Set(kept.flatMap(([, { node }]) => (node === '' ? [] : [node])))];
    const names = listed(
      kept.map(([name]) => name),
      4,
    );
    return `${names}${nodes.length === 0 ? '' : ` on ${listed(nodes, 4)}`}: ${kind}${kept[0]?.[1].detail ?? ''}`;
  });
  return `${reasons.join('; ')}${[...problems.values()].some(({ image }) => image) ? `. ${imageAdvice}` : ''}`;
};

const makeServices = async (
  { api, run, signal }: ProbeContext,
  pods: readonly MatrixPod[],
  namespaces: Readonly<Record<Space, string>>,
): Promise<ReadonlyMap<string, string>> => {
  const make = ({ name, space }: MatrixPod): Promise<void> =>
    create(api, `/api/v1/namespaces/${namespaces[space]}/services`, serviceBody(name, ownLabels(run)), { signal });
  await Promise.all(pods.filter(({ kind }) => servedKinds.includes(kind)).map(make));
  const found = await listAll(
    api,
    `/api/v1/namespaces/${namespaces.x}/services`,
    rawService,
    ({ metadata, spec }) => [metadata.name, spec.clusterIP ?? ''] as const,
    ownSelector(run),
  );
  return new Map(found.filter(([, ip]) => ip !== '' && ip !== 'None'));
};

interface Ground {
  readonly context: ProbeContext;
  readonly sandbox: Sandbox<Space>;
  readonly nodes: readonly EligibleNode[];
  readonly dual: boolean;
}

/** Makes pods, and waits until they run. */
const startPods = async ({ context, sandbox, nodes, dual }: Ground, pods: readonly MatrixPod[], all: number): Promise<Started> => {
  const { api, run, signal } = context;
  const { namespaces } = sandbox;
  const make = (pod: MatrixPod): Promise<void> => {
    const namespace = namespaces[pod.space];
    const plan = planOf(pod, namespace, nodes[pod.node]?.name ?? '', dual);
    return create(api, `/api/v1/namespaces/${namespace}/pods`, podBody(run, plan, sandbox.pod), { signal });
  };
  // One alone first: an admission webhook that hangs takes half a minute for each, and as many as are asked for at once keep what comes after waiting.
  const [first, ...others] = pods;
  if (first !== undefined) await make(first);
  await Promise.all(others.map(make));
  return untilRunning(
    api,
    pods.map((pod) => ({ namespace: namespaces[pod.space], name: pod.name })),
    { signal, progress: (running) => context.step(`policy matrix: ${running} of ${all} pods run`) },
  );
};

/**
 * Where a node may have to pull the image first, one pod goes ahead: kubelets pull one after the other, and a pod whose pull hangs cannot even be
 * removed before it is over.
 */
const startInTurn = async (ground: Ground, pods: readonly MatrixPod[]): Promise<Started> => {
  const keyIn = (pod: MatrixPod): string => podKey({ namespace: ground.sandbox.namespaces[pod.space], name: pod.name });
  const ahead = pods.filter(({ kind, node }) => kind === 'a' && ground.nodes[node]?.hasImage !== true);
  if (ahead.length === 0) return startPods(ground, pods, pods.length);
  const first = await startPods(ground, ahead, pods.length);
  const failed = mapOf(ahead.map((pod) => [pod.node, first.problems.get(keyIn(pod))]));
  const others = pods.filter((pod) => !ahead.includes(pod));
  const rest = others.filter(({ node }) => !failed.has(node));
  const lost = mapOf(others.map((pod) => [keyIn(pod), failed.get(pod.node)]));
  const second = rest.length === 0 ? undefined : await startPods(ground, rest, pods.length);
  return {
    running: new Map([...first.running, ...(second?.running ?? [])]),
    problems: new Map([...first.problems, ...(second?.problems ?? []), ...lost]),
  };
};

/**
 * Makes the pods and Services of the matrix, and waits until they run.
 * @throws {NotAvailable} where no pod runs, with the reasons, or where one is refused
 */
export const setUp = async (
  context: ProbeContext,
  sandbox: Sandbox<Space>,
  nodes: readonly EligibleNode[],
  dual: boolean,
): Promise<Setup> => {
  const { namespaces } = sandbox;
  const pods = podsOf(nodes.length);
  const begin = performance.now();
  const [services, started] = await Promise.all([
    makeServices(context, pods, namespaces),
    startInTurn({ context, sandbox, nodes, dual }, pods),
  ]);
  const problems = mapOf(pods.map(({ name, space }) => [name, started.problems.get(podKey({ namespace: namespaces[space], name }))]));
  if (started.running.size === 0) {
    const seconds = Math.round((performance.now() - begin) / 1_000);
    throw new NotAvailable('not-started', `None of ${pods.length} pods started within ${seconds} s: ${grouped(problems)}`);
  }
  const addresses = new Map([...started.running.values()].map((pod) => [pod.name, pod.ips] as const));
  return { pods, namespaces, found: { addresses, services, namespaces }, problems };
};

/** Puts an annotation on some pods. @param values by the name of the pod */
const annotate = async ({ api, signal }: ProbeContext, { pods, namespaces }: Setup, key: string, values: ReadonlyMap<string, string>) => {
  const chosen = pods.filter(({ name }) => values.has(name));
  await Promise.all(
    chosen.map(({ name, space }) => {
      const body = { metadata: { annotations: { [key]: values.get(name) } } };
      return mergePatch(api, `/api/v1/namespaces/${namespaces[space]}/pods/${name}`, body, { signal });
    }),
  );
};

/**
 * Reminds kubelets of orders that they have not handed on: a change that comes while a pod is being started may wait for the next full look, a minute later.
 * @param names of the pods
 * @param times how often it was done, so that each is a change
 */
export const remind = (context: ProbeContext, setup: Setup, names: Iterable<string>, times: number): Promise<void> =>
  annotate(context, setup, `${ordersAnnotation}-again`, new Map([...names].map((name) => [name, String(times)])));

/** Hands each client its orders. */
export const giveOrders = (context: ProbeContext, setup: Setup, orders: ReadonlyMap<string, string>): Promise<void> =>
  annotate(context, setup, ordersAnnotation, orders);
