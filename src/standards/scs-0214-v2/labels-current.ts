import { driverRegionLabels, driverZoneLabels, hetznerLocation, type Node } from '../../facts/nodes.js';
import { abort, fail, listed, type Answer, type Evidence } from '../../model/outcome.js';
import { noNode } from '../support/node-places.js';
import { labelOf, region, zone } from '../support/node-topology.js';

const oldNames = {
  [zone]: 'failure-domain.beta.kubernetes.io/zone',
  [region]: 'failure-domain.beta.kubernetes.io/region',
} as const;

type Label = keyof typeof oldNames;

/** Another statement of a node's zone or region. */
interface Source {
  readonly label: Label;
  readonly name: string;
  readonly value: (node: Node) => string | undefined;
  /** What is compared of a value; the value itself where it is absent. Undefined where it says nothing of the label. */
  readonly read?: (value: string) => string | undefined;
  /** True where its zones may be other ones than those of the machines, though they bear similar names. */
  readonly ofItsOwn?: boolean | undefined;
  /** True where it names what the zones lie in: a name that begins with its own contradicts nothing. */
  readonly around?: boolean | undefined;
}

/** How clouds name their regions, and their zones after these: a label of such a form is no name of the provider's own. */
const cloudNames: readonly RegExp[] = [
  // AWS: eu-central-1, eu-central-1a, and local zones such as us-west-2-lax-1a.
  /^((?:af|ap|ca|cn|eu|eusc-de|il|me|mx|sa|us|us-gov|(?:us|eu)-iso[a-z]?)-(?:central|(?:north|south)(?:east|west)?|east|west)-\d+)((?:-[a-z]+-\d+)?[a-z])?$/,
  // Google: europe-west3, europe-west3-a.
  /^((?:africa|asia|australia|europe|me|northamerica|southamerica|us)-(?:central|(?:north|south)(?:east|west)?|east|west)\d+)(-[a-z])?$/,
  // Scaleway: fr-par, fr-par-2.
  /^(fr-par|it-mil|nl-ams|pl-waw)(-\d)?$/,
];

/** What a cloud would mean by a name in lower case: undefined where it has the form of none. */
const cloudName = (name: string): { readonly cloud: number; readonly label: Label; readonly region: string } | undefined => {
  const cloud = cloudNames.findIndex((form) => form.test(name));
  const [, found = '', rest] = cloudNames[cloud]?.exec(name) ?? [];
  return cloud < 0 ? undefined : { cloud, label: rest === undefined ? region : zone, region: found };
};

/** The region of a zone, where its name has the form of a cloud that puts the region first. */
const regionOf = (value: string): string | undefined => {
  const named = cloudName(value.toLowerCase());
  return named?.label === zone ? named.region : undefined;
};

/**
 * The label of Cinder's driver, and of STACKIT's that comes from it, holds the compute zone by the metadata service, or what somebody wrote there by
 * hand, such as the only storage zone (kubernetes/cloud-provider-openstack#1841): zones of storage and of compute are two namespaces, often with the
 * same names.
 */
const ofStorage: readonly string[] = ['topology.cinder.csi.openstack.org/zone', 'topology.block-storage.csi.stackit.cloud/zone'];

const byLabel = (label: Label, name: string, more: Partial<Source> = {}): Source => ({
  label,
  name,
  value: (node) => labelOf(node, name),
  ...more,
});
const providerZone = { name: 'spec.providerID', value: (node: Node) => node.providerZone };

const sources: readonly Source[] = [
  ...driverZoneLabels.map((name) => byLabel(zone, name, { ofItsOwn: ofStorage.includes(name) })),
  { label: zone, ...providerZone },
  byLabel(zone, hetznerLocation, { around: true }),
  ...driverRegionLabels.map((name) => byLabel(region, name)),
  byLabel(region, hetznerLocation),
  { label: region, name: 'spec.providerID', value: (node) => node.providerRegion },
  // The region is a part of the zone's name.
  ...driverZoneLabels.filter((name) => !ofStorage.includes(name)).map((name) => byLabel(region, name, { read: regionOf })),
  { label: region, ...providerZone, read: regionOf },
];

/** What a source says of a node's label, as it is compared. */
const statedBy = ({ value, read = (text) => text }: Source, node: Node): string | undefined => {
  const text = value(node);
  return text === undefined ? undefined : read(text)?.toLowerCase();
};

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
      const other = statedBy(source, node);
      return other === undefined ? [] : [{ other, own: labelOf(node, source.label)?.toLowerCase() }];
    });
    return { ...source, stated: new Set(stated.map(({ other }) => other)), agrees: stated.some(({ own, other }) => own === other) };
  };

/** Whether both have the form of the names of one cloud. */
const ofOneCloud = (label: Label, own: string, other: string): boolean => {
  const [one, two] = [cloudName(own), cloudName(other)];
  return one?.label === label && two?.label === label && one.cloud === two.cloud;
};

/**
 * Whether a label names a zone or region of a source, and not one of the provider's own: what a zone is, the provider decides, so that racks beside
 * a cloud's zones, or fault domains in their place (AKS: `0`), contradict nothing.
 */
const sharesNames = (source: SeenSource, own: string, other: string): boolean =>
  source.stated.has(own) ||
  (source.ofItsOwn !== true &&
    (source.agrees || (series(own) !== '' && series(own) === series(other)) || ofOneCloud(source.label, own, other)));

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
  const [value, shown, its] = [labelOf(node, source.label), source.value(node), statedBy(source, node)];
  if (value === undefined || shown === undefined || its === undefined) return [];
  const own = value.toLowerCase();
  const agrees = own === its || (source.around === true && own.startsWith(`${its}-`));
  return agrees || own === unzoned || its === unzoned || !sharesNames(source, own, its)
    ? []
    : [{ node: node.name, label: source.label, value, source: source.name, other: shown }];
};

const formatContradiction = (c: Contradiction): string => `node ${c.node} has ${c.label}=${c.value} and ${c.source}=${c.other}`;
const contradictionEvidence = (some: readonly Contradiction[]): readonly Evidence[] =>
  some.map((c) => ({ source: `node ${c.node}`, observed: `${c.label}=${c.value}, ${c.source}=${c.other}` }));

/**
 * The labels of zone and region are kept up to date: broken where another statement of the node contradicts them, and never proven, since what
 * agrees may be stale together. Compared are the old names of both labels, the zone or region in `spec.providerID`, and the labels of storage drivers
 * for zones and regions; of a cloud that puts the region first in the names of its zones, the region of such a zone, too.
 *
 * CSINode names the keys of the drivers, their values stand in the node's labels. It is not asked: the kubelet refuses a driver that reports
 * another zone than its label says and takes it out of CSINode (kubernetes/cloud-provider-openstack#2931), which is the very case to be found.
 */
export const labelsCurrent = (all: readonly Node[]): Answer => {
  if (all.length === 0) return abort(noNode);
  const seen = sources.map(seenIn(all));
  const found = all.flatMap((node) => [...byOldName(node), ...seen.flatMap((source) => bySource(node, source))]);
  return found.length > 0
    ? fail(`The labels contradict what else is known: ${listed(found.map(formatContradiction), 5)}.`, contradictionEvidence(found))
    : abort(
        `Nothing contradicts the labels ${zone} and ${region}. That they follow the deployment cannot be proven from inside the cluster: declare it.`,
      );
};
