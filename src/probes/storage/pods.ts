import type { V1PersistentVolumeClaim } from '@kubernetes/client-node';
import type { Sent } from '../../kubernetes/api-types.js';
import { ownLabels } from '../sandbox/identity.js';
import { create, remove } from '../../kubernetes/objects.js';
import { again } from '../../system/poll.js';
import { formatTrouble, type Trouble } from '../sandbox/patience.js';
import { podBody, type PodPlan } from '../sandbox/pods.js';
import { imageAdvice } from '../image.js';
import { complaintsOf, readPod } from './looks.js';
import { claimName, podPath, since, until, type Stage } from './stage.js';

/** Where our word stands. */
const file = '/volume/scs-kaas';

export const writing = `set -e
printf %s "$WORD" > ${file}
{ sync || :; } 2> /dev/null
cat ${file} > /dev/termination-log`;

/** A directory that may not be read is no empty one; a network file system may show a new file a little later. */
export const reading = `set -e
ls /volume > /dev/null
for i in 1 2 3; do [ -e ${file} ] && break; sleep 1; done
if [ -e ${file} ]; then cat ${file} > /dev/termination-log; else printf 'no such file' > /dev/termination-log; fi`;

/** Starts a pod that has the claim's volume at `/volume`. */
export const startPod = async (stage: Stage, plan: Pick<PodPlan, 'name' | 'script' | 'node' | 'better' | 'env'>): Promise<void> => {
  const { context, namespace, pod, patience } = stage;
  const volume = {
    volumes: [{ name: 'volume', persistentVolumeClaim: { claimName } }],
    mounts: [{ name: 'volume', mountPath: '/volume' }],
  };
  await create(context.api, podPath(stage), podBody(context.run, { namespace, ...plan, ...volume }, pod), patience);
};

/** The scheduler's words for a volume that may not be used on the node; the second since 1.35. */
const elsewhere = /volume node affinity conflict|PersistentVolume's node affinity/;

/** A pod's trouble with its node, and what helps where that is the image. */
export const troubleInWords = (trouble: Trouble): string => (trouble.image ? `${formatTrouble(trouble)}. ${imageAdvice}` : trouble.why);

/** How a pod came to its end. */
export type PodEnd =
  | { readonly end: 'said'; readonly said: string; readonly node: string }
  | { readonly end: 'refused' | 'failed'; readonly why: string; readonly node: string };

/** Waits until a pod has said what it found, or until it is clear that it will not. */
export const untilEnded = async (stage: Stage, name: string): Promise<PodEnd> => {
  const { context, namespace, patience, times } = stage;
  const begin = performance.now();
  return until(stage, async (): Promise<PodEnd | typeof again> => {
    const pod = await readPod(context.api, namespace, name, patience);
    if (pod === undefined) return { end: 'failed', why: 'somebody else has removed the pod', node: '' };
    const { node, said, problem } = pod;
    if (said !== undefined) {
      stage.pods.pulled();
      return { end: 'said', said, node };
    }
    // Nodes and volumes stay where they are: there is nothing to wait for.
    if (problem !== undefined && elsewhere.test(problem.why)) return { end: 'refused', why: problem.why, node };
    const trouble = stage.pods.look(pod, performance.now());
    if (trouble?.image === true) return { end: 'failed', why: troubleInWords(trouble), node };
    if (trouble !== undefined || since(begin) > times.podMs) {
      const so = stage.pods.troubleOf(pod);
      const late = `it has not ended within ${Math.round(times.podMs / 1_000)} s${so === undefined ? '' : `: ${troubleInWords(so)}`}`;
      const told = trouble?.why ?? late;
      const complaints = await complaintsOf(context.api, namespace, name, patience);
      return { end: 'failed', why: complaints === '' ? told : `${told} (${complaints})`, node };
    }
    return again;
  });
};

/** Removes a pod, and waits until it is gone: its node gives the volume free. */
export const removePod = async (stage: Stage, name: string): Promise<void> => {
  const { context, namespace, patience, times } = stage;
  const begin = performance.now();
  await remove(context.api, `${podPath(stage)}/${name}`, patience);
  await until(stage, async () => {
    const gone = since(begin) >= times.goneMs || (await readPod(context.api, namespace, name, patience)) === undefined;
    return gone || again;
  });
};

/** The claim, as it is asked for: nothing but a size and a mode, so that all else is what the cluster gives by default. */
export const claimBody = (run: string, size: string): Sent<V1PersistentVolumeClaim> => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: claimName, labels: ownLabels(run) },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: size } } },
});
