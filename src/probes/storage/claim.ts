import { create } from '../../kubernetes/objects.js';
import { again } from '../../system/poll.js';
import { complaintsOf, readClaim, readPod, readVolume, toSeenVolume, type ClaimedClass, type Volume } from './looks.js';
import { claimBody, troubleInWords } from './pods.js';
import { claimName, claimPath, claimsPath, requested, seenOfClass, since, until, type Seen, type Stage } from './stage.js';

/** Nothing makes volumes of such a class: somebody does by hand. */
export const noProvisioner = 'kubernetes.io/no-provisioner';

/**
 * Makes a claim without a class.
 * @returns the class that it got; undefined where it got none that makes volumes
 */
export const makeClaim = async (stage: Stage, seen: Seen): Promise<ClaimedClass | undefined> => {
  const { context, patience, classes, times } = stage;
  await create(context.api, claimsPath(stage), claimBody(context.run, requested), patience);
  seen.claim = { ...seen.claim, state: 'pending' };
  const begin = performance.now();
  return until(stage, async () => {
    const claim = await readClaim(context.api, claimPath(stage), patience);
    const name = claim?.spec.storageClassName ?? '';
    const got = classes.find((c) => c.name === name);
    if (got !== undefined) {
      Object.assign(seen, seenOfClass(got));
      if (got.provisioner !== noProvisioner) return got;
      seen.ended = `nothing makes volumes of the StorageClass ${got.name} (${noProvisioner})`;
      return undefined;
    }
    if (since(begin) > times.classMs) {
      seen.ended =
        name === ''
          ? `a claim without a class got none within ${Math.round(times.classMs / 1_000)} s: is the admission plugin DefaultStorageClass off?`
          : 'a claim without a class got one that was not there before';
      return undefined;
    }
    return again;
  });
};

/**
 * Waits until a volume is bound to the claim.
 * @param pod that uses it, where the class waits for one
 * @returns undefined where none was, within a stated time
 */
export const untilBound = async (stage: Stage, seen: Seen, pod: string | undefined): Promise<Volume | undefined> => {
  const { context, namespace, patience, times, nodes } = stage;
  const begin = performance.now();
  const give = async (why: string): Promise<undefined> => {
    const complaints = await complaintsOf(context.api, namespace, claimName, patience);
    seen.ended = `${why}${complaints === '' ? '' : ` (${complaints})`}`;
    seen.claim = { ...seen.claim, why: seen.ended, tookMs: since(begin) };
    return undefined;
  };
  return until(stage, async () => {
    const claim = await readClaim(context.api, claimPath(stage), patience);
    if (claim === undefined) return give('somebody else has removed the claim');
    const name = claim.spec.volumeName ?? '';
    const volume = claim.status?.phase === 'Bound' && name !== '' ? await readVolume(context.api, name, patience) : undefined;
    if (volume !== undefined) {
      seen.claim = { ...seen.claim, state: 'bound', tookMs: since(begin) };
      seen.volume = toSeenVolume(volume, nodes);
      return volume;
    }
    const state = pod === undefined ? undefined : await readPod(context.api, namespace, pod, patience);
    const trouble = state === undefined ? undefined : stage.pods.look(state, performance.now());
    if (trouble !== undefined) return give(`the pod that uses the claim does not start: ${troubleInWords(trouble)}`);
    if (since(begin) > times.bindMs)
      return give(
        `no volume was bound to the claim within ${Math.round(times.bindMs / 1_000)} s${pod === undefined ? '' : ', with a pod that uses it'}`,
      );
    return again;
  });
};
