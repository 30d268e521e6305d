import { randomBytes } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf, UserError } from '../../model/errors.js';
import { count, texts } from '../../model/outcome.js';
import type { Opened, Source, SourceContext } from '../source.js';
import { runInstalled, type Tool } from '../../tools/install.js';
import { obtainKind, type Installation } from './binary.js';
import { kubeconfigPath, removeCluster, type KindState } from './clean-up.js';
import { defaultConfig, readConfig, type KindConfig } from './config.js';
import { deadlineAfter } from '../../system/deadline.js';
import { explainKind, isTaken, unreachableHint } from './failures.js';
import { checkOptions, clusterName, defaultPrefix, type KindOptions } from './options.js';
import { idlePatches } from './kubeadm.js';
import { saveLogs } from './logs.js';
import { NotReady, waitUntilReady } from './ready.js';
import { surroundingsOf, type Surroundings } from './surroundings.js';

/** What the source is given by those who put it to use. */
export interface KindWiring {
  /** Opens a kubeconfig that the source wrote; `context` is the source's own. */
  readonly openKubeconfig: (path: string, context: SourceContext) => Promise<Opened>;
  /**
   * Called, and waited for, before anything is created: saves what a later process needs to delete it (`cleanUpKind`).
   * Answers false if it could not: the cluster is then deleted when it is closed, whatever `keep` says.
   */
  readonly onCreating?: ((state: KindState) => boolean | undefined | Promise<boolean | undefined>) | undefined;
  /** Called when nothing of that name is there to be deleted any more, or never was this run's. */
  readonly onReleased?: ((name: string) => void) | undefined;
  /** Called with the folder of kind's logs, where its cluster did not come up. */
  readonly onLogs?: ((folder: string) => void) | undefined;
  /** Where that folder is made; it has to outlive the run. Without it: beside the directory of the run. */
  readonly logsParent?: string | undefined;
  /** Other than kind's own publisher and releases, e.g. a mirror. */
  readonly installation?: Partial<Pick<Installation, 'downloads' | 'releases'>> | undefined;
  /** How late the engine may still start a container of a run that was ended, in milliseconds. */
  readonly settleMs?: number | undefined;
  /** How long nodes may lack a network plugin where the configuration has kind install none, in milliseconds. */
  readonly networkMs?: number | undefined;
  /** Where this process runs; looked at without. */
  readonly surroundings?: Surroundings | undefined;
}

/** Stands in every report on a kind cluster. */
export const kindCaveat =
  'This cluster was made with kind on the machine of this run, with zones that are only labels: its result certifies nothing about any provider.';

const listMs = 30_000;
/** What mounted files may take to bring a network plugin up. */
const defaultNetworkMs = 30_000;

const noNetwork =
  'The kind configuration turns the pod network off (disableDefaultCNI), and nodes are not ready without a network plugin. Make the cluster in an earlier step (`kind create cluster --config FILE`), install the network plugin there, and set `cluster: kubeconfig`.';

/** One run's cluster on its way. */
interface Making {
  readonly kind: Tool;
  readonly state: KindState;
  readonly config: KindConfig;
  readonly image?: string | undefined;
  readonly options: KindOptions;
  readonly context: SourceContext;
  readonly wiring: KindWiring;
  readonly here: Surroundings;
  /** What every reader of the report must know. */
  readonly caveats: readonly string[];
}

/** Nothing of the cluster is ours to delete. */
class NotOurs extends UserError {}

/** The run was stopped while the cluster was on its way. */
class Cancelled extends UserError {}

const cancelled = (name: string): Cancelled => new Cancelled([`Making the kind cluster ${name} was cancelled.`]);

/** @throws {UserError} where the engine does not answer, or the name is in use: a cluster that exists is never touched */
const refuseExisting = async (kind: Tool, name: string, context: SourceContext, here: Surroundings): Promise<void> => {
  const ended = await runInstalled(kind, context.env, { args: ['get', 'clusters'], timeoutMs: listMs, stop: context.signal });
  if (ended.how === 'stopped') throw cancelled(name);
  if (ended.how !== 'exit' || ended.code !== 0)
    throw new UserError([`Cannot list the kind clusters of this machine: ${explainKind(ended, listMs, here)}`]);
  if (ended.stdout.split('\n').some((line) => line.trim() === name))
    throw new UserError([`A kind cluster with the name ${name} exists already and is left alone; run again for another name.`]);
};

