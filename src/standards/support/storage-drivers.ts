import { csiDrivers } from '../../facts/csi-drivers.js';
import { csiNodes, isBeforeCsiNodes } from '../../facts/csi-nodes.js';
import type { StorageClass } from '../../facts/storage-classes.js';
import { isUnavailable } from '../../model/fact.js';
import { abort, listed, undecided, type Evidence } from '../../model/outcome.js';
import type { BesideOf } from '../../model/requirement.js';
import { driverNeedOf, type CsiNeed } from './provisioners.js';

/** What is known of the cluster's CSI drivers. */
export interface Drivers {
  /** The names of the CSIDriver objects; undefined where they could not be listed. */
  readonly objects: readonly string[] | undefined;
  /** The drivers that run on any node, by the CSINodes; undefined where these could not be listed, `not-asked` where nobody did. */
  readonly running: readonly string[] | 'not-asked' | undefined;
}

export const driverFacts = { csiDrivers, csiNodes };
export type DriverValues = BesideOf<typeof driverFacts>;

export const driversOf = ({ csiDrivers: objects, csiNodes: running }: DriverValues): Drivers => ({
  objects: isUnavailable(objects) ? undefined : objects,
  running: !isUnavailable(running) ? running : isBeforeCsiNodes(running) ? 'not-asked' : undefined,
});

/** Why it is not known that a class gets volumes. */
export interface Doubt {
  readonly message: string;
  /** `absent`: what makes them is not there. `unlikely`: it is perhaps something else, or there in part. `not-known`: not all could be read. */
  readonly kind: 'absent' | 'unlikely' | 'not-known';
}

/**
 * A CSI driver is there if its object is and a node runs it.
 * @param name of the driver as the reader knows it
 */
const doubtAboutDriver = (need: CsiNeed, name: string, { objects, running }: Drivers): Doubt | undefined => {
  const runs = Array.isArray(running) ? running.includes(need.driver) : undefined;
  if (objects?.includes(need.driver) === false) {
    const without = `The cluster has no CSIDriver object ${name}`;
    if (runs === true) return { kind: 'unlikely', message: `${without}, although the driver runs on a node` };
    return need.sure
      ? { kind: 'absent', message: `${without}: no driver is known to make volumes of this class` }
      : { kind: 'unlikely', message: `${without}, and no other program is known to make volumes of this class` };
  }
  if (runs === false && (objects !== undefined || need.sure))
    return { kind: 'absent', message: `The CSI driver ${name} runs on no node: no CSINode names it` };
  if (objects === undefined) return { kind: 'not-known', message: `Whether the cluster has the CSI driver ${name} is not known` };
  return running === undefined ? { kind: 'not-known', message: `Whether the CSI driver ${name} runs on a node is not known` } : undefined;
};

/**
 * Why it is not known that a class gets volumes.
 * @returns undefined where the driver is there, or where its absence cannot be told by its name
 */
export const doubtAbout = ({ provisioner }: StorageClass, drivers: Drivers): Doubt | undefined => {
  const need = driverNeedOf(provisioner);
  switch (need.kind) {
    case 'not-known':
      return undefined;
    case 'none':
      return {
        kind: 'absent',
        message: `No program makes volumes of this class (${provisioner}): each is made by hand, and may be of any kind`,
      };
    case 'removed':
      return { kind: 'absent', message: `Kubernetes has removed the in-tree provisioner ${provisioner}, and no CSI driver serves it` };
    case 'csi':
      return doubtAboutDriver(need, need.driver === provisioner ? need.driver : `${need.driver} (which serves ${provisioner})`, drivers);
  }
};

/** What could not be read leaves it to the right that is missing, which the rung before names; else no rung could tell more. */
export const doubtful = ({ kind }: Doubt): typeof abort | typeof undecided => (kind === 'not-known' ? undecided : abort);

const listEvidence = (path: string, names: Drivers['objects'] | 'not-asked'): readonly Evidence[] =>
  names === undefined || names === 'not-asked'
    ? []
    : [{ source: `GET /apis/storage.k8s.io/v1/${path}`, observed: names.length === 0 ? 'no drivers' : listed(names, 20) }];

/** The lists that were read, for the report. */
export const driverEvidence = ({ objects, running }: Drivers): readonly Evidence[] => [
  ...listEvidence('csidrivers', objects),
  ...listEvidence('csinodes', running),
];
