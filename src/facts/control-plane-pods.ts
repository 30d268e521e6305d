import * as z from 'zod/mini';
import { defineFact, type Ports } from '../model/fact.js';
import { readRight } from '../model/permission.js';
import type { Api } from '../model/ports.js';
import { nodes, type Node } from './nodes.js';
import {
  isComponent,
  isMember,
  lasts,
  podSchema,
  rawPod,
  runsComponent,
  trimPod,
  type Component,
  type ControlPlanePod,
  type RawPod,
} from './support/control-plane-pod.js';
import { kubeSystemPods, podsOfNodes } from './support/kube-system-pods.js';
import { listAll } from '../kubernetes/list.js';
import { byName } from './support/list-fact.js';
import { partOr } from './support/parts.js';
import { isCalledControlPlane, takesWorkloads } from './support/node-roles.js';

export type { ControlPlanePod };

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

const flagNames: Readonly<Record<Component, readonly string[]>> = { 'kube-apiserver': apiServerFlagNames, etcd: etcdFlagNames };

const permissions = [readRight('list', '', 'pods', 'flags of the control plane, where its pods can be seen', { namespace: 'kube-system' })];
const sortByName = (pods: readonly ControlPlanePod[]): readonly ControlPlanePod[] => [...pods].sort(byName);
/** The pods with the component's label that run it. @param label its name: `component` by kubeadm and what builds on it */
const labelled = async (api: Api, component: Component, label = 'component'): Promise<readonly ControlPlanePod[]> => {
  const trim = (raw: RawPod): ControlPlanePod | undefined =>
    lasts(raw) && runsComponent(raw, component) ? trimPod(raw, component, flagNames[component]) : undefined;
  const found = await listAll(api, kubeSystemPods, rawPod, trim, { labels: { [label]: component } });
  return found.filter((pod) => pod !== undefined);
};

/** kube-system is there in every cluster: who answers 404 knows some requests only, such as a recording, and shows no pod by this one. */
const orNone = (pods: Promise<readonly ControlPlanePod[]>): Promise<readonly ControlPlanePod[]> => partOr(pods, [], 'not-found');

/** The nodes that role or taint call a control plane; none where nodes may not be listed. */
const nodesByRole = async (fact: Ports['fact']): Promise<readonly Node[]> => (await partOr(fact(nodes), [])).filter(isCalledControlPlane);

/** The pods of a component among those of some nodes, by image or command. */
const onNodes = (api: Api, names: readonly string[], component: Component): Promise<readonly ControlPlanePod[]> => {
  const isServer = (raw: RawPod): boolean =>
    component === 'etcd' ? isMember(raw) : raw.spec.containers.some((container) => isComponent(container, component));
  return podsOfNodes(api, names, rawPod, (raw) =>
    lasts(raw) && isServer(raw) ? trimPod(raw, component, flagNames[component]) : undefined,
  );
};

const apiServer = 'kube-apiserver';

/** What a further look finds beside pods that are known; one that fails leaves the nodes that it was for without a pod. */
const orKnown = (pods: Promise<readonly ControlPlanePod[]>): Promise<readonly ControlPlanePod[]> => partOr(pods, []);

/** More names than these tell nothing more. */
const maxUnseen = 20;

const nodeNames = (some: readonly Node[]): readonly string[] => some.map(({ name }) => name);

const hostsWithoutPods = (hosts: readonly string[], pods: readonly ControlPlanePod[]): readonly string[] =>
  hosts.filter((host) => !pods.some((pod) => pod.node === host));

/** Looks for the API servers of nodes that show none by the first label: makers' labels may be mixed, such as during a change from one to another. */
const completed = async (found: readonly ControlPlanePod[], { api, fact }: Ports): Promise<readonly ControlPlanePod[]> => {
  const called = await nodesByRole(fact);
  const hosts = nodeNames(called);
  if (hostsWithoutPods(hosts, found).length === 0) return found;
  const named = new Set(found.map((pod) => pod.name));
  const byApp = (await orKnown(labelled(api, apiServer, 'k8s-app'))).filter((pod) => !named.has(pod.name));
  const labels = [...found, ...byApp];
  const all = [...labels, ...(await orKnown(onNodes(api, hostsWithoutPods(hosts, labels), apiServer)))];
  // A node that is ready, takes workloads and shows no pod only pretends by its label (docs/decisions/0004).
  const unseenOn = hostsWithoutPods(nodeNames(called.filter((node) => !node.ready || !takesWorkloads(node))), all).slice(0, maxUnseen);
  return unseenOn.length === 0 ? all : all.map((pod) => ({ ...pod, unseenOn }));
};

/**
 * The API server's pods, sorted by name; empty where none can be seen: a hosted control plane, one that runs as a process, or pods in another
 * namespace (OpenShift). By label: `component` (kubeadm), else `k8s-app` (kOps, Typhoon, bootkube); else by image or command on the nodes
 * that role or taint call a control plane. Where only some of these nodes show one, the further looks are for the others.
 */
export const apiServerPods = defineFact({
  name: 'kube-apiserver-pods',
  schema: z.readonly(z.array(podSchema)),
  permissions,
  collect: async (ports) => {
    const { api, fact } = ports;
    const byComponent = await labelled(api, apiServer);
    if (byComponent.length > 0) return sortByName(await completed(byComponent, ports));
    const byApp = await orNone(labelled(api, apiServer, 'k8s-app'));
    if (byApp.length > 0) return sortByName(await completed(byApp, ports));
    const onHosts = await orNone(onNodes(api, nodeNames(await nodesByRole(fact)), apiServer));
    return sortByName(onHosts.length > 0 ? await completed(onHosts, ports) : []);
  },
});

/**
 * etcd's pods, sorted by name; empty where etcd is not run in the cluster or is hidden. By label; where no pod has it, by command
 * among the static pods of the nodes that run an API server, else of those that are said to be of the control plane.
 */
export const etcdPods = defineFact({
  name: 'etcd-pods',
  schema: z.readonly(z.array(podSchema)),
  permissions,
  collect: async ({ api, fact }) => {
    const found = await labelled(api, 'etcd');
    if (found.length > 0) return sortByName(found);
    const hosts = (await fact(apiServerPods)).map((pod) => pod.node);
    return sortByName(
      hosts.length > 0 ? await onNodes(api, hosts, 'etcd') : await orNone(onNodes(api, nodeNames(await nodesByRole(fact)), 'etcd')),
    );
  },
});
