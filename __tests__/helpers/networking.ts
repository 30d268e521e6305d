import { apiGroups, type ApiGroups } from '../../src/facts/api-groups.js';
import { clusterNetworkPolicies, type ClusterNetworkPolicies } from '../../src/facts/cluster-network-policies.js';
import { ingressClasses, type IngressClass } from '../../src/facts/ingress-classes.js';
import { workloads, type UnlistedWorkloads, type Workload, type Workloads } from '../../src/facts/workloads.js';
import type { RequirementReport } from '../../src/model/report.js';
import { scs0219v1 } from '../../src/standards/scs-0219-v1.js';
import { settleOne } from './settle.js';

export const workload = (kind: Workload['kind'], name: string, ready = 1, more: Partial<Workload> = {}): Workload => ({
  namespace: 'kube-system',
  name,
  kind,
  images: ['registry.example.com/x:v1'],
  appName: '',
  desired: 1,
  ready,
  ...more,
});
export const cni = (name: string, ready = 3): Workload => workload('DaemonSet', name, ready, { desired: 3 });
export const nginx = (ready = 1): Workload =>
  workload('Deployment', 'ingress-nginx-controller', ready, { namespace: 'ingress-nginx', appName: 'ingress-nginx' });
export const served = (group: string, version: string, kinds: readonly string[], fresh = true): ApiGroups[number] => ({
  group,
  versions: [{ version, fresh, resources: kinds.map((kind) => ({ resource: `${kind.toLowerCase()}s`, kind })) }],
});
export const admin = served('policy.networking.k8s.io', 'v1alpha1', ['AdminNetworkPolicy', 'BaselineAdminNetworkPolicy']);
export const forbidden = { unavailable: 'forbidden', detail: 'GET /it: 403' };
/** The workloads of a kind that may not be listed. */
export const unlisted = (kind: Workload['kind']): UnlistedWorkloads => ({ kind, unavailable: 'forbidden', detail: `GET ${kind}: 403` });

export interface Seen {
  readonly groups?: ApiGroups | object;
  readonly workloads?: Workloads | object;
  readonly classes?: readonly IngressClass[] | object;
  readonly policies?: ClusterNetworkPolicies | object;
}
/** @param createdAt RFC 3339; not known without */
export const ingressClass = (name: string, controller: string, isDefault = false, createdAt?: string): IngressClass => ({
  name,
  controller,
  isDefault,
  ...(createdAt === undefined ? {} : { createdAt }),
});
export const ofNginx = ingressClass('nginx', 'k8s.io/ingress-nginx');
export const odd = ingressClass('odd', 'example.com/odd');

/** The row of one requirement of scs-0219-v1; what is left out is empty, not absent. */
export const settleNetworking = (id: string, seen: Seen): RequirementReport =>
  settleOne(scs0219v1.requirements, id, {
    [apiGroups.name]: seen.groups ?? [],
    [workloads.name]: seen.workloads ?? [],
    [ingressClasses.name]: seen.classes ?? [],
    [clusterNetworkPolicies.name]: seen.policies ?? [],
  });
