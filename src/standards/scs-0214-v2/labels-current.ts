import { driverZoneLabels, type Node } from '../../facts/nodes.js';
import { abort, fail, listed, type Answer, type Evidence } from '../../model/outcome.js';
import { noNode } from '../support/node-places.js';
import { labelOf, region, zone } from '../support/node-topology.js';

const oldNames = {
  [zone]: 'failure-domain.beta.kubernetes.io/zone',
  [region]: 'failure-domain.beta.kubernetes.io/region',
} as const;

/** Another statement of a node's zone. */
interface Source {
  readonly name: string;
  readonly valueOf: (node: Node) => string | undefined;
  /** True where its zones may be other ones than those of the machines, though they bear similar names. */
  readonly ofItsOwn: boolean;
}

/**
 * The label of Cinder's driver holds the compute zone by the metadata service, or what somebody wrote there by hand, such as the only storage zone
 * (kubernetes/cloud-provider-openstack#1841): zones of storage and of compute are two namespaces, often with the same names.
 */
const cinder = 'topology.cinder.csi.openstack.org/zone';

const sources: readonly Source[] = [
  ...driverZoneLabels.map((name) => ({ name, valueOf: (node: Node) => labelOf(node, name), ofItsOwn: name === cinder })),
  { name: 'spec.providerID', valueOf: (node) => node.providerZone, ofItsOwn: false },
];

/** The name of Nova and Cinder where no availability zone was set up: it says nothing of where a machine is. */
const unzoned = 'nova';

/** What the zones of one series have in common: `eu-central-1a`, `europe-west3-a`, `germanywestcentral-1`, `zone-10`. */
const series = (name: string): string => name.replace(/-?(?:[a-z]|\d{1,4})$/, '');

/** A source, with what all nodes together show of its names. */
interface SeenSource extends Source {
  readonly stated: ReadonlySet<string>;
  /** Some node has the same name in its label and there. */
  readonly agrees: boolean;
}

const seenIn =
  (all: readonly Node[]) =>
  (source: Source): SeenSource => {
    const stated = all.flatMap((node) => {
      const other = source.valueOf(node)?.toLowerCase();
      return other === undefined ? [] : [{ other, own: labelOf(node, zone)?.toLowerCase() }];
    });
    return { ...source, stated: new Set(stated.map(({ other }) => other)), agrees: stated.some(({ own, other }) => own === other) };
  };

/**
 * Whether a zone label names a zone of a source, and not one of the provider's own: what a zone is, the provider decides, so that racks beside a cloud's
 * zones, or fault domains in their place (AKS: `0`), contradict nothing.
 */
const sharesNames = (source: SeenSource, own: string, other: string): boolean =>
  source.stated.has(own) || (!source.ofItsOwn && (source.agrees || (series(own) !== '' && series(own) === series(other))));

/** One node whose label and another statement of the same differ. */
interface Contradiction {
  readonly node: string;
  readonly label: string;
  readonly value: string;
  readonly source: string;
  readonly other: string;
}

const byOldName = (node: Node): readonly Contradiction[] =>
  ([zone, region] as const).flatMap((label) => {
    const [value, other] = [labelOf(node, label), labelOf(node, oldNames[label])];
    return value === undefined || other === undefined || value.toLowerCase() === other.toLowerCase()
      ? []
      : [{ node: node.name, label, value, source: oldNames[label], other }];
  });

const bySource = (node: Node, source: SeenSource): readonly Contradiction[] => {
  const [value, other] = [labelOf(node, zone), source.valueOf(node)];
  if (value === undefined || other === undefined) return [];
  const [own, its] = [value.toLowerCase(), other.toLowerCase()];
  return own === its || own === unzoned || its === unzoned || !sharesNames(source, own, its)
    ? []
    : [{ node: node.name, label: zone, value, source: source.name, other }];
};

const inWords = (c: Contradiction): string => `node ${c.node} has ${c.label}=${c.value} and ${c.source}=${c.other}`;
const evidenceOf = (some: readonly Contradiction[]): readonly Evidence[] =>
  some.map((c) => ({ source: `node ${c.node}`, observed: `${c.label}=${c.value}, ${c.source}=${c.other}` }));

/**
 * The labels of zone and region are kept up to date: broken where another statement of the node contradicts them, and never proven, since what
 * agrees may be stale together. Compared are the old names of both labels, the zone in `spec.providerID`, and the zone labels of storage drivers.
 *
 * CSINode names the keys of the drivers, their values stand in the node's labels. It is not asked: the kubelet refuses a driver that reports
 * another zone than its label says and takes it out of CSINode (kubernetes/cloud-provider-openstack#2931), which is the very case to be found.
 */
export const labelsCurrent = (all: readonly Node[]): Answer => {
  if (all.length === 0) return abort(noNode);
  const seen = sources.map(seenIn(all));
  const found = all.flatMap((node) => [...byOldName(node), ...seen.flatMap((source) => bySource(node, source))]);
  return found.length > 0
    ? fail(`The labels contradict what else is known: ${listed(found.map(inWords), 5)}.`, evidenceOf(found))
    : abort(
        `Nothing contradicts the labels ${zone} and ${region}. That they follow the deployment cannot be proven from inside the cluster: declare it.`,
      );
};
