import { modeLabel, namespaces, type Namespace, type PodSecurityMode } from '../../facts/namespaces.js';
import { enforceLabel } from '../../facts/pod-security-admission.js';
import { podSecurityDefault } from '../../facts/pod-security-default.js';
import { podSecurityRestricted } from '../../facts/pod-security-restricted.js';
import { isAdmitted, type DryRunAnswer } from '../../kubernetes/dry-run.js';
import { isUnavailable, type Unavailable } from '../../model/fact.js';
import { count, fail, listed, notApplicable, pass, undecided, type Answer, type Evidence } from '../../model/outcome.js';
import { behave, read, type BesideOf, type Requirement, type Rung } from '../../model/requirement.js';
import { podSecurityFacts, podSecurityShown } from './admission.js';
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
const known = { namespaces, podSecurityRestricted, podSecurityDefault, ...podSecurityFacts };
type Known = BesideOf<typeof known>;
type Spaces = Known['namespaces'];

/** A level that pod security admission holds against a pod in `default`, in one of the modes whose effect a client sees. */
interface Sighting {
  readonly mode: 'enforce' | 'warn';
  readonly level: string;
  /** What the namespace does, for a sentence. */
  readonly does: string;
  readonly evidence: readonly Evidence[];
}

/** What the plugin itself has said to both pods. One that refuses is not asked for warnings, so that the second pod may show what the first does not. */
const sightingsOf = ({ podSecurityDefault: privileged, podSecurityRestricted: restricted }: Known): readonly Sighting[] => {
  const of = (
    answer: DryRunAnswer | Unavailable,
    sent: string,
    counts: (level: string) => boolean,
    does: Readonly<Record<Sighting['mode'], string>>,
  ): readonly Sighting[] => {
    if (isUnavailable(answer)) return [];
    const levels = { enforce: violatedLevel(answer), warn: warnedLevel(answer) };
    return (['enforce', 'warn'] as const).flatMap((mode) => {
      const level = levels[mode];
      return level === undefined || !counts(level) ? [] : [{ mode, level, does: does[mode], evidence: answerEvidence(answer, sent) }];
    });
  };
  return [
    ...of(privileged, 'privileged pod', () => true, {
      enforce: 'refuses a privileged pod',
      warn: 'admits a privileged pod with a warning',
    }),
    // What even Baseline refuses or warns of is not the pod that was sent.
    ...of(restricted, 'pod that only Restricted refuses', (level) => level === 'restricted', {
      enforce: 'refuses a pod that Baseline admits',
      warn: 'warns of a pod that Baseline admits',
    }),
  ];
};

/** Whether pod security admission is on: it acts, or something else shows it. Off only where nothing shows that it is on. */
const admissionOf = (others: Known): { readonly on: boolean; readonly off: Answer | undefined } => {
  const { on, off } = podSecurityShown(others);
  return on || sightingsOf(others).length > 0 ? { on: true, off: undefined } : { on, off };
};

const isOff = 'Pod security admission is off, so labels and defaults have no effect';

/**
 * The labels of all namespaces of users. They prove it where the list is whole, each carries one, and pod security admission is on, also for a login whose
 * own pods are exempt. A missing label proves nothing: the defaults of the AdmissionConfiguration cannot be seen.
 */
