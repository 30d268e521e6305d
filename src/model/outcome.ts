import * as z from 'zod/mini';

/** How strongly a standard asks for something (RFC 2119; SHOULD includes RECOMMENDED, MAY includes CAN and OPTIONAL). */
export const levels = ['MUST', 'SHOULD', 'MAY'] as const;
export type Level = (typeof levels)[number];

/** `certificate`: part of the verdict of "SCS-compatible KaaS". `informative`: reported, never part of the verdict. */
export const categories = ['certificate', 'informative'] as const;
export type Category = (typeof categories)[number];

/**
 * What can be said of one requirement on one cluster.
 * `abort`: looked, and could not determine it. `missing`: not looked at in this run. Neither is ever a pass.
 */
export const outcomes = ['pass', 'fail', 'abort', 'missing', 'declared', 'waived', 'not-applicable'] as const;
export type Outcome = (typeof outcomes)[number];

/** The verdict of a run over the MUSTs of the certificate scope. */
export const verdicts = ['compliant', 'non-compliant', 'incomplete'] as const;
export type Verdict = (typeof verdicts)[number];

/** How far a run goes: `light` looks and asks, `active` also acts, `heavy` also runs the upstream e2e suites. */
export const tiers = ['light', 'active', 'heavy'] as const;
export type Tier = (typeof tiers)[number];

/** The steps of the evidence ladder, best first. */
export const rungs = ['read', 'behave', 'act', 'e2e', 'declare'] as const;
export type RungName = (typeof rungs)[number];

/** The first tier that climbs each rung. */
const tierOfRung: Readonly<Record<RungName, Tier>> = { read: 'light', behave: 'light', act: 'active', e2e: 'heavy', declare: 'light' };

/** Whether a run of that tier looks at that rung. */
export const climbs = (tier: Tier, rung: RungName): boolean => tiers.indexOf(tierOfRung[rung]) <= tiers.indexOf(tier);

/** Read-only, at any depth. */
export type Frozen<T> = T extends readonly (infer I)[]
  ? readonly Frozen<I>[]
  : T extends object
    ? { readonly [K in keyof T]: Frozen<T[K]> }
    : T;

/** One thing that was seen, and where: shown in the report beside the outcome. */
export const evidenceSchema = z.object({
  /** The endpoint, object or probe, e.g. `GET /api/v1/nodes` or `node worker-1`. */
  source: z.string(),
  /** What stood there, short and without secrets. */
  observed: z.string(),
});
export type Evidence = Frozen<z.infer<typeof evidenceSchema>>;

/** How one cell of a grid came out: as it should, not so, not told, or not asked. */
export const gridMarks = ['met', 'broken', 'open', 'none'] as const;
export type GridMark = (typeof gridMarks)[number];

/** Many observations at a glance: a mark for each row and column. */
export const gridSchema = z.object({
  caption: z.string(),
  columns: z.array(z.string()),
  rows: z.array(z.object({ label: z.string(), marks: z.array(z.enum(gridMarks)) })),
});
export type Grid = Frozen<z.infer<typeof gridSchema>>;

/** Many observations in full, one row each; plain texts, the sink escapes. */
export const tableSchema = z.object({ caption: z.string(), columns: z.array(z.string()), rows: z.array(z.array(z.string())) });
export type Table = Frozen<z.infer<typeof tableSchema>>;

/** One thing that was found wrong, e.g. a failed test. */
const findingSchema = z.object({
  /** Short, and the same in every run. */
  name: z.string(),
  /** What became of it, e.g. `failed`. */
  state: z.string(),
  message: z.string(),
  /** Where to read more: an address of the web; the clause of the requirement without. */
  url: z.optional(z.string()),
  /** Why it does not count; absent where it does. */
  tolerated: z.optional(z.string()),
});
export type Finding = Frozen<z.infer<typeof findingSchema>>;

/** Evidence that consists of many things with names of their own: what is wrong one by one, and the rest as numbers. */
export const findingsSchema = z.object({
  /** What was looked at, e.g. `conformance tests`. */
  of: z.string(),
  /** Those that count first. */
  list: z.array(findingSchema),
  /** How many more of those that count there were than are listed. */
  omitted: z.number(),
  tally: z.array(z.object({ label: z.string(), count: z.number() })),
});
export type Findings = Frozen<z.infer<typeof findingsSchema>>;

