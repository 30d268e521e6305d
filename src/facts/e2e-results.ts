import type { V1Namespace } from '@kubernetes/client-node';
import * as z from 'zod/mini';
import { ofKind } from '../kubernetes/api-types.js';
import { NotAvailable } from '../model/errors.js';
import { defineFact, type Ports } from '../model/fact.js';
import { namespaces } from './namespaces.js';
import { nodes } from './nodes.js';
import { listAll } from '../kubernetes/list.js';
import { partOr } from './support/parts.js';

/** The suites that a standard asks for. */
export const suites = ['conformance', 'network-policy'] as const;
export type SuiteName = (typeof suites)[number];

/** The suites that a test belongs to, by its name, as upstream's own focus finds them. */
export const suitesOf = (name: string): readonly SuiteName[] => [
  ...(name.includes('[Conformance]') ? (['conformance'] as const) : []),
  ...(name.includes('NetworkPolicy') ? (['network-policy'] as const) : []),
];

export const resultBounds = { runs: 50, files: 200, failed: 1_000, left: 200, retried: 200, text: 1_000 } as const;

const text = z.string().check(z.maxLength(resultBounds.text));
const number = z.int().check(z.minimum(0));
const texts = (most: number) => z.readonly(z.array(text).check(z.maxLength(most)));

const suiteSchema = z.object({
  /** How many tests of it the files name, those that did not run included. */
  named: number,
  passed: number,
  failed: number,
  /** Begun and not ended. */
  unfinished: number,
  /** The tests themselves said that they do not apply. */
  skipped: number,
  /** Left out by the focus, or never begun. */
  notRun: number,
  /** Names of those that were skipped or did not run, where others ran. */
  left: texts(resultBounds.left),
});
export type SuiteResults = z.infer<typeof suiteSchema>;

const failedTest = z.object({
  /** As upstream names it, with its kind and its tags: what exceptions are looked for in. */
  name: text,
  message: text,
  suites: z.readonly(z.array(z.enum(suites))),
  /** `failed`: it ended so; `unfinished`: it was cut, by a time-out or an interruption. */
  state: z.enum(['failed', 'unfinished']),
  /** Where it stands in the sources of Kubernetes, e.g. `test/e2e/network/dns.go:53`; `''` where the files do not tell. */
  at: z.optional(text),
});
export type FailedTest = z.infer<typeof failedTest>;

const runSchema = z.object({
  /** What it was read from; names without their folders. */
  files: z.readonly(z.array(z.object({ name: text, sha256: text })).check(z.maxLength(resultBounds.files))),
  /** `sonobuoy`: an archive, or a folder with what is in one. `junit`: files of Ginkgo or hydrophone. */
  form: z.enum(['sonobuoy', 'junit']),
  /** Why nothing can be concluded from it; empty where something can. */
  unusable: texts(20),
  /** The version of the API server then; `''` where the files do not tell. */
  kubernetes: text,
  /** The version of the tests; `''` where the files do not tell. */
  tests: text,
  sonobuoy: text,
  /** ISO 8601; `''` where the files do not tell. */
  startedAt: text,
  finishedAt: text,
  focus: texts(50),
  skip: texts(50),
  dryRun: z.boolean(),
  flakeAttempts: number,
  /** What ended the suite before its time; `''` where it came to its end. */
  cut: text,
  suites: z.object({ conformance: suiteSchema, 'network-policy': suiteSchema }),
  /** Of all tests, of whatever suite. */
  executed: number,
  failed: z.readonly(z.array(failedTest).check(z.maxLength(resultBounds.failed))),
  failedOmitted: number,
  /** Tests that passed at a later attempt; the names as the log has them. */
  retried: texts(resultBounds.retried),
  /** True where there was no log to read `retried` from; absent where there was, and in older snapshots. */
  withoutLog: z.optional(z.boolean()),
  /** What the suite does before and after its tests, as far as it failed: no tests, and no success either. */
  brokenNodes: texts(50),
  /** What each of `brokenNodes` said, in their order; absent in older snapshots. */
  brokenWhy: z.optional(texts(50)),
  /**
   * Whether it was this cluster, by the UID of its namespace `kube-system`. `stated`: JUnit files do not say, and the user has put the version
   * of their cluster beside them; `not-told`: the files do not say; `not-compared`: they do, and this cluster does not show it.
   */
  cluster: z.object({
    answer: z.enum(['same', 'other', 'stated', 'not-told', 'not-compared']),
    why: text,
    /**
     * `uid`, and `age` (the tests ended before this cluster was created): `other` is certain. Names of nodes are those of another cluster also
     * after all nodes were replaced. Absent in older snapshots.
     */
    by: z.optional(z.enum(['uid', 'nodes', 'age'])),
  }),
});
export type E2eRun = z.infer<typeof runSchema>;

const exceptionSchema = z.object({ regex: text, reason: text, expires: z.optional(text) });
export type E2eException = z.infer<typeof exceptionSchema>;

const schema = z.object({
  runs: z.readonly(z.array(runSchema).check(z.maxLength(resultBounds.runs))),
  /** Tests that may fail; the user's own file in place of upstream's list. */
  exceptions: z.object({ source: text, list: z.readonly(z.array(exceptionSchema).check(z.maxLength(500))) }),
});
export type E2eResults = z.infer<typeof schema>;

