import { apiServerFlagz } from '../../facts/api-server-flagz.js';
import { apiServerMetrics, type ApiServerMetrics } from '../../facts/api-server-metrics.js';
import { apiServerPods } from '../../facts/control-plane-pods.js';
import { nodeRestriction, probeNode, type NodeRestriction } from '../../facts/node-restriction.js';
import { enforceLabel, podSecurityAdmission } from '../../facts/pod-security-admission.js';
import { isAdmitted, type DryRunAnswer } from '../../kubernetes/dry-run.js';
import { refuserOf } from '../../kubernetes/refusers.js';
import { isUnavailable } from '../../model/fact.js';
import { fail, pass, undecided, type Answer, type Evidence } from '../../model/outcome.js';
import { behave, type BesideOf, type Requirement, type Rung } from '../../model/requirement.js';
import {
  byFlags,
  byOthers,
  everyServer,
  flagsOfApiServers,
  flagsOfFlagz,
  itemsOf,
  type Finding,
  type ServerFlags,
} from '../support/control-plane-flags.js';
import { answerText, otherRefusal } from './pod-security-answers.js';

/**
 * Whether an admission plugin is on, by the API server's own count. A plugin has a series from the first write on that it handles, of whatever
 * resource: where others have counted a create, an absent name is evidence.
 */
const judgeCounted = (metrics: ApiServerMetrics, plugin: string): Answer => {
  const evidence: readonly Evidence[] = [
    { source: 'GET /metrics', observed: `admission plugins that have handled a write: ${metrics.admissionPlugins.join(', ') || 'none'}` },
  ];
  if (metrics.admissionPlugins.includes(plugin)) return pass(`The admission plugin ${plugin} has handled writes`, evidence);
  return metrics.admissionCounted
    ? fail(`The admission plugin ${plugin} is off: it has handled no write, while others have`, evidence)
    : undecided('The API server has counted no write since its start, so its metrics do not show the admission plugins yet', evidence);
};

const pluginFlags = ['enable-admission-plugins', 'disable-admission-plugins'];

const findPlugin =
  (plugin: string, onByDefault: boolean) =>
  (server: ServerFlags): Finding => {
    const enabled = itemsOf(server, 'enable-admission-plugins');
    const disabled = itemsOf(server, 'disable-admission-plugins');
    if (disabled?.includes(plugin)) return { broken: `disable-admission-plugins names ${plugin}` };
    if (enabled?.includes(plugin)) return undefined;
    if (enabled === undefined || disabled === undefined) return { unknown: 'the flags of the admission plugins are not shown' };
    return onByDefault
      ? { unknown: `no flag names ${plugin}, which proves nothing: it is on by default` }
      : { broken: `enable-admission-plugins does not name ${plugin}, which is off by default` };
  };

const otherEvidence = (plugin: string, onByDefault: boolean): readonly Rung[] => [
  behave({ apiServerMetrics }, (facts) => judgeCounted(facts.apiServerMetrics, plugin)),
  ...byFlags(pluginFlags, `enable-admission-plugins names ${plugin}`, findPlugin(plugin, onByDefault)),
];

const judgeNodeRestriction = (seen: NodeRestriction): Answer => {
  const evidence = [{ source: `PATCH node ${seen.node} as another node (dry run)`, observed: answerText(seen) }];
  const refuser = refuserOf(seen.status, seen.message);
  if (refuser?.noDryRun === true) return undecided(otherRefusal(seen, `a change of node "${seen.node}" as another node`), evidence);
  if (!seen.impersonated)
    return undecided('The API server did not take the request for one of another node, so NodeRestriction was not asked', evidence);
  if (seen.status === 200)
    return seen.standIn === undefined
      ? fail(`One node's identity may change another node ("${seen.node}")`, evidence)
      : undecided(`Node "${seen.node}" is a stand-in of ${seen.standIn}, which may have answered in the place of the API server`, evidence);
  return seen.status === 403 && seen.message.includes(`node "${probeNode}" is not allowed to modify node "${seen.node}"`)
    ? pass("One node's identity may not change another node", evidence)
    : undecided(otherRefusal(seen, `a change of node "${seen.node}" as another node`), evidence);
};

