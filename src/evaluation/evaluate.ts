import { factOf, isRefusal, isUnavailable, type Fact, type Facts, type Permission } from '../model/fact.js';
import { countOutcomes, tiers, type Findings, type Outcome, type Tier } from '../model/outcome.js';
import { permissionKey, permissionText } from '../model/permission.js';
import { reportSchemaId, reportSchemaVersion, severities, type Report, type RequirementReport, type Severity } from '../model/report.js';
import type { Requirement, Standard } from '../model/requirement.js';
import { withStatement, type Statement } from '../model/statement.js';
import { countsOf, headlineOf, lackingOf, mustsOf, verdictOf } from '../model/verdict.js';
import { settleInTime, wanted, type SettleContext, type Settled } from './settle.js';

/** What the evaluation takes beside the standards and the facts. */
export interface Context extends SettleContext {
  /** When the cluster was looked at, ISO 8601; the moment to judge by without. */
  readonly checkedAt?: string | undefined;
  readonly tool: Report['tool'];
  readonly cluster: Report['cluster'];
  readonly caveats: readonly string[];
  /** What the first line has to say beside the verdict, e.g. that the facts are a recording; none for a live cluster. */
  readonly note?: string | undefined;
  readonly data: Report['data'];
  /** Ids of standards of the certificate scope that are in force and not judged in this run: without them nothing is proved. */
  readonly deselected: readonly string[];
  /** Those in force, at most one for each requirement. */
  readonly statements?: readonly Statement[] | undefined;
  /** The line of the user's own file that decides a requirement, where one was given. */
  readonly locate: (requirement: Requirement) => RequirementReport['location'];
  /** The manifest that grants permissions. */
  readonly manifest: (permissions: readonly Permission[]) => string;
}

/** A report stays readable, and bounded, on clusters of any size. */
const maxEvidence = 50;
const maxFindings = { counting: 200, tolerated: 100 } as const;

const cutFindings = ({ list, omitted, ...rest }: Findings): Findings => {
  const counting = list.filter(({ tolerated }) => tolerated === undefined);
  const tolerated = list.filter((finding) => finding.tolerated !== undefined);
  return {
    ...rest,
    list: [...counting.slice(0, maxFindings.counting), ...tolerated.slice(0, maxFindings.tolerated)],
    omitted: omitted + Math.max(0, counting.length - maxFindings.counting),
  };
};

const severityOf = (r: { category: string; level: string; outcome: Outcome; expiresSoon?: string | undefined }): Severity => {
  switch (r.outcome) {
    case 'fail':
      if (r.level === 'MUST') return r.category === 'certificate' ? 'error' : 'warning';
      return r.level === 'SHOULD' && r.category === 'certificate' ? 'warning' : 'notice';
    case 'abort':
      return r.category === 'certificate' ? 'warning' : 'notice';
    case 'pass':
      return r.expiresSoon === undefined ? 'none' : 'notice';
    case 'missing':
    case 'declared':
    case 'waived':
    case 'not-applicable':
      return 'none';
  }
};

/** Whether what settles an open requirement is something else than the tier of this run, which has just tried. */
const settledElsewhere = ({ settledBy }: Requirement, tier: Tier): boolean =>
  settledBy?.tier === undefined ||
  settledBy.statement === true ||
  settledBy.fleet === true ||
  tiers.indexOf(settledBy.tier) > tiers.indexOf(tier);

/** What the reader should do to get another outcome. */
const nextStepOf = (requirement: Requirement, { outcome, expiresSoon }: Settled, tier: Tier): string | undefined => {
  switch (outcome) {
    case 'fail':
    case 'waived':
      return requirement.remediation;
    case 'missing':
      return requirement.settledBy?.nextStep;
    case 'abort':
      return settledElsewhere(requirement, tier) ? requirement.settledBy?.nextStep : undefined;
    case 'pass':
      return expiresSoon === undefined ? undefined : requirement.remediation;
    case 'declared':
    case 'not-applicable':
      return undefined;
  }
};

