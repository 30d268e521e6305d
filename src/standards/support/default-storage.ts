import type { StorageClass } from '../../facts/storage-classes.js';
import { defaultsOf } from '../../facts/support/default-class.js';
import { abort, count, fail, listed, pass, undecided, type Answer, type Evidence } from '../../model/outcome.js';
import { placeOf } from './provisioners.js';

const annotation = 'storageclass.kubernetes.io/is-default-class';

const shown = (some: readonly StorageClass[]): readonly Evidence[] =>
  some.map((c) => ({
    source: `StorageClass ${c.name}`,
    observed: `provisioner ${c.provisioner}, ${c.defaultBy === 'none' ? 'not default' : `default${c.defaultBy === 'beta-annotation' ? ' by the beta annotation' : ''}`}, created ${c.createdAt || 'at an unknown time'}`,
  }));

const names = (some: readonly StorageClass[]): string => listed(some.map((c) => c.name));

/** Exactly one class is the default one, and it provisions. */
export const judgeDefaultClass = (classes: readonly StorageClass[]): Answer => {
  if (classes.length === 0) return fail('the cluster has no StorageClass at all');
  const defaults = defaultsOf(classes);
  const [first] = defaults;
  if (first === undefined)
    return fail(
      `none of ${count(classes.length, 'StorageClass', 'StorageClasses')} is marked as default: ${names(classes)}`,
      shown(classes),
    );
  if (defaults.length > 1)
    return fail(
      `${defaults.length} StorageClasses are marked as default: ${names(defaults)}; a claim without a class gets the newest, ${first.name}`,
      shown(defaults),
    );
  if (first.provisioner === 'kubernetes.io/no-provisioner')
    return fail(`the default StorageClass ${first.name} has no provisioner: a claim without a class stays pending`, shown(defaults));
  const note = first.defaultBy === 'beta-annotation' ? `; it is marked by the beta annotation, which ${annotation} replaced` : '';
  return pass(`one default StorageClass: ${first.name}${note}`, shown(defaults));
};

/** Says which class is judged, where that is not obvious. */
const subject = (chosen: StorageClass, of: readonly StorageClass[]): string =>
  of.length === 1
    ? `default StorageClass ${chosen.name}`
    : `StorageClass ${chosen.name}, the newest of ${of.length} defaults and so what a claim without a class gets`;

/** Answers a question about the class that a claim without a class gets. */
const ofDefault = (
  classes: readonly StorageClass[],
  judge: (chosen: StorageClass, who: string, evidence: readonly Evidence[]) => Answer,
): Answer => {
  const defaults = defaultsOf(classes);
  const [chosen] = defaults;
  return chosen === undefined
    ? abort('no default class to judge', shown(classes))
    : judge(chosen, subject(chosen, defaults), shown(defaults));
};

/** What is asked of the place where volumes lie, in words that complete a sentence. */
export interface PlaceQuestion {
  readonly met: string;
  readonly broken: string;
}
export const nodeBound: PlaceQuestion = {
  met: 'volumes outlive the node that uses them',
  broken: 'volumes are bound to the node that they were made on',
};
export const localStorage: PlaceQuestion = {
  met: 'volumes lie outside of the node that uses them',
  broken: 'volumes lie on storage of the node itself',
};

const judgeReplicas = (chosen: StorageClass, who: string, question: PlaceQuestion, evidence: readonly Evidence[]): Answer => {
  const text = chosen.parameters['numberOfReplicas'];
  const replicas = Number(text);
  const seen = [...evidence, { source: `StorageClass ${chosen.name}`, observed: `numberOfReplicas=${text ?? '(absent)'}` }];
  if (text === undefined || !Number.isInteger(replicas) || replicas < 1)
    return undecided(`${who}: ${chosen.provisioner} keeps copies on disks of the nodes, and the class does not say how many`, seen);
  return replicas > 1
    ? pass(`${who}: ${chosen.provisioner} keeps ${replicas} copies on several nodes, so ${question.met}`, seen)
    : fail(`${who}: ${chosen.provisioner} keeps one copy on one node: ${question.broken}`, seen);
};

/**
 * What a known provisioner tells about the place of its volumes. Only the class that a claim without a class gets is judged.
 * An unknown provisioner tells nothing.
 */
export const judgePlace = (classes: readonly StorageClass[], question: PlaceQuestion): Answer =>
  ofDefault(classes, (chosen, who, evidence) => {
    switch (placeOf(chosen.provisioner)) {
      case 'local':
        return fail(`${who}: ${question.broken} (${chosen.provisioner})`, evidence);
      case 'network':
        return pass(`${who}: ${question.met}, as ${chosen.provisioner} is known to provide network storage`, evidence);
      case 'replicated':
        return judgeReplicas(chosen, who, question, evidence);
      case 'elsewhere':
        return undecided(`${who}: ${chosen.provisioner} does not show what its volumes lie on`, evidence);
      case undefined:
        return undecided(
          `${who}: the provisioner ${chosen.provisioner} is not known here, so that where its volumes lie cannot be told by name`,
          evidence,
        );
    }
  });

/** Whether volumes of the class that a claim without a class gets can grow. */
export const judgeExpandable = (classes: readonly StorageClass[]): Answer =>
  ofDefault(classes, (chosen, who, evidence) => {
    const seen = [...evidence, { source: `StorageClass ${chosen.name}`, observed: `allowVolumeExpansion=${chosen.expandable}` }];
    return chosen.expandable ? pass(`${who}: volumes can grow`, seen) : fail(`${who}: volumes cannot grow`, seen);
  });
