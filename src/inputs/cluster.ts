import { didYouMean } from '../text/did-you-mean.js';
import type { InputName, Reader } from './reader.js';

/** How a cluster is spoken to. */
export interface ConnectionInputs {
  readonly execPlugins: 'allow' | 'deny';
  /** Of one request, its retries included. */
  readonly requestTimeoutMs: number;
}

/** The kind cluster that is made. */
export interface KindInputs {
  readonly kubernetesVersion?: string | undefined;
  readonly config?: string | undefined;
  readonly image?: string | undefined;
  /** Of kind itself. */
  readonly version?: string | undefined;
  readonly keep: boolean;
  /** How long its start may take. */
  readonly waitMs: number;
}

/** Where the cluster comes from. */
export type ClusterInputs =
  | {
      readonly from: 'kubeconfig';
      readonly kubeconfig?: string | undefined;
      readonly context?: string | undefined;
      readonly connection: ConnectionInputs;
    }
  | { readonly from: 'kind'; readonly kind: KindInputs; readonly connection: ConnectionInputs }
  | { readonly from: 'snapshot'; readonly file: string }
  | { readonly from: 'embedded' };

type Choice =
  | { readonly from: 'kubeconfig' }
  | { readonly from: 'kind' }
  | { readonly from: 'embedded' }
  | { readonly from: 'snapshot'; readonly file: string };

const readChoice = (reader: Reader): Choice => {
  const text = reader.text('cluster');
  if (text.startsWith('snapshot:') && text.length > 'snapshot:'.length) return { from: 'snapshot', file: text.slice('snapshot:'.length) };
  if (text === 'kubeconfig' || text === 'kind' || text === 'embedded') return { from: text };
  reader.problems.push(
    `Input "cluster" is "${text}"; it takes kubeconfig, kind, snapshot:FILE or embedded.${didYouMean(text, ['kubeconfig', 'kind', 'snapshot:FILE', 'embedded'])}`,
  );
  return { from: 'kubeconfig' };
};

/** Inputs that say two different things. */
const checkTogether = (reader: Reader, from: ClusterInputs['from']): void => {
  const given = (name: InputName): boolean => reader.text(name) !== '';
  for (const name of ['kubeconfig', 'context'] as const)
    if (from !== 'kubeconfig' && given(name))
      reader.problems.push(`Input "${name}" is given, but the cluster comes from ${from}; leave one of the two out.`);
  for (const name of ['kubernetes-version', 'kind-config', 'kind-image', 'kind-version'] as const)
    if (from !== 'kind' && given(name))
      reader.problems.push(`Input "${name}" is given, but the cluster comes from ${from}; set cluster to kind, or leave it out.`);
  if ((from === 'snapshot' || from === 'embedded') && reader.text('tier') !== 'light')
    reader.problems.push('Input "tier" is given, but a recording is as it was recorded; leave the tier out.');
  if (reader.text('tier') === 'light')
    for (const name of ['probe-image', 'probe-registry', 'probe-pull-secret'] as const)
      if (given(name))
        reader.problems.push(`Input "${name}" is given, but the tier light makes no pods; set tier to active, or leave it out.`);
  if (given('probe-image') && given('probe-registry'))
    reader.problems.push('Inputs "probe-image" and "probe-registry" are both given; the image names its registry, so give one.');
  if (given('kubernetes-version') && given('kind-image'))
    reader.problems.push('Inputs "kubernetes-version" and "kind-image" are both given; the image decides the version, so give one.');
};

const readConnection = (reader: Reader): ConnectionInputs => ({
  execPlugins: reader.choice('exec-plugins', ['allow', 'deny']),
  requestTimeoutMs: reader.duration('request-timeout'),
});

const readKind = (reader: Reader): KindInputs => ({
  kubernetesVersion: reader.optional('kubernetes-version'),
  config: reader.optional('kind-config'),
  image: reader.optional('kind-image'),
  version: reader.optional('kind-version'),
  keep: reader.flag('keep-cluster'),
  waitMs: reader.duration('timeout'),
});

/** Reads where the cluster comes from, and collects what contradicts it. */
export const readClusterInputs = (reader: Reader): ClusterInputs => {
  const choice = readChoice(reader);
  checkTogether(reader, choice.from);
  const connection = readConnection(reader);
  const kind = readKind(reader);
  switch (choice.from) {
    case 'kubeconfig':
      return {
        from: 'kubeconfig',
        kubeconfig: reader.optional('kubeconfig'),
        context: reader.optional('context'),
        connection,
      };
    case 'kind':
      return { from: 'kind', kind, connection };
    case 'snapshot':
    case 'embedded':
      return choice;
  }
};
