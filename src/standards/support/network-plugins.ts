import { unlistedText, type Workload, type Workloads } from '../../facts/workloads.js';
import { hadOf, lackingOf } from '../../facts/support/parts.js';
import { recogniseWorkloads, type KnownWorkload, type WorkloadRole } from '../../facts/support/known-workloads.js';
import { splitImage } from '../../text/bounded.js';
import { listed, type Evidence } from '../../model/outcome.js';

/** A known program and the workloads of this cluster that run it. */
export interface Found {
  readonly known: KnownWorkload;
  readonly by: readonly Workload[];
  /** Ready pods over all of its workloads. */
  readonly ready: number;
  /** Those of its workloads that have no ready pod. */
  readonly idle: readonly Workload[];
}

/** Kinds of workload that a program of a role may be; see `recognise`. */
const kindsOf: Readonly<Record<WorkloadRole, readonly Workload['kind'][]>> = {
  cni: ['DaemonSet'],
  'ingress-controller': ['DaemonSet', 'Deployment', 'StatefulSet'],
  'policy-operator': ['DaemonSet', 'Deployment', 'StatefulSet'],
};

/** Why workloads could not be listed among which further programs of a role may be; empty where all that matter are there. */
export const unlistedOf = (workloads: Workloads, role: WorkloadRole): readonly string[] =>
  lackingOf(workloads)
    .filter(({ kind }) => kindsOf[role].includes(kind))
    .map(unlistedText);

/** The known programs of one role, each once, in the order of the facts. */
export const foundOf = (workloads: Workloads, role: WorkloadRole): readonly Found[] => {
  const found = new Map<string, { known: KnownWorkload; by: Workload[] }>();
  for (const workload of hadOf(workloads))
    for (const known of recogniseWorkloads(workload)) {
      if (known.role !== role) continue;
      const entry = found.get(known.id) ?? { known, by: [] };
      entry.by.push(workload);
      found.set(known.id, entry);
    }
  return [...found.values()].map(({ known, by }) => ({
    known,
    by,
    ready: by.reduce((sum, w) => sum + w.ready, 0),
    idle: by.filter((w) => w.ready === 0),
  }));
};

/** One line of evidence per workload. */
export const workloadEvidence = (some: readonly Found[]): readonly Evidence[] =>
  some
    .flatMap(({ by }) => by)
    .map((w) => ({
      source: `${w.kind} ${w.namespace}/${w.name}`,
      observed: `${w.ready} of ${w.desired} ready, ${listed(w.images, 3) || 'no image'}`,
    }));

/**
 * Network plugins that implement, or are known to work on, the API group policy.networking.k8s.io: those that the working group lists
 * (network-policy-api.sigs.k8s.io/implementations), each with where its makers document it.
 */
const adminNetworkPolicy: Readonly<Record<string, string>> = {
  antrea: 'implements AdminNetworkPolicy and BaselineAdminNetworkPolicy since 1.13 (antrea.io/docs, "AdminNetworkPolicy API Support")',
  calico: 'implements AdminNetworkPolicy (github.com/projectcalico/calico/issues/7578)',
  cilium: 'implements ClusterNetworkPolicy since 1.20, to be switched on, and worked on it before (github.com/cilium/cilium/issues/23380)',
  'kube-network-policies': "is the working group's own implementation (kube-network-policies.sigs.k8s.io)",
  'kube-ovn': 'works on it (github.com/kubeovn/kube-ovn/issues/3247)',
  'ovn-kubernetes': 'implements AdminNetworkPolicy and BaselineAdminNetworkPolicy (github.com/ovn-kubernetes/ovn-kubernetes/issues/4214)',
};

/** What is known of a network plugin and policy.networking.k8s.io, in words that follow its name; undefined where nothing is. */
export const adminPolicySupport = (known: KnownWorkload): string | undefined =>
  Object.hasOwn(adminNetworkPolicy, known.id) ? adminNetworkPolicy[known.id] : undefined;

/**
 * Network plugins that neither support the API nor work on it. Flannel leaves policies to others, such as kube-network-policies beside it.
 * The sources of kube-router and of Weave Net, which is archived, do not mention the API. Neither do those of kind's own kindnet; the
 * plugin of the same name by others (github.com/aojea/kindnet) has switches for it, and is told by its image.
 */
const without: Readonly<Record<string, (workload: Workload) => boolean>> = {
  flannel: () => true,
  kindnet: ({ images }) => images.some((image) => endsWithRepository(image, 'kindest/kindnetd')),
  'kube-router': () => true,
  weave: () => true,
};

const endsWithRepository = (image: string, end: string): boolean => {
  const { repository } = splitImage(image);
  return repository === end || repository.endsWith(`/${end}`);
};

/** Whether a network plugin is known to neither support policy.networking.k8s.io nor work on it. Nothing documented is no such knowledge. */
export const lacksAdminPolicy = ({ known, by }: Found): boolean => {
  const isWithout = Object.hasOwn(without, known.id) ? without[known.id] : undefined;
  return isWithout !== undefined && by.every(isWithout);
};
