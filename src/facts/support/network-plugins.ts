import { isUnavailable, type Unavailable } from '../../model/fact.js';
import { listed } from '../../model/outcome.js';
import type { ApiGroups } from '../api-groups.js';
import type { Workload, Workloads } from '../workloads.js';
import { knownWorkloads, recogniseWorkloads, type KnownWorkload } from './known-workloads.js';
import { hadOf, lackingOf } from './parts.js';
import { splitImage } from '../../text/bounded.js';

/** Which network plugins a cluster has, as far as it can be known. Nothing is judged by it. */
export interface NetworkPlugins {
  /** The known ones; empty where none is recognised. */
  readonly known: readonly KnownWorkload[];
  /** In words, with versions; or why it is not known. */
  readonly text: string;
}

/** Groups that a network plugin defines, for where its DaemonSet cannot be seen. */
const groupsOfPlugins: Readonly<Record<string, string>> = {
  'cilium.io': 'cilium',
  'crd.antrea.io': 'antrea',
  'crd.projectcalico.org': 'calico',
  'k8s.ovn.org': 'ovn-kubernetes',
  'kubeovn.io': 'kube-ovn',
};

/** Flannel leaves NetworkPolicy to others; for the rest only the e2e suite tells how far it goes. */
const withoutPolicies = ['flannel'];

const maxDetail = 300;

const pluginVersion = (workload: Workload, known: KnownWorkload): string => {
  const parts = workload.images.map(splitImage).filter(({ tag }) => tag !== '');
  const own = parts.find(({ repository }) => known.images.some((end) => repository === end || repository.endsWith(`/${end}`)));
  return own?.tag ?? parts[0]?.tag ?? 'of unknown version';
};

const seenText = ({ workload, known }: { readonly workload: Workload; readonly known: KnownWorkload }): string => {
  const policies = withoutPolicies.includes(known.id) ? ', known not to enforce NetworkPolicy' : '';
  return `${known.title} ${pluginVersion(workload, known)} (${workload.ready} of ${workload.desired} ready${policies})`;
};

const ofGroups = (groups: ApiGroups | Unavailable): readonly KnownWorkload[] => {
  const ids = (isUnavailable(groups) ? [] : groups).map(({ group }) => groupsOfPlugins[group]);
  return ids.flatMap((plugin) => knownWorkloads.filter(({ id, role }) => role === 'cni' && id === plugin));
};

/**
 * The network plugins: by the DaemonSets that run them, else by the API groups that they define.
 * @param workloads the fact, or why it could not be had; likewise `groups`
 */
export const networkPluginsOf = (workloads: Workloads | Unavailable, groups: ApiGroups | Unavailable): NetworkPlugins => {
  const seen = (isUnavailable(workloads) ? [] : hadOf(workloads)).flatMap((workload) =>
    recogniseWorkloads(workload)
      .filter(({ role }) => role === 'cni')
      .map((known) => ({ workload, known })),
  );
  if (seen.length > 0) return { known: [...new Set(seen.map(({ known }) => known))], text: listed(seen.map(seenText), 5) };
  const known = ofGroups(groups);
  if (known.length > 0)
    return {
      known,
      text: `${listed(
        known.map(({ title }) => title),
        5,
      )} by its API group; no DaemonSet of it seen`,
    };
  const unlisted = isUnavailable(workloads) ? workloads : lackingOf(workloads).find(({ kind }) => kind === 'DaemonSet');
  return {
    known: [],
    text:
      unlisted !== undefined
        ? `not known: ${unlisted.detail.slice(0, maxDetail)}`
        : 'not recognised: no DaemonSet of a network plugin that is known here',
  };
};
