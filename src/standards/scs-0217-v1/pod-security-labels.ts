import { podSecurityModes, type Namespace, type PodSecurityMode } from '../../facts/namespaces.js';
import type { Evidence } from '../../model/outcome.js';

/** Kubernetes' own namespaces: parts of the cluster run there that need privileges. */
const systemNamespaces = ['kube-system', 'kube-public', 'kube-node-lease'];

/** Whether a value of a label asks for at least Baseline. */
export const isLevel = (value: string | null | undefined): boolean => value === 'baseline' || value === 'restricted';

/**
 * Whether the labels of a namespace ask for at least Baseline in one of some modes.
 * @returns undefined where labels are not shown that could
 */
const isCovered = (namespace: Namespace, modes: readonly PodSecurityMode[]): boolean | undefined => {
  if (modes.some((mode) => isLevel(namespace[mode]))) return true;
  return modes.some((mode) => namespace[mode] === undefined) ? undefined : false;
};

/** The namespaces of users, by what their labels ask for. */
export interface UserNamespaces {
  readonly all: readonly Namespace[];
  readonly covered: readonly string[];
  readonly open: readonly string[];
  /** Their labels are not shown, or not all of them. */
  readonly unknown: readonly string[];
  readonly evidence: readonly Evidence[];
}

/** Sorts the namespaces of users. @param modes those that count */
export const userNamespaces = (spaces: readonly Namespace[], modes: readonly PodSecurityMode[]): UserNamespaces => {
  const all = spaces.filter(({ name }) => !systemNamespaces.includes(name));
  const named = (covered: boolean | undefined): readonly string[] =>
    all.filter((namespace) => isCovered(namespace, modes) === covered).map(({ name }) => name);
  const shown = podSecurityModes.filter((mode) => modes.includes(mode));
  const inWords = (value: string | null | undefined): string => (value === undefined ? '(not shown)' : (value ?? '(absent)'));
  return {
    all,
    covered: named(true),
    open: named(false),
    unknown: named(undefined),
    evidence: all.map((n) => ({ source: `namespace ${n.name}`, observed: shown.map((mode) => `${mode}=${inWords(n[mode])}`).join(', ') })),
  };
};

/** Namespaces that the API server makes itself, and makes again when they are gone: a list without one of them is not the whole list. */
const everywhere = ['default', 'kube-system'];

/** Which namespaces a list lacks that every cluster has: something in between shows only a part of it. */
export const lackingIn = (spaces: readonly Namespace[]): readonly string[] =>
  everywhere.filter((name) => !spaces.some((namespace) => namespace.name === name));
