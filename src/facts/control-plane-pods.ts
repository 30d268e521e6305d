import * as z from 'zod/mini';
import { NotAvailable } from '../model/errors.js';
import { defineFact, type Permission } from '../model/fact.js';
import type { Api, Ports } from '../model/ports.js';
import { nodes } from './nodes.js';
import { parseEtcdVariables, parseFlags, setsHiddenVariables } from './support/flags.js';
import {
  baseName,
  componentContainer,
  hasWord,
  imageName,
  kubeSystemPods,
  podsOfNodes,
  type ComponentContainer,
} from './support/kube-system-pods.js';
import { listAll } from './support/list.js';
import { hasControlPlaneRole } from './support/node-roles.js';
import { bounded } from './support/text.js';

const rawPod = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    nodeName: z.optional(z.string()),
    hostNetwork: z.optional(z.boolean()),
    restartPolicy: z.optional(z.string()),
    containers: z.array(componentContainer),
  }),
  status: z.optional(z.nullable(z.object({ phase: z.optional(z.string()) }))),
});
type RawPod = z.infer<typeof rawPod>;

const podSchema = z.object({
  name: z.string(),
  node: z.string(),
  hostNetwork: z.boolean(),
  running: z.boolean(),
  /** Flags that are set, without their dashes; a bare flag is `true`. etcd's environment variables count as flags. */
  flags: z.record(z.string(), z.string()),
});
export type ControlPlanePod = z.infer<typeof podSchema>;
type Component = 'kube-apiserver' | 'etcd';

const isComponent = ({ command, image }: ComponentContainer, component: Component): boolean =>
  baseName(command?.[0] ?? '') === component || imageName(image) === component;

/** etcd-manager of kOps starts etcd itself, with flags that it makes up: none of them stands in the pod. */
const isEtcdManager = ({ image }: ComponentContainer): boolean => /^etcd-manager(?:-slim)?$/.test(imageName(image));

/** What is to end is no server: a backup runs in etcd's image, too. */
const lasts = (raw: RawPod): boolean => (raw.spec.restartPolicy ?? 'Always') === 'Always';

/**
 * Whether a pod runs a component: one of its images, or a word of a command, is that program. A label does not tell: whoever may change the
 * labels of pods could make any pod an API server.
 */
const runs = (raw: RawPod, component: Component): boolean =>
  raw.spec.containers.some((container) => isComponent(container, component) || hasWord(container, component));

const flagsOf = (raw: RawPod, component: Component, wanted: readonly string[]): Record<string, string> => {
  // A sidecar's flags may have the same names: where the component's own container can be told, only that one speaks.
  const own = raw.spec.containers.filter((c) => c.name === component || isComponent(c, component));
  const containers = own.length > 0 ? own : raw.spec.containers;
  const flags = parseFlags(
    containers.flatMap((c) => [...(c.command ?? []), ...(c.args ?? [])]),
    wanted,
  );
  if (component === 'kube-apiserver') return flags;
  // What a ConfigMap, a Secret or etcd-manager sets is not seen, so that an absent flag is not known to be unset: nothing is better than half.
  if (containers.some((c) => isEtcdManager(c) || setsHiddenVariables(c, wanted, flags))) return {};
  // etcd reads variables too, and flags win over them (etcd documentation, "Configuration options").
  const variables = parseEtcdVariables(
    containers.flatMap((c) => c.env ?? []),
    wanted,
  );
  return { ...variables, ...flags };
};

const trimmed = (raw: RawPod, component: Component, wanted: readonly string[]): ControlPlanePod => ({
  name: bounded(raw.metadata.name),
  node: bounded(raw.spec.nodeName ?? ''),
  hostNetwork: raw.spec.hostNetwork ?? false,
  running: raw.status?.phase === 'Running',
  flags: flagsOf(raw, component, wanted),
});

const permissions: readonly Permission[] = [
  {
    role: 'read',
    verb: 'list',
    group: '',
    resource: 'pods',
    namespace: 'kube-system',
    why: 'flags of the control plane, where its pods can be seen',
  },
];
const byName = (pods: readonly ControlPlanePod[]): readonly ControlPlanePod[] => [...pods].sort((a, b) => (a.name < b.name ? -1 : 1));
const seen = (pods: readonly (ControlPlanePod | undefined)[]): readonly ControlPlanePod[] => pods.filter((pod) => pod !== undefined);
/** The pods with the component's label that run it. @param label its name: `component` by kubeadm and what builds on it */
const labelled = async (
  api: Api,
  component: Component,
  wanted: readonly string[],
  label = 'component',
): Promise<readonly ControlPlanePod[]> =>
  seen(
    await listAll(
      api,
      kubeSystemPods,
      rawPod,
      (raw) => (lasts(raw) && runs(raw, component) ? trimmed(raw, component, wanted) : undefined),
      {
        labels: { [label]: component },
      },
    ),
  );

