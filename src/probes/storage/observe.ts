import { randomBytes } from 'node:crypto';
import type { V1PersistentVolumeClaim } from '@kubernetes/client-node';
import type { Sent } from '../../kubernetes/api-types.js';
import { NotAvailable } from '../../model/errors.js';
import { listed } from '../../model/outcome.js';
import { mergePatch, remove } from '../../kubernetes/objects.js';
import { again } from '../../system/poll.js';
import { admits } from './affinity.js';
import { makeClaim, untilBound } from './claim.js';
import { complaintsOf, readClaim, readVolume, termsOf, type Volume } from './looks.js';
import { reading, removePod, startPod, untilEnded, writing } from './pods.js';
import { bytesOf, oneMore } from './quantity.js';
import { claimName, claimPath, since, until, type Seen, type Stage } from './stage.js';

/** No more nodes than this are offered to one pod. */
const maxNodes = 50;

/** The first pod's nodes; those that share their zone with another one are better, as a volume may be bound to a zone. */
const placesFor = ({ eligible, nodes }: Stage, volume: Volume | undefined): { node: readonly string[]; better: readonly string[] } => {
  const terms = volume === undefined ? [] : termsOf(volume);
  const open = eligible.filter(({ name }) => nodes.some((node) => node.name === name && admits(terms, node)));
  const paired = open.filter(({ name, zone }) => open.some((other) => other.name !== name && other.zone === zone));
  const chosen = [...paired, ...open.filter((node) => !paired.includes(node))].slice(0, maxNodes).map(({ name }) => name);
  return { node: chosen, better: paired.slice(0, maxNodes).map(({ name }) => name) };
};

const writer = 'writer';
const reader = 'reader';

/** Another node that the volume may go to; or any other one, where it is bound to a host: the scheduler shall say so. */
const anotherNode = ({ eligible, nodes }: Stage, seen: Seen, volume: Volume): string | undefined => {
  const others = nodes.filter(({ name }) => name !== seen.written.node && eligible.some((node) => node.name === name));
  const open = others.find((node) => admits(termsOf(volume), node));
  return (open ?? ((seen.volume?.hosts.length ?? 0) > 0 ? others[0] : undefined))?.name;
};

/** Reads on another node what the first pod has written. */
const readElsewhere = async (stage: Stage, seen: Seen, volume: Volume, word: string): Promise<void> => {
  const node = anotherNode(stage, seen, volume);
  if (node === undefined) {
    const why =
      stage.eligible.length < 2
        ? 'one node alone takes pods of this check'
        : `the volume can be used on ${listed(seen.volume?.nodeAffinity ?? [], 3)} alone, and no second node that takes pods of this check is there`;
    seen.readElsewhere = { ...seen.readElsewhere, why };
    return;
  }
  const begin = performance.now();
  stage.context.step(`reading on ${node} what ${seen.written.node} has written`);
  await removePod(stage, writer);
  await startPod(stage, { name: reader, script: reading, node: [node] });
  const end = await untilEnded(stage, reader);
  const tookMs = since(begin);
  // Somebody may change pods as they are made: what the writer's own node reads proves nothing.
  if (end.node === seen.written.node)
    seen.readElsewhere = { result: 'failed', node, why: `the pod that was to read ran on ${end.node} again`, tookMs };
  else
    seen.readElsewhere =
      end.end === 'said'
        ? { result: end.said === word ? 'same-content' : 'other-content', node, why: '', tookMs }
        : { result: end.end, node, why: end.why, tookMs };
};

