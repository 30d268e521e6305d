import type { DefaultVolume } from '../../facts/default-volume.js';
import type { Node } from '../../facts/nodes.js';
import type { StorageClass } from '../../facts/storage-classes.js';
import { defaultsOf } from '../../facts/support/default-class.js';
import { isUnavailable, type Unavailable } from '../../model/fact.js';
import { abort, count, fail, listed, notApplicable, pass, undecided, type Answer, type Evidence } from '../../model/outcome.js';
import { surelyTakesPods } from './node-places.js';
import { driverNeedOf, volumePlaceOf } from './provisioners.js';
import { doubtAbout, doubtful, driverEvidence, type Drivers } from './storage-drivers.js';

const annotation = 'storageclass.kubernetes.io/is-default-class';

const classEvidence = (some: readonly StorageClass[]): readonly Evidence[] =>
  some.map((c) => ({
    source: `StorageClass ${c.name}`,
    observed: `provisioner ${c.provisioner}, ${c.defaultBy === 'none' ? 'not default' : `default${c.defaultBy === 'beta-annotation' ? ' by the beta annotation' : ''}`}, created ${c.createdAt || 'at an unknown time'}`,
  }));

const names = (some: readonly StorageClass[]): string => listed(some.map((c) => `"${c.name}"`));

const className = ({ name, defaultBy }: StorageClass): string =>
  `"${name}"${defaultBy === 'beta-annotation' ? `; the beta annotation marks it, which ${annotation} replaced` : ''}`;

/** Exactly one class is the default one, and what makes its volumes is there as far as that can be told. */
export const judgeDefaultClass = (classes: readonly StorageClass[], drivers: Drivers): Answer => {
  if (classes.length === 0) return fail('The cluster has no StorageClass');
  const defaults = defaultsOf(classes);
  const [first] = defaults;
  if (first === undefined)
    return fail(
      `None of ${count(classes.length, 'StorageClass', 'StorageClasses')} is the default: ${names(classes)}`,
      classEvidence(classes),
    );
  if (defaults.length > 1)
    return fail(
      `${defaults.length} StorageClasses are marked as default: ${names(defaults)}; a claim without a class gets the newest, "${first.name}"`,
      classEvidence(defaults),
    );
  if (driverNeedOf(first.provisioner).kind === 'none')
    return fail(
      `The default StorageClass "${first.name}" has no provisioner: a claim without a class stays pending`,
      classEvidence(defaults),
    );
  const doubt = doubtAbout(first, drivers);
  if (doubt !== undefined)
    return doubtful(doubt)(`The default StorageClass is "${first.name}". ${doubt.message}`, [
      ...classEvidence(defaults),
      ...driverEvidence(drivers),
    ]);
  return pass(`The default StorageClass is ${className(first)}`, classEvidence(defaults));
};

/** The probe waits a minute; what ended earlier ended for another reason, e.g. with the run. In milliseconds. */
const leastWait = 30_000;

/**
 * What a claim of our own says. A volume proves a driver that registers nothing. A claim that stays pending refutes a class whose driver is
 * known to be absent; any other class it leaves open, whatever its name and its driver promise. Where no claim was made, the rungs below judge.
 */
export const judgeDefaultClassByVolume = (classes: readonly StorageClass[], drivers: Drivers, seen: DefaultVolume): Answer => {
  const byClass = judgeDefaultClass(classes, drivers);
  const [chosen] = defaultsOf(classes);
  if (chosen === undefined || byClass.outcome === 'fail') return undecided('The StorageClasses settle it');
  const { claim, storageClass, volume, ended } = seen;
  const evidence: readonly Evidence[] = [
    ...byClass.evidence,
    { source: `a claim of ${claim.requested} without a class`, observed: `${claim.state}${claim.why === '' ? '' : `: ${claim.why}`}` },
  ];
  const pending = `a claim without a class got no volume: ${claim.why || ended || 'it stayed pending'}`;
  if (chosen.name !== storageClass) {
    const other = `The claim got another class ("${storageClass}")`;
    return claim.state === 'pending' ? abort(`${byClass.message}; ${pending}`, evidence) : undecided(other);
  }
  if (volume !== undefined)
    return pass(`The default StorageClass is ${className(chosen)}; a claim without a class got a volume of it`, evidence);
  if (claim.state !== 'pending') return undecided(`No claim was made: ${ended || 'it did not come to that'}`, evidence);
  const doubt = doubtAbout(chosen, drivers);
  if (doubt?.kind === 'absent' && claim.tookMs >= leastWait) return fail(`${byClass.message}; ${pending}`, evidence);
  // The rungs below say the rest, with the right that is missing.
  return doubt?.kind === 'not-known' ? undecided(`A${pending.slice(1)}`, evidence) : abort(`${byClass.message}; ${pending}`, evidence);
};

/** Says which class is judged, where that is not obvious. */
const classSubject = (chosen: StorageClass, of: readonly StorageClass[]): string =>
  of.length === 1
    ? `The default StorageClass "${chosen.name}"`
    : `The StorageClass "${chosen.name}", the newest of ${of.length} defaults and so what a claim without a class gets,`;

