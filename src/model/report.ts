import * as z from 'zod/mini';
import { permissionRoles } from './fact.js';
import { schemaId } from './schema-id.js';
import { lifetimes, officialVerdicts, scopeForms, validities } from './official.js';
import { appliedSchema } from './statement.js';
import {
  byUpstreamSchema,
  evidenceSchema,
  findingsSchema,
  fleetShareSchema,
  gridSchema,
  levels,
  outcomes,
  rungs,
  categories,
  tableSchema,
  tiers,
  verdicts,
  type Frozen,
} from './outcome.js';

/** The version of the JSON report. A new minor adds fields; a new major changes or removes some. */
export const reportSchemaVersion = '2.0';

/** Where the JSON schema of this version is published. */
export const reportSchemaId = schemaId(`report-${reportSchemaVersion}`);

/** How loud a requirement is announced; `none` is never annotated. */
export const severities = ['error', 'warning', 'notice', 'none'] as const;
export type Severity = (typeof severities)[number];

const counts = z.record(z.enum(outcomes), z.number());
/** How many requirements have each outcome. */
const countsByCategory = z.object({ certificate: counts, informative: counts, all: counts });
const row = z.object({ label: z.string(), value: z.string() });

const permission = z.object({
  /** e.g. `list nodes` or `get /metrics` */
  text: z.string(),
  role: z.enum(permissionRoles),
  why: z.string(),
  /** Ids of the requirements that it would settle. */
  requirements: z.array(z.string()),
});

const requirement = z.object({
  /** As in the catalogue, e.g. `scs-0214-v2/zone-label`. */
  id: z.string(),
  standard: z.string(),
  title: z.string(),
  level: z.enum(levels),
  category: z.enum(categories),
  outcome: z.enum(outcomes),
  message: z.string(),
  evidence: z.array(evidenceSchema),
  /** How many further pieces of evidence there were than are listed. */
  evidenceOmitted: z.number(),
  /** Much evidence at a glance, e.g. the cells of the policy matrix. */
  grid: z.optional(gridSchema),
  /** Much evidence in full. */
  table: z.optional(tableSchema),
  /** What was found wrong one by one, e.g. failed tests. */
  findings: z.optional(findingsSchema),
  /** What this cluster adds to an answer that only all clusters of a provider give together. */
  fleet: z.optional(fleetShareSchema),
  /** The rung of the evidence ladder that answered; absent where none did. */
  rung: z.optional(z.enum(rungs)),
  clause: z.string(),
  remediation: z.string(),
  /** What the reader should do to get another outcome; absent if there is nothing to do. */
  nextStep: z.optional(z.string()),
  testcase: z.optional(z.string()),
  severity: z.enum(severities),
  /** What will turn a pass into a fail soon. */
  expiresSoon: z.optional(z.string()),
  /** When it was looked at, where that was earlier than this run. */
  checkedAt: z.optional(z.string()),
  /** The line of a file in the repository that decides it, where one was given. */
  location: z.optional(z.object({ file: z.string(), line: z.number() })),
  /** Who declared or waived it, until when, and what it would be otherwise. */
  statement: z.optional(appliedSchema),
  /** What the same results say by upstream's own settings, where those of the run are others: the official verdict follows from it. */
  official: z.optional(byUpstreamSchema),
});

const standard = z.object({
  id: z.string(),
  title: z.string(),
  category: z.enum(categories),
  status: z.enum(['draft', 'stable', 'deprecated']),
  url: z.string(),
  counts,
  /** Ids of its requirements, in the catalogue's order. */
  requirements: z.array(z.string()),
});

const official = z.object({
  scope: z.object({ name: z.string(), uuid: z.string(), url: z.string(), form: z.enum(scopeForms), source: z.string() }),
  /** `YYYY-MM-DD`: the day on which it is looked up what counts. */
  date: z.string(),
  /** The version that decides; absent where none is in effect on that day. */
  version: z.optional(z.string()),
  verdict: z.enum(officialVerdicts),
  message: z.string(),
  /** Every version that the timeline lists on that day. */
  versions: z.array(z.object({ version: z.string(), validity: z.enum(validities), verdict: z.enum(officialVerdicts) })),
  testcases: z.array(
    z.object({
      id: z.string(),
      module: z.string(),
      target: z.string(),
      /** Whether the verdict depends on it. */
      counts: z.boolean(),
      verdict: z.enum(officialVerdicts),
      message: z.string(),
      /** Ids of the requirements that it follows from. */
      requirements: z.array(z.string()),
      /** When that was looked at, where it was earlier than this run: the earliest of its requirements. */
      checkedAt: z.optional(z.string()),
      lifetime: z.enum(lifetimes),
      /** The day from which on its result does not count any more; absent where there is none. */
      expires: z.optional(z.string()),
    }),
  ),
});

export const reportSchema = z.object({
  $schema: z.literal(reportSchemaId),
  schemaVersion: z.literal(reportSchemaVersion),
  tool: z.object({ name: z.string(), version: z.string() }),
  /** The moment at which everything was judged, ISO 8601. */
  now: z.string(),
  /** When the cluster was looked at, ISO 8601, whatever moment is judged by. */
  checkedAt: z.optional(z.string()),
  tier: z.enum(tiers),
  verdict: z.enum(verdicts),
  /** The first line of every report: the verdict, and how much was looked at. */
  headline: z.string(),
  /** What upstream's scope says, beside our verdict and never in its place. */
  official: z.optional(official),
  /** What keeps an incomplete run from a verdict; ids of requirements. */
  lacking: z.array(z.string()),
  /** Sentences that every report shows beside the verdict, e.g. that kind certifies nothing about a provider. */
  caveats: z.array(z.string()),
  /** Why no report for the compliance monitor is written, in words that go on after "is about"; absent where one may be. */
  notForMonitor: z.optional(z.string()),
  cluster: z.object({
    name: z.string(),
    /** e.g. `kubeconfig`, `kind`, `snapshot`. */
    source: z.string(),
    /** e.g. the context, or when a snapshot was recorded. */
    sourceDetail: z.string(),
    version: z.string(),
    /** The UID of its namespace `kube-system`, by which it is known, where that was seen. */
    uid: z.optional(z.string()),
    /** Shown without a level: CNI, address families and the like. */
    about: z.array(row),
  }),
  /** Where outside knowledge came from, and how old it is. */
  data: z.array(row),
  counts: countsByCategory,
  /** Requirements whose facts were looked at (not `missing`), and all. */
  lookedAt: z.object({ done: z.number(), all: z.number() }),
  standards: z.array(standard),
  requirements: z.array(requirement),
  /** Ids of everything that is to be announced, most severe first. */
  announced: z.array(z.string()),
  missingPermissions: z.array(permission),
  /** A manifest that grants the missing permissions; absent where none is missing. */
  missingPermissionsManifest: z.optional(z.string()),
});

/** Everything that a run says, sorted and counted; reporters only choose words and marks. */
export type Report = Frozen<z.infer<typeof reportSchema>>;
export type RequirementReport = Report['requirements'][number];
export type StandardReport = Report['standards'][number];
export type OfficialReport = NonNullable<Report['official']>;

/** One requirement of the report by its id. Reporters follow lists of ids with it. */
export const requirementOf = (report: Report, id: string): RequirementReport => {
  const found = report.requirements.find((r) => r.id === id);
  if (found === undefined) throw new Error(`the report lists ${id} and does not hold it`);
  return found;
};