/** kube-system is there in every cluster: who answers 404 knows some requests only, such as a recording, and shows no pod by this one. */
const orNone = async (pods: Promise<readonly ControlPlanePod[]>): Promise<readonly ControlPlanePod[]> => {
  try {
    return await pods;
  } catch (error) {
    if (error instanceof NotAvailable && error.reason === 'not-found') return [];
    throw error;
  }
};

/** Names of the nodes that are said to be of the control plane; none where nodes may not be listed. */
const nodesByRole = async (fact: Ports['fact']): Promise<readonly string[]> => {
  try {
    return (await fact(nodes)).filter((node) => hasControlPlaneRole(node.labels)).map((node) => node.name);
  } catch (error) {
    if (error instanceof NotAvailable) return [];
    throw error;
  }
};

/** The pods of a component among those of some nodes, by image or command. */
const onNodes = (
  api: Api,
  names: readonly string[],
  component: Component,
  wanted: readonly string[],
): Promise<readonly ControlPlanePod[]> => {
  const isServer = (c: ComponentContainer): boolean => isComponent(c, component) || (component === 'etcd' && isEtcdManager(c));
  return podsOfNodes(api, names, rawPod, (raw) =>
    lasts(raw) && raw.spec.containers.some(isServer) ? trimmed(raw, component, wanted) : undefined,
  );
};

/** Flags of the API server that any standard judges. */
export const apiServerFlagNames = [
  'admission-control',
  'authorization-config',
  'authorization-mode',
  'authentication-config',
  'authentication-token-webhook-config-file',
  'client-ca-file',
  'disable-admission-plugins',
  'enable-admission-plugins',
  'enable-bootstrap-token-auth',
  'enable-priority-and-fairness',
  'etcd-cafile',
  'etcd-certfile',
  'etcd-keyfile',
  'etcd-servers',
  'etcd-servers-overrides',
  'max-mutating-requests-inflight',
  'max-requests-inflight',
  'min-request-timeout',
  'oidc-issuer-url',
  'requestheader-client-ca-file',
  'service-cluster-ip-range',
  'token-auth-file',
] as const;

const etcdFlagNames = [
  'auto-compaction-mode',
  'auto-compaction-retention',
  'auto-tls',
  'cert-file',
  'client-cert-auth',
  'config-file',
  'key-file',
  'listen-client-http-urls',
  'listen-client-urls',
  'listen-peer-urls',
  'peer-auto-tls',
  'peer-cert-file',
  'peer-client-cert-auth',
  'peer-key-file',
  'peer-trusted-ca-file',
  'trusted-ca-file',
] as const;

/**
 * The API server's pods, sorted by name; empty where none can be seen: a hosted control plane, one that runs as a process, or pods in another
 * namespace (OpenShift). By label: `component` (kubeadm), else `k8s-app` (kOps, Typhoon, bootkube); else by image or command on the nodes
 * that are said to be of the control plane.
 */
export const apiServerPods = defineFact({
  name: 'kube-apiserver-pods',
  schema: z.readonly(z.array(podSchema)),
  permissions,
  collect: async ({ api, fact }) => {
    const component = 'kube-apiserver';
    const byComponent = await labelled(api, component, apiServerFlagNames);
    if (byComponent.length > 0) return byName(byComponent);
    const byApp = await orNone(labelled(api, component, apiServerFlagNames, 'k8s-app'));
    if (byApp.length > 0) return byName(byApp);
    return byName(await orNone(onNodes(api, await nodesByRole(fact), component, apiServerFlagNames)));
  },
});

/**
 * etcd's pods, sorted by name; empty where etcd is not run in the cluster or is hidden. By label; where no pod has it, by image or command
 * among the pods of the nodes that run an API server, else of those that are said to be of the control plane.
 */
export const etcdPods = defineFact({
  name: 'etcd-pods',
  schema: z.readonly(z.array(podSchema)),
  permissions,
  collect: async ({ api, fact }) => {
    const found = await labelled(api, 'etcd', etcdFlagNames);
    if (found.length > 0) return byName(found);
    const hosts = (await fact(apiServerPods)).map((pod) => pod.node);
    return byName(
      hosts.length > 0
        ? await onNodes(api, hosts, 'etcd', etcdFlagNames)
        : await orNone(onNodes(api, await nodesByRole(fact), 'etcd', etcdFlagNames)),
    );
  },
});