const prepareKind = async (options: KindOptions, context: SourceContext, wiring: KindWiring): Promise<Making> => {
  checkOptions(options);
  const config = options.config === undefined ? defaultConfig : await readConfig(options.config);
  const { signal, log, secret } = context;
  const installation = { ...wiring.installation, signal, log, secret };
  const { kind, image } = await obtainKind({ ...options, namesImages: config.namesImages }, context.env, installation);
  if (options.image !== undefined && !options.image.includes('@sha256:'))
    context.log(`The node image ${options.image} is named without a digest: another image may be behind it tomorrow.`);
  const name = clusterName(options.name ?? defaultPrefix, context.env, randomBytes(4).toString('hex'));
  const here = wiring.surroundings ?? surroundingsOf(context.env);
  await refuseExisting(kind, name, context, here);
  const state = { name, kindPath: kind.path, directory: context.directory, sha256: kind.sha256 };
  const idle = idlePatches(config.kubeadmVersions, kind.version, image, wiring.installation?.releases);
  for (const note of texts(idle, !config.podNetwork && noNetwork)) context.log(note);
  return { kind, state, config, options, context, wiring, here, caveats: texts(idle, kindCaveat), image };
};

/**
 * The arguments of `kind create`. `--retain` keeps what failed until its logs are saved; `--kubeconfig` keeps kind off the user's own; there is no
 * `--wait`, which looks at the control plane's nodes only.
 */
export const createArguments = (name: string, config: string, kubeconfig: string, image?: string): readonly string[] => [
  ...['create', 'cluster', '--name', name, '--config', config, '--kubeconfig', kubeconfig, '--retain'],
  ...(image === undefined ? [] : ['--image', image]),
];

const maxLines = 400;

/** Hands on what kind says, up to its closing words, which are for people with a keyboard. */
const progress = (log: (line: string) => void): ((line: string) => void) => {
  let lines = 0;
  return (line) => {
    if (line.startsWith('Set kubectl context')) lines = maxLines;
    if (lines++ < maxLines) log(`kind: ${line}`);
  };
};

/** @throws {UserError} where kind fails, takes too long or is cancelled */
const create = async (making: Making, until: AbortSignal, waitMs: number): Promise<void> => {
  const { kind, state, config, image, context, here } = making;
  const configFile = join(state.directory, `${state.name}.yaml`);
  await mkdir(state.directory, { recursive: true, mode: 0o700 });
  await writeFile(configFile, config.text, { mode: 0o600, flag: 'wx' });
  const args = createArguments(state.name, configFile, kubeconfigPath(state), image);
  const ended = await runInstalled(kind, context.env, { args, timeoutMs: waitMs, stop: until, onLine: progress(context.log) });
  if (context.signal.aborted || (ended.how === 'stopped' && !until.aborted)) throw cancelled(state.name);
  if (isTaken(ended))
    throw new NotOurs([`A kind cluster with the name ${state.name} appeared meanwhile and is left alone; run again for another name.`]);
  if (ended.how !== 'exit' || ended.code !== 0)
    throw new UserError([
      `Cannot make the kind cluster ${state.name}: ${explainKind(ended.how === 'stopped' ? { ...ended, how: 'timeout' } : ended, waitMs, here)}`,
    ]);
  await chmod(kubeconfigPath(state), 0o600);
};

const openReady = async (making: Making, until: AbortSignal): Promise<Opened> => {
  const { state, config, context, wiring } = making;
  const opened = await wiring.openKubeconfig(kubeconfigPath(state), context);
  try {
    if (!opened.cluster.live) throw new Error('the kubeconfig of a kind cluster was not opened as a live one');
    const networkMs = config.podNetwork ? undefined : (wiring.networkMs ?? defaultNetworkMs);
    await waitUntilReady(opened.cluster.api, config.nodes, until, context.log, { networkMs });
    return opened;
  } catch (error) {
    await opened.close();
    throw error;
  }
};

