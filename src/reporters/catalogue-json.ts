import * as z from 'zod/mini';
import { permissionRoles } from '../model/fact.js';
import { categories, climbs, levels, rungs, tiers, type RungName, type Tier } from '../model/outcome.js';
import { permissionText } from '../model/permission.js';
import type { Requirement, Rung, Standard } from '../model/requirement.js';
import { schemaId } from '../model/schema-id.js';
import { inertJson, jsonSchemaOf } from './json.js';

/** The version of the JSON of the catalogue; a field that goes or changes its meaning is a new major version. */
export const catalogueSchemaVersion = '1.0';

const permissionSchema = z.object({
  /** The role that holds it. */
  role: z.enum(permissionRoles),
  /** In words, e.g. `list nodes`. */
  permission: z.string(),
  why: z.string(),
});

const rungSchema = z.object({
  rung: z.enum(rungs),
  /** The first tier that has this evidence. */
  tier: z.enum(tiers),
  facts: z.array(z.string()),
  permissions: z.array(permissionSchema),
});

const requirementSchema = z.object({
  /** With the standard, e.g. `scs-0214-v2/zone-label`. */
  id: z.string(),
  level: z.enum(levels),
  title: z.string(),
  /** The address of the clause. */
  clause: z.string(),
  /** SCS's testcase that it counts for. */
  testcase: z.optional(z.string()),
  /** The evidence, best first. */
  rungs: z.array(rungSchema),
  /** The tiers that have evidence for it. */
  tiers: z.array(z.enum(tiers)),
  /** What settles it if no evidence does. */
  settledBy: z.optional(z.object({ statement: z.boolean(), fleet: z.boolean(), nextStep: z.string() })),
  remediation: z.string(),
});

const catalogueSchema = z.array(
  z.object({
    id: z.string(),
    title: z.string(),
    category: z.enum(categories),
    status: z.enum(['draft', 'stable', 'deprecated']),
    url: z.string(),
    requirements: z.array(requirementSchema),
  }),
);

type CatalogueRequirement = z.infer<typeof requirementSchema>;

const tierOf = (rung: RungName): Tier => tiers.find((tier) => climbs(tier, rung)) ?? 'heavy';

const rungJson = ({ rung, facts }: Rung): z.infer<typeof rungSchema> => {
  const permissions = facts.flatMap((fact) => fact.permissions);
  return {
    rung,
    tier: tierOf(rung),
    facts: facts.map((fact) => fact.name),
    permissions: [
      ...new Map(
        permissions.map((p) => [`${p.role} ${permissionText(p)}`, { role: p.role, permission: permissionText(p), why: p.why }]),
      ).values(),
    ],
  };
};

const requirementJson = (standard: Standard, r: Requirement): CatalogueRequirement => {
  const { settledBy } = r;
  return {
    id: `${standard.id}/${r.id}`,
    level: r.level,
    title: r.title,
    clause: `${standard.url}${r.clause}`,
    testcase: r.testcase,
    rungs: r.ladder.map(rungJson),
    tiers: tiers.filter((tier) => tier === settledBy?.tier || r.ladder.some(({ rung }) => tierOf(rung) === tier)),
    settledBy: settledBy && {
      statement: settledBy.statement === true,
      fleet: settledBy.fleet === true,
      nextStep: settledBy.nextStep,
    },
    remediation: r.remediation,
  };
};

/** Standards with their requirements as JSON, as `catalogueJsonSchema` describes it. */
export const catalogueJson = (standards: readonly Standard[]): string =>
  inertJson(
    catalogueSchema.parse(
      standards.map((standard) => ({
        id: standard.id,
        title: standard.title,
        category: standard.category,
        status: standard.status,
        url: standard.url,
        requirements: standard.requirements.map((r) => requirementJson(standard, r)),
      })),
    ),
  );

/** The JSON schema of the catalogue. */
export const catalogueJsonSchema = (): Readonly<Record<string, unknown>> =>
  jsonSchemaOf(
    catalogueSchema,
    schemaId(`catalogue-${catalogueSchemaVersion}`),
    `scs-kaas catalogue ${catalogueSchemaVersion}`,
    'The standards that scs-kaas knows, and each requirement with its evidence.',
  );
