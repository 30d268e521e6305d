import type { V1DaemonSet, V1Deployment, V1Node, V1Pod } from '@kubernetes/client-node';
import * as z from 'zod/mini';
import { ofKind } from '../../kubernetes/api-types.js';
import { listAll } from '../../kubernetes/list.js';
import { ask } from '../../kubernetes/answers.js';
import { reasonOf } from '../../model/errors.js';
import { count, listed } from '../../model/outcome.js';
import type { Api } from '../../model/ports.js';
import { orAborted } from '../../system/deadline.js';
import { again, poll } from '../../system/poll.js';
import { plainLine } from '../../text/program-output.js';

const conditions = z.optional(
  z.array(z.object({ type: z.string(), status: z.string(), reason: z.optional(z.string()), message: z.optional(z.string()) })),
);
const metadata = z.object({
  name: z.string(),
  labels: z.optional(z.record(z.string(), z.string())),
  generation: z.optional(z.number()),
  deletionTimestamp: z.optional(z.string()),
});
const containers = z.optional(
  z.array(
    z.object({
      state: z.optional(z.object({ waiting: z.optional(z.object({ reason: z.optional(z.string()), message: z.optional(z.string()) })) })),
    }),
  ),
);
const rawNode = ofKind<V1Node>()(z.object({ metadata, status: z.optional(z.object({ conditions })) }));
const rawPod = ofKind<V1Pod>()(
  z.object({
    metadata,
    spec: z.object({ nodeName: z.optional(z.string()) }),
    status: z.optional(
      z.object({ phase: z.optional(z.string()), conditions, containerStatuses: containers, initContainerStatuses: containers }),
    ),
  }),
);
const rawDeployment = ofKind<V1Deployment>()(
  z.object({ metadata, status: z.optional(z.object({ observedGeneration: z.optional(z.number()), conditions })) }),
);
const rawDaemonSet = ofKind<V1DaemonSet>()(
  z.object({
    metadata,
    status: z.optional(
      z.object({ observedGeneration: z.optional(z.number()), desiredNumberScheduled: z.number(), numberReady: z.number() }),
    ),
  }),
);
type Workload = z.infer<typeof rawDeployment> | z.infer<typeof rawDaemonSet>;

/** What kubeadm runs on each control-plane node, by the label `component` of its pods. */
const components = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];
const systemNamespaces = ['kube-system', 'local-path-storage'];

const inWords = ({ reason, message }: { readonly reason?: string | undefined; readonly message?: string | undefined }): string =>
  plainLine([reason, message].filter(Boolean).join(': '), 200);

const conditionOf = (all: z.infer<typeof conditions>, type: string): { status: string; why: string } => {
  const found = (all ?? []).find((c) => c.type === type);
  return { status: found?.status ?? '', why: inWords(found ?? {}) || 'no state yet' };
};

const nodeProblems = (nodes: readonly z.infer<typeof rawNode>[], expected: number): string[] => {
  const notReady = nodes.flatMap(({ metadata: { name }, status }) => {
    const { status: ready, why } = conditionOf(status?.conditions, 'Ready');
    return ready === 'True' ? [] : [`node ${plainLine(name)} (${why})`];
  });
  return nodes.length === expected ? notReady : [`${nodes.length} of ${count(expected, 'node')} joined`, ...notReady];
};

const podProblem = (namespace: string, pod: z.infer<typeof rawPod>): string[] => {
  const { status } = pod;
  if (status?.phase === 'Succeeded' || pod.metadata.deletionTimestamp !== undefined) return [];
  const { status: ready, why } = conditionOf(status?.conditions, 'Ready');
  if (ready === 'True') return [];
  const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const waiting = all.map(({ state }) => state?.waiting).find((one) => one !== undefined);
  const unscheduled = conditionOf(status?.conditions, 'PodScheduled');
  const reason = waiting === undefined ? (unscheduled.status === 'False' ? unscheduled.why : why) : inWords(waiting);
  return [`pod ${namespace}/${plainLine(pod.metadata.name)} (${reason})`];
};

/** A pod of the control plane shows in the API only some time after it runs: who looks earlier takes it for hidden. */
const controlPlaneProblems = (nodes: readonly z.infer<typeof rawNode>[], pods: readonly z.infer<typeof rawPod>[]): string[] =>
  nodes
    .filter(({ metadata: { labels } }) => labels !== undefined && 'node-role.kubernetes.io/control-plane' in labels)
    .flatMap(({ metadata: { name } }) =>
      components
        .filter((component) => !pods.some((pod) => pod.spec.nodeName === name && pod.metadata.labels?.['component'] === component))
        .map((component) => `the ${component} pod of node ${plainLine(name)} (not listed yet)`),
    );

const observed = (workload: Workload): boolean => (workload.status?.observedGeneration ?? 0) >= (workload.metadata.generation ?? 1);

const deploymentProblems = (namespace: string, all: readonly z.infer<typeof rawDeployment>[]): string[] => [
  ...(namespace === 'kube-system' && !all.some((d) => d.metadata.name === 'coredns')
    ? ['deployment kube-system/coredns (not created yet)']
    : []),
  ...all.flatMap((deployment) => {
    const { status, why } = conditionOf(deployment.status?.conditions, 'Available');
    return status === 'True' && observed(deployment) ? [] : [`deployment ${namespace}/${plainLine(deployment.metadata.name)} (${why})`];
  }),
];

