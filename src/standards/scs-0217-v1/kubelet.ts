import { kubeletConfigs, type KubeletConfig, type KubeletConfigs } from '../../facts/kubelet-configs.js';
import { abort, count, fail, listed, notApplicable, pass, type Answer, type Evidence } from '../../model/outcome.js';
import { read, type Requirement } from '../../model/requirement.js';

/** What one kubelet's configuration says; `null` where the answer does not show it. */
interface Question {
  readonly met: (config: KubeletConfig) => boolean | null;
  readonly observed: (config: KubeletConfig) => string;
  /** A sentence about the kubelets that break it, without its end "on 2 of 3 nodes". */
  readonly broken: string;
  /** The same about all kubelets. */
  readonly holds: string;
}

type Entries = KubeletConfigs['nodes'];

const kubeletEvidence = (entries: Entries, observed: Question['observed']): readonly Evidence[] =>
  entries.map(({ node, config, unavailable }) => ({
    source: `node ${node} configz`,
    observed: config === undefined ? (unavailable?.detail ?? 'no answer') : observed(config),
  }));

const noNode = 'The cluster shows no node, so there is no kubelet to check.';
const sampleOf = (configs: KubeletConfigs): string => (configs.sampled ? `, a sample of ${configs.total}` : '');
const onSome = (configs: KubeletConfigs, entries: Entries): string =>
  `on ${entries.length} of ${count(configs.nodes.length, 'node')}${sampleOf(configs)}`;
const onAll = (configs: KubeletConfigs): string =>
  configs.nodes.length === 1 ? 'on the only node' : `on all ${configs.nodes.length} nodes${sampleOf(configs)}`;
const listedNodes = (entries: Entries): string => listed(entries.map((entry) => entry.node));

const hiddenReason = ({ unavailable }: Entries[number]): string => unavailable?.detail ?? 'the answer does not show it';
/** A reason without the node's own name: the same reason of many nodes is said once. */
const kindOfReason = (entry: Entries[number]): string =>
  hiddenReason(entry)
    .replaceAll(`/nodes/${encodeURIComponent(entry.node)}/`, '/nodes//')
    .replaceAll(`"${entry.node}"`, '""');

/** Keeps a requirement open: which kubelets did not tell, and why, each reason by the first node that has it. */
const undecidedKubelets = (configs: KubeletConfigs, entries: Entries, observed: Question['observed']): Answer => {
  const firsts = [...Map.groupBy(entries, kindOfReason).values()].flatMap((some) => some.slice(0, 1));
  const why = firsts.length === 1 ? firsts.map(hiddenReason) : firsts.map((entry) => `${entry.node}: ${hiddenReason(entry)}`);
  return abort(
    `The kubelet's configuration is not known ${onSome(configs, entries)}: ${listedNodes(entries)} (${listed(why, 3)}).`,
    kubeletEvidence(entries, observed),
  );
};

/** Splits kubelets by what they say of a question. */
const answersTo = (configs: KubeletConfigs, met: Question['met']): ReadonlyMap<boolean | null, Entries> =>
  Map.groupBy(configs.nodes, (entry) => (entry.config === undefined ? null : met(entry.config)));

/** Every kubelet that was asked must meet it. One that breaks it decides; one that did not answer keeps it open. */
const everyKubelet =
  ({ met, observed, broken: what, holds }: Question) =>
  (configs: KubeletConfigs): Answer => {
    if (configs.nodes.length === 0) return abort(noNode);
    const answers = answersTo(configs, met);
    const [broken, open] = [answers.get(false), answers.get(null)];
    if (broken !== undefined) return fail(`${what} ${onSome(configs, broken)}: ${listedNodes(broken)}.`, kubeletEvidence(broken, observed));
    if (open !== undefined) return undecidedKubelets(configs, open, observed);
    return pass(`${holds} ${onAll(configs)}.`, kubeletEvidence(configs.nodes, observed));
  };

const readOnlyPort: Question = {
  met: (config) => config.readOnlyPort === 0,
  observed: (config) => `readOnlyPort=${config.readOnlyPort}`,
  broken: "The kubelet's read-only port is open, without TLS and login,",
  holds: "The kubelet's read-only port is off",
};

const requirement = (
  id: string,
  judge: (configs: KubeletConfigs) => Answer,
  texts: Pick<Requirement, 'level' | 'title' | 'remediation' | 'configuredBy'>,
): Requirement => ({
  id,
  ...texts,
  clause: '#standard',
  ladder: [read({ kubeletConfigs }, (facts) => judge(facts.kubeletConfigs))],
  settledBy: { nextStep: 'Grant `get nodes/proxy`, and run the check when every kubelet answers.' },
});

