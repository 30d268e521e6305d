import { factOf, isUnavailable, type Fact, type FactMap, type Facts, type Unavailable, type ValuesOf } from './fact.js';
import type { Category, Level, RungAnswer, RungName, Tier } from './outcome.js';

/** One step of the evidence ladder of a requirement: the facts that it takes, and what they say. */
export interface Rung {
  readonly rung: RungName;
  readonly facts: readonly Fact<unknown>[];
  /** Optional facts: the answer uses them if they are there and does without them. Without one it is never better. */
  readonly beside?: readonly Fact<unknown>[] | undefined;
  /** The answer, or the facts that could not be had. */
  readonly answer: (facts: Facts, now: Date) => RungAnswer | readonly Unavailable[];
}

/** What settles a requirement that the rungs of this run leave open. */
export interface SettledBy {
  /** The tier whose evidence settles it. */
  readonly tier?: Exclude<Tier, 'light'> | undefined;
  /** True where a dated statement of the provider is evidence of its own kind. */
  readonly statement?: boolean | undefined;
  /** True where only the provider's other clusters can tell. */
  readonly fleet?: boolean | undefined;
  /** What the reader should do. */
  readonly nextStep: string;
}

/** One normative statement of a standard. */
export interface Requirement {
  /** Within its standard, e.g. `zone-label`; people grep for it. */
  readonly id: string;
  readonly level: Level;
  /** What is asked, in our own words, short: the heading of its row. */
  readonly title: string;
  /** The section of the standard, e.g. `#decision`. */
  readonly clause: string;
  /** What to do where it is broken. */
  readonly remediation: string;
  /** Upstream's official testcase that it counts for. */
  readonly testcase?: string | undefined;
  /** Best first. Empty where nothing that this program looks at can settle it. */
  readonly ladder: readonly Rung[];
  readonly settledBy?: SettledBy | undefined;
  /** Words whose line in a cluster's configuration file decides it, most specific first, e.g. `max-requests-inflight`. */
  readonly configuredBy?: readonly string[] | undefined;
}

/** One version of one standard. */
export interface Standard {
  /** e.g. `scs-0214-v2` */
  readonly id: string;
  readonly title: string;
  readonly category: Category;
  readonly url: string;
  /** `draft`, `stable` or `deprecated`; deprecated ones are judged only when asked for by name. */
  readonly status: 'draft' | 'stable' | 'deprecated';
  readonly requirements: readonly Requirement[];
}

/** Values of facts that an answer does without, or why they could not be had. */
export type BesideOf<F extends FactMap> = { readonly [K in keyof F]: ValuesOf<F>[K] | Unavailable };

const rung =
  (name: RungName) =>
  <F extends FactMap, B extends FactMap = FactMap>(
    facts: F,
    judge: (values: ValuesOf<F>, now: Date, beside: BesideOf<B>) => RungAnswer,
    beside?: B,
  ): Rung => ({
    rung: name,
    facts: Object.values(facts),
    ...(beside === undefined ? {} : { beside: Object.values(beside) }),
    answer: (collected, now) => {
      const valuesOf = (some: FactMap) => Object.entries(some).map(([key, fact]) => [key, factOf(collected, fact)] as const);
      const values = valuesOf(facts);
      const absent = values.map(([, value]) => value).filter(isUnavailable);
      return absent.length > 0
        ? absent
        : judge(Object.fromEntries(values) as ValuesOf<F>, now, Object.fromEntries(valuesOf(beside ?? {})) as BesideOf<B>);
    },
  });

/** Rung R: an object or endpoint states it. */
export const read = rung('read');
/** Rung B: the API server shows it, without storing anything. */
export const behave = rung('behave');
/** Rung A: short-lived objects of our own show it. Not part of a light run. */
export const act = rung('act');
/** Rung E: the upstream end-to-end tests show it, in a run of the tier heavy or in the files of an earlier one. */
export const e2e = rung('e2e');

/** Declares a standard; only for its types. */
export const defineStandard = (standard: Standard): Standard => standard;