const toReport = (standard: Standard, requirement: Requirement, facts: Facts, context: Context): RequirementReport => {
  const id = `${standard.id}/${requirement.id}`;
  const statement = context.statements?.find((s) => s.requirement === id);
  const settled = withStatement(settleInTime(requirement, facts, context), statement, requirement.settledBy?.statement === true);
  const location = context.locate(requirement);
  return {
    id,
    standard: standard.id,
    title: requirement.title,
    level: requirement.level,
    category: standard.category,
    outcome: settled.outcome,
    message: settled.message,
    evidence: settled.evidence.slice(0, maxEvidence),
    evidenceOmitted: Math.max(0, settled.evidence.length - maxEvidence),
    grid: settled.grid,
    table: settled.table,
    findings: settled.findings && cutFindings(settled.findings),
    fleet: settled.fleet,
    rung: settled.rung,
    clause: `${standard.url}${requirement.clause}`,
    remediation: requirement.remediation,
    nextStep: nextStepOf(requirement, settled, context.tier),
    testcase: requirement.testcase,
    severity: severityOf({ ...settled, category: standard.category, level: requirement.level }),
    expiresSoon: settled.expiresSoon,
    checkedAt: settled.checkedAt,
    location,
    statement: settled.statement,
    official: settled.official,
  };
};

/** The permissions without which a fact, or a part of it, was refused. */
const lackingFor = (fact: Fact<unknown>, facts: Facts, refused: ReadonlySet<string>): readonly Permission[] => {
  const value = factOf(facts, fact);
  if (!isUnavailable(value)) return fact.lacking?.(value) ?? [];
  return isRefusal(value) ? wanted(fact, refused) : [];
};

const missingPermissions = (standards: readonly Standard[], facts: Facts, refused: ReadonlySet<string>) => {
  const missing = new Map<string, { permission: Permission; requirements: string[] }>();
  for (const standard of standards)
    for (const requirement of standard.requirements)
      for (const fact of requirement.ladder.flatMap((rung) => rung.facts))
        for (const permission of lackingFor(fact, facts, refused)) {
          const entry = missing.get(permissionKey(permission)) ?? { permission, requirements: [] };
          const id = `${standard.id}/${requirement.id}`;
          if (!entry.requirements.includes(id)) entry.requirements.push(id);
          missing.set(permissionKey(permission), entry);
        }
  return [...missing.values()];
};

/**
 * Judges every requirement of the standards by the facts.
 * @param standards to judge, in the report's order
 * @param facts collected or replayed; an absent or unavailable one never passes anything
 * @returns the report: sorted, counted, with its verdict. The same arguments give the same report.
 */
export const evaluate = (standards: readonly Standard[], facts: Facts, context: Context): Report => {
  const requirements = standards.flatMap((s) => s.requirements.map((r) => toReport(s, r, facts, context)));
  const musts = mustsOf(requirements);
  const verdict = verdictOf(musts, context.deselected);
  const missing = missingPermissions(standards, facts, context.refused);
  return {
    $schema: reportSchemaId,
    schemaVersion: reportSchemaVersion,
    tool: context.tool,
    now: context.now.toISOString(),
    checkedAt: context.checkedAt ?? context.now.toISOString(),
    tier: context.tier,
    verdict,
    headline: headlineOf(verdict, musts, requirements, context),
    lacking: verdict === 'compliant' ? [] : lackingOf(musts).map((r) => r.id),
    caveats: context.caveats,
    cluster: context.cluster,
    data: context.data,
    counts: countsOf(requirements),
    lookedAt: { done: requirements.filter((r) => r.outcome !== 'missing').length, all: requirements.length },
    standards: standards.map((s) => {
      const own = requirements.filter((r) => r.standard === s.id);
      return {
        id: s.id,
        title: s.title,
        category: s.category,
        status: s.status,
        url: s.url,
        counts: countOutcomes(own.map(({ outcome }) => outcome)),
        requirements: own.map((r) => r.id),
      };
    }),
    requirements,
    announced: severities.filter((s) => s !== 'none').flatMap((s) => requirements.filter((r) => r.severity === s).map((r) => r.id)),
    missingPermissions: missing.map(({ permission, requirements: ids }) => ({
      text: permissionText(permission),
      role: permission.role,
      why: permission.why,
      requirements: ids,
    })),
    missingPermissionsManifest: missing.length === 0 ? undefined : context.manifest(missing.map((m) => m.permission)),
  };
};
