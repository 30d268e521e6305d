import { servedVersions, silentVersions, type ApiGroups } from '../../facts/api-groups.js';
import { unlistedPoliciesText, type ClusterNetworkPolicies } from '../../facts/cluster-network-policies.js';
import type { NetworkPolicyMatrix } from '../../facts/network-policy-matrix.js';
import { hadOf, lackingOf } from '../../facts/support/parts.js';
import type { Workloads } from '../../facts/workloads.js';
import { abort, fail, listed, notApplicable, pass, undecided, type Answer, type Evidence } from '../../model/outcome.js';
import { adminPolicySupport, foundOf, lacksAdminPolicy, unlistedOf, workloadEvidence, type Found } from './network-plugins.js';

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

const isRunning = (plugin: Found): boolean => plugin.ready > 0;
const titles = (plugins: readonly Found[]): string => listed(plugins.map((p) => p.known.title));

/** Every recognised plugin is known to do without, also those that do not run: one that is being rolled out may be another. */
const allLack = (found: readonly Found[]): boolean => found.some(isRunning) && found.every(lacksAdminPolicy);

const lacking = (found: readonly Found[], evidence: readonly Evidence[]): Answer =>
  fail(`The network plugin (${titles(found)}) neither supports ${group} nor works on it`, evidence);

/** Why the plugin's support is not known: what is known of each one that was found. */
const pluginDoubt = (found: readonly Found[]): string => {
  const running = found.filter(isRunning);
  const [without, others] = [running.filter(lacksAdminPolicy), running.filter((plugin) => !lacksAdminPolicy(plugin))];
  const idle = found.filter((plugin) => !isRunning(plugin));
  if (found.length === 0) return 'No network plugin is recognised';
  const known = [
    ...(others.length > 0 ? [`it is not documented whether the network plugin (${titles(others)}) supports ${group}`] : []),
    ...(without.length > 0 ? [`the network plugin (${titles(without)}) neither supports ${group} nor works on it`] : []),
    ...(idle.length > 0 ? [`the network plugin (${titles(idle)}) has no ready pod`] : []),
  ].join('; ');
  return `${known.slice(0, 1).toUpperCase()}${known.slice(1)}`;
};

/** Whether the API is served, in words that follow its name. */
const servedText = (groups: ApiGroups, served: readonly string[]): string => {
  if (served.length > 0) return `served (${listed(served)})`;
  return silentVersions(groups, group).length > 0 ? 'announced, and what serves it did not answer' : 'not served in this cluster';
};

/**
 * The plugin is what the standard asks about; its custom resource definitions are installed apart from it, and prove no support. A plugin
 * whose makers document that they support or work on the API passes where the API is served. Where it is not served, nothing shows that
 * this installation has come that far, and nothing refutes its makers either: that is left open, and no fail. So is a plugin that is not
 * recognised, or about which nothing is documented.
 */
export const judgeAdminPolicy = (groups: ApiGroups, workloads: Workloads): Answer => {
  const served = servedKinds(groups);
  const found = foundOf(workloads, 'cni');
  const unlisted = unlistedOf(workloads, 'cni');
  const evidence = [...discovered(served), ...workloadEvidence(found)];
  const supporting = found.filter((plugin) => isRunning(plugin) && adminPolicySupport(plugin.known) !== undefined);
  if (supporting.length === 0) {
    if (unlisted.length > 0) return abort(`The network plugin cannot be seen: ${listed(unlisted)}`, evidence);
    if (allLack(found)) return lacking(found, evidence);
    const proof = served.length > 0 ? ', which proves no support' : '';
    return abort(`${pluginDoubt(found)}; ${group} is ${servedText(groups, served)}${proof}`, evidence);
  }
  const support = listed(supporting.map(({ known }) => `${known.title} ${adminPolicySupport(known) ?? ''}`));
  const answer = `${support}; ${group} is ${servedText(groups, served)}`;
  return served.length > 0 ? pass(answer, evidence) : abort(answer, evidence);
};

/** The same where discovery fails: a plugin that is known to do without needs no look at the API. */
export const judgeAdminPolicyByPlugin = (workloads: Workloads): Answer => {
  const found = foundOf(workloads, 'cni');
  const evidence = workloadEvidence(found);
  return allLack(found) && unlistedOf(workloads, 'cni').length === 0
    ? lacking(found, evidence)
    : undecided(`Whether ${group} is served is not known`, evidence);
};

const inPlace = (policies: ClusterNetworkPolicies): readonly Evidence[] => [
  ...hadOf(policies).map((p) => ({
    source: `${p.kind} of ${p.group}/${p.version}`,
    observed: p.count === 0 ? 'none' : `${p.count}: ${listed(p.names, 5)}`,
  })),
  ...lackingOf(policies).map((p) => ({ source: `${p.kind} of ${p.group}`, observed: `not known: ${p.detail}` })),
];