export const kubeletReadOnlyPort = requirement('kubelet-read-only-port', everyKubelet(readOnlyPort), {
  level: 'SHOULD',
  title: 'The read-only port of the kubelets is off',
  remediation: 'Set readOnlyPort: 0 in the KubeletConfiguration of every node, and remove the flag --read-only-port.',
  configuredBy: ['readOnlyPort', 'read-only-port', 'KubeletConfiguration'],
});

/** The kubelet's own port is HTTPS whatever is configured, so the read-only port is what decides. */
export const kubeletHttps = requirement(
  'kubelet-https',
  everyKubelet({
    ...readOnlyPort,
    broken: 'The kubelet also serves plain HTTP, on its read-only port,',
    holds: 'The kubelet serves only HTTPS, as its read-only port is off,',
  }),
  {
    level: 'SHOULD',
    title: 'Kubelets serve only HTTPS',
    remediation:
      'Set readOnlyPort: 0 in the KubeletConfiguration of every node: it is the only port of the kubelet that speaks plain HTTP.',
    configuredBy: ['readOnlyPort', 'read-only-port', 'KubeletConfiguration'],
  },
);

export const kubeletAnonymousAuth = requirement(
  'kubelet-anonymous-auth',
  everyKubelet({
    met: (config) => (config.anonymous === null ? null : !config.anonymous),
    observed: (config) => `authentication.anonymous.enabled=${config.anonymous ?? '(not shown)'}`,
    broken: 'The kubelet accepts anonymous requests',
    holds: 'The kubelet refuses anonymous requests',
  }),
  {
    level: 'MUST',
    title: 'Kubelets refuse anonymous requests',
    remediation: 'Set authentication.anonymous.enabled: false in the KubeletConfiguration of every node.',
    configuredBy: ['anonymous', 'anonymous-auth', 'KubeletConfiguration'],
  },
);

export const kubeletWebhookAuthorization = requirement(
  'kubelet-webhook-authorization',
  everyKubelet({
    met: (config) => (config.authorizationMode === null ? null : config.authorizationMode === 'Webhook'),
    observed: (config) => `authorization.mode=${config.authorizationMode ?? '(not shown)'}`,
    broken: 'The kubelet does not ask the API server whether a request is allowed',
    holds: 'The kubelet asks the API server whether a request is allowed',
  }),
  {
    level: 'MUST',
    title: 'Kubelets leave authorization to the API server',
    remediation: 'Set authorization.mode: Webhook in the KubeletConfiguration of every node.',
    configuredBy: ['AlwaysAllow', 'authorization', 'KubeletConfiguration'],
  },
);

/** X.509 client certificates or bearer tokens, either is enough. @returns null where one that may be set is not shown */
const usesAuthentication = ({ clientCa, tokenWebhook }: KubeletConfig): boolean | null => {
  if (clientCa === true || tokenWebhook === true) return true;
  return clientCa === false && tokenWebhook === false ? false : null;
};

const methodsOf = ({ clientCa, tokenWebhook }: KubeletConfig): string =>
  `authentication.x509.clientCAFile ${clientCa === undefined || clientCa === null ? '(not shown)' : clientCa ? 'set' : 'not set'}, ` +
  `authentication.webhook.enabled=${tokenWebhook ?? '(not shown)'}`;

/** An option never breaks anything: not used is not applicable. It is known only once every kubelet has told. */
const judgeAuthentication = (configs: KubeletConfigs): Answer => {
  if (configs.nodes.length === 0) return abort(noNode);
  const answers = answersTo(configs, usesAuthentication);
  const [using, open] = [answers.get(true) ?? [], answers.get(null)];
  if (open !== undefined) return undecidedKubelets(configs, open, methodsOf);
  const evidence = kubeletEvidence(configs.nodes, methodsOf);
  if (using.length === 0) return notApplicable(`Option not used: the kubelet authenticates nobody ${onAll(configs)}.`, evidence);
  const where = using.length === configs.nodes.length ? onAll(configs) : onSome(configs, using);
  return pass(`The kubelet authenticates its clients by X.509 certificates or bearer tokens ${where}.`, evidence);
};

export const kubeletAuthentication = requirement('kubelet-authentication', judgeAuthentication, {
  level: 'MAY',
  title: 'Kubelets authenticate clients by X.509 certificates or bearer tokens',
  remediation: 'Set authentication.x509.clientCAFile or authentication.webhook.enabled: true in the KubeletConfiguration of every node.',
  configuredBy: ['clientCAFile', 'webhook', 'KubeletConfiguration'],
});
