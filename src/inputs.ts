import type { Rule } from './exit.js';
import { listOf, optional, Reader, type RawInputs } from './input-reader.js';
import { inputSpecs } from './input-specs.js';
import { readMonitor, type MonitorInputs } from './inputs-monitor.js';
import { isRealDay } from './model/day.js';
import { UserError } from './model/errors.js';
import { didYouMean } from './model/nearest.js';
import { levels, scopes, type Tier } from './model/outcome.js';
import { withoutSecretValues } from './model/path-or-text.js';
import { readE2eInputs, type E2eInputs } from './e2e-inputs.js';

export { parseDuration, type RawInputs } from './input-reader.js';

export type ClusterChoice =
  | { readonly from: 'kubeconfig' }
  | { readonly from: 'kind' }
  | { readonly from: 'embedded' }
  | { readonly from: 'snapshot'; readonly file: string };

/** What a user asked for, valid as a whole. */
export interface Inputs {
  readonly cluster: ClusterChoice;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly execPlugins: 'allow' | 'deny';
  readonly kind: {
    readonly kubernetesVersion?: string;
    readonly config?: string;
    readonly image?: string;
    readonly version?: string;
    readonly keep: boolean;
  };
  /** Ids; empty for all that are in force. */
  readonly standards: readonly string[];
  readonly tier: Tier;
  /** For the tier `active`: what its pods are made of. */
  readonly probes: {
    readonly image?: string;
    readonly registry?: string;
    /** The text of a Docker configuration, or the path of one. */
    readonly pullSecret?: string;
    /** How many nodes take part at most. */
    readonly nodes: number;
    /** How long a change of a policy may take until it is enforced, in milliseconds. */
    readonly patienceMs: number;
  };
  /** Empty where nothing fails the step. */
  readonly failOn: readonly Rule[];
  readonly releaseData?: string;
  /** Upstream's scope file; the bundled facts without. */
  readonly scope?: string;
  readonly statements?: string;
  /** The versions that the provider offers: a list of them, or a file. */
  readonly offeredVersions?: string;
  /** The name of the test subject, for upstream's report. */
  readonly subject?: string;
  /** Where upstream's report is handed in; nowhere without. */
  readonly monitor?: MonitorInputs;
  readonly e2e: E2eInputs;
  readonly offline: boolean;
  readonly now?: Date;
  readonly annotations: boolean;
  readonly summary: boolean;
  readonly comment: boolean;
  readonly commentKey?: string;
  readonly manifests: readonly string[];
  readonly outputDirectory?: string;
  readonly token?: string;
  readonly timeoutMs: number;
  readonly requestTimeoutMs: number;
}

const readCluster = (reader: Reader): ClusterChoice => {
  const text = reader.text('cluster');
  if (text.startsWith('snapshot:') && text.length > 'snapshot:'.length) return { from: 'snapshot', file: text.slice('snapshot:'.length) };
  if (text === 'kubeconfig' || text === 'kind' || text === 'embedded') return { from: text };
  reader.problems.push(
    `Input "cluster" is "${text}"; it takes kubeconfig, kind, snapshot:FILE or embedded.${didYouMean(text, ['kubeconfig', 'kind', 'snapshot:FILE', 'embedded'])}`,
  );
  return { from: 'kubeconfig' };
};

const readRule = (reader: Reader, word: string): readonly Rule[] => {
  const outcomes = ['fail', 'abort', 'missing'] as const;
  const [outcome = '', level = '', scope = 'main', ...rest] = word.toLowerCase().split(':');
  const found = outcomes.find((o) => o === outcome);
  const someLevels = level === 'any' ? levels : levels.filter((l) => l.toLowerCase() === level);
  const someScopes = scope === 'any' ? scopes : scopes.filter((s) => s === scope);
  if (found !== undefined && someLevels.length > 0 && someScopes.length > 0 && rest.length === 0)
    return [{ outcome: found, levels: someLevels, scopes: someScopes }];
  const examples = ['never', ...outcomes.flatMap((o) => ['must', 'should', 'may', 'any'].map((l) => `${o}:${l}`))];
  reader.problems.push(
    `Input "fail-on" holds "${word}"; it takes never or OUTCOME:LEVEL[:SCOPE], e.g. fail:must or abort:must:main.${didYouMean(word, examples)}`,
  );
  return [];
};

const readFailOn = (reader: Reader): readonly Rule[] => {
  const words = listOf(reader.text('fail-on'));
  if (!words.includes('never')) return words.flatMap((word) => readRule(reader, word));
  if (words.length > 1) reader.problems.push('Input "fail-on" holds "never" beside other words; give one or the other.');
  return [];
};

const readStandards = (reader: Reader, known: readonly string[]): readonly string[] => {
  const ids = listOf(reader.text('standards'));
  for (const id of ids)
    if (!known.includes(id))
      reader.problems.push(`Input "standards" holds "${id}", which is not one of ${known.join(', ')}.${didYouMean(id, known)}`);
  return ids;
};

const readNow = (reader: Reader): { now?: Date } => {
  const text = reader.text('now');
  if (text === '') return {};
  const now = new Date(text);
  if (!isRealDay(text) || Number.isNaN(now.getTime())) {
    reader.problems.push(`Input "now" is "${text}"; it takes a date such as 2026-11-23 or 2026-11-23T12:00:00Z.`);
    return {};
  }
  return { now };
};