/** What the files tell of the cluster that the tests ran on. */
const originSchema = z.object({
  kubeSystem: z.nullable(text),
  nodes: z.nullable(z.readonly(z.array(text))),
  /** True for JUnit files with `serverversion.json` beside them: whoever puts it there says which cluster they are of. */
  stated: z.optional(z.boolean()),
});
export type RunOrigin = z.infer<typeof originSchema>;

const importedSchema = z.object({
  runs: z.readonly(z.array(z.object({ run: z.omit(runSchema, { cluster: true }), origin: originSchema }))),
  exceptions: schema.shape.exceptions,
});
/** Results as they were imported: the cluster under test is not known yet. */
export type ImportedResults = z.infer<typeof importedSchema>;

const rawNamespace = ofKind<V1Namespace>()(
  z.object({ metadata: z.object({ uid: z.string(), creationTimestamp: z.optional(z.string()) }) }),
);
const kubeSystemAlone = { fields: { 'metadata.name': 'kube-system' } };

/** The UID of `kube-system`, by which a cluster is known, and when it was created; empty where it cannot be had. */
const kubeSystemOf = async ({ api }: Ports): Promise<Partial<z.infer<typeof rawNamespace>['metadata']>> => {
  const [found = {}] = await partOr(
    listAll(api, '/api/v1/namespaces', rawNamespace, ({ metadata }) => metadata, kubeSystemAlone),
    [],
  );
  return found;
};

/** JUnit files write the time of the machine that ran the tests, without its zone: a day is more than zones and clocks lie apart. */
const zonesMs = 86_400_000;

/** What is known of the cluster under test. */
export interface ThisCluster extends RunOrigin {
  /** When its namespace `kube-system` was created, ISO 8601; absent where that is not known. */
  readonly created?: string | undefined;
}

/**
 * Compares where tests ran with the cluster under test. Names of nodes can show that it is another one, and never that it is the same; so can
 * tests that ended before the cluster was there.
 * @param finishedAt when the tests ended, ISO 8601; `''` where that is not known
 */
const sameCluster = (then: RunOrigin, now: ThisCluster, finishedAt = ''): E2eRun['cluster'] => {
  if (then.kubeSystem !== null && now.kubeSystem !== null)
    return then.kubeSystem === now.kubeSystem
      ? { answer: 'same', why: 'the UID of its namespace kube-system is the same', by: 'uid' }
      : { answer: 'other', why: 'the UID of its namespace kube-system is another', by: 'uid' };
  if (Date.parse(finishedAt) + zonesMs < Date.parse(now.created ?? ''))
    return { answer: 'other', why: `the tests ended at ${finishedAt}, and this cluster was created at ${now.created ?? ''}`, by: 'age' };
  const [before, after] = [then.nodes ?? [], now.nodes ?? []];
  if (before.length > 0 && after.length > 0 && !before.some((name) => after.includes(name)))
    return { answer: 'other', why: `none of its ${before.length} nodes is here`, by: 'nodes' };
  if (then.kubeSystem !== null)
    return {
      answer: 'not-compared',
      why: 'the UID of the namespace kube-system is not known here; a live run that may list namespaces knows it',
    };
  return then.stated === true
    ? { answer: 'stated', why: 'the files do not tell which cluster it was; serverversion.json was put beside them by hand' }
    : { answer: 'not-told', why: 'the files do not tell which cluster it was' };
};

/**
 * Imported results, compared with the cluster under test.
 * @param imported as the importer gives it
 * @param now what is known of the cluster under test
 * @throws {NotAvailable} where it has another shape
 */
export const toResults = (imported: unknown, now: ThisCluster): E2eResults => {
  const parsed = importedSchema.safeParse(imported);
  if (!parsed.success)
    throw new NotAvailable('malformed', 'e2e-results: the import answered in another shape than its fact has; please report this', {
      cause: parsed.error,
    });
  const { runs, exceptions } = parsed.data;
  // Through the schema, so that a snapshot of it gives the same bytes when it is read and written again.
  return schema.parse({ exceptions, runs: runs.map(({ run, origin }) => ({ ...run, cluster: sameCluster(origin, now, run.finishedAt) })) });
};

/**
 * Results of the upstream end-to-end tests: counts, what failed and what did not run. They are read from files of an earlier run, so that
 * a run of any tier has them where the user names such files.
 */
export const e2eResults = defineFact({
  name: 'e2e-results',
  tier: 'heavy',
  schema,
  permissions: [
    ...namespaces.permissions,
    ...nodes.permissions,
    {
      role: 'run',
      verb: '*',
      group: '*',
      resource: '*',
      why: 'what Sonobuoy gives to the end-to-end tests, which make and change everything',
    },
    ...['/metrics', '/logs', '/logs/*'].map(
      (url) => ({ role: 'run', verb: 'get', url, why: 'what Sonobuoy gives to the end-to-end tests beside it' }) as const,
    ),
  ],
  collect: async (ports): Promise<E2eResults> => {
    if (ports.e2e === undefined) throw new NotAvailable('not-recorded', 'e2e-results: no results were given to this run');
    const [kubeSystem, seen] = await Promise.all([kubeSystemOf(ports), partOr(ports.fact(nodes), null)]);
    return toResults(await ports.e2e(ports.fact), {
      kubeSystem: kubeSystem.uid ?? null,
      nodes: seen?.map(({ name }) => name) ?? null,
      created: kubeSystem.creationTimestamp,
    });
  },
});
