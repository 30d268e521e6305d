import { servedVersions, type ApiGroups } from '../../facts/api-groups.js';
import { servedPolicyKinds, type ClusterNetworkPolicies } from '../../facts/cluster-network-policies.js';
import type { Workload } from '../../facts/workloads.js';
import { count, fail, listed, pass, undecided, type Answer, type Evidence } from '../../model/outcome.js';
import { adminPolicySupport, adminPolicyUnclear, foundOf, workloadEvidence, type Found } from './network-plugins.js';

const group = 'policy.networking.k8s.io';
const kinds = ['AdminNetworkPolicy', 'BaselineAdminNetworkPolicy', 'ClusterNetworkPolicy'] as const;

/** The kinds of the working group's API that are served, e.g. `AdminNetworkPolicy v1alpha1`. */
const servedKinds = (groups: ApiGroups): readonly string[] =>
  kinds.flatMap((kind) => {
    const versions = servedVersions(groups, group, kind);
    return versions.length === 0 ? [] : [`${kind} ${versions.join(', ')}`];
  });

const discovered = (served: readonly string[]): readonly Evidence[] => [
  { source: `GET /apis, group ${group}`, observed: served.length > 0 ? listed(served) : 'not served' },
];

/** What is known of the network plugins that run; a note, for a served API is what the catalogue asks for first. */
const note = (plugins: readonly Found[]): string => {
  if (plugins.length === 0) return 'no network plugin is recognised, so whether one implements it is not known';
  return listed(
    plugins.map(({ known }) => {
      const support = adminPolicySupport(known);
      if (support !== undefined) return `${known.title} ${support}`;
      return adminPolicyUnclear(known)
        ? `how far ${known.title} implements it is not documented`
        : `${known.title} is not known to implement it: only the API is there`;
    }),
  );
};

/** By discovery alone, where the workloads cannot be read. */
export const judgeAdminPolicyApi = (groups: ApiGroups): Answer => {
  const served = servedKinds(groups);
  return served.length > 0
    ? pass(`${group} is served (${listed(served)}); whether the network plugin implements it is not known`, discovered(served))
    : undecided(`${group} is not served, and the network plugin is not known`, discovered(served));
};

/**
 * The API is served; or, without it, a network plugin runs whose makers document that they support or work on it. A plugin that is
 * not recognised leaves it open.
 */
export const judgeAdminPolicy = (groups: ApiGroups, workloads: readonly Workload[]): Answer => {
  const served = servedKinds(groups);
  const found = foundOf(workloads, 'cni');
  const plugins = found.filter((plugin) => plugin.ready > 0);
  const evidence = [...discovered(served), ...workloadEvidence(plugins)];
  if (served.length > 0) return pass(`${group} is served (${listed(served)}); ${note(plugins)}`, evidence);
  const supporting = plugins.filter(({ known }) => adminPolicySupport(known) !== undefined);
  if (supporting.length > 0) return pass(`${group} is not served; ${note(supporting)}`, evidence);
  if (groups.some((g) => g.group === group && g.versions.some((v) => !v.fresh)))
    return undecided(`${group} is announced, and what serves it did not answer`, evidence);
  if (plugins.length === 0) {
    const why = found.length === 0 ? 'no network plugin is recognised' : `${listed(found.map((p) => p.known.title))} has no ready pod`;
    return undecided(`${group} is not served, and ${why}`, [...evidence, ...workloadEvidence(found)]);
  }
  if (plugins.some(({ known }) => adminPolicyUnclear(known))) return undecided(`${group} is not served, and ${note(plugins)}`, evidence);
  return fail(
    `${group} is not served, and ${listed(plugins.map((p) => p.known.title))} is not known to support it or to work on it`,
    evidence,
  );
};

const inPlace = (policies: ClusterNetworkPolicies): readonly Evidence[] =>
  policies.map((p) => ({
    source: `${p.kind} of ${p.group}/${p.version}`,
    observed: p.count === 0 ? 'none' : `${p.count}: ${listed(p.names, 5)}`,
  }));

/**
 * Restrictions by default: cluster-wide policies in place, or an operator that can put policies into each namespace. Where only such
 * an API is served, the means are offered and nothing is restricted yet: said plainly.
 */
export const judgeDefaultRestrictions = (policies: ClusterNetworkPolicies, workloads: readonly Workload[]): Answer => {
  const operators = foundOf(workloads, 'policy-operator').filter((operator) => operator.ready > 0);
  const evidence = [...inPlace(policies), ...workloadEvidence(operators)];
  const existing = policies.filter((p) => p.count > 0);
  const parts = [
    ...existing.map((p) => `${p.count} ${p.kind} (${p.group})`),
    ...operators.map((o) => `the policy operator ${o.known.title} runs; which policies it sets is not looked at`),
  ];
  if (parts.length > 0) return pass(`default restrictions are offered: ${listed(parts)}`, evidence);
  if (policies.length > 0)
    return pass(
      `the means are offered (${listed(policies.map((p) => `${p.kind} of ${p.group}`))} served), and 0 policies are in place: nothing is restricted by default`,
      evidence,
    );
  return fail('no cluster-wide network policy API is served and no policy operator that is known here runs', evidence);
};

/** The same where the policies cannot be listed: an operator that runs is enough, and an API that is served says that the means are there. */
export const judgeRestrictionsByDiscovery = (groups: ApiGroups, workloads: readonly Workload[]): Answer => {
  const operators = foundOf(workloads, 'policy-operator').filter((operator) => operator.ready > 0);
  if (operators.length > 0) return judgeDefaultRestrictions([], workloads);
  const served = servedPolicyKinds(groups);
  const names = count(served.length, 'cluster-wide network policy API');
  return undecided(`${names} ${served.length === 1 ? 'is' : 'are'} served, and whether policies are in place could not be read`, [
    { source: 'GET /apis', observed: listed(served.map((s) => `${s.kind} of ${s.group}/${s.version}`)) || 'none' },
  ]);
};