const whyUnusable = ({ state: { name }, config, options }: Making, error: unknown): readonly string[] => {
  if (error instanceof UserError) return [error.message];
  if (!(error instanceof NotReady)) return [`The kind cluster ${name} cannot be used: ${reasonOf(error)}.`];
  const within = error.early ? '' : ` within ${Math.round(options.waitMs / 1000)} s`;
  const what = `The kind cluster ${name} was made, but did not become ready${within}: ${error.message}.`;
  return texts(what, !config.podNetwork && noNetwork);
};

/** Gives back a cluster that did not come up, and says all that happened in one error. */
const giveUp = async (making: Making, error: unknown, made: boolean): Promise<UserError> => {
  const { kind, state, context, wiring, here } = making;
  if (error instanceof NotOurs) {
    wiring.onReleased?.(state.name);
    return error;
  }
  const wasCancelled = context.signal.aborted || error instanceof Cancelled;
  // A cancelled job has seconds, not minutes: the cluster first.
  const logs = wasCancelled ? [] : [await saveLogs(kind, state.name, context, wiring)];
  const warnings = await removeCluster(state, context.env, context.log, wiring.settleMs);
  if (warnings.length === 0) wiring.onReleased?.(state.name);
  if (wasCancelled) return new UserError([[cancelled(state.name).message, ...warnings].join(' ')], { cause: error });
  const unreachable = made ? unreachableHint(error instanceof NotReady ? error.ofApi : reasonOf(error), here) : undefined;
  return new UserError([texts(...whyUnusable(making, error), unreachable, ...logs, ...warnings).join(' ')], { cause: error });
};

const asOpened = (making: Making, opened: Opened, keep: boolean): Opened => {
  const { kind, state, config, image, context, wiring } = making;
  let closing: Promise<readonly string[]> | undefined;
  const close = async (): Promise<readonly string[]> => {
    const warnings = await opened.close();
    if (keep) return warnings;
    const left = await removeCluster(state, context.env, context.log, 0);
    if (left.length === 0) wiring.onReleased?.(state.name);
    return [...warnings, ...left];
  };
  return {
    ...opened,
    name: state.name,
    source: 'kind',
    detail: `kind ${kind.version}, ${image ?? 'node image of the configuration or of kind'}, ${count(config.nodes, 'node')}`,
    caveats: [...opened.caveats, ...making.caveats],
    kubeconfig: kubeconfigPath(state),
    close: () => (closing ??= close()),
  };
};

/**
 * A cluster that is made for this run with kind and deleted when it is closed, unless it is kept.
 * Before anything is created `onCreating` hands over what deleting it takes. Where the cluster does not come up, kind's logs are saved and what was
 * made is deleted, before the error is thrown.
 */
export const kindSource = (wiring: KindWiring): Source<KindOptions> => ({
  name: 'kind',
  open: async (options, context) => {
    const making = await prepareKind(options, context, wiring);
    const handedOn = (await wiring.onCreating?.(making.state)) !== false;
    if (options.keep === true && !handedOn)
      context.log(`The kind cluster ${making.state.name} is deleted at the end of this step, since no later step will know of it.`);
    const deadline = deadlineAfter(options.waitMs, context.signal);
    let made = false;
    try {
      context.log(
        `Creating the kind cluster ${making.state.name} (${count(making.config.nodes, 'node')}, ${making.image ?? "kind's node image"}) ...`,
      );
      await create(making, deadline.signal, options.waitMs);
      made = true;
      const opened = await openReady(making, deadline.signal);
      context.log(`The kind cluster ${making.state.name} is ready.`);
      return asOpened(making, opened, options.keep === true && handedOn);
    } catch (error) {
      throw await giveUp(making, error, made);
    } finally {
      deadline.clear();
    }
  },
});
