import { once } from 'node:events';
import type { V1Namespace, V1Secret } from '@kubernetes/client-node';
import type { Sent } from '../../kubernetes/api-types.js';
import { NotAvailable } from '../../model/errors.js';
import type { Fact, Permission, Ports } from '../../model/fact.js';
import type { Api } from '../../model/ports.js';
import { assertAllowed } from '../../facts/access-reviews.js';
import { pause } from '../../system/poll.js';
import { cleanUpRuns } from './clean-up.js';
import { readClockOffset } from './clock.js';
import { deadlineAnnotation, leaseMs, namespaceOf, ownLabels } from './identity.js';
import { create, mergePatch } from '../../kubernetes/objects.js';
import type { PodImage } from './pods.js';

/** What a probe takes of its run. */
export interface ProbeContext {
  /** Ends with the run. */
  readonly api: Api;
  /** Outlasts the run: for giving back. */
  readonly lasting: Api;
  /** Ends the probe early: what was seen by then is its answer. */
  readonly signal: AbortSignal;
  /** The name of this run, which no other has. */
  readonly run: string;
  /** The image of all pods. */
  readonly image: string;
  /** The text of a Docker configuration, where the image needs a login. */
  readonly pullSecret?: string | undefined;
  /** How many nodes take part at most. */
  readonly nodes: number;
  /** How long a change may take until it is enforced everywhere, in milliseconds; later is never. */
  readonly patienceMs: number;
  /** A line for people. */
  readonly log: (line: string) => void;
  /** What is being done, for people who wait. */
  readonly step: (text: string) => void;
  /** Told before the first object is made, so that a later process can find all. */
  readonly onActing: () => void;
  /** Told what could not be given back. */
  readonly warn: (warning: string) => void;
}

/** A way to find something out by acting. The answer has the shape of its fact. */
export interface Probe {
  readonly fact: Fact<unknown>;
  readonly run: (context: ProbeContext, fact: Ports['fact']) => Promise<unknown>;
}

/** A probe's own corner of the cluster. */
export interface Sandbox<P extends string = string> {
  /** The namespaces by their purpose. */
  readonly namespaces: Readonly<Record<P, string>>;
  readonly pod: PodImage;
}

const renewMs = 15_000;
const pullSecretName = 'pull';

const deadline = (offset: number): Record<string, string> => ({
  [deadlineAnnotation]: new Date(Date.now() + offset + leaseMs).toISOString(),
});

/** Renews what tells others that this run still lives. A renewal that fails is tried again with the next one. */
const renewing = async (api: Api, names: readonly string[], offset: number, signal: AbortSignal): Promise<void> => {
  for (;;) {
    await pause(renewMs, signal);
    if (signal.aborted) return;
    const body: Sent<V1Namespace> = { metadata: { annotations: deadline(offset) } };
    await Promise.all(names.map((name) => mergePatch(api, `/api/v1/namespaces/${name}`, body, { signal, outageMs: 0 }).catch(() => false)));
  }
};

interface Space {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Over the connection that the end of the run does not cut: a request that was sent is waited for, so that it is known whether its object is there.
 * @param unsure told where a namespace may come to be after all
 */
const createSpace = async (
  { lasting, run, signal, pullSecret }: ProbeContext,
  { name, labels }: Space,
  offset: number,
  unsure: () => void,
): Promise<void> => {
  const metadata = { name, labels: { ...ownLabels(run), ...labels }, annotations: deadline(offset) };
  const namespace: Sent<V1Namespace> = { apiVersion: 'v1', kind: 'Namespace', metadata };
  try {
    await create(lasting, '/api/v1/namespaces', namespace, { signal });
  } catch (error) {
    if (maybeMade(error)) unsure();
    throw error;
  }
  if (pullSecret === undefined || signal.aborted) return;
  const secret: Sent<V1Secret> = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: pullSecretName, labels: ownLabels(run) },
    type: 'kubernetes.io/dockerconfigjson',
    stringData: { '.dockerconfigjson': pullSecret },
  };
  await create(lasting, `/api/v1/namespaces/${name}/secrets`, secret, { signal });
};