export const nodeRestrictionAdmission: Requirement = {
  id: 'node-restriction',
  level: 'MUST',
  title: 'Kubelets may change only their own node and pods',
  clause: '#standard',
  remediation: 'Add NodeRestriction to the flag --enable-admission-plugins of every API server.',
  ladder: [
    byOthers(pluginFlags, findPlugin('NodeRestriction', false)),
    behave({ nodeRestriction }, (facts) => judgeNodeRestriction(facts.nodeRestriction)),
    ...otherEvidence('NodeRestriction', false),
  ],
  settledBy: { nextStep: 'Grant the impersonation of a node that does not exist, or get /metrics.' },
  configuredBy: ['NodeRestriction', 'enable-admission-plugins', 'disable-admission-plugins', 'apiServer'],
};

/** The plugin's own words are needed beside the field: a policy engine may insist on the same label. */
const refusesInvalidLevel = (seen: DryRunAnswer): boolean =>
  seen.status === 422 &&
  seen.fields.includes(`metadata.labels[${enforceLabel}]`) &&
  seen.message.includes('must be one of privileged, baseline, restricted');

const judgeInvalidLevel = (seen: DryRunAnswer): Answer => {
  const evidence = [{ source: `${seen.request}: namespace with a level that does not exist`, observed: answerText(seen) }];
  if (isAdmitted(seen)) return fail('Pod security admission is off: a namespace may ask for a level that does not exist', evidence);
  return refusesInvalidLevel(seen)
    ? pass('Pod security admission is on: it refuses a level that does not exist', evidence)
    : undecided(otherRefusal(seen, 'a namespace with a level that does not exist'), evidence);
};

/** What shows whether pod security admission is on, beside its own words about a pod. */
export const podSecurityFacts = { podSecurityAdmission, apiServerMetrics, apiServerPods, apiServerFlagz };

/**
 * What shows that pod security admission is off, and what shows that it is on; neither where nothing shows it. A flag that is not set shows nothing,
 * since the plugin is on by default, and of several API servers others may be set otherwise: flags only refute.
 */
export const podSecurityShown = (known: BesideOf<typeof podSecurityFacts>): { readonly on: boolean; readonly off: Answer | undefined } => {
  const disabled = findPlugin('PodSecurity', true);
  const asked = [
    ...(isUnavailable(known.podSecurityAdmission) ? [] : [judgeInvalidLevel(known.podSecurityAdmission)]),
    ...(isUnavailable(known.apiServerMetrics) ? [] : [judgeCounted(known.apiServerMetrics, 'PodSecurity')]),
  ];
  const flags = [
    ...(isUnavailable(known.apiServerPods) ? [] : [everyServer(flagsOfApiServers(known.apiServerPods), pluginFlags, '', disabled)]),
    ...(isUnavailable(known.apiServerFlagz) ? [] : [everyServer([flagsOfFlagz(known.apiServerFlagz)], pluginFlags, '', disabled)]),
  ];
  return {
    on: asked.some(({ outcome }) => outcome === 'pass'),
    off: [...asked, ...flags].find(({ outcome }) => outcome === 'fail'),
  };
};

export const podSecurityAdmissionOn: Requirement = {
  id: 'pod-security-admission',
  level: 'MUST',
  title: 'Pod security admission is on',
  clause: '#standard',
  remediation: 'Take PodSecurity out of the flag --disable-admission-plugins of every API server; it is on by default.',
  ladder: [
    byOthers(pluginFlags, findPlugin('PodSecurity', true)),
    behave({ podSecurityAdmission }, (facts) => judgeInvalidLevel(facts.podSecurityAdmission)),
    ...otherEvidence('PodSecurity', true),
  ],
  settledBy: { nextStep: 'Grant create namespaces (dry run only), or get /metrics.' },
  configuredBy: ['PodSecurity', 'disable-admission-plugins', 'enable-admission-plugins', 'apiServer'],
};
