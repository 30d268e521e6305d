import { setTimeout as sleep } from 'node:timers/promises';
import { NotAvailable, reasonOf } from '../../model/errors.js';
import type { Fact, Permission } from '../../model/fact.js';
import type { Api, Ports } from '../../model/ports.js';
import { permissionText } from '../../model/permission.js';
import { isAllowed } from '../../facts/access-reviews.js';
import { cleanUpRuns } from './clean-up.js';
import { deadlineAnnotation, leaseMs, namespaceOf, ownLabels } from './identity.js';
import { create, merge } from './objects.js';
import type { PodImage } from './pods.js';

/** What a probe takes of its run. */
export interface ActContext {
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
  readonly pullSecret?: string;
  /** How many nodes take part at most. */
  readonly nodes: number;
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
  readonly run: (context: ActContext, fact: Ports['fact']) => Promise<unknown>;
}

/** A probe's own corner of the cluster. */
export interface Guest {
  /** The namespaces by their purpose. */
  readonly namespaces: Readonly<Record<string, string>>;
  readonly pod: PodImage;
}

const renewMs = 15_000;
const pullSecretName = 'pull';

/** @throws {NotAvailable} with every right that is missing, before anything is made */
const assertAllowed = async (api: Api, permissions: readonly Permission[]): Promise<void> => {
  const allowed = await Promise.all(permissions.map((permission) => isAllowed(api, permission)));
  const missing = permissions.filter((_, i) => allowed[i] === false);
  if (missing.length > 0)
    throw new NotAvailable('forbidden', `nothing was made, as these rights are missing: ${missing.map(permissionText).join(', ')}`);
};

const deadline = (): Record<string, string> => ({ [deadlineAnnotation]: new Date(Date.now() + leaseMs).toISOString() });

/** Renews what tells others that this run still lives. A renewal that fails is tried again with the next one. */
const renewing = async (api: Api, names: readonly string[], signal: AbortSignal): Promise<void> => {
  for (;;) {
    await sleep(renewMs, undefined, { signal });
    const body = { metadata: { annotations: deadline() } };
    await Promise.all(names.map((name) => merge(api, `/api/v1/namespaces/${name}`, body, { signal, outageMs: 0 }).catch(() => false)));
  }
};

const createAll = async (
  context: ActContext,
  names: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Promise<void> => {
  const { api, run, signal, pullSecret } = context;
  await Promise.all(
    Object.entries(names).map(async ([purpose, name]) => {
      const metadata = { name, labels: { ...ownLabels(run), ...labels[purpose] }, annotations: deadline() };
      await create(api, '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata }, { signal });
      if (pullSecret === undefined) return;
      const secret = {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: pullSecretName, labels: ownLabels(run) },
        type: 'kubernetes.io/dockerconfigjson',
        stringData: { '.dockerconfigjson': pullSecret },
      };
      await create(api, `/api/v1/namespaces/${name}/secrets`, secret, { signal });
    }),
  );
};

/** A right that a probe takes beside those of its fact, where the user gave a pull secret. */
const pullSecretRight: Permission = { role: 'act', verb: 'create', group: '', resource: 'secrets', why: 'the pull secret that was given' };

/** An answer that never came: the object may be made yet, e.g. when an admission webhook answers late (30 s at most). */
const maybeMade = (error: unknown): boolean =>
  error instanceof NotAvailable && (error.reason === 'timeout' || error.reason === 'unreachable');
const unsureMs = 35_000;

/**
 * Lets a probe act in namespaces of its own, and removes them with all that is in them, however it ends.
 * @param purposes of the namespaces, with the labels of each
 * @param options.volumes whether claims are made
 * @throws {NotAvailable} where a right is missing (nothing was made then), or where the cluster refuses
 */
export const asGuest = async <T>(
  context: ActContext,
  permissions: readonly Permission[],
  purposes: Readonly<Record<string, Readonly<Record<string, string>>>>,
  options: { readonly volumes: boolean },
  use: (guest: Guest) => Promise<T>,
): Promise<T> => {
  const { api, lasting, run, signal, image, pullSecret } = context;
  await assertAllowed(api, pullSecret === undefined ? permissions : [...permissions, pullSecretRight]);
  signal.throwIfAborted();
  context.onActing();
  const namespaces = Object.fromEntries(Object.keys(purposes).map((purpose) => [purpose, namespaceOf(run, purpose)]));
  const used = new AbortController();
  let unsure = false;
  const lease = renewing(lasting, Object.values(namespaces), used.signal).catch(() => undefined);
  try {
    await createAll(context, namespaces, purposes);
    return await use({ namespaces, pod: { image, ...(pullSecret === undefined ? {} : { pullSecret: pullSecretName }) } });
  } catch (error) {
    unsure = maybeMade(error);
    throw error;
  } finally {
    used.abort();
    await lease;
    const begin = performance.now();
    const never = new AbortController();
    for (const warning of await cleanUpRuns(lasting, [run], {
      signal: never.signal,
      volumes: options.volumes,
      only: Object.values(namespaces),
      progress: context.step,
      unsureMs: unsure ? unsureMs : 0,
    }).catch((error: unknown) => [reasonOf(error)]))
      context.warn(warning);
    context.step(`removed what was made (${((performance.now() - begin) / 1_000).toFixed(1)} s)`);
  }
};
