import * as z from 'zod/mini';
import type { Report } from './report.js';
import { schemaId } from './schema-id.js';
import { officialVerdicts } from './official.js';
import { levels, outcomes, categories, tiers, verdicts, type Frozen } from './outcome.js';

/** The version of the JSON report about several clusters. A new minor adds fields; a new major changes or removes some. */
export const fleetSchemaVersion = '2.0';

/** Where the JSON schema of this version is published. */
export const fleetSchemaId = schemaId(`fleet-${fleetSchemaVersion}`);

/** What stands in a cell of the table: an outcome, or that the report of that cluster does not hold the requirement. */
const fleetCells = [...outcomes, 'absent'] as const;
export type FleetCell = (typeof fleetCells)[number];

const cluster = z.object({
  /** Which report it is from: as much of the path as tells it from the others. */
  report: z.string(),
  name: z.string(),
  /** e.g. `kubeconfig`, `kind`, `snapshot`. */
  source: z.string(),
  version: z.string(),
  /** The UID of its namespace `kube-system`, where the report has it. */
  uid: z.optional(z.string()),
  verdict: z.enum(verdicts),
  /** What the report itself says, where that is something else. */
  instead: z.optional(z.enum(verdicts)),
  /** What keeps the report's own verdict from counting; empty where nothing does. */
  reasons: z.array(z.string()),
  /** What upstream's scope says; absent where the report does not hold it. */
  official: z.optional(z.object({ verdict: z.enum(officialVerdicts), message: z.string() })),
  /** Outcomes of the MUSTs of the certificate scope; a waived failure counts as a failure. */
  musts: z.record(z.enum(outcomes), z.number()),
  /** ISO 8601. */
  checkedAt: z.string(),
  ageHours: z.number(),
  tier: z.enum(tiers),
  tool: z.string(),
  /** Where outside knowledge came from, and how old it was then. */
  data: z.array(z.object({ label: z.string(), value: z.string() })),
});

const requirement = z.object({
  id: z.string(),
  title: z.string(),
  level: z.enum(levels),
  category: z.enum(categories),
  clause: z.string(),
  /** One for each cluster, in their order. */
  outcomes: z.array(z.enum(fleetCells)),
});

export const fleetSchema = z.object({
  $schema: z.literal(fleetSchemaId),
  schemaVersion: z.literal(fleetSchemaVersion),
  tool: z.object({ name: z.string(), version: z.string() }),
  /** The moment by which ages are counted, ISO 8601. */
  now: z.string(),
  verdict: z.enum(verdicts),
  headline: z.string(),
  /** What has to be known beside the table, e.g. that a cluster is there twice. */
  notes: z.array(z.string()),
  /** How many clusters there are, each once, and how many there have to be. */
  count: z.object({ clusters: z.number(), expected: z.number() }),
  /** Worst first. */
  clusters: z.array(cluster),
  /** Files that are no report which can be used; each keeps the whole from being compliant. */
  unusable: z.array(z.object({ report: z.string(), problems: z.array(z.string()) })),
  /** Of the certificate scope, worst first. */
  requirements: z.array(requirement),
});

/** What the reports of several clusters say together, sorted and counted; reporters only choose words and marks. */
export type Fleet = Frozen<z.infer<typeof fleetSchema>>;
export type FleetCluster = Fleet['clusters'][number];
export type FleetRequirement = Fleet['requirements'][number];

/** One cluster of the fleet. */
export interface FleetMember {
  readonly cluster: FleetCluster;
  /** As it was read. */
  readonly report: Report;
  /** With what only all reports together tell. */
  readonly judged: Report;
}

/** What the compliance monitor knows a report by. */
export interface Submission {
  /** Of one branch of the provider, e.g. `noris-1.36`. */
  readonly subject: string;
  /** A UUID, the same for every try to upload the same report for the same subject. */
  readonly runId: string;
}

/** What `merge` makes of the reports of several clusters. */
export interface MergedFleet {
  readonly fleet: Fleet;
  /** The provider's account at the compliance monitor, if it is named. */
  readonly provider?: string | undefined;
  /** In the order of the fleet's clusters; without a submission if the report does not name its branch of Kubernetes, or nobody the provider. */
  readonly members: readonly (FleetMember & { readonly submission?: Submission | undefined })[];
}
