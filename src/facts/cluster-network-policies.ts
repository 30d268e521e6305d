import * as z from 'zod/mini';
import { defineFact } from '../model/fact.js';
import { apiGroups, servedVersions, type ApiGroups } from './api-groups.js';
import { listAll } from './support/list.js';
import { allOf } from './support/all-of.js';
import { bounded } from './support/text.js';

/** How many names of a kind are kept; the count is of all. */
const mostNames = 20;

const schema = z.readonly(
  z.array(
    z.object({ group: z.string(), version: z.string(), kind: z.string(), count: z.number(), names: z.readonly(z.array(z.string())) }),
  ),
);
export type ClusterNetworkPolicies = z.infer<typeof schema>;

interface PolicyKind {
  readonly group: string;
  readonly kind: string;
  readonly resource: string;
  /** A group that stores the same objects, and is asked instead where it is served. */
  readonly storedBy?: string;
}

/** Network policies that hold for the whole cluster, by those who define them. */
export const policyKinds: readonly PolicyKind[] = [
  { group: 'policy.networking.k8s.io', kind: 'AdminNetworkPolicy', resource: 'adminnetworkpolicies' },
  { group: 'policy.networking.k8s.io', kind: 'BaselineAdminNetworkPolicy', resource: 'baselineadminnetworkpolicies' },
  { group: 'policy.networking.k8s.io', kind: 'ClusterNetworkPolicy', resource: 'clusternetworkpolicies' },
  { group: 'cilium.io', kind: 'CiliumClusterwideNetworkPolicy', resource: 'ciliumclusterwidenetworkpolicies' },
  { group: 'crd.antrea.io', kind: 'ClusterNetworkPolicy', resource: 'clusternetworkpolicies' },
  { group: 'crd.projectcalico.org', kind: 'GlobalNetworkPolicy', resource: 'globalnetworkpolicies' },
  // Calico's own API server shows only the tiers that one may read; the custom resources behind it are all there.
  { group: 'projectcalico.org', kind: 'GlobalNetworkPolicy', resource: 'globalnetworkpolicies', storedBy: 'crd.projectcalico.org' },
];

/** The kinds of cluster-wide network policy that are served, each once and by one version. */
export const servedPolicyKinds = (groups: ApiGroups): readonly (PolicyKind & { readonly version: string })[] =>
  policyKinds.flatMap((policy) => {
    const version = servedVersions(groups, policy.group, policy.kind)[0];
    if (version === undefined) return [];
    if (policy.storedBy !== undefined && servedVersions(groups, policy.storedBy, policy.kind).length > 0) return [];
    return [{ ...policy, version }];
  });

const rawPolicy = z.object({ metadata: z.object({ name: z.string() }) });

/**
 * How many cluster-wide network policies there are, for each kind that is served.
 * One kind that cannot be listed makes the whole fact unavailable: half a count is no count.
 */
export const clusterNetworkPolicies = defineFact({
  name: 'cluster-network-policies',
  schema,
  permissions: policyKinds.map(({ group, resource }) => ({
    role: 'read' as const,
    verb: 'list',
    group,
    resource,
    why: 'whether cluster-wide network policies are in place, where this API is served',
  })),
  collect: async ({ api, fact }) => {
    const served = servedPolicyKinds(await fact(apiGroups));
    return allOf(
      served.map(async ({ group, version, kind, resource }) => {
        const names = await listAll(api, `/apis/${group}/${encodeURIComponent(version)}/${resource}`, rawPolicy, (raw) =>
          bounded(raw.metadata.name),
        );
        return { group, version, kind, count: names.length, names: names.sort().slice(0, mostNames) };
      }),
    );
  },
});
