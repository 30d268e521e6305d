import { apiServerMetrics, type ApiServerMetrics } from '../../facts/api-server-metrics.js';
import { authorizerAnswers, type AuthorizerAnswers } from '../../facts/authorizer-answers.js';
import { fail, pass, undecided, type Answer, type Evidence } from '../../model/outcome.js';
import { behave, type Requirement } from '../../model/requirement.js';
import { byFlags, byOthers, itemsOf, type Finding, type ServerFlags } from '../support/control-plane-flags.js';

const others = ['RBAC', 'ABAC', 'Webhook'];
const reviewEvidence = ({ node, serviceAccount }: AuthorizerAnswers): readonly Evidence[] =>
  [
    { asked: 'a node that does not exist, get a secret', ...node },
    { asked: 'the ReplicaSet controller, create pods', ...serviceAccount },
  ].map(({ asked, allowed, reasons, evaluationError }) => ({
    source: `SubjectAccessReview: ${asked}`,
    observed: `allowed=${allowed}, ${reasons.length === 0 ? 'no reason' : `reason: ${reasons.join(' | ')}`}${evaluationError === undefined ? '' : `, evaluation error: ${evaluationError}`}`,
  }));

/** Which authorizers spoke: each has words of its own, and one that allows is the only one that is heard. */
const spoke = ({ node, serviceAccount }: AuthorizerAnswers): readonly string[] => {
  const reasons = [...node.reasons, ...serviceAccount.reasons];
  return [
    ...(node.reasons.some((r) => r.includes('no relationship found between node')) ? ['Node'] : []),
    ...(reasons.some((r) => r.startsWith('RBAC: ')) ? ['RBAC'] : []),
    ...(reasons.some((r) => r === 'No policy matched.') ? ['ABAC'] : []),
  ];
};

/** `null` where these authorizers do not settle it; AlwaysAllow makes whatever the others refuse allowed. */
const enough = (authorizers: readonly string[]): { readonly met: boolean; readonly says: string } | null => {
  if (authorizers.includes('AlwaysAllow'))
    return { met: false, says: 'AlwaysAllow is among the authorizers: whatever the others refuse is allowed' };
  const second = others.filter((name) => authorizers.includes(name));
  return authorizers.includes('Node') && second.length > 0 ? { met: true, says: `Node and ${second.join(', ')} decide` } : null;
};

const bySpeech = (answers: AuthorizerAnswers): Answer => {
  const heard = spoke(answers);
  const verdict = enough(heard);
  return verdict?.met
    ? pass(verdict.says, reviewEvidence(answers))
    : undecided(
        `the authorizers' reasons show ${heard.length === 0 ? 'none of them' : `${heard.join(', ')} alone`}`,
        reviewEvidence(answers),
      );
};

/**
 * The last word, because metrics and flags know more: a refusal that no authorizer cut short and none failed in, and in which the Node authorizer
 * did not speak.
 */
const byRefusal = (answers: AuthorizerAnswers): Answer => {
  const { allowed, denied, evaluationError } = answers.node;
  if (evaluationError !== undefined && !spoke(answers).includes('Node'))
    return undecided(`not all authorizers answered the question about a node: ${evaluationError}`, reviewEvidence(answers));
  return !allowed && !denied && !spoke(answers).includes('Node')
    ? fail('all authorizers were asked about a node, and the Node authorizer is not among those that answered', reviewEvidence(answers))
    : undecided("the authorizers' reasons do not tell whether Node is among them", reviewEvidence(answers));
};

const decidedEvidence = (metrics: ApiServerMetrics): readonly Evidence[] => [
  { source: 'GET /metrics', observed: `authorizers that have decided: ${metrics.authorizers.join(', ') || 'none'}` },
];

const byDecisions = (metrics: ApiServerMetrics): Answer => {
  const verdict = enough(metrics.authorizers);
  if (verdict !== null) return (verdict.met ? pass : fail)(verdict.says, decidedEvidence(metrics));
  // An authorizer that comes after one which allows everything has decided nothing, and is active all the same.
  return undecided(
    `only ${metrics.authorizers.join(', ') || 'no authorizer'} decided requests since the API server's start`,
    decidedEvidence(metrics),
  );
};

const authorizationFlags = ['authorization-mode', 'authorization-config'];
/** @param objection what breaks it, by the modes in force */
const byModes =
  (objection: (modes: readonly string[]) => string | undefined) =>
  (server: ServerFlags): Finding => {
    const modes = itemsOf(server, 'authorization-mode');
    const config = itemsOf(server, 'authorization-config');
    if (modes === undefined || config === undefined) return { unknown: 'the flags of the authorizers are not shown' };
    if (config.length > 0) return { unknown: 'authorization-config names a file that cannot be read' };
    // The default of kube-apiserver, where no authorization configuration is given.
    const broken = objection(modes.length > 0 ? modes : ['AlwaysAllow']);
    return broken === undefined ? undefined : { broken };
  };

const findMethods = byModes((modes) => {
  const verdict = enough(modes);
  if (verdict === null)
    return `authorization-mode is ${modes.join(',')}, which lacks ${modes.includes('Node') ? 'RBAC, ABAC and Webhook' : 'Node'}`;
  return verdict.met ? undefined : verdict.says;
});

const findRbac = byModes((modes) => (modes.includes('RBAC') ? undefined : `authorization-mode is ${modes.join(',')}, which lacks RBAC`));

const common = {
  clause: '#standard',
  settledBy: { nextStep: 'Grant create subjectaccessreviews, or get /metrics.' },
  configuredBy: ['authorization-mode', 'authorization-config', 'apiServer'],
} as const;

export const authorizationMethods: Requirement = {
  ...common,
  id: 'authorization-methods',
  level: 'MUST',
  title: 'Node authorization, and one of RBAC, ABAC and webhook',
  remediation: 'Start every API server with --authorization-mode=Node,RBAC, or with an authorization configuration that holds both.',
  ladder: [
    byOthers(authorizationFlags, findMethods),
    behave({ authorizerAnswers }, (facts) => bySpeech(facts.authorizerAnswers)),
    behave({ apiServerMetrics }, (facts) => byDecisions(facts.apiServerMetrics)),
    ...byFlags(authorizationFlags, 'authorization-mode names Node and one of RBAC, ABAC and Webhook', findMethods),
    behave({ authorizerAnswers }, (facts) => byRefusal(facts.authorizerAnswers)),
  ],
};

export const authorizationRbac: Requirement = {
  ...common,
  id: 'authorization-rbac',
  level: 'SHOULD',
  title: 'RBAC is used for authorization',
  remediation: 'Start every API server with RBAC in --authorization-mode, or in its authorization configuration.',
  ladder: [
    byOthers(authorizationFlags, findRbac),
    behave({ authorizerAnswers }, ({ authorizerAnswers: answers }) =>
      spoke(answers).includes('RBAC')
        ? pass('RBAC decides', reviewEvidence(answers))
        : undecided("the authorizers' reasons do not show RBAC", reviewEvidence(answers)),
    ),
    behave({ apiServerMetrics }, ({ apiServerMetrics: metrics }) =>
      metrics.authorizers.includes('RBAC')
        ? pass('RBAC has decided requests', decidedEvidence(metrics))
        : undecided("RBAC has decided no request since the API server's start", decidedEvidence(metrics)),
    ),
    ...byFlags(authorizationFlags, 'authorization-mode names RBAC', findRbac),
  ],
};
