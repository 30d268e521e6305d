import { didYouMean } from '../text/did-you-mean.js';
import type { Reader } from './reader.js';

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
  const known = ['kubeconfig', 'kind', 'snapshot:FILE', 'embedded'];
  reader.problems.push(
    `${reader.nameOf('cluster')} is "${text}"; it takes kubeconfig, kind, snapshot:FILE or embedded.${didYouMean(text, known)}`,
  );
  return { from: 'kubeconfig' };
};

/** What is set for this run, and contradicts where the cluster comes from. */
const checkTogether = (reader: Reader, from: ClusterInputs['from']): void => {
  for (const name of ['kubeconfig', 'context'] as const)
    if (from !== 'kubeconfig' && reader.isExplicit(name))
      reader.problems.push(`${reader.nameOf(name)} is given, but the cluster comes from ${from}; omit one of the two.`);
  for (const name of ['kubernetes-version', 'kind-config', 'kind.image', 'kind.version'] as const)
    if (from !== 'kind' && reader.isExplicit(name))
      reader.problems.push(`${reader.nameOf(name)} is given, but the cluster comes from ${from}; set the cluster to kind, or omit it.`);
  if ((from === 'snapshot' || from === 'embedded') && reader.isExplicit('tier') && reader.text('tier') !== 'light')
    reader.problems.push(`${reader.nameOf('tier')} is given, but a recording has the tier that it was recorded with; omit it.`);
};

const readConnection = (reader: Reader): ConnectionInputs => ({
  execPlugins: reader.choice('exec-plugins', ['allow', 'deny']),
  requestTimeoutMs: reader.duration('requests.timeout'),
});

const readKind = (reader: Reader): KindInputs => {
  const ignored = reader.ignored('kubernetes-version', 'kind.image', 'the image decides the version, so give one');
  return {
    kubernetesVersion: ignored === 'kubernetes-version' ? undefined : reader.optional('kubernetes-version'),
    config: reader.optional('kind-config'),
    image: ignored === 'kind.image' ? undefined : reader.optional('kind.image'),
    version: reader.optional('kind.version'),
    keep: reader.flag('keep-cluster'),
    waitMs: reader.duration('timeout'),
  };
};

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
