import { csiDrivers } from '../../facts/csi-drivers.js';
import { csiNodes } from '../../facts/csi-nodes.js';
import { defaultVolume, type DefaultVolume } from '../../facts/default-volume.js';
import { nodes } from '../../facts/nodes.js';
import { storageClasses, type StorageClass } from '../../facts/storage-classes.js';
import { isUnavailable } from '../../model/fact.js';
import { unrelated, type Answer, type RungAnswer } from '../../model/outcome.js';
import { act, read, type BesideOf, type Requirement, type Rung } from '../../model/requirement.js';
import { judgeDefaultClass, judgeDefaultClassByVolume, type NodesSeen } from './default-storage.js';
import { driversOf, type Drivers } from './storage-drivers.js';

const driverFacts = { csiDrivers, csiNodes };
type DriverValues = BesideOf<typeof driverFacts>;

const known = (values: DriverValues): Drivers => driversOf(values.csiDrivers, values.csiNodes);

/** For a rung below one that takes all of the drivers' facts: silent where that one had them, and has said all that they say. */
const withPart = (values: DriverValues, judge: (drivers: Drivers) => Answer): RungAnswer =>
  isUnavailable(values.csiDrivers) || isUnavailable(values.csiNodes) ? judge(known(values)) : unrelated('judged with all of the drivers');

/** Reads the classes with what shows their drivers; then with what is there of that: a refusal lets no class pass whose driver has to be there. */
export const byClass = (judge: (classes: readonly StorageClass[], drivers: Drivers) => Answer): readonly Rung[] => [
  read({ storageClasses, ...driverFacts }, (facts) => judge(facts.storageClasses, known(facts))),
  read({ storageClasses }, (facts, _now, some) => withPart(some, (drivers) => judge(facts.storageClasses, drivers)), driverFacts),
];

/** As `byClass`, with the nodes where these are known: storage on disks of the nodes goes by their number. */
export const byPlace = (judge: (classes: readonly StorageClass[], drivers: Drivers, nodes: NodesSeen) => Answer): readonly Rung[] => [
  read({ storageClasses, ...driverFacts }, (facts, _now, some) => judge(facts.storageClasses, known(facts), some.nodes), { nodes }),
  read({ storageClasses }, (facts, _now, some) => withPart(some, (drivers) => judge(facts.storageClasses, drivers, some.nodes)), {
    ...driverFacts,
    nodes,
  }),
];

/** Judges by what a claim of our own got. */
export const byVolume = (judge: (seen: DefaultVolume) => Answer): Rung => act({ defaultVolume }, (facts) => judge(facts.defaultVolume));

type ClassJudge = (classes: readonly StorageClass[], judge: () => Answer) => Answer;

/**
 * The ladder of `default-class`: the class states it, and a claim of our own settles whether its driver is there.
 * @param ofVersion what a version of the standard says of the classes alone, e.g. that it asks for no default class
 */
export const defaultClassLadder = (ofVersion: ClassJudge = (_, judge) => judge()): Requirement['ladder'] => [
  act({ storageClasses, ...driverFacts, defaultVolume }, (facts) =>
    judgeDefaultClassByVolume(facts.storageClasses, known(facts), facts.defaultVolume),
  ),
  act(
    { storageClasses, defaultVolume },
    (facts, _now, some) => withPart(some, (drivers) => judgeDefaultClassByVolume(facts.storageClasses, drivers, facts.defaultVolume)),
    driverFacts,
  ),
  ...byClass((classes, drivers) => ofVersion(classes, () => judgeDefaultClass(classes, drivers))),
];

/**
 * Both versions allow redundant storage within or across availability zones, and no API shows how storage keeps its data.
 * @param clause the section that allows it
 */
export const redundancy = (clause: string): Requirement => ({
  id: 'redundant',
  level: 'MAY',
  title: 'Volumes of the default class lie on redundant storage, within or across availability zones',
  clause,
  remediation:
    'Redundant storage is an option. To use it, keep the volumes of the default StorageClass in several copies on several hosts or in several zones.',
  ladder: [],
  settledBy: {
    statement: true,
    how: 'No API shows how storage keeps its data: hand in a statement of the provider about the redundancy of the storage behind the default class.',
  },
  configuredBy: ['provisioner', 'StorageClass', 'storageClass'],
});
