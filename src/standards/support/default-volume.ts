import type { DefaultVolume } from '../../facts/default-volume.js';
import { abort, fail, listed, notApplicable, pass, undecided, type Answer, type Evidence } from '../../model/outcome.js';
import { volumePlaceOf, type VolumePlace } from './provisioners.js';

type Volume = NonNullable<DefaultVolume['volume']>;
type Step = DefaultVolume['written' | 'readElsewhere' | 'growth' | 'removal'];

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

const stepEvidence = (source: string, { result, node, why, tookMs }: Step): Evidence => ({
  source,
  observed: `${result}${node === '' ? '' : ` on ${node}`}${tookMs === 0 ? '' : ` (${seconds(tookMs)})`}${why === '' ? '' : `: ${why}`}`,
});

const volumeSource = ({ source, driver }: Volume): string => (driver === '' ? source || 'an unknown source' : `${source} ${driver}`);
const volumePlaces = ({ nodeAffinity }: Volume): string => (nodeAffinity.length === 0 ? 'any node' : listed(nodeAffinity, 3));

/** Everything that was seen, one line a step. */
const volumeEvidence = (seen: DefaultVolume): readonly Evidence[] => {
  const { claim, volume, bindingMode, reclaimPolicy, expandable, growth } = seen;
  const more = growth.to === '' ? '' : ` from ${growth.from} to ${growth.to}`;
  return [
    {
      source: `StorageClass ${seen.storageClass || '(none)'}`,
      observed: `provisioner ${seen.provisioner || '(none)'}, ${bindingMode}, ${reclaimPolicy}, allowVolumeExpansion=${expandable}`,
    },
    {
      source: `a claim of ${claim.requested} without a class`,
      observed: `${claim.state}${claim.state === 'bound' ? ` after ${seconds(claim.tookMs)}` : ''}${claim.why === '' ? '' : `: ${claim.why}`}`,
    },
    ...(volume === undefined
      ? []
      : [
          {
            source: `PersistentVolume ${volume.name}`,
            observed: `${listed(volume.accessModes)}; ${volume.capacity}; on ${volumeSource(volume)}; for ${volumePlaces(volume)}; ${volume.reclaimPolicy}`,
          },
        ]),
    stepEvidence('a pod writes and reads back', seen.written),
    stepEvidence('a pod on another node reads', seen.readElsewhere),
    stepEvidence(`the claim grows${more}`, growth),
    stepEvidence('the claim is deleted, and the volume', seen.removal),
  ];
};

const volumeSubject = ({ storageClass, provisioner }: DefaultVolume): string => `StorageClass ${storageClass} (${provisioner})`;

/**
 * Answers by what a volume is like that was bound. Where none was, no name of a provisioner may make a pass of it; that a name alone
 * stands for local storage, or that there is no class, is for the rungs below to say.
 */
const ofBound = (seen: DefaultVolume, judge: (volume: Volume, who: string, evidence: readonly Evidence[]) => Answer): Answer => {
  if (seen.volume !== undefined) return judge(seen.volume, volumeSubject(seen), volumeEvidence(seen));
  const why = seen.ended === '' ? 'no volume was bound' : seen.ended;
  return seen.storageClass === '' || volumePlaceOf(seen.provisioner) === 'local'
    ? undecided(why, volumeEvidence(seen))
    : abort(why, volumeEvidence(seen));
};

/** A volume was bound that lists ReadWriteOnce, and a pod could use it. */
export const judgeReadWriteOnce = (seen: DefaultVolume): Answer =>
  ofBound(seen, ({ accessModes }, who, evidence) => {
    if (!accessModes.includes('ReadWriteOnce'))
      return fail(`${who}: the volume that was bound lists ${listed(accessModes) || 'no access mode'}, not ReadWriteOnce`, evidence);
    const { result, node, why } = seen.written;
    switch (result) {
      case 'same-content':
        return pass(`${who}: a claim got a volume that lists ReadWriteOnce, and a pod on ${node} wrote to it and read it back`, evidence);
      case 'other-content':
        return fail(`${who}: a pod on ${node} wrote to the volume and read something else back`, evidence);
      case 'failed':
      case 'not-tried':
        return abort(`${who}: the volume lists ReadWriteOnce, but whether a pod can use it was not seen: ${why}`, evidence);
    }
  });

