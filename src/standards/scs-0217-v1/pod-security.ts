import { apiServerMetrics, type ApiServerMetrics } from '../../facts/api-server-metrics.js';
import { modeLabel, namespaces, type Namespace, type PodSecurityMode } from '../../facts/namespaces.js';
import { enforceLabel, podSecurityAdmission } from '../../facts/pod-security-admission.js';
import { podSecurityDefault } from '../../facts/pod-security-default.js';
import { podSecurityRestricted } from '../../facts/pod-security-restricted.js';
import { isAdmitted, type DryRunAnswer } from '../../facts/support/dry-run.js';
import { isUnavailable, type Unavailable } from '../../model/fact.js';
import { count, fail, listed, notApplicable, pass, undecided, type Answer, type Evidence } from '../../model/outcome.js';
import { behave, read, type Requirement, type Rung } from '../../model/requirement.js';
import { refusesInvalidLevel } from './admission.js';
import { answerEvidence, otherRefusal, violatedLevel, warnedLevel } from './pod-security-answers.js';
import { isLevel, lackingIn, userNamespaces } from './pod-security-labels.js';

/** What one of the two rows counts. */
interface Row {
  /** The modes in which a level meets it. */
  readonly modes: readonly PodSecurityMode[];
  /** What a label does that counts, for a sentence. */
  readonly does: string;
}

/** What else is known than the answer to the privileged pod. */
interface Known {
  readonly namespaces: readonly Namespace[] | Unavailable;
  readonly apiServerMetrics: ApiServerMetrics | Unavailable;
  readonly podSecurityAdmission: DryRunAnswer | Unavailable;
  readonly podSecurityDefault: DryRunAnswer | Unavailable;
}
const known = { namespaces, apiServerMetrics, podSecurityAdmission, podSecurityDefault };

/** Whether pod security admission is shown to be on. Without it labels have no effect. */
const isOn = ({ apiServerMetrics: metrics, podSecurityAdmission: level, podSecurityDefault: pod }: Known): boolean =>
  (!isUnavailable(metrics) && metrics.admissionPlugins.includes('PodSecurity')) ||
  (!isUnavailable(level) && refusesInvalidLevel(level)) ||
  (!isUnavailable(pod) && (violatedLevel(pod) ?? warnedLevel(pod)) !== undefined);

/**
 * The labels of all namespaces of users. They prove it where the list is whole, each carries one, and pod security admission is on, also for a login whose
 * own pods are exempt. A missing label proves nothing: the defaults of the AdmissionConfiguration cannot be seen.
 */
const judgeLabels = (row: Row, spaces: readonly Namespace[], on: boolean): Answer => {
  const lacking = lackingIn(spaces);
  if (spaces.length === 0) return undecided('The list of namespaces is empty, so labels prove nothing');
  if (lacking.length > 0)
    return undecided(`The list of namespaces lacks ${listed(lacking)}: it shows only a part, so labels prove nothing`);
  const { all, covered, open, unknown, evidence } = userNamespaces(spaces, row.modes);
  if (open.length > 0)
    return undecided(
      `${open.length === 1 ? 'Namespace' : 'Namespaces'} ${listed(open)} ${open.length === 1 ? 'carries' : 'carry'} no label that ${row.does} baseline or restricted, and the API server's own defaults cannot be seen`,
      evidence,
    );
  if (unknown.length > 0)
    return undecided(`The labels of ${count(unknown.length, 'namespace')} are not shown: ${listed(unknown)}`, evidence);
  return on
    ? pass(`Every namespace of users (${all.length}) ${row.does} baseline or restricted by label: ${listed(covered)}`, evidence)
    : undecided(
        `Every namespace of users has a label that ${row.does} baseline or restricted, but nothing shows that pod security admission is on; without it labels have no effect. Grant get /metrics or create namespaces (dry run only)`,
        evidence,
      );
};

/** What the answer in `default` says of the API server's defaults in one mode: they hold only where that namespace has no label of its own. */
const judgeActive = (mode: PodSecurityMode, level: string, spaces: Known['namespaces'], evidence: readonly Evidence[]): Answer => {
  const does = mode === 'enforce' ? 'refuses a privileged pod' : 'admits a privileged pod with a warning';
  const own = isUnavailable(spaces) ? undefined : spaces.find(({ name }) => name === 'default')?.[mode];
  if (own === null) return pass(`Namespace "default" ${does}: the cluster's default level in mode ${mode} is ${level}`, evidence);
  return undecided(
    own === undefined
      ? `Namespace "default" ${does}, but its labels cannot be seen: a label of its own would say nothing of other namespaces`
      : `Namespace "default" ${does} by its own label ${modeLabel(mode)}=${own}, which says nothing of other namespaces`,
    evidence,
  );
};

/**
 * A privileged pod in `default` that was admitted. Without a label of its own that settles it: whoever makes a pod without thinking of levels makes
 * it unrestricted. A default of mode audit leaves no trace that a client could see; such a cluster fails as well, until its namespaces say so by label.
 */
