import * as z from 'zod/mini';
import { listSchema } from '../../kubernetes/list-schema.js';
import { queryOf, type Selector } from '../../kubernetes/selector.js';
import { bounded } from '../../text/bounded.js';
import type { Api } from '../../model/ports.js';
import { NotAvailable } from '../../model/errors.js';
import { listed } from '../../model/outcome.js';
import { jsonOf } from '../../text/shape.js';
import { readBack, readIfThere, readLog, type Patience } from '../../kubernetes/objects.js';
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

/** Objects of one collection that a selector takes, 5,000 at most: their names, UIDs, labels and annotations. */
export const selected = async (api: Api, path: string, selector: Selector, patience: Patience) => {
  return (await readBack(api, `${path}?${queryOf(selector)}&limit=5000`, listSchema(rawNamespace, selector), patience)).items;
};

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

/** What of end-to-end runs is in a cluster. */
export interface Found {
  readonly own: OwnRun | undefined;
  /** Names of runs of Sonobuoy that are not ours. */
  readonly foreign: readonly string[];
  /** Names of pods that run the end-to-end tests without Sonobuoy. */
  readonly runners: readonly string[];
}

/**
 * The pod of Hydrophone, and of the manifest of the tests' own image. It has no label that tells it. https://github.com/kubernetes-sigs/hydrophone
 */
const runnerPod = 'e2e-conformance-test';

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

const inFull = ({ metadata: m }: z.infer<typeof rawNamespace>): string => `${bounded(m.namespace ?? '')}/${bounded(m.name)}`;

/**
 * Looks for end-to-end runs: ours by its namespace and its marks, anyone else's by the label that Sonobuoy gives to its pod, or the name of
 * Hydrophone's. Tests that somebody runs on his own machine have no pod.
 * @throws {NotAvailable} where the cluster does not show them
 */
export const findRuns = async (api: Api, patience: Patience): Promise<Found> => {
  const podsWith = (selector: Selector) => selected(api, '/api/v1/pods', selector, patience);
  const [own, pods, others] = await Promise.all([
    readSpace(api, patience),
    podsWith({ labels: { 'sonobuoy-component': 'aggregator' } }),
    podsWith({ fields: { 'metadata.name': runnerPod } }),
  ]);
  const elsewhere = pods.filter((pod) => own === 'foreign' || pod.metadata.namespace !== runNamespace || own === undefined);
  const foreign = elsewhere.map(inFull);
  return {
    runners: others.map(inFull),
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
  const found = await selected(api, '/api/v1/namespaces', { labels: { 'e2e-run': undefined } }, patience);
  return found.map(({ metadata: m }) => ({
    name: m.name,
    uid: m.uid,
    run: m.labels?.['e2e-run'] ?? '',
    created: m.creationTimestamp ?? '',
  }));
};

/** A part of the log of the tests; undefined where it cannot be read. @param pod of the tests */
export const readTestLog = (api: Api, pod: string, query: string, timeoutMs?: number): Promise<string | undefined> =>
  readLog(api, `${runNamespace}/pods/${pod}`, `container=e2e&${query}`, timeoutMs).catch((error: unknown) => {
    if (error instanceof NotAvailable) return undefined;
    throw error;
  });

/**
 * The ids of the runs of the tests that a log tells. One after the other, the tests tell theirs at once; in parallel Ginkgo keeps the lines of its
 * processes, each of which has an id of its own, to itself (Kubernetes' test/e2e/e2e.go, Ginkgo's internal/run.go).
 */
export const idsInLog = (log: string): readonly string[] =>
  [...log.matchAll(/Starting e2e run "([\w-]{1,63})" on Ginkgo node \d+/g)].map(([, id = '']) => id);

type Bounds = Pick<OwnRun, 'created' | 'others' | 'settings'>;

/** Namespaces of tests, by whether they are to go with a run of ours. */
export interface Shares {
  /** They are our tests', as far as anybody can tell. */
  readonly ours: readonly TestNamespace[];
  /** They may be: they are younger than our run, and of no run that was there before it. */
  readonly unclear: readonly TestNamespace[];
  /** Why the unclear ones may be somebody else's; undefined where nothing says so. */
  readonly doubt: string | undefined;
}

const ownershipDoubt = (
  all: readonly TestNamespace[],
  young: readonly TestNamespace[],
  run: Bounds,
  beside: readonly string[],
): string | undefined => {
  if (beside.length > 0) return `other end-to-end tests are in the cluster (${listed(beside)})`;
  const awake = all.find((n) => run.others.includes(n.run) && run.created !== '' && n.created > run.created);
  if (awake !== undefined) return `end-to-end tests that were there before ours go on (${bounded(awake.name)})`;
  // 0 is as many as Ginkgo chooses.
  const most = run.settings?.processes || Infinity;
  return new Set(young.map((n) => n.run)).size > most ? 'they are of more processes than ours had' : undefined;
};

/**
 * Tells the namespaces of our tests from those of others. Where their ids are not known only time tells, and nobody but ours must have run tests.
 * @param ids of our tests; none where they are not known
 * @param beside pods of others that run tests, by name
 */
export const shareOut = (all: readonly TestNamespace[], run: Bounds, ids: readonly string[], beside: readonly string[]): Shares => {
  const { created, others } = run;
  const young = all.filter((n) => n.run !== '' && !others.includes(n.run) && created !== '' && n.created >= created);
  if (ids.length > 0) return { ours: young.filter((n) => ids.includes(n.run)), unclear: [], doubt: undefined };
  const doubt = ownershipDoubt(all, young, run, beside);
  return doubt === undefined ? { ours: young, unclear: [], doubt } : { ours: [], unclear: young, doubt };
};