const judgeLabels = (row: Row, spaces: readonly Namespace[], { on, off }: ReturnType<typeof admissionOf>): Answer => {
  if (off !== undefined) return undecided(isOff, off.evidence);
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

const defaultOf = (spaces: Spaces): Namespace | undefined =>
  isUnavailable(spaces) ? undefined : spaces.find(({ name }) => name === 'default');

/** What a sighting in `default` says of the API server's defaults in one mode: they hold only where that namespace has no label of its own. */
const judgeActive = ({ mode, level, does, evidence }: Sighting, spaces: Spaces): Answer => {
  const own = defaultOf(spaces)?.[mode];
  if (own === null) return pass(`Namespace "default" ${does}: the cluster's default level in mode ${mode} is ${level}`, evidence);
  return undecided(
    own === undefined
      ? `Namespace "default" ${does}, but its labels cannot be seen: a label of its own would say nothing of other namespaces`
      : `Namespace "default" ${does} by its own label ${modeLabel(mode)}=${own}, which says nothing of other namespaces`,
    evidence,
  );
};

/**
 * A privileged pod in `default` that was admitted, while pod security admission may be on. Without a label of its own in a mode that would show, no
 * default of that mode holds; and where some namespace of users has no label either, users make pods there that nothing restricts. As long as labels
 * cannot be seen, both may be otherwise. A default of mode audit leaves no trace that a client could see; such a cluster fails as well, until its
 * namespaces say so by label.
 */
const judgeAdmitted = (row: Row, seen: DryRunAnswer, spaces: Spaces): Answer => {
  const evidence = answerEvidence(seen, 'privileged pod');
  const own = defaultOf(spaces);
  const shown = row.modes.filter((mode) => mode !== 'audit');
  const hiding = shown.find((mode) => typeof own?.[mode] === 'string');
  if (hiding !== undefined) {
    const label = `${modeLabel(hiding)}=${own?.[hiding] ?? ''}`;
    return undecided(
      isLevel(own?.[hiding])
        ? `Namespace "default" carries ${label} and admits a privileged pod of this login all the same: the login or the namespace is exempt`
        : `Namespace "default" admits a privileged pod by its own label ${label}, which hides the API server's defaults`,
      evidence,
    );
  }
  const how = warnedLevel(seen) === undefined ? 'admits a privileged pod without a warning' : 'admits a privileged pod and only warns';
  if (isUnavailable(spaces) || shown.some((mode) => own?.[mode] === undefined))
    return undecided(
      `Namespace "default" ${how}, but its labels cannot be seen: a label of its own would hide the API server's defaults`,
      evidence,
    );
  const { covered, open } = userNamespaces(spaces, row.modes);
  if (open.length === 0) return undecided(`Namespace "default" ${how}, and no namespace is seen without a label`, evidence);
  const some =
    covered.length === 0 || lackingIn(spaces).length > 0
      ? ''
      : `; only ${count(covered.length, 'namespace')} ${row.does} a level by label: ${listed(covered)}`;
  return fail(`Namespace "default" ${how}${some}`, evidence);
};

const judgePrivilegedPod = (row: Row, seen: DryRunAnswer, others: Known): Answer => {
  const { namespaces: spaces } = others;
  const evidence = answerEvidence(seen, 'privileged pod');
  const admission = admissionOf(others);
  if (!isUnavailable(spaces) && judgeLabels(row, spaces, admission).outcome === 'pass')
    return undecided('The labels of the namespaces decide', evidence);
  // A policy engine may refuse what pod security admission has warned of before.
  const active = sightingsOf(others)
    .filter(({ mode }) => row.modes.includes(mode))
    .map((sighting) => judgeActive(sighting, spaces));
  const decided = active.find(({ outcome }) => outcome === 'pass') ?? active[0];
  if (decided !== undefined) return decided;
  if (!isAdmitted(seen)) return undecided(otherRefusal(seen, 'a privileged pod in namespace "default"'), evidence);
  return admission.off === undefined
    ? judgeAdmitted(row, seen, spaces)
    : fail(`Namespace "default" admits a privileged pod. ${isOff}`, [...evidence, ...admission.off.evidence]);
};

const ladder = (row: Row): readonly Rung[] => [
  behave({ podSecurityDefault }, (facts, _, others) => judgePrivilegedPod(row, facts.podSecurityDefault, others), known),
  read({ namespaces }, (facts, _, others) => judgeLabels(row, facts.namespaces, admissionOf(others)), known),
];

const nextStep = 'Grant create pods in the namespace "default" (dry run only).';
const common = {
  clause: '#standard',
  settledBy: { nextStep },
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
