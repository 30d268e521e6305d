import * as z from 'zod/mini';
import { defineFact, isUnavailable, type Permission } from '../model/fact.js';
import { readRight } from '../model/permission.js';
import { listed } from '../model/outcome.js';
import type { Api } from '../model/ports.js';
import { apiGroups, servedVersions, silentVersions, type ApiGroups } from './api-groups.js';
import { listAll } from '../kubernetes/list.js';
import { allOf } from './support/all-of.js';
import { lackingRights, partOf, partText, unavailablePart } from './support/parts.js';
import { bounded } from '../text/bounded.js';

/** How many names of a kind are kept; the count is of all. */
const maxNames = 20;

const listedSchema = z.object({
  group: z.string(),
  version: z.string(),
  kind: z.string(),
  count: z.number(),
  names: z.readonly(z.array(z.string())),
});
/** The policies of one kind, where these could not be listed. */
const unlistedSchema = z.object({ group: z.string(), kind: z.string(), ...unavailablePart });
export type UnlistedPolicies = z.infer<typeof unlistedSchema>;

const schema = z.readonly(z.array(z.union([listedSchema, unlistedSchema])));
export type ClusterNetworkPolicies = z.infer<typeof schema>;

interface PolicyKind {
  readonly group: string;
  readonly kind: string;
  readonly resource: string;
  /** A group that stores the same objects, and is asked instead where it is served. */
  readonly storedBy?: string | undefined;
}

/** Network policies that hold for the whole cluster, by those who define them. */
const policyKinds: readonly PolicyKind[] = [
  { group: 'policy.networking.k8s.io', kind: 'AdminNetworkPolicy', resource: 'adminnetworkpolicies' },
  { group: 'policy.networking.k8s.io', kind: 'BaselineAdminNetworkPolicy', resource: 'baselineadminnetworkpolicies' },
  { group: 'policy.networking.k8s.io', kind: 'ClusterNetworkPolicy', resource: 'clusternetworkpolicies' },
  { group: 'cilium.io', kind: 'CiliumClusterwideNetworkPolicy', resource: 'ciliumclusterwidenetworkpolicies' },
  { group: 'crd.antrea.io', kind: 'ClusterNetworkPolicy', resource: 'clusternetworkpolicies' },
  { group: 'crd.projectcalico.org', kind: 'GlobalNetworkPolicy', resource: 'globalnetworkpolicies' },
  // Calico's own API server shows only the tiers that one may read; the custom resources behind it are all there.
  { group: 'projectcalico.org', kind: 'GlobalNetworkPolicy', resource: 'globalnetworkpolicies', storedBy: 'crd.projectcalico.org' },
];

/** A kind of cluster-wide network policy, and by which version it is served; or the versions behind which it may be, and that do not answer. */
type Served = PolicyKind & ({ readonly version: string } | { readonly silent: readonly string[] });

/** The kinds of cluster-wide network policy that are served, each once and by one version, and those that may be. */
const servedPolicyKinds = (groups: ApiGroups): readonly Served[] =>
  policyKinds.flatMap((policy): readonly Served[] => {
    if (policy.storedBy !== undefined && servedVersions(groups, policy.storedBy, policy.kind).length > 0) return [];
    const version = servedVersions(groups, policy.group, policy.kind)[0];
    if (version !== undefined) return [{ ...policy, version }];
    const silent = silentVersions(groups, policy.group);
    return silent.length > 0 ? [{ ...policy, silent }] : [];
  });

const rawPolicy = z.object({ metadata: z.object({ name: z.string() }) });

const permissions = policyKinds.map(({ group, resource }) =>
  readRight('list', group, resource, 'whether cluster-wide network policies are in place, where this API is served'),
);

const policyPermission = ({ group, kind }: UnlistedPolicies): Permission | undefined =>
  permissions[policyKinds.findIndex((one) => one.group === group && one.kind === kind)];

/** Why the policies of some kind could not be listed, and the right that would help. */
export const unlistedPoliciesText = (part: UnlistedPolicies): string => partText(part, policyPermission(part));

const policiesOf = async (api: Api, served: Served): Promise<ClusterNetworkPolicies[number]> => {
  const { group, kind, resource } = served;
  if ('silent' in served) {
    const detail = `GET /apis: what serves ${listed(served.silent.map((version) => `${group}/${version}`))} does not answer`;
    return { group, kind, unavailable: 'server-error', detail };
  }
  const { version } = served;
  const names = await partOf(
    listAll(api, `/apis/${group}/${encodeURIComponent(version)}/${resource}`, rawPolicy, (raw) => bounded(raw.metadata.name)),
  );
  return isUnavailable(names)
    ? { group, kind, ...names }
    : { group, version, kind, count: names.length, names: names.sort().slice(0, maxNames) };
};

/**
 * How many cluster-wide network policies there are, for each kind that is served. A kind that could not be listed, or whose server does not answer,
 * stands among them with the reason.
 */
export const clusterNetworkPolicies = defineFact({
  name: 'cluster-network-policies',
  schema,
  permissions,
  lacking: (value) => lackingRights(value, policyPermission),
  collect: async ({ api, fact }): Promise<ClusterNetworkPolicies> =>
    allOf(servedPolicyKinds(await fact(apiGroups)).map((served) => policiesOf(api, served))),
});
