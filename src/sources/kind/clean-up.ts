import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import * as z from 'zod/mini';
import { reasonOf } from '../../model/errors.js';
import { jsonOf } from '../../text/shape.js';
import { pause } from '../../system/poll.js';
import { runInstalled, type Tool } from '../../tools/install.js';
import { explainKind } from './failures.js';
import { isOwnName } from './options.js';
import { surroundingsOf } from './surroundings.js';

type Env = Readonly<Record<string, string | undefined>>;

const stateSchema = z.object({
  /** The cluster's name, unique to the run. */
  name: z.string(),
  /** The program that creates it. */
  kindPath: z.string(),
  /** Where the source keeps its files. */
  directory: z.string(),
  /** The checksum of a program that was installed. */
  sha256: z.optional(z.string()),
});

/** All that is needed to give a cluster back, also by a later process; it holds no secret. */
export type KindState = Readonly<z.infer<typeof stateSchema>>;

/** Reads what an earlier step saved as JSON; absent where that is nothing of ours. */
export const parseKindState = (text: string): KindState | undefined => jsonOf(text, stateSchema);

/** The kubeconfig of that cluster. */
export const kubeconfigPath = (state: Pick<KindState, 'name' | 'directory'>): string => join(state.directory, `${state.name}.kubeconfig`);

const deleteMs = 60_000;
const listMs = 20_000;
/** Containers that an engine was told to start appear up to so much later, though the one who asked is gone. */
const defaultSettleMs = 1_500;
const maxRounds = 4;

const kindOf = ({ kindPath: path, sha256 }: KindState): Omit<Tool, 'version'> => ({ path, sha256 });

/** `kind delete` edits a kubeconfig: it is given one that is not there, so that neither the user's nor a lock that was left behind matters. */
const deleteOnce = async (state: KindState, env: Env, log: (line: string) => void): Promise<string | undefined> => {
  const scratch = await mkdtemp(join(tmpdir(), 'scs-kaas-'));
  try {
    const args = ['delete', 'cluster', '--name', state.name, '--kubeconfig', join(scratch, 'none')];
    const ended = await runInstalled(kindOf(state), env, { args, timeoutMs: deleteMs, onLine: (line) => log(`kind: ${line}`) });
    return ended.how === 'exit' && ended.code === 0 ? undefined : explainKind(ended, deleteMs, surroundingsOf(env));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
};

/** The cluster's containers; a text where they cannot be listed. */
const nodesLeft = async (state: KindState, env: Env): Promise<readonly string[] | string> => {
  const ended = await runInstalled(kindOf(state), env, { args: ['get', 'nodes', '--name', state.name], timeoutMs: listMs });
  return ended.how === 'exit' && ended.code === 0
    ? ended.stdout.split('\n').filter((line) => line.trim() !== '')
    : explainKind(ended, listMs, surroundingsOf(env));
};

const deleteAll = async (state: KindState, env: Env, settleMs: number, log: (line: string) => void): Promise<string | undefined> => {
  for (let round = 1; ; round++) {
    const failed = await deleteOnce(state, env, log);
    if (failed !== undefined) return failed;
    await pause(settleMs);
    const left = await nodesLeft(state, env);
    if (typeof left === 'string') return left;
    if (left.length === 0) return undefined;
    if (round === maxRounds) return `after ${maxRounds} attempts these containers are still there: ${left.join(', ')}.`;
  }
};

/**
 * Deletes one cluster and its kubeconfig, and looks whether it is gone.
 * @param settleMs how late a container may still appear; 0 where the cluster was complete
 * @returns a warning where it is not gone
 */
export const removeCluster = async (
  state: KindState,
  env: Env,
  log: (line: string) => void,
  settleMs = defaultSettleMs,
): Promise<readonly string[]> => {
  const byHand = `Delete it with: kind delete cluster --name ${state.name}`;
  try {
    await rm(kubeconfigPath(state), { force: true });
    await rm(`${kubeconfigPath(state)}.lock`, { force: true });
    const failed = await deleteAll(state, env, settleMs, log);
    return failed === undefined ? [] : [`The kind cluster ${state.name} may still be there: ${failed} ${byHand}`];
  } catch (error) {
    return [`The kind cluster ${state.name} may still be there: ${reasonOf(error)}. ${byHand}`];
  }
};

/**
 * Gives back what a run created: for a post step, after success, failure and cancellation alike. Deletes exactly the cluster of that state, whose name no
 * other run can have. May be called more than once.
 * @param state as the source handed it over before it created the cluster
 * @returns warnings; never throws
 */
export const cleanUpKind = async (
  state: KindState,
  log: (line: string) => void,
  options: { readonly env?: Env | undefined; readonly settleMs?: number | undefined } = {},
): Promise<readonly string[]> => {
  if (!isOwnName(state.name)) return ['The saved state names no kind cluster of this action; nothing was deleted.'];
  if (!isAbsolute(state.kindPath) || !isAbsolute(state.directory))
    return [`The saved state of the kind cluster ${state.name} is damaged; nothing was deleted.`];
  const warnings = await removeCluster(state, options.env ?? process.env, log, options.settleMs);
  if (warnings.length === 0) log(`The kind cluster ${state.name} is deleted.`);
  return warnings;
};
