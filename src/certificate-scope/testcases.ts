import type { OfficialVerdict } from '../model/official.js';
import { listed, type RungName } from '../model/outcome.js';
import type { RequirementReport } from '../model/report.js';
import { officialOutcome } from '../model/statement.js';
import type { ScopeTestcase } from './scope.js';

/** What an official testcase follows from. */
export interface Derivation {
  /** Ids of our requirements; each of them counts, whatever its level. */
  readonly requirements: readonly string[];
  /** The only rung whose answer counts; any without. */
  readonly rung?: RungName | undefined;
  /** Somebody looks at documents: what it is about is shown, and answers nothing. */
  readonly manual?: boolean | undefined;
}

/**
 * The official testcases that requirements of ours settle. What is not here nobody can run: it is MISSING.
 * See docs/official-verdict.md; a parity test holds it and the standards together.
 */
export const derivations: ReadonlyMap<string, Derivation> = new Map<string, Derivation>([
  ['cncf-k8s-conformance', { requirements: ['scs-0201-v1/conformance'], rung: 'e2e' }],
  [
    'version-policy-check',
    // Upstream's script fails on a branch without support too, although the standard only recommends one.
    { requirements: ['scs-0210-v2/patch-recency', 'scs-0210-v2/critical-cve', 'scs-0210-v2/supported-branch'] },
  ],
  // Our own policy matrix never stands in for the upstream suite.
  ['kaas-networking-check', { requirements: ['scs-0219-v1/network-policy'], rung: 'e2e' }],
  [
    'node-distribution-check',
    {
      requirements: [
        ...['scs-0214-v2/zone-label', 'scs-0214-v2/region-label', 'scs-0214-v2/labels-current', 'scs-0214-v2/best-practices'],
        ...['scs-0214-v2/control-plane-hosts', 'scs-0214-v2/control-plane-zones', 'scs-0214-v2/worker-zones'],
      ],
      manual: true,
    },
  ],
]);

/** A verdict and why, in one sentence. */
export interface Derived {
  readonly verdict: OfficialVerdict;
  readonly message: string;
  /** Ids of the requirements that it follows from. */
  readonly requirements: readonly string[];
  /** When its requirements were looked at, where that was earlier than this run: the earliest, since the oldest expires first. */
  readonly checkedAt?: string | undefined;
}

/** Worst first: what upstream's evaluation lets win. */
const precedence = ['FAIL', 'MISSING', 'ABORT', 'PASS'] as const satisfies readonly OfficialVerdict[];

/** The verdict of several: the worst of them, and MISSING where there is none. Upstream's own evaluation calls nothing a PASS. */
export const worstVerdict = (verdicts: readonly OfficialVerdict[]): OfficialVerdict =>
  verdicts.length === 0 ? 'MISSING' : (precedence.find((one) => verdicts.includes(one)) ?? 'MISSING');

const testcaseVerdict = (r: RequirementReport, rung: RungName | undefined): OfficialVerdict | 'none' => {
  const outcome = officialOutcome(r);
  switch (outcome) {
    case 'pass':
    case 'fail':
      // What SCS's own test says is about its own evidence already.
      if (rung !== undefined && r.official === undefined && r.rung !== rung) return 'MISSING';
      return outcome === 'pass' ? 'PASS' : 'FAIL';
    case 'abort':
      return 'ABORT';
    case 'missing':
    case 'declared':
    case 'waived':
      return 'MISSING';
    case 'not-applicable':
      return 'none';
  }
};

const words: Readonly<Record<OfficialVerdict, string>> = {
  PASS: 'passed',
  FAIL: 'failed',
  ABORT: 'not determined',
  MISSING: 'not looked at',
};

/** A moment out of a file of results may be any text. */
const earliest = (requirements: readonly RequirementReport[]): string | undefined =>
  requirements
    .flatMap((r) => {
      const at = new Date((r.official ?? r).checkedAt ?? '');
      return Number.isNaN(at.getTime()) ? [] : [at.toISOString()];
    })
    .toSorted()[0];

/** A requirement by its id, with what upstream's own settings say where the run had others. */
const withReason = ({ id, official }: RequirementReport): string => (official === undefined ? id : `${id} (${official.message})`);

/**
 * The official verdict of one testcase.
 * @param requirements of the report
 */
export const deriveTestcase = (testcase: ScopeTestcase, requirements: readonly RequirementReport[]): Derived => {
  const derivation = derivations.get(testcase.id);
  if (derivation === undefined && !testcase.manual)
    return { verdict: 'MISSING', message: 'this program has no evidence for it; run upstream’s own script', requirements: [] };
  if (derivation === undefined || derivation.manual === true || testcase.manual)
    return {
      verdict: 'MISSING',
      message: 'a manual check: the assessment body looks at documents',
      requirements: derivation?.requirements ?? [],
    };
  const judged = derivation.requirements.map((id) => {
    const requirement = requirements.find((r) => r.id === id);
    return requirement === undefined
      ? { name: id, verdict: 'MISSING' as const }
      : { name: withReason(requirement), verdict: testcaseVerdict(requirement, derivation.rung) };
  });
  const verdict = worstVerdict(judged.flatMap((one) => (one.verdict === 'none' ? [] : [one.verdict])));
  const checkedAt = earliest(requirements.filter((r) => derivation.requirements.includes(r.id)));
  const deciding = judged.filter((one) => one.verdict === verdict).map((one) => one.name);
  return {
    verdict,
    message: deciding.length === 0 ? 'none of its requirements applies here' : `${words[verdict]}: ${listed(deciding)}`,
    requirements: derivation.requirements,
    checkedAt,
  };
};
