import { kubeletConfigs, type KubeletConfig, type KubeletConfigs } from '../../facts/kubelet-configs.js';
import { abort, count, fail, listed, pass, type Answer, type Evidence } from '../../model/outcome.js';
import { read, type Requirement } from '../../model/requirement.js';

/** What one kubelet's configuration says; `null` where the answer does not show it. */
interface Question {
  readonly met: (config: KubeletConfig) => boolean | null;
  readonly observed: (config: KubeletConfig) => string;
  /** Completes "on 2 nodes of 3 ...". */
  readonly broken: string;
  /** Completes "on all 3 nodes ...". */
  readonly holds: string;
}

const evidenceOf = (entries: KubeletConfigs['nodes'], question: Question): readonly Evidence[] =>
  entries.map(({ node, config, unavailable }) => ({
    source: `node ${node} configz`,
    observed: config === undefined ? (unavailable?.detail ?? 'no answer') : question.observed(config),
  }));

/** Every kubelet that was asked must meet it. One that breaks it decides; one that did not answer keeps it open. */
const everyKubelet = (configs: KubeletConfigs, question: Question): Answer => {
  const all = configs.nodes;
  if (all.length === 0) return abort('nothing to judge: the cluster shows no node');
  const sampled = configs.sampled ? `, a sample of ${configs.total}` : '';
  const answers = all.map((entry) => ({ entry, met: entry.config === undefined ? null : question.met(entry.config) }));
  const some = (met: boolean | null): KubeletConfigs['nodes'] => answers.filter((a) => a.met === met).map((a) => a.entry);
  const named = (entries: KubeletConfigs['nodes']): string => `on ${count(entries.length, 'node')} of ${all.length}${sampled}`;
  const names = (entries: KubeletConfigs['nodes']): string => listed(entries.map((e) => e.node));
  const broken = some(false);
  const unknown = some(null);
  if (broken.length > 0) return fail(`${named(broken)} ${question.broken}: ${names(broken)}`, evidenceOf(broken, question));
  if (unknown.length > 0) {
    const why = unknown.find((e) => e.unavailable !== undefined)?.unavailable?.detail ?? 'the answer does not show it';
    return abort(
      `${named(unknown)} the kubelet's configuration could not be told: ${names(unknown)} (${why})`,
      evidenceOf(unknown, question),
    );
  }
  const where = all.length === 1 ? 'on the only node' : `on all ${all.length} nodes`;
  return pass(`${where}${sampled} ${question.holds}`, evidenceOf(all, question));
};

const readOnlyPort: Question = {
  met: (config) => config.readOnlyPort === 0,
  observed: (config) => `readOnlyPort=${config.readOnlyPort}`,
  broken: "the kubelet's read-only port is open, without TLS and login",
  holds: "the kubelet's read-only port is off",
};

const requirement = (
  id: string,
  question: Question,
  texts: Pick<Requirement, 'level' | 'title' | 'remediation' | 'configuredBy'>,
): Requirement => ({
  id,
  ...texts,
  clause: '#standard',
  ladder: [read({ kubeletConfigs }, (facts) => everyKubelet(facts.kubeletConfigs, question))],
  settledBy: { how: 'Grant get nodes/proxy, and run it when every kubelet answers.' },
});

export const kubeletReadOnlyPort = requirement('kubelet-read-only-port', readOnlyPort, {
  level: 'SHOULD',
  title: 'The read-only port of the kubelets is off',
  remediation: 'Set readOnlyPort: 0 in the KubeletConfiguration of every node, and take the flag --read-only-port away where it is set.',
  configuredBy: ['readOnlyPort', 'read-only-port', 'KubeletConfiguration'],
});

/** The kubelet's own port is HTTPS whatever is configured, so the read-only port is what decides. */
export const kubeletHttps = requirement(
  'kubelet-https',
  {
    ...readOnlyPort,
    broken: 'the kubelet also serves plain HTTP, on its read-only port',
    holds: 'the kubelet serves HTTPS alone: its read-only port is off',
  },
  {
    level: 'SHOULD',
    title: 'Kubelets can be reached by HTTPS alone',
    remediation:
      'Set readOnlyPort: 0 in the KubeletConfiguration of every node: it is the only port of the kubelet that speaks plain HTTP.',
    configuredBy: ['readOnlyPort', 'read-only-port', 'KubeletConfiguration'],
  },
);

export const kubeletAnonymousAuth = requirement(
  'kubelet-anonymous-auth',
  {
    met: (config) => (config.anonymous === null ? null : !config.anonymous),
    observed: (config) => `authentication.anonymous.enabled=${config.anonymous ?? '(not shown)'}`,
    broken: 'the kubelet takes requests without a login',
    holds: 'the kubelet refuses requests without a login',
  },
  {
    level: 'MUST',
    title: 'Kubelets refuse anonymous requests',
    remediation: 'Set authentication.anonymous.enabled: false in the KubeletConfiguration of every node.',
    configuredBy: ['anonymous', 'anonymous-auth', 'KubeletConfiguration'],
  },
);

export const kubeletWebhookAuthorization = requirement(
  'kubelet-webhook-authorization',
  {
    met: (config) => (config.authorizationMode === null ? null : config.authorizationMode === 'Webhook'),
    observed: (config) => `authorization.mode=${config.authorizationMode ?? '(not shown)'}`,
    broken: 'the kubelet does not ask the API server whether a request is allowed',
    holds: 'the kubelet asks the API server whether a request is allowed',
  },
  {
    level: 'MUST',
    title: 'Kubelets leave authorization to the API server',
    remediation: 'Set authorization.mode: Webhook in the KubeletConfiguration of every node.',
    configuredBy: ['AlwaysAllow', 'authorization', 'KubeletConfiguration'],
  },
);