/** All of them, and only then the first error: what is still under way must not come after the clean-up. */
const createAll = async (context: ProbeContext, spaces: readonly Space[], offset: number, unsure: () => void): Promise<void> => {
  const made = await Promise.allSettled(spaces.map((space) => createSpace(context, space, offset, unsure)));
  for (const one of made) if (one.status === 'rejected') throw one.reason;
  if (context.signal.aborted) throw ended();
};

/** A right that a probe takes beside those of its fact, where the user gave a pull secret. */
const pullSecretRight: Permission = { role: 'act', verb: 'create', group: '', resource: 'secrets', why: 'the pull secret that was given' };

/** An answer that never came, or one that does not tell: the object may be made yet, e.g. when an admission webhook answers late (30 s at most). */
const maybeMade = (error: unknown): boolean =>
  error instanceof NotAvailable && ['timeout', 'unreachable', 'server-error'].includes(error.reason);
const unsureMs = 35_000;

const ended = (): NotAvailable => new NotAvailable('timeout', 'the run ended before anything was probed');

/** A runner that cancels a job gives it seconds: a probe that does not end in time is not waited for before everything is given back. */
const graceMs = 2_000;
const late = async (signal: AbortSignal, used: AbortSignal): Promise<void> => {
  if (!signal.aborted) await once(signal, 'abort', { signal: used }).catch(() => undefined);
  await pause(graceMs, used);
};

/** With nothing left to look at, a probe has nothing to wait for. */
const overlong = async (signal: AbortSignal): Promise<never> => {
  await pause(graceMs, signal);
  throw new NotAvailable('timeout', 'the run ended, and the probe did not tell what it had seen by then');
};

const removeSandbox = async ({ lasting, run, step, warn }: ProbeContext, only: readonly string[], volumes: boolean, unsure: boolean) => {
  const begin = performance.now();
  const { warnings } = await cleanUpRuns(lasting, [run], {
    signal: new AbortController().signal,
    volumes,
    only,
    progress: step,
    unsureMs: unsure ? unsureMs : 0,
    // The rights were asked for before anything was made.
    refusedMs: Number.POSITIVE_INFINITY,
  });
  warnings.forEach(warn);
  const seconds = ((performance.now() - begin) / 1_000).toFixed(1);
  step(warnings.length === 0 ? `removed what was made (${seconds} s)` : `not all that was made could be removed (${seconds} s)`);
};

/**
 * Lets a probe act in namespaces of its own, and removes them with all that is in them, however it ends.
 * @param purposes of the namespaces, with the labels of each
 * @param options.volumes whether claims are made
 * @param use returns soon after the run's end with what it has seen; what it makes is in these namespaces
 * @throws {NotAvailable} where a right is missing (nothing was made then), or where the cluster refuses
 */
export const withSandbox = async <T, P extends string>(
  context: ProbeContext,
  permissions: readonly Permission[],
  purposes: Readonly<Record<P, Readonly<Record<string, string>>>>,
  options: { readonly volumes: boolean },
  use: (sandbox: Sandbox<P>) => Promise<T>,
): Promise<T> => {
  const { api, lasting, run, signal, image, pullSecret } = context;
  const [offset = 0] = await Promise.all([
    readClockOffset(api),
    assertAllowed(api, pullSecret === undefined ? permissions : [...permissions, pullSecretRight], 'nothing was made'),
  ]);
  if (signal.aborted) throw ended();
  context.onActing();
  const spaces = (Object.keys(purposes) as P[]).map((purpose) => ({ purpose, name: namespaceOf(run, purpose), labels: purposes[purpose] }));
  const namespaces = Object.fromEntries(spaces.map(({ purpose, name }) => [purpose, name])) as Record<P, string>;
  const names = spaces.map(({ name }) => name);
  const used = new AbortController();
  let [unsure, creating] = [false, true];
  void renewing(lasting, names, offset, used.signal);
  const work = (async (): Promise<T> => {
    await createAll(context, spaces, offset, () => (unsure = true)).finally(() => (creating = false));
    return use({ namespaces, pod: { image, pullSecret: pullSecret && pullSecretName } });
  })();
  await Promise.race([work.catch(() => undefined), late(signal, used.signal)]);
  used.abort();
  await removeSandbox(context, names, options.volumes, unsure || creating);
  if (!context.signal.aborted) return work;
  const answered = new AbortController();
  return Promise.race([work, overlong(answered.signal)]).finally(() => answered.abort());
};