const judgeAdmitted = (row: Row, seen: DryRunAnswer, spaces: Known['namespaces']): Answer => {
  const evidence = answerEvidence(seen, 'privileged pod');
  const all = isUnavailable(spaces) ? [] : spaces;
  const own = all.find(({ name }) => name === 'default');
  const hiding = row.modes.find((mode) => mode !== 'audit' && typeof own?.[mode] === 'string');
  if (hiding !== undefined) {
    const label = `${modeLabel(hiding)}=${own?.[hiding] ?? ''}`;
    return undecided(
      isLevel(own?.[hiding])
        ? `Namespace "default" carries ${label} and admits a privileged pod of this login all the same: the login or the namespace is exempt`
        : `Namespace "default" admits a privileged pod by its own label ${label}, which hides the API server's defaults`,
      evidence,
    );
  }
  const { covered } = userNamespaces(all, row.modes);
  const how = warnedLevel(seen) === undefined ? 'admits a privileged pod without a warning' : 'admits a privileged pod and only warns';
  return fail(
    `Namespace "default" ${how}${covered.length === 0 ? '' : `; only ${count(covered.length, 'namespace')} ${row.does} a level by label: ${listed(covered)}`}`,
    evidence,
  );
};

const judgePrivilegedPod = (row: Row, seen: DryRunAnswer, others: Known): Answer => {
  const { namespaces: spaces } = others;
  const evidence = answerEvidence(seen, 'privileged pod');
  if (!isUnavailable(spaces) && judgeLabels(row, spaces, isOn(others)).outcome === 'pass')
    return undecided('The labels of the namespaces decide', evidence);
  const violated = violatedLevel(seen);
  if (violated !== undefined) return judgeActive('enforce', violated, spaces, evidence);
  const warned = warnedLevel(seen);
  // A policy engine may refuse what pod security admission has warned of before.
  if (warned !== undefined && row.modes.includes('warn')) return judgeActive('warn', warned, spaces, evidence);
  return isAdmitted(seen)
    ? judgeAdmitted(row, seen, spaces)
    : undecided(otherRefusal(seen, 'a privileged pod in namespace "default"'), evidence);
};

const ladder = (row: Row): readonly Rung[] => [
  behave<{ podSecurityDefault: typeof podSecurityDefault }, typeof known>(
    { podSecurityDefault },
    (facts, _, others) => judgePrivilegedPod(row, facts.podSecurityDefault, others),
    known,
  ),
  read<{ namespaces: typeof namespaces }, typeof known>(
    { namespaces },
    (facts, _, others) => judgeLabels(row, facts.namespaces, isOn(others)),
    known,
  ),
];

const how = 'Grant create pods in the namespace "default" (dry run only).';
const common = {
  clause: '#standard',
  settledBy: { how },
  configuredBy: ['admission-control-config-file', 'PodSecurityConfiguration', enforceLabel, 'apiServer'],
} as const;

export const podSecurityBaseline: Requirement = {
  ...common,
  id: 'pod-security-baseline',
  level: 'MUST',
  title: 'Policies of at least the Baseline level are active, in any mode',
  ladder: ladder({ modes: ['enforce', 'warn', 'audit'], does: 'asks for' }),
  remediation:
    'Set defaults.enforce: baseline (or restricted) in a PodSecurityConfiguration and give it to every API server with --admission-control-config-file; ' +
    `labels such as ${enforceLabel} leave every new namespace open. A default of mode audit only leaves no trace for a client: use warn or enforce. ` +
    'If the login of this check is exempt there, use another one.',
};

export const podSecurityEnforce: Requirement = {
  ...common,
  id: 'pod-security-enforce',
  level: 'SHOULD',
  title: 'Pods that violate the level are refused, not only warned of',
  ladder: ladder({ modes: ['enforce'], does: 'enforces' }),
  remediation: 'Use enforce, not only warn or audit, in the defaults of the PodSecurityConfiguration or in the labels of the namespaces.',
};

const judgeRestricted = (seen: DryRunAnswer): Answer => {
  const evidence = answerEvidence(seen, 'pod that only Restricted refuses');
  const violated = violatedLevel(seen);
  if ((violated ?? warnedLevel(seen)) === 'restricted')
    return pass(
      `Restricted is used: namespace "default" ${isAdmitted(seen) ? 'warns of' : 'refuses'} a pod that Baseline admits`,
      evidence,
    );
  if (isAdmitted(seen)) return notApplicable('Option not used: namespace "default" admits a pod that Restricted refuses', evidence);
  return undecided(
    violated === undefined
      ? otherRefusal(seen, 'a pod that only Restricted refuses')
      : 'Something changed the pod of the dry run: even Baseline refuses it, so nothing is shown of Restricted',
    evidence,
  );
};

export const podSecurityRestrictedUsed: Requirement = {
  ...common,
  id: 'pod-security-restricted',
  level: 'MAY',
  title: 'The Restricted level is used',
  ladder: [behave({ podSecurityRestricted }, (facts) => judgeRestricted(facts.podSecurityRestricted))],
  remediation:
    'Nothing has to be done: Restricted is optional. To use it, set restricted instead of baseline in the PodSecurityConfiguration.',
};
