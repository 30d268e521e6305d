import { apiServerMetrics } from '../../facts/api-server-metrics.js';
import { namespaces, type Namespace } from '../../facts/namespaces.js';
import { enforceLabel, podSecurityAdmission } from '../../facts/pod-security-admission.js';
import { podSecurityDefault } from '../../facts/pod-security-default.js';
import { isAdmitted, type DryRunAnswer } from '../../facts/support/dry-run.js';
import { abort, fail, listed, pass, undecided, type Answer, type Evidence } from '../../model/outcome.js';
import { behave, read, type Requirement, type Rung } from '../../model/requirement.js';
import { refusesInvalidLevel } from './admission.js';

/** Kubernetes' own namespaces: parts of the cluster run there that need privileges. */
const systemNamespaces = ['kube-system', 'kube-public', 'kube-node-lease'];

const enforces = (namespace: Namespace): boolean => namespace.enforce === 'baseline' || namespace.enforce === 'restricted';
const workloadNamespaces = (all: readonly Namespace[]): readonly Namespace[] => all.filter((n) => !systemNamespaces.includes(n.name));
const labelEvidence = (some: readonly Namespace[]): readonly Evidence[] =>
  some.map((n) => ({ source: `namespace ${n.name}`, observed: `${enforceLabel}=${n.enforce ?? '(absent)'}` }));

/** The plugin's own sentence from its beginning: policy engines use the same words within theirs. */
const violation = /^pods "[^"]*" is forbidden: violates PodSecurity "(baseline|restricted):[^"]*"/;

/** Who refused, where it was not pod security admission; in words for people. */
const otherEngine = (message: string): string => {
  const webhook = /admission webhook "([^"]*)" denied/.exec(message)?.[1];
  if (webhook !== undefined) return `the admission webhook ${webhook}`;
  const policy = /ValidatingAdmissionPolicy '([^']*)'/.exec(message)?.[1];
  if (policy !== undefined) return `the ValidatingAdmissionPolicy ${policy}`;
  if (message.includes('exceeded quota') || message.includes('failed quota')) return 'a ResourceQuota';
  if (/(maximum|minimum) \S+ usage per|limit to request ratio/.test(message)) return 'a LimitRange';
  return 'something else';
};

/**
 * What a privileged pod in `default` was answered. Where it is let in the question is settled, whatever other namespaces have as label:
 * whoever makes a pod without thinking of levels makes it unrestricted. Where it is refused by the namespace's own label, nothing is shown of the
 * defaults, which hold for namespaces without one.
 */
const judgePrivilegedPod = (seen: DryRunAnswer, all: readonly Namespace[] = []): Answer => {
  const evidence: readonly Evidence[] = [
    { source: `${seen.request}: privileged pod`, observed: `${seen.status}${seen.message ? ` ${seen.message}` : ''}` },
  ];
  if (isAdmitted(seen)) {
    const warned = seen.warnings.find((text) => text.includes('would violate PodSecurity'));
    const labelled = all.filter(enforces).map((n) => n.name);
    return fail(
      `a privileged pod is let into the namespace default${warned === undefined ? '' : ', with a warning only'}` +
        (labelled.length === 0 ? '' : `; a level is enforced by label in ${listed(labelled)} alone`),
      [...evidence, ...(warned === undefined ? [] : [{ source: 'Warning header', observed: warned }])],
    );
  }
  const level = seen.status === 403 ? violation.exec(seen.message)?.[1] : undefined;
  const open = workloadNamespaces(all).filter((n) => !enforces(n));
  if (level !== undefined && open.length > 0 && all.some((n) => n.name === 'default' && enforces(n)))
    return abort(
      `the namespace default refuses a privileged pod by its own label; ${listed(open.map((n) => n.name))} without a label that enforces baseline or restricted, and the defaults of the API server cannot be seen`,
      [...evidence, ...labelEvidence(workloadNamespaces(all))],
    );
  return level !== undefined
    ? pass(`a privileged pod in the namespace default is refused: the level ${level} is enforced there`, evidence)
    : undecided(
        `a privileged pod in the namespace default was refused by ${otherEngine(seen.message)}, not by pod security admission: ${seen.status} ${seen.message}`,
        evidence,
      );
};

/**
 * The labels, where no pod could be tried. They prove it where pod security admission is on and every namespace for workloads carries one:
 * a missing label proves nothing, as the defaults of the AdmissionConfiguration cannot be seen.
 */
const judgeLabels = (all: readonly Namespace[], admissionOn: boolean): Answer => {
  const judged = workloadNamespaces(all);
  const evidence = labelEvidence(judged);
  if (!judged.some((n) => n.name === 'default')) return undecided('the namespaces that can be seen lack default: nothing to judge');
  if (!admissionOn)
    return undecided(
      'whether pod security admission is on could not be shown, and without it the labels of namespaces have no effect',
      evidence,
    );
  const open = judged.filter((n) => !enforces(n)).map((n) => n.name);
  return open.length === 0
    ? pass(`every namespace for workloads (${judged.length}) enforces baseline or restricted by label`, evidence)
    : undecided(
        `${listed(open)} without a label that enforces baseline or restricted; the defaults of the API server cannot be seen`,
        evidence,
      );
};

const ladder: readonly Rung[] = [
  behave({ podSecurityDefault, namespaces }, (facts) => judgePrivilegedPod(facts.podSecurityDefault, facts.namespaces)),
  behave({ podSecurityDefault }, (facts) => judgePrivilegedPod(facts.podSecurityDefault)),
  read({ namespaces, apiServerMetrics }, (facts) =>
    judgeLabels(facts.namespaces, facts.apiServerMetrics.admissionPlugins.includes('PodSecurity')),
  ),
  read({ namespaces, podSecurityAdmission }, (facts) => judgeLabels(facts.namespaces, refusesInvalidLevel(facts.podSecurityAdmission))),
];

const common = {
  clause: '#standard',
  ladder,
  settledBy: { how: 'Grant create pods in the namespace default (asked as a dry run alone).' },
  configuredBy: ['admission-control-config-file', 'PodSecurityConfiguration', enforceLabel, 'apiServer'],
} as const;

export const podSecurityBaseline: Requirement = {
  ...common,
  id: 'pod-security-baseline',
  level: 'MUST',
  title: 'Pods are held to the Baseline level at least',
  remediation:
    'Set defaults.enforce: baseline (or restricted) in a PodSecurityConfiguration and hand it to every API server by --admission-control-config-file; ' +
    `labels ${enforceLabel} on namespaces alone leave every new namespace open.`,
};

export const podSecurityEnforce: Requirement = {
  ...common,
  id: 'pod-security-enforce',
  level: 'SHOULD',
  title: 'Pods that break the level are refused, not only warned of',
  remediation: 'Use enforce, not only warn or audit, in the defaults of the PodSecurityConfiguration or in the labels of the namespaces.',
};
