import { csiDrivers } from '../../facts/csi-drivers.js';
import { defaultVolume, type DefaultVolume } from '../../facts/default-volume.js';
import { storageClasses, type StorageClass } from '../../facts/storage-classes.js';
import type { Answer } from '../../model/outcome.js';
import { act, read, type Requirement, type Rung } from '../../model/requirement.js';
import { judgeDefaultClass, judgeDefaultClassByVolume, type Drivers } from './default-storage.js';

/** Reads the classes, with the CSIDriver objects where these may be listed: without them no class passes whose driver has to be there. */
export const byClass = (judge: (classes: readonly StorageClass[], drivers: Drivers) => Answer): readonly Rung[] => [
  read({ storageClasses, csiDrivers }, (facts) => judge(facts.storageClasses, facts.csiDrivers)),
  read({ storageClasses }, (facts) => judge(facts.storageClasses, undefined)),
];

/** Judges by what a claim of our own got. */
export const byVolume = (judge: (seen: DefaultVolume) => Answer): Rung => act({ defaultVolume }, (facts) => judge(facts.defaultVolume));

type ClassJudge = (classes: readonly StorageClass[], judge: () => Answer) => Answer;

/**
 * The ladder of `default-class`: the class states it, and a claim of our own settles whether its driver is there.
 * @param ofVersion what a version of the standard says of the classes alone, e.g. that it asks for no default class
 */
export const defaultClassLadder = (ofVersion: ClassJudge = (_, judge) => judge()): Requirement['ladder'] => [
  act({ storageClasses, csiDrivers, defaultVolume }, (facts) =>
    judgeDefaultClassByVolume(facts.storageClasses, facts.csiDrivers, facts.defaultVolume),
  ),
  act({ storageClasses, defaultVolume }, (facts) => judgeDefaultClassByVolume(facts.storageClasses, undefined, facts.defaultVolume)),
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
