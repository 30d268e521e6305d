/** What upstream says of a testcase or of a scope. A testcase that nobody could run is MISSING. */
export const officialVerdicts = ['PASS', 'FAIL', 'ABORT', 'MISSING'] as const;
export type OfficialVerdict = (typeof officialVerdicts)[number];

/** How long a result counts: upstream's periods. */
export const lifetimes = ['day', 'week', 'month', 'quarter', 'year'] as const;
export type Lifetime = (typeof lifetimes)[number];

/** What a version of a scope is on a date. `warn` counts, and ends soon; neither `draft` nor `deprecated` can be certified against. */
export const validities = ['effective', 'warn', 'draft', 'deprecated'] as const;
export type Validity = (typeof validities)[number];

/** The two forms of upstream's scope file: as it is (`modules`), and the reworked one (`groups`). The form of the report follows from it. */
export const scopeForms = ['modules', 'groups'] as const;
export type ScopeForm = (typeof scopeForms)[number];
