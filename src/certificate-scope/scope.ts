import type { Lifetime, ScopeForm, Validity } from '../model/official.js';

/** One official testcase of a scope. */
export interface ScopeTestcase {
  readonly id: string;
  readonly lifetime: Lifetime;
  /** No script answers it: somebody looks at documents. */
  readonly manual: boolean;
}

/** That a version takes a testcase in, through which module (or group), and for which target. */
export interface Membership {
  readonly testcase: string;
  readonly module: string;
  /** `main` decides the verdict; others, such as `preview`, are shown. */
  readonly target: string;
}

export interface ScopeVersion {
  readonly name: string;
  readonly members: readonly Membership[];
}

/** From this day on these versions are valid, and no others. */
export interface TimelineEntry {
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly validity: ReadonlyMap<string, Validity>;
}

/** A certificate scope, whichever form its file has. */
export interface Scope {
  readonly form: ScopeForm;
  readonly uuid: string;
  readonly name: string;
  readonly url: string;
  readonly testcases: ReadonlyMap<string, ScopeTestcase>;
  /** In the file's order: the newest first. */
  readonly versions: readonly ScopeVersion[];
  readonly timeline: readonly TimelineEntry[];
}

/** A scope, or everything that is wrong with its file. */
export type Loaded = { readonly scope: Scope } | { readonly problems: readonly string[] };
