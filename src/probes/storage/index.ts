import { defaultsOf } from '../../facts/support/default-class.js';
import { defaultVolume, volumePermissions, type DefaultVolume } from '../../facts/default-volume.js';
import { NotAvailable } from '../../model/errors.js';
import { listed } from '../../model/outcome.js';
import type { Api } from '../../model/ports.js';
import { withSandbox, type ProbeContext, type Probe } from '../sandbox/sandbox.js';
import { eligibleNodes, type NodeChoice } from '../sandbox/nodes.js';
import { PodPatience } from '../sandbox/patience.js';
import { noProvisioner } from './claim.js';
import { listClasses, listLabels, volumesInWait, type ClaimedClass } from './looks.js';
import { observe } from './observe.js';
import { nothingSeen, requested, seenOfClass, since, usualTimes, type Seen, type Stage, type Times } from './stage.js';

/** What keeps us from making a claim, with the class that it would get. */
const claimObstacle = (chosen: ClaimedClass | undefined, { eligible, leftOut }: NodeChoice): string | undefined => {
  if (chosen === undefined) return 'the cluster has no default StorageClass';
  if (chosen.provisioner === noProvisioner) return `nothing makes volumes of the default StorageClass ${chosen.name} (${noProvisioner})`;
  return eligible.length === 0
    ? `no node takes pods of this check: ${listed(leftOut.map(({ node, why }) => `${node} (${why})`))}`
    : undefined;
};

/** A claim takes a volume that somebody has made in advance instead of a new one, and would spoil it. */
const othersVolumes = async (api: Api, { name }: ClaimedClass): Promise<string | undefined> => {
  const waiting = await volumesInWait(api, name);
  return waiting.length === 0
    ? undefined
    : `volumes of the StorageClass ${name} stand ready, and a claim would take one of them instead of a new one: ${listed(waiting, 3)}`;
};

/** What there is before anything is made. @returns undefined where making a claim is of no use: `seen.ended` says why */
const prepareClaim = async ({ api }: ProbeContext, seen: Seen): Promise<Pick<Stage, 'classes' | 'nodes' | 'eligible'> | undefined> => {
  const [classes, nodes, choice] = await Promise.all([listClasses(api), listLabels(api), eligibleNodes(api)]);
  const [chosen] = defaultsOf(classes);
  Object.assign(seen, { eligible: choice.eligible.map(({ name }) => name), leftOut: choice.leftOut });
  if (chosen !== undefined) Object.assign(seen, seenOfClass(chosen));
  const why = claimObstacle(chosen, choice) ?? (chosen === undefined ? undefined : await othersVolumes(api, chosen));
  if (why !== undefined) seen.ended = `no claim was made: ${why}`;
  return why === undefined ? { classes, nodes, eligible: choice.eligible } : undefined;
};

/** Rights that are missing: the report says which. */
const hidden = (error: unknown): boolean => error instanceof NotAvailable && ['forbidden', 'unauthorized'].includes(error.reason);

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

const conclude = (seen: Seen, begin: number): void => {
  if (seen.tookMs === 0) seen.tookMs = since(begin);
  const why = seen.ended === '' ? 'it did not come to that' : seen.ended;
  for (const step of ['written', 'readElsewhere', 'growth', 'removal'] as const)
    if (seen[step].result === 'not-tried' && seen[step].why === '') Object.assign(seen, { [step]: { ...seen[step], why } });
};

const runStorageProbe = async (context: ProbeContext, times: Times): Promise<DefaultVolume> => {
  const { signal, log } = context;
  const begin = performance.now();
  const seen = nothingSeen(context.image);
  const end = (error: unknown): void => {
    if (signal.aborted) seen.ended = 'the run was ended before everything was seen';
    else if (error instanceof NotAvailable) seen.ended = error.message;
    else throw error;
  };
  try {
    const ready = await prepareClaim(context, seen);
    if (ready !== undefined) {
      log(
        `storage: making a claim of ${requested} without a class (it gets ${seen.storageClass} of ${seen.provisioner}) and up to two pods that use it, in a namespace of its own; about half a minute`,
      );
      await withSandbox(context, volumePermissions, { storage: {} }, { volumes: true }, async ({ namespaces, pod }) => {
        const stage: Stage = {
          context,
          namespace: namespaces.storage,
          pod,
          times,
          patience: { signal },
          pods: new PodPatience(),
          ...ready,
        };
        try {
          await observe(stage, seen);
        } catch (error) {
          end(error);
        }
        seen.tookMs = since(begin);
      });
    }
  } catch (error) {
    if (hidden(error) && !signal.aborted) throw error;
    end(error);
  }
  conclude(seen, begin);
  const outcome = seen.ended === '' ? '' : `; ${seen.ended}`;
  log(`storage: observed in ${seconds(seen.tookMs)}, given back after ${seconds(since(begin))}${outcome}`);
  return seen;
};

/** The probe, with how long its steps may take. */
export const createStorageProbe = (times: Times): Probe => ({ fact: defaultVolume, run: (context) => runStorageProbe(context, times) });

/** What a claim without a class gets, and how that behaves. */
export const storageProbe = createStorageProbe(usualTimes);
