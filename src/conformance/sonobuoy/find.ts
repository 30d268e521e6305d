import * as z from 'zod/mini';
import { bounded } from '../../facts/support/text.js';
import type { Api } from '../../model/ports.js';
import { jsonOf } from '../../model/shape.js';
import { readBack, readIfThere, type Patience } from '../../probes/guest/objects.js';
import {
  aggregator,
  e2eLabels,
  nameAnnotation,
  othersAnnotation,
  ownerAnnotation,
  runNamespace,
  settingsAnnotation,
  settingsSchema,
  type RunSettings,
} from './identity.js';

const texts = z.optional(z.nullable(z.record(z.string(), z.string())));
const metadata = z.object({
  name: z.string(),
  uid: z.string(),
  namespace: z.optional(z.string()),
  creationTimestamp: z.optional(z.nullable(z.string())),
  deletionTimestamp: z.optional(z.nullable(z.string())),
  labels: texts,
  annotations: texts,
});
const rawNamespace = z.object({ metadata });
const list = z.object({ items: z.array(rawNamespace) });

/** A run of ours that is in the cluster. */
export interface OwnRun {
  /** Of its namespace. */
  readonly uid: string;
  /** Which no other run has. */
  readonly name: string;
  readonly created: string;
  /** Who has started it. */
  readonly owner: string;
  /** Undefined where they cannot be read. */
  readonly settings: RunSettings | undefined;
  /** Runs of the tests that were there before it. */
  readonly others: readonly string[];
  /** True where the namespace is being removed. */
  readonly ending: boolean;
}

/** What of Sonobuoy is in a cluster. */
export interface Found {
  readonly own: OwnRun | undefined;
  /** Names of runs that are not ours. */
  readonly foreign: readonly string[];
}

const toOwnRun = ({ metadata: m }: z.infer<typeof rawNamespace>): OwnRun => ({
  uid: m.uid,
  name: bounded(m.annotations?.[nameAnnotation] ?? ''),
  created: m.creationTimestamp ?? '',
  owner: bounded(m.annotations?.[ownerAnnotation] ?? ''),
  settings: jsonOf(m.annotations?.[settingsAnnotation] ?? '', settingsSchema),
  others: jsonOf(m.annotations?.[othersAnnotation] ?? '', z.array(z.string())) ?? [],
  ending: Boolean(m.deletionTimestamp),
});

const isMarked = (labels: Readonly<Record<string, string>> | null | undefined): boolean =>
  Object.entries(e2eLabels).every(([name, value]) => labels?.[name] === value);

const readSpace = async (api: Api, patience: Patience): Promise<OwnRun | 'foreign' | undefined> => {
  const found = await readIfThere(api, `/api/v1/namespaces/${runNamespace}`, rawNamespace, patience);
  if (found === undefined) return undefined;
  return isMarked(found.metadata.labels) ? toOwnRun(found) : 'foreign';
};

/** Our own run, without a look at those of others; undefined where there is none, or somebody else's namespace has its name. */
export const findOwn = async (api: Api, patience: Patience): Promise<OwnRun | undefined> => {
  const found = await readSpace(api, patience);
  return found === 'foreign' ? undefined : found;
};

/**
 * Looks for runs of Sonobuoy: ours by its namespace and its marks, anyone else's by the label that Sonobuoy gives to its pod.
 * @throws {NotAvailable} where the cluster does not show them
 */
export const findRuns = async (api: Api, patience: Patience): Promise<Found> => {
  const query = `labelSelector=${encodeURIComponent('sonobuoy-component=aggregator')}&limit=500`;
  const [own, pods] = await Promise.all([readSpace(api, patience), readBack(api, `/api/v1/pods?${query}`, list, patience)]);
  const elsewhere = pods.items.filter((pod) => own === 'foreign' || pod.metadata.namespace !== runNamespace || own === undefined);
  const foreign = elsewhere.map(({ metadata: m }) => `${bounded(m.namespace ?? '')}/${bounded(m.name)}`);
  return {
    own: own === 'foreign' ? undefined : own,
    foreign: own === 'foreign' && foreign.length === 0 ? [`${runNamespace}/${aggregator}`] : foreign,
  };
};

/** A namespace that the tests made. */
export interface TestNamespace {
  readonly name: string;
  readonly uid: string;
  /** The run of the tests, as the end-to-end framework labels it. */
  readonly run: string;
  readonly created: string;
}

/** The namespaces of end-to-end tests, whoever runs them. Those of the NetworkPolicy tests carry the label of their run alone, without `e2e-framework`. */
export const testNamespaces = async (api: Api, patience: Patience): Promise<readonly TestNamespace[]> => {
  const query = `labelSelector=${encodeURIComponent('e2e-run')}&limit=5000`;
  const { items } = await readBack(api, `/api/v1/namespaces?${query}`, list, patience);
  return items.map(({ metadata: m }) => ({
    name: m.name,
    uid: m.uid,
    run: m.labels?.['e2e-run'] ?? '',
    created: m.creationTimestamp ?? '',
  }));
};

/**
 * Those that the tests of a run of ours made: they are younger than it, and of no run that was there before. Sonobuoy runs of others are refused
 * while ours is there.
 */
export const ofOwnRun = (
  all: readonly TestNamespace[],
  { created, others }: Pick<OwnRun, 'created' | 'others'>,
): readonly TestNamespace[] => all.filter((n) => n.run !== '' && !others.includes(n.run) && created !== '' && n.created >= created);