/** What upstream's monitor takes for a name of an account: it stands in a path of its pages. */
const readSubject = (reader: Reader, from: ClusterChoice['from']): { subject?: string } => {
  const subject = reader.text('subject');
  if (subject === '') return {};
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(subject))
    reader.problems.push(
      `Input "subject" is "${subject}"; it takes the name of an account at the monitor: letters, digits, ".", "_" and "-".`,
    );
  if (from === 'embedded')
    reader.problems.push('Input "subject" is given, but the recorded example is no cluster of yours; leave one of the two out.');
  return { subject };
};

/** Inputs that say two different things. */
const checkTogether = (reader: Reader, from: ClusterChoice['from']): void => {
  const given = (name: string): boolean => reader.text(name) !== '';
  for (const name of ['kubeconfig', 'context'])
    if (from !== 'kubeconfig' && given(name))
      reader.problems.push(`Input "${name}" is given, but the cluster comes from ${from}; leave one of the two out.`);
  for (const name of ['kubernetes-version', 'kind-config', 'kind-image', 'kind-version'])
    if (from !== 'kind' && given(name))
      reader.problems.push(`Input "${name}" is given, but the cluster comes from ${from}; set cluster to kind, or leave it out.`);
  if ((from === 'snapshot' || from === 'embedded') && reader.text('tier') !== 'light')
    reader.problems.push('Input "tier" is given, but a recording is as it was recorded; leave the tier out.');
  if (reader.text('tier') === 'light')
    for (const name of ['probe-image', 'probe-registry', 'probe-pull-secret'])
      if (given(name))
        reader.problems.push(`Input "${name}" is given, but the tier light makes no pods; set tier to active, or leave it out.`);
  if (given('probe-image') && given('probe-registry'))
    reader.problems.push('Inputs "probe-image" and "probe-registry" are both given; the image names its registry, so give one.');
  if (given('kubernetes-version') && given('kind-image'))
    reader.problems.push('Inputs "kubernetes-version" and "kind-image" are both given; the image decides the version, so give one.');
};

/**
 * Reads what a user asked for.
 * @param raw texts by input name, from the action's environment or the command line's options
 * @param known ids of all standards
 * @param defaults whose defaults hold: a terminal annotates and comments nothing by itself
 * @throws {UserError} with every problem at once, each with the nearest valid word
 */
export const parseInputs = (raw: RawInputs, known: readonly string[], defaults: 'action' | 'terminal'): Inputs => {
  const reader = new Reader(raw, defaults);
  const names = inputSpecs.map((s) => s.name);
  for (const name of Object.keys(raw))
    if (!names.includes(name)) {
      const foreign =
        defaults === 'action' ? ` If INPUT_${name.toUpperCase()} is not for this step, set it to '' in the "env" of the step.` : '';
      reader.problems.push(`There is no input "${name}".${didYouMean(name, names)}${foreign}`);
    }
  const cluster = readCluster(reader);
  checkTogether(reader, cluster.from);
  const inputs: Inputs = {
    cluster,
    ...optional('kubeconfig', reader.text('kubeconfig')),
    ...optional('context', reader.text('context')),
    execPlugins: reader.choice('exec-plugins', ['allow', 'deny']),
    kind: {
      ...optional('kubernetesVersion', reader.text('kubernetes-version')),
      ...optional('config', reader.text('kind-config')),
      ...optional('image', reader.text('kind-image')),
      ...optional('version', reader.text('kind-version')),
      keep: reader.flag('keep-cluster'),
    },
    standards: readStandards(reader, known),
    tier: reader.choice('tier', ['light', 'active', 'heavy']),
    probes: {
      ...optional('image', reader.text('probe-image')),
      ...optional('registry', reader.text('probe-registry')),
      ...optional('pullSecret', reader.text('probe-pull-secret')),
      nodes: reader.number('probe-nodes', 1, 100),
      patienceMs: reader.duration('probe-patience'),
    },
    failOn: readFailOn(reader),
    ...optional('releaseData', reader.text('release-data')),
    ...optional('scope', reader.text('scope')),
    ...optional('statements', reader.text('statements')),
    ...optional('offeredVersions', reader.text('offered-versions')),
    ...readSubject(reader, cluster.from),
    ...readMonitor(reader, { from: cluster.from, on: defaults }),
    e2e: readE2eInputs(reader),
    offline: reader.flag('offline'),
    ...readNow(reader),
    annotations: reader.flag('annotations'),
    summary: reader.flag('summary'),
    comment: reader.flag('comment'),
    ...optional('commentKey', reader.text('comment-key')),
    manifests: listOf(reader.text('manifest')),
    ...optional('outputDirectory', reader.text('output-directory')),
    ...optional('token', reader.text('token')),
    timeoutMs: reader.duration('timeout'),
    requestTimeoutMs: reader.duration('request-timeout'),
  };
  const given = Object.values(raw).flatMap((value) => value ?? []);
  if (reader.problems.length > 0) throw new UserError(reader.problems.map((problem) => withoutSecretValues(problem, given)));
  return inputs;
};
