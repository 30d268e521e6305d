import * as z from 'zod/mini';
import { suites } from '../../facts/e2e-results.js';
import { owner, ownerLabel } from '../../probes/sandbox/identity.js';

/**
 * The namespace of our runs, one in a cluster at a time: making it is what keeps two runs apart. Its name is none that `sandbox/identity.ts`
 * gives, so that what removes leftovers of probes never takes a run for one.
 */
export const runNamespace = 'scs-kaas-sonobuoy';
/** The name that Sonobuoy gives to its pod. */
export const aggregator = 'sonobuoy';

const e2eLabel = 'scs-kaas/e2e';
export const e2eLabels: Readonly<Record<string, string>> = { [ownerLabel]: owner, [e2eLabel]: 'sonobuoy' };
export const nameAnnotation = 'scs-kaas/e2e-name';
export const ownerAnnotation = 'scs-kaas/e2e-owner';
export const settingsAnnotation = 'scs-kaas/e2e-settings';
/** Runs of the tests whose namespaces were there before ours began. */
export const othersAnnotation = 'scs-kaas/e2e-others';
/** Sonobuoy keeps its status there, on its own pod (pkg/plugin/aggregation/status.go). */
export const statusAnnotation = 'sonobuoy.hept.io/status';

/** What is run, and how. Two runs are the same where these are. */
export const settingsSchema = z.object({
  suites: z.readonly(z.array(z.enum(suites))),
  /** A regular expression of Go in the place of the suites; `''` without. */
  focus: z.string().check(z.maxLength(4_000)),
  skip: z.string().check(z.maxLength(4_000)),
  /** How many tests at once: 1 is one after the other, 0 as many as Ginkgo chooses. */
  processes: z.int().check(z.minimum(0), z.maximum(100)),
  flakeAttempts: z.int().check(z.minimum(1), z.maximum(10)),
});
export type RunSettings = z.infer<typeof settingsSchema>;

const focusOf = { conformance: '\\[Conformance\\]', 'network-policy': 'NetworkPolicy' } as const;

/** What Ginkgo is to look for in the names of the tests. */
export const focusOfSettings = ({ suites: some, focus }: RunSettings): string =>
  focus === '' ? some.map((suite) => focusOf[suite]).join('|') : focus;

/** In words, for people. */
export const settingsInWords = (settings: RunSettings): string => {
  const { focus, skip, suites: some, processes, flakeAttempts } = settings;
  const what = focus === '' ? some.join(' and ') : `the focus ${focus}`;
  const how = processes === 1 ? 'one after the other' : processes === 0 ? 'in parallel' : `${processes} at once`;
  return `${what}${skip === '' ? '' : ` without ${skip}`}, ${how}, ${flakeAttempts} attempts each`;
};

/** How to look at, and to remove, what a run has made; for a moment when we cannot. */
export const byHand = `scs-kaas cleanup --all, or: kubectl delete namespace ${runNamespace}`;