/** What one cluster adds to an answer that only all clusters of a provider give together: settled where they show all that is needed. */
export const fleetShareSchema = z.object({ shows: z.array(z.string()), needs: z.array(z.string()) });
export type FleetShare = Frozen<z.infer<typeof fleetShareSchema>>;

/** What SCS's own test says of the same evidence, where that is not what the standard says or its settings are not those of the run. The official verdict follows from it only. */
export const byUpstreamSchema = z.object({ outcome: z.enum(outcomes), message: z.string(), checkedAt: z.optional(z.string()) });
export type ByUpstream = Frozen<z.infer<typeof byUpstreamSchema>>;

/** A judgement that settles a requirement. */
export interface Judgement {
  readonly outcome: 'pass' | 'fail' | 'abort' | 'not-applicable';
  readonly message: string;
  readonly evidence: readonly Evidence[];
  /** True where a pass will turn into a fail soon without anyone changing anything, e.g. a certificate that expires. */
  readonly expiresSoon?: string | undefined;
  /** When that was looked at, ISO 8601, where it was earlier than this run, e.g. in an archive of results. */
  readonly checkedAt?: string | undefined;
  /** The evidence at a glance, where it is much. */
  readonly grid?: Grid | undefined;
  /** The evidence in full, where it is much. */
  readonly table?: Table | undefined;
  /** What was found wrong one by one, where it has names of its own. */
  readonly findings?: Findings | undefined;
  /** For a requirement about the whole offer of a provider. */
  readonly fleet?: FleetShare | undefined;
  /** Only where SCS's own test says, or may say, something else. */
  readonly official?: ByUpstream | undefined;
}

/** This evidence settles nothing. */
interface Open<O extends string> extends Pick<Judgement, 'message' | 'evidence' | 'grid' | 'table'> {
  readonly outcome: O;
}
/** This evidence does not answer the question; the next rung may. */
type Undecided = Open<'undecided'>;
/** This evidence is about something else: as if it were not there. Nothing was looked at, which is `missing` and no `abort`. */
export type Unrelated = Open<'unrelated'>;
/**
 * This evidence agrees with the requirement and cannot prove it: it stands beside the answer of a further rung. Where none answers, the requirement is
 * `missing` what would prove it.
 */
export type Insufficient = Open<'insufficient'>;

export type Answer = Judgement | Undecided;
/** All that a rung can say. */
export type RungAnswer = Answer | Unrelated | Insufficient;

const answer =
  <O extends RungAnswer['outcome']>(outcome: O) =>
  (message: string, evidence: readonly Evidence[] = []): { outcome: O; message: string; evidence: readonly Evidence[] } => ({
    outcome,
    message,
    evidence,
  });

/** The requirement is met; the evidence says by what. */
export const pass = answer('pass');
/** The requirement is broken; the evidence says where. */
export const fail = answer('fail');
/** Looked, and it cannot be determined by any evidence: the ladder ends here. */
export const abort = answer('abort');
/** The requirement does not apply to this cluster or to this place of looking. */
export const notApplicable = answer('not-applicable');
/** This evidence does not tell; go on to the next rung. */
export const undecided = answer('undecided');
/** This evidence is about something else; go on to the next rung, and say nothing of it where none answers. */
export const unrelated = answer('unrelated');

/** This evidence agrees and cannot prove it; go on to the next rung. */
export const insufficient = answer('insufficient');

/** How many requirements have each outcome. */
export type Counts = Readonly<Record<Outcome, number>>;

/** How often each outcome stands in a list. */
export const countOutcomes = (all: readonly Outcome[]): Record<Outcome, number> =>
  Object.fromEntries(outcomes.map((outcome) => [outcome, all.filter((one) => one === outcome).length])) as Record<Outcome, number>;

/** Texts of which some stand under a condition. */
export const texts = (...some: readonly (string | false | undefined)[]): readonly string[] => some.filter((one) => typeof one === 'string');

/** Counts one noun with its plural: `1 node`, `3 nodes`. */
export const count = (n: number, noun: string, plural = `${noun}s`): string => `${n} ${n === 1 ? noun : plural}`;

/**
 * Joins names for a sentence and says how many were left out.
 * @param names in the order of the report
 * @param most how many are spelt out
 */
export const listed = (names: readonly string[], most = 10): string =>
  names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;

/** Reasons one after the other: sentences by a blank, anything else by a semicolon. */
export const joined = (reasons: readonly string[]): string =>
  reasons.reduce((text, reason) => (text === '' ? reason : `${text}${text.endsWith('.') ? ' ' : '; '}${reason}`), '');