const existing = (policies: ClusterNetworkPolicies): readonly string[] =>
  hadOf(policies)
    .filter((p) => p.count > 0)
    .map((p) => `${p.count} ${p.kind} (${p.group}) in place`);

const operatorText = (operator: Found): string => `the policy operator ${operator.known.title} runs`;
const used = (parts: readonly string[], evidence: readonly Evidence[]): Answer =>
  pass(`Option used: ${listed(parts)}. What the policies restrict is not read`, evidence);

/** Why it is not known that no policy is in place; empty where all kinds that are served were listed. */
const unseenPolicies = (policies: ClusterNetworkPolicies): readonly string[] => [...new Set(lackingOf(policies).map(unlistedPoliciesText))];

const policiesDoubt = (why: readonly string[]): string =>
  `Whether cluster-wide network policies are in place is not known${why.length === 0 ? '' : `: ${listed(why, 5)}`}`;
const operatorDoubt = (why: readonly string[]): string =>
  `Whether a policy operator runs is not known${why.length === 0 ? '' : `: ${listed(why)}`}`;

/**
 * The option is used where cluster-wide policies are in place, or an operator runs that sets policies. An API that is merely served
 * restricts nothing. It is an option: not to use it breaks nothing. That it is not used shows only where everything that would use it can be seen.
 */
export const judgeDefaultRestrictions = (policies: ClusterNetworkPolicies, workloads: Workloads): Answer => {
  const operators = foundOf(workloads, 'policy-operator');
  const evidence = [...inPlace(policies), ...workloadEvidence(operators)];
  const parts = [...existing(policies), ...operators.filter(isRunning).map(operatorText)];
  if (parts.length > 0) return used(parts, evidence);
  const [unseen, unlisted] = [unseenPolicies(policies), unlistedOf(workloads, 'policy-operator')];
  if (unseen.length > 0 || unlisted.length > 0)
    return abort(
      [...(unseen.length > 0 ? [policiesDoubt(unseen)] : []), ...(unlisted.length > 0 ? [operatorDoubt(unlisted)] : [])].join('; '),
      evidence,
    );
  const idle = operators.length > 0 ? `; ${titles(operators)} has no ready pod` : '';
  const served =
    policies.length > 0
      ? `${listed(policies.map((p) => `${p.kind} (${p.group})`))} is served, and 0 policies are in place`
      : 'No API for cluster-wide network policies is served';
  return notApplicable(`Option not used: ${served}; no policy operator that is known here runs${idle}`, evidence);
};

/** The same where no workload can be listed. */
export const judgePoliciesAlone = (policies: ClusterNetworkPolicies): Answer => {
  const parts = existing(policies);
  if (parts.length > 0) return used(parts, inPlace(policies));
  const unseen = unseenPolicies(policies);
  return undecided(unseen.length > 0 ? policiesDoubt(unseen) : operatorDoubt([]), inPlace(policies));
};

/** The same where the policies cannot be listed. */
export const judgeOperatorsAlone = (workloads: Workloads): Answer => {
  const running = foundOf(workloads, 'policy-operator').filter(isRunning);
  const evidence = workloadEvidence(running);
  return running.length > 0 ? used(running.map(operatorText), evidence) : undecided(policiesDoubt([]), evidence);
};

/** The probe of the policy matrix lists what others put into its new namespaces; policies for the whole cluster stand beside them. */
const ofNamespace = 'NetworkPolicy ';

/**
 * What pods saw of a cloud's metadata service. It stands beside the answer and decides nothing: one that answers may be meant to, and where
 * nothing answers there may be none.
 */
const metadataEvidence = ({ metadataService }: NetworkPolicyMatrix): readonly Evidence[] => {
  const { reached, silent } = metadataService ?? { reached: [], silent: [] };
  const observed = [
    ...(reached.length > 0 ? [`takes connections of pods on ${listed(reached, 5)}: metadata of the cloud can be asked for`] : []),
    ...(silent.length > 0 ? [`takes no connection of pods on ${listed(silent, 5)}`] : []),
  ];
  return observed.length > 0 ? [{ source: '169.254.169.254, port 80', observed: observed.join('; ') }] : [];
};

/** NetworkPolicies that appeared by themselves in new namespaces of our own. That none did, is for the rungs below to say. */
export const judgeAppeared = (matrix: NetworkPolicyMatrix): Answer => {
  const { foreignPolicies } = matrix;
  const appeared = foreignPolicies.filter((name) => name.startsWith(ofNamespace));
  const evidence = [
    { source: 'new namespaces of the policy matrix', observed: listed(appeared, 5) || 'no NetworkPolicy of others' },
    ...metadataEvidence(matrix),
  ];
  return appeared.length > 0
    ? pass(
        `A new namespace gets a NetworkPolicy by itself: ${listed(
          appeared.map((name) => `"${name.slice(ofNamespace.length)}"`),
          5,
        )}`,
        evidence,
      )
    : undecided('No NetworkPolicy appeared by itself in a new namespace', evidence);
};