/** Makes the claim larger, where the class allows it. */
const grow = async (stage: Stage, seen: Seen, volume: Volume): Promise<void> => {
  if (!seen.expandable) {
    seen.growth = { ...seen.growth, why: 'the class does not allow it' };
    return;
  }
  const { context, patience, times, namespace } = stage;
  const begin = performance.now();
  const from = seen.volume?.capacity ?? '';
  const to = oneMore(from);
  const report = (result: typeof seen.growth.result, why = ''): void => {
    seen.growth = { result, node: '', from, to, why, tookMs: since(begin) };
  };
  context.step(`asking for ${to} instead of ${from}`);
  try {
    const body: Sent<V1PersistentVolumeClaim> = { spec: { resources: { requests: { storage: to } } } };
    await mergePatch(context.api, claimPath(stage), body, patience);
  } catch (error) {
    if (!(error instanceof NotAvailable) || error.reason !== 'refused') throw error;
    report('refused', error.message);
    return;
  }
  const wanted = bytesOf(to) ?? Number.POSITIVE_INFINITY;
  const reached = (capacity: string | undefined): boolean => (bytesOf(capacity ?? '') ?? 0) >= wanted;
  await until(stage, async () => {
    const { status } = (await readClaim(context.api, claimPath(stage), patience)) ?? {};
    const larger = reached((await readVolume(context.api, volume.metadata.name, patience))?.spec.capacity?.['storage']);
    const infeasible = /Infeasible$/.test(status?.allocatedResourceStatuses?.['storage'] ?? '');
    const waits = status?.conditions?.some((c) => c.type === 'FileSystemResizePending' && c.status === 'True') === true;
    if (reached(status?.capacity?.['storage'])) report('grown');
    else if (infeasible) report('infeasible', await complaintsOf(context.api, namespace, claimName, patience));
    else if (larger && (waits || since(begin) > times.growMs)) report('volume-only');
    else if (since(begin) > times.growMs) report('not-grown', await complaintsOf(context.api, namespace, claimName, patience));
    else return again;
    return true;
  });
};

/** Deletes pods and claim, and sees what becomes of the volume. */
const removeVolume = async (stage: Stage, seen: Seen, volume: Volume): Promise<void> => {
  const { context, patience, times } = stage;
  const begin = performance.now();
  const report = (result: typeof seen.removal.result, why = ''): void => {
    seen.removal = { result, node: '', why, tookMs: since(begin) };
  };
  context.step('deleting the claim');
  await Promise.all([removePod(stage, writer), removePod(stage, reader)]);
  await remove(context.api, claimPath(stage), patience);
  await until(stage, async () => {
    const left = await readVolume(context.api, volume.metadata.name, patience);
    const phase = left?.status?.phase ?? '';
    if (left === undefined) report('deleted');
    else if (phase === 'Released' && left.spec.persistentVolumeReclaimPolicy === 'Retain') report('retained');
    else if (since(begin) > times.goneMs) report('still-there', `its phase is ${phase.slice(0, 40)}`);
    else return again;
    return true;
  });
};

/**
 * Claims, writes, reads elsewhere, grows, gives back; each step writes into `seen` what it came to.
 * @throws {NotAvailable} where the cluster refuses, or is away for too long; what was seen by then stands in `seen`
 */
export const observe = async (stage: Stage, seen: Seen): Promise<void> => {
  const { context } = stage;
  context.step('waiting for a volume');
  const got = await makeClaim(stage, seen);
  if (got === undefined) return;
  const word = randomBytes(16).toString('hex');
  // A claim of such a class is pending by design until a pod wants it.
  const waits = got.bindingMode === 'WaitForFirstConsumer';
  const start = (volume: Volume | undefined): Promise<void> =>
    startPod(stage, { name: writer, script: writing, env: { WORD: word }, ...placesFor(stage, volume) });
  if (waits) await start(undefined);
  const volume = await untilBound(stage, seen, waits ? writer : undefined);
  if (volume === undefined) return;
  context.step(`writing into the volume ${volume.metadata.name}`);
  if (!waits && placesFor(stage, volume).node.length === 0)
    seen.written = {
      ...seen.written,
      why: `the volume lies on no node that takes pods of this check: ${listed(seen.volume?.nodeAffinity ?? [], 3)}`,
    };
  else {
    const begin = performance.now();
    if (!waits) await start(volume);
    const end = await untilEnded(stage, writer);
    const node = end.node;
    const tookMs = since(begin);
    seen.written =
      end.end === 'said'
        ? { result: end.said === word ? 'same-content' : 'other-content', node, why: '', tookMs }
        : { result: 'failed', node, why: end.why, tookMs };
  }
  if (seen.written.result === 'same-content') await readElsewhere(stage, seen, volume, word);
  else seen.readElsewhere = { ...seen.readElsewhere, why: 'nothing was written before' };
  await grow(stage, seen, volume);
  await removeVolume(stage, seen, volume);
};