const daemonSetProblems = (all: readonly z.infer<typeof rawDaemonSet>[]): string[] =>
  all.flatMap((set) => {
    const { desiredNumberScheduled: wanted = 0, numberReady: ready = 0 } = set.status ?? {};
    return observed(set) && ready >= wanted
      ? []
      : [`daemon set kube-system/${plainLine(set.metadata.name)} (${ready} of ${count(wanted, 'pod')} ready)`];
  });

/**
 * What a cluster still lacks: nodes, pods and workloads of the system, the ServiceAccount without which no pod can be created.
 * @param expectedNodes how many the configuration has
 * @returns one phrase each, nodes first; empty where everything is ready
 */
export const notReady = async (api: Api, expectedNodes: number): Promise<readonly string[]> => {
  const keep = <T>(raw: T): T => raw;
  const [nodes, daemonSets, account, ...namespaces] = await Promise.all([
    listAll(api, '/api/v1/nodes', rawNode, keep),
    listAll(api, '/apis/apps/v1/namespaces/kube-system/daemonsets', rawDaemonSet, keep),
    ask(api, { path: '/api/v1/namespaces/default/serviceaccounts/default' }, z.object({ metadata: z.object({ name: z.string() }) })).catch(
      () => undefined,
    ),
    ...systemNamespaces.map(async (namespace) => ({
      namespace,
      pods: await listAll(api, `/api/v1/namespaces/${namespace}/pods`, rawPod, keep),
      deployments: await listAll(api, `/apis/apps/v1/namespaces/${namespace}/deployments`, rawDeployment, keep),
    })),
  ]);
  return [
    ...nodeProblems(nodes, expectedNodes),
    ...controlPlaneProblems(nodes, namespaces[0]?.pods ?? []),
    ...namespaces.flatMap(({ namespace, pods, deployments }) => [
      ...pods.flatMap((pod) => podProblem(namespace, pod)),
      ...deploymentProblems(namespace, deployments),
    ]),
    ...daemonSetProblems(daemonSets),
    ...(account === undefined ? ['service account default/default (not created yet)'] : []),
  ];
};

/** The cluster did not become ready in time, or cannot, or the run was cancelled meanwhile. */
export class NotReady extends Error {
  override readonly name = 'NotReady';
  /**
   * @param lacking phrases, as `notReady` gives them
   * @param early whether there was time left
   */
  constructor(
    message: string,
    private readonly lacking: readonly string[],
    readonly early: boolean,
  ) {
    super(`${message}: ${listed(lacking, 5)}`);
  }
  /** What is the matter with the API itself; `''` where it answers. */
  get ofApi(): string {
    return this.lacking.find((phrase) => phrase.startsWith('the API (')) ?? '';
  }
}

/** How waiting is done; times in milliseconds. */
export interface Waiting {
  readonly pollMs?: number | undefined;
  /** How long nodes may lack a network plugin, where kind installs none; without a bound where it does. */
  readonly networkMs?: number | undefined;
}

/** A node that only waits for its network plugin, as the kubelet says it. */
const lacksNetwork = (problem: string): boolean => /^node .*(NetworkPluginNotReady|network plugin|cni (plugin|config))/i.test(problem);

/**
 * Polls until nothing is lacking. An API that does not answer yet is asked again.
 * @param until ends the waiting, at the deadline or when the run is cancelled
 * @throws {NotReady} naming what was not ready last; before the end if the nodes lack a network plugin for longer than is allowed
 */
export const waitUntilReady = async (
  api: Api,
  expectedNodes: number,
  until: AbortSignal,
  log: (line: string) => void,
  { pollMs = 1_000, networkMs = Infinity }: Waiting = {},
): Promise<void> => {
  let withoutNetworkSince: number | undefined;
  let lacking: readonly string[] = ['the API (no answer yet)'];
  let told = '';
  const note = (seen: readonly string[], totalMs: number): undefined | typeof again => {
    if (seen.length === 0) return undefined;
    lacking = seen;
    withoutNetworkSince = seen.some(lacksNetwork) ? (withoutNetworkSince ?? totalMs) : undefined;
    if (withoutNetworkSince !== undefined && totalMs - withoutNetworkSince >= networkMs)
      throw new NotReady('no network plugin', lacking, true);
    const line = `Waiting for ${listed(lacking, 2)}`;
    if (line !== told) log(line);
    told = line;
    if (until.aborted) throw new NotReady('not ready', lacking, false);
    return again;
  };
  return poll({
    look: () => orAborted(notReady(api, expectedNodes), until),
    everyMs: pollMs,
    signal: until,
    until: (seen, { totalMs }) => note(seen, totalMs),
    outage: (error, { totalMs }) => {
      if (until.aborted) throw new NotReady('not ready', lacking, false);
      return note([`the API (${plainLine(reasonOf(error))})`], totalMs);
    },
  });
};
