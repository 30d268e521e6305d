import { defaultVolume, type DefaultVolume } from '../../facts/default-volume.js';
import { nodes } from '../../facts/nodes.js';
import { storageClasses, type StorageClass } from '../../facts/storage-classes.js';
import { isUnavailable } from '../../model/fact.js';
import { unrelated, type Answer, type RungAnswer } from '../../model/outcome.js';
import { act, read, type Requirement, type Rung } from '../../model/requirement.js';
import { judgeDefaultClass, judgeDefaultClassByVolume, judgePlace, localStorage, nodeBound, type NodesSeen } from './default-storage.js';
import { judgeNodeBound, judgeReadWriteOnce, judgeSource } from './default-volume.js';
import { driverFacts, driversOf, type Drivers, type DriverValues } from './storage-drivers.js';

/** For a rung below one that takes all of the drivers' facts: silent where that one had them, and has said all that they say. */
const withPart = (values: DriverValues, judge: (drivers: Drivers) => Answer): RungAnswer =>
  isUnavailable(values.csiDrivers) || isUnavailable(values.csiNodes)
    ? judge(driversOf(values))
    : unrelated('judged with all of the drivers');

/** Reads the classes with what shows their drivers; then with what is there of that: a refusal lets no class pass whose driver has to be there. */
export const byClass = (judge: (classes: readonly StorageClass[], drivers: Drivers) => Answer): readonly Rung[] => [
  read({ storageClasses, ...driverFacts }, (facts) => judge(facts.storageClasses, driversOf(facts))),
  read({ storageClasses }, (facts, _now, some) => withPart(some, (drivers) => judge(facts.storageClasses, drivers)), driverFacts),
];

type PlaceJudge = (classes: readonly StorageClass[], drivers: Drivers, nodes: NodesSeen) => Answer;

/** As `byClass`, with the nodes where these are known: storage on disks of the nodes goes by their number. */
export const byPlace = (judge: PlaceJudge): readonly Rung[] => [
  read({ storageClasses, ...driverFacts }, (facts, _now, some) => judge(facts.storageClasses, driversOf(facts), some.nodes), { nodes }),
  read({ storageClasses }, (facts, _now, some) => withPart(some, (drivers) => judge(facts.storageClasses, drivers, some.nodes)), {
    ...driverFacts,
    nodes,
  }),
];

/** Judges by what a claim of our own got. */
export const byVolume = (judge: (seen: DefaultVolume) => Answer): Rung => act({ defaultVolume }, (facts) => judge(facts.defaultVolume));

type ClassJudge = (classes: readonly StorageClass[], judge: () => Answer) => Answer;

/** The ladder of `default-class`: the class states it, and a claim of our own settles whether its driver is there. */
const defaultClassLadder = (ofVersion: ClassJudge): Requirement['ladder'] => [
  act({ storageClasses, ...driverFacts, defaultVolume }, (facts) =>
    judgeDefaultClassByVolume(facts.storageClasses, driversOf(facts), facts.defaultVolume),
  ),
  act(
    { storageClasses, defaultVolume },
    (facts, _now, some) => withPart(some, (drivers) => judgeDefaultClassByVolume(facts.storageClasses, drivers, facts.defaultVolume)),
    driverFacts,
  ),
  ...byClass((classes, drivers) => ofVersion(classes, () => judgeDefaultClass(classes, drivers))),
];

/** What the versions of the standard say each in its own way. */
interface OfVersion {
  /** Of the properties of the default class. */
  readonly level: Requirement['level'];
  /** The section that asks for the properties. */
  readonly clause: string;
  readonly titles: { readonly defaultClass: string; readonly notLocal: string };
  /** What a version says of the classes alone, e.g. that it asks for no default class. */
  readonly classes?: ClassJudge | undefined;
}

const claim = 'the tier `active` makes a claim and a pod that uses it, looks at the volume that was bound, and removes all three';
export const provisionedBy = ['provisioner', 'StorageClass', 'storageClass'];

/** Redundant storage within or across availability zones is allowed, and no API shows how storage keeps its data. */
const redundancy = (clause: string): Requirement => ({
  id: 'redundant',
  level: 'MAY',
  title: 'Volumes of the default class lie on redundant storage, within or across availability zones',
  clause,
  remediation:
    'Redundant storage is an option. To use it, keep the volumes of the default StorageClass in several copies on several hosts or in several zones.',
  ladder: [],
  settledBy: {
    statement: true,
    nextStep:
      'No API shows how storage keeps its data: provide a statement of the provider about the redundancy of the storage behind the default class.',
  },
  configuredBy: provisionedBy,
});

/** The requirements of both versions. */
export const storageRequirements = ({ level, clause, titles, classes: ofVersion = (_, judge) => judge() }: OfVersion) =>
  ({
    defaultClass: {
      id: 'default-class',
      level: 'MUST',
      title: titles.defaultClass,
      clause: '#decision',
      remediation:
        'Annotate exactly one StorageClass with storageclass.kubernetes.io/is-default-class: "true", take the annotation off every other one, and let it have a provisioner.',
      ladder: defaultClassLadder(ofVersion),
      settledBy: { tier: 'active', nextStep: `${claim}: a volume shows that the driver of the class is there.` },
      configuredBy: ['storageclass.kubernetes.io/is-default-class', 'is-default-class', 'StorageClass', 'storageClass'],
    },
    readWriteOnce: {
      id: 'read-write-once',
      level,
      title: 'Volumes of the default class can be mounted ReadWriteOnce',
      clause,
      remediation: 'Choose a default StorageClass whose provisioner offers the access mode ReadWriteOnce.',
      ladder: [byVolume(judgeReadWriteOnce)],
      settledBy: { tier: 'active', nextStep: `${claim}: it must list ReadWriteOnce.` },
      configuredBy: ['StorageClass', 'storageClass', 'provisioner'],
    },
    notNodeBound: {
      id: 'not-node-bound',
      level,
      title: 'Volumes of the default class outlive the node',
      clause,
      remediation:
        'Let the default StorageClass use a provisioner whose volumes another node can attach, e.g. Cinder CSI, instead of one for local paths.',
      ladder: [byVolume(judgeNodeBound), ...byPlace((...seen) => judgePlace(nodeBound, ...seen))],
      settledBy: {
        tier: 'active',
        nextStep: `${claim}: no node affinity of the volume may name a host, and a second node must read what the first wrote.`,
      },
      configuredBy: provisionedBy,
    },
    notLocal: {
      id: 'not-local',
      level,
      title: titles.notLocal,
      clause,
      remediation: 'Let the default StorageClass use a provisioner of network storage that is redundant over hosts.',
      ladder: [byVolume(judgeSource), ...byPlace((...seen) => judgePlace(localStorage, ...seen))],
      settledBy: { tier: 'active', nextStep: `${claim}: its source must be neither local nor hostPath.` },
      configuredBy: provisionedBy,
    },
    redundant: redundancy(clause),
  }) satisfies Record<string, Requirement>;