const judgeSecondNode = (seen: DefaultVolume, volume: Volume, who: string, evidence: readonly Evidence[]): Answer => {
  const { result, node, why } = seen.readElsewhere;
  const first = seen.written.node;
  switch (result) {
    case 'same-content':
      return pass(`${who}: ${node} read what ${first} had written, and the volume goes to ${volumePlaces(volume)}`, evidence);
    case 'other-content':
      return fail(`${who}: ${node} did not find what ${first} had written into the same volume`, evidence);
    case 'refused':
      return fail(`${who}: the scheduler does not let ${node} have a volume that ${first} has written: ${why}`, evidence);
    case 'failed':
      return abort(`${who}: whether ${node} can read what ${first} has written was not seen: ${why}`, evidence);
    case 'not-tried':
      return seen.written.result === 'same-content'
        ? undecided(`${who}: no node affinity names a host, but whether a second node can read was not seen: ${why}`, evidence)
        : abort(`${who}: whether a second node can read was not seen: ${seen.written.why || why}`, evidence);
  }
};

/** No node affinity names one host, and a second node has read what the first wrote. */
export const judgeNodeBound = (seen: DefaultVolume): Answer =>
  ofBound(seen, (volume, who, evidence) => {
    const [host, other] = volume.hosts;
    if (host === undefined || other !== undefined) return judgeSecondNode(seen, volume, who, evidence);
    const { result, node } = seen.readElsewhere;
    const refused = result === 'refused' ? `; the scheduler does not let ${node} have it` : '';
    return fail(`${who}: the volume that was bound is for one node alone (${volumePlaces(volume)})${refused}`, evidence);
  });

/** Fields of a PersistentVolume for storage that lies beside the nodes; their drivers are known by the same names. */
const networkSources = new Set([
  'awsElasticBlockStore',
  'azureDisk',
  'azureFile',
  'cephfs',
  'cinder',
  'gcePersistentDisk',
  'rbd',
  'vsphereVolume',
]);

const placeOfVolume = ({ source, driver }: Volume): VolumePlace | undefined => {
  if (source === 'local' || source === 'hostPath') return 'local';
  return source === 'csi' ? volumePlaceOf(driver) : networkSources.has(source) ? 'network' : undefined;
};

/** The volume lies on no disk of a node. */
export const judgeSource = (seen: DefaultVolume): Answer =>
  ofBound(seen, (volume, who, evidence) => {
    const source = volumeSource(volume);
    switch (placeOfVolume(volume)) {
      case 'local':
        return fail(`${who}: the volume that was bound lies on storage of the node itself (${source})`, evidence);
      case 'network':
        return volume.hosts.length === 1
          ? abort(
              `${who}: the volume is of ${source}, which is network storage, and yet for one node alone (${volumePlaces(volume)})`,
              evidence,
            )
          : pass(`${who}: the volume that was bound is of ${source}, which is known to be network storage`, evidence);
      case 'replicated':
        return undecided(`${who}: ${source} keeps copies on disks of the nodes, and the volume does not say how many`, evidence);
      case 'elsewhere':
      case undefined:
        // Two names that do not belong together prove nothing.
        return volumePlaceOf(seen.provisioner) === 'network' && volume.driver !== seen.provisioner
          ? abort(`${who}: the volume that was bound is of ${source}, and what that lies on is not known here`, evidence)
          : undecided(`${who}: the volume that was bound is of ${source}, which does not show what it lies on`, evidence);
    }
  });

/**
 * Whether the option is used that volumes can grow, by one that was asked to. A volume that did not grow is no breach of a MAY: the option
 * is not in use then, whatever the class says. Where none was asked to grow, the class says it, for the rung below.
 */
export const judgeGrowth = (seen: DefaultVolume): Answer => {
  const { result, from, to, why, tookMs } = seen.growth;
  const message = why === '' ? '' : `: ${why}`;
  const evidence = volumeEvidence(seen);
  const name = `StorageClass "${seen.storageClass}" (${seen.provisioner})`;
  const unused = (what: string): Answer =>
    notApplicable(`Option not used: ${name} allows its volumes to grow, and ${what}${message}`, evidence);
  switch (result) {
    case 'grown':
      return pass(`A volume of ${name} grew from ${from} to ${to} within ${seconds(tookMs)}`, evidence);
    case 'volume-only':
      return pass(`A volume of ${name} grew from ${from} to ${to}; its file system follows when a pod uses it next`, evidence);
    case 'infeasible':
      return unused('its driver cannot do it');
    case 'not-grown':
      return unused(`a volume of ${from} did not grow within ${seconds(tookMs)}`);
    case 'refused':
      return unused('the API server refused it to a volume');
    case 'not-tried':
      return undecided(`No volume of ${name} was made to grow${message}`, evidence);
  }
};

/** A volume of the node itself is lost with it; that any other one is not, no volume shows. */
export const judgeHostLoss = (seen: DefaultVolume): Answer =>
  seen.volume !== undefined && placeOfVolume(seen.volume) === 'local'
    ? fail(`${volumeSubject(seen)}: a volume is lost with the host that it lies on (${volumeSource(seen.volume)})`, volumeEvidence(seen))
    : undecided(
        'the volume that was bound, or its absence, does not show whether data survive the loss of a disk or a host',
        volumeEvidence(seen),
      );