/** Answers a question about the class that a claim without a class gets. Volumes that nothing makes have no properties. */
const ofDefault = (
  classes: readonly StorageClass[],
  drivers: Drivers,
  judge: (chosen: StorageClass, who: string, evidence: readonly Evidence[]) => Answer,
): Answer => {
  const defaults = defaultsOf(classes);
  const [chosen] = defaults;
  if (chosen === undefined) return abort('The cluster has no default StorageClass to check', classEvidence(classes));
  const evidence = classEvidence(defaults);
  const answer = judge(chosen, classSubject(chosen, defaults), evidence);
  const doubt = doubtAbout(chosen, drivers);
  if (doubt === undefined || answer.outcome === 'not-applicable') return answer;
  // Not to know the drivers hides no breach: a local driver that is there makes local volumes.
  if (doubt.kind === 'not-known' && answer.outcome === 'fail') return answer;
  return doubtful(doubt)(doubt.message, [...evidence, ...driverEvidence(drivers)]);
};

/** What is asked of the place where volumes lie, in words that complete a sentence. */
export interface PlaceQuestion {
  readonly met: string;
  readonly broken: string;
}
export const nodeBound: PlaceQuestion = {
  met: 'has volumes that outlive the node that uses them',
  broken: 'has volumes that are bound to the node that they were made on',
};
export const localStorage: PlaceQuestion = {
  met: 'has volumes that lie outside of the node that uses them',
  broken: 'has volumes that lie on storage of the node itself',
};

/** The cluster's nodes, or why they could not be had. */
export type NodesSeen = readonly Node[] | Unavailable;

/** Copies on several nodes take several nodes that pods run on: those of storage on disks of the nodes run as pods. */
const judgeReplicas = (
  { name, provisioner, parameters: { numberOfReplicas: text } }: StorageClass,
  who: string,
  question: PlaceQuestion,
  nodes: NodesSeen,
  evidence: readonly Evidence[],
): Answer => {
  const copies = Number(text);
  const asked = [...evidence, { source: `StorageClass ${name}`, observed: `numberOfReplicas=${text ?? '(absent)'}` }];
  if (text === undefined || !Number.isInteger(copies) || copies < 1)
    return undecided(`${who} does not say how many copies ${provisioner} keeps on disks of the nodes`, asked);
  if (copies === 1) return fail(`${who} ${question.broken}: ${provisioner} keeps one copy on one node`, asked);
  const wish = `${who} asks ${provisioner} for ${copies} copies`;
  if (isUnavailable(nodes)) return undecided(`${wish}, but how many nodes can hold one is not known (${nodes.detail})`, asked);
  const takers = nodes.filter(surelyTakesPods).map((node) => node.name);
  const seen = [...asked, { source: 'GET /api/v1/nodes', observed: `nodes that take pods for sure: ${listed(takers) || 'none'}` }];
  return takers.length > 1
    ? pass(`${who} ${question.met}: ${provisioner} keeps ${copies} copies on several nodes`, seen)
    : abort(
        `${wish}, but ${takers[0] === undefined ? 'no node' : `only the node ${takers[0]}`} is known to take pods: no copy is known to lie on another node`,
        seen,
      );
};

/**
 * What a known provisioner tells about the place of its volumes. Only the class that a claim without a class gets is judged.
 * An unknown provisioner tells nothing.
 */
export const judgePlace = (question: PlaceQuestion, classes: readonly StorageClass[], drivers: Drivers, nodes: NodesSeen): Answer =>
  ofDefault(classes, drivers, (chosen, who, evidence) => {
    switch (volumePlaceOf(chosen.provisioner)) {
      case 'local':
        return fail(`${who} ${question.broken} (${chosen.provisioner})`, evidence);
      case 'network':
        return pass(`${who} ${question.met}: ${chosen.provisioner} provides network storage`, evidence);
      case 'replicated':
        return judgeReplicas(chosen, who, question, nodes, evidence);
      case 'elsewhere':
        return undecided(`${who} does not show what the volumes of ${chosen.provisioner} lie on`, evidence);
      case undefined:
        return undecided(
          `${who} has a provisioner that is not known here (${chosen.provisioner}): its name does not tell where volumes lie`,
          evidence,
        );
    }
  });

/** Whether the option is used that volumes of the class that a claim without a class gets can grow: the standard names the field. */
export const judgeExpandable = (classes: readonly StorageClass[], drivers: Drivers): Answer =>
  ofDefault(classes, drivers, (chosen, who, evidence) => {
    const seen = [...evidence, { source: `StorageClass ${chosen.name}`, observed: `allowVolumeExpansion=${chosen.expandable}` }];
    return chosen.expandable
      ? pass(`${who} allows its volumes to grow (allowVolumeExpansion: true)`, seen)
      : notApplicable(`Option not used: StorageClass "${chosen.name}" does not allow its volumes to grow`, seen);
  });
