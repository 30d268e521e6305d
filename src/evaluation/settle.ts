import { factOf, isRefusal, isUnavailable, type Fact, type Facts, type Permission } from '../model/fact.js';
import { expiredBecause, expiredOn } from '../model/lifetime.js';
import type { Lifetime } from '../model/official.js';
import {
  climbs,
  joined,
  type ByUpstream,
  type Evidence,
  type Judgement,
  type Outcome,
  type RungName,
  type Tier,
} from '../model/outcome.js';
import { permissionKey, permissionText } from '../model/permission.js';
import type { Requirement, Rung } from '../model/requirement.js';
import type { Applied } from '../model/statement.js';

/** What settling takes beside the facts. */
export interface SettleContext {
  readonly now: Date;
  /** Why nothing that depends on the time can be judged: a sentence; absent where nothing speaks against the clock. */
  readonly timeDoubt?: string | undefined;
  readonly tier: Tier;
  /** How long results count by the scope that is certified against, by the id of its testcase; none without a scope. */
  readonly lifetimes?: ReadonlyMap<string, Lifetime> | undefined;
  /** Keys of the permissions that the access reviews refused; see `permissionKey`. */
  readonly refused: ReadonlySet<string>;
}

/** What became of one requirement, before any statement. */
export interface Settled extends Omit<Judgement, 'outcome'> {
  readonly outcome: Outcome;
  readonly rung?: RungName | undefined;
  readonly statement?: Applied | undefined;
}

/** The permissions that would have made a fact available: those known to be refused, or all of it where that is unknown. */
export const wanted = (fact: Fact<unknown>, refused: ReadonlySet<string>): readonly Permission[] => {
  const known = fact.permissions.filter((p) => refused.has(permissionKey(p)));
  return known.length > 0 ? known : fact.permissions;
};

/** One sentence for each fact of the rung that could not be had: a fact of several rungs is named once. */
const absence = (rung: Rung, facts: Facts, refused: ReadonlySet<string>): readonly string[] =>
  rung.facts.flatMap((fact) => {
    const value = factOf(facts, fact);
    if (!isUnavailable(value)) return [];
    const grant = isRefusal(value) ? wanted(fact, refused).map(permissionText) : [];
    return [`${fact.name}: ${value.detail}${grant.length > 0 ? `; grant ${grant.join(', ')}` : ''}`];
  });

/** Whether all that an end-to-end rung takes is there in a run of a lower tier: results of an earlier run in a file. */
const isGiven = ({ rung, facts: taken }: Rung, facts: Facts): boolean =>
  rung === 'e2e' && taken.every(({ name }) => Object.hasOwn(facts, name));

/** What a row without an answer lacks. */
const missingBecause = (requirement: Requirement, agreeing: readonly string[], elsewhere: readonly string[]): string => {
  const how = requirement.settledBy?.nextStep ?? 'no evidence is known';
  return agreeing.length > 0 ? joined([...agreeing, ...elsewhere, how]) : `not looked at in this run: ${joined([...elsewhere, how])}`;
};

/** Climbs down the rungs that the run's tier looks at, and stops at the first that answers. The only place where an absent fact becomes `abort`. */
const settle = (requirement: Requirement, facts: Facts, context: SettleContext): Settled => {
  const [open, elsewhere, agreeing]: [string[], string[], string[]] = [[], [], []];
  const seen: Evidence[] = [];
  let pictures: Pick<Settled, 'grid' | 'table'> = {};
  for (const rung of requirement.ladder.filter((r) => climbs(context.tier, r.rung) || isGiven(r, facts))) {
    const answer = rung.answer(facts, context.now);
    if (!('outcome' in answer)) {
      open.push(...absence(rung, facts, context.refused));
      continue;
    }
    switch (answer.outcome) {
      case 'undecided':
      case 'insufficient': {
        const { message, evidence, outcome, ...rest } = answer;
        (outcome === 'undecided' ? open : agreeing).push(message);
        seen.push(...evidence);
        pictures = { ...pictures, ...rest };
        break;
      }
      case 'unrelated':
        elsewhere.push(answer.message);
        break;
      case 'pass':
      case 'fail':
      case 'abort':
      case 'not-applicable':
        return { ...pictures, ...answer, evidence: [...answer.evidence, ...seen], rung: rung.rung };
    }
  }
  if (open.length > 0) return { ...pictures, outcome: 'abort', message: joined([...new Set([...open, ...agreeing])]), evidence: seen };
  return { ...pictures, outcome: 'missing', message: missingBecause(requirement, agreeing, elsewhere), evidence: seen };
};

/**
 * A pass of earlier results is no older than the scope lets it be, though the row's own rule would count it for longer; and what SCS makes of
 * results whose time is over is as if they were not there.
 */
const withinLifetime = (requirement: Requirement, settled: Settled, { lifetimes, now }: SettleContext): Settled => {
  const lifetime = lifetimes?.get(requirement.testcase ?? '');
  const over = (until: string): ByUpstream => ({ outcome: 'missing', message: expiredBecause(until) });
  const { official, checkedAt, outcome, message, evidence, rung, findings } = settled;
  const decided = official?.outcome === 'pass' || official?.outcome === 'fail';
  const officialEnd = decided ? expiredOn(official.checkedAt, lifetime, now) : undefined;
  const byScs = officialEnd === undefined ? official : over(officialEnd);
  const end = outcome === 'pass' ? expiredOn(checkedAt, lifetime, now) : undefined;
  if (end === undefined) return byScs === official ? settled : { ...settled, official: byScs };
  return {
    outcome: 'abort',
    message: `too old for the scope that is certified against: ${message}; the tests ended at ${checkedAt ?? ''}, and counted until ${end}`,
    evidence,
    official: byScs ?? over(end),
    rung,
    findings,
  };
};

const day = 86_400_000;
/** Days by which the moment is moved: every span that a standard knows, from a day to ten years, lies between two of them. */
const shifts = [2, 5, 10, 20, 40, 100, 200, 400, 1_000, 4_000].flatMap((days) => [-days, days]);

const settleWithin = (requirement: Requirement, facts: Facts, context: SettleContext): Settled =>
  withinLifetime(requirement, settle(requirement, facts, context), context);

/** As `settle`; where the time is in doubt, what comes out otherwise at another time is not judged. */
export const settleInTime = (requirement: Requirement, facts: Facts, context: SettleContext): Settled => {
  const alone = settleWithin(requirement, facts, context);
  if (context.timeDoubt === undefined || alone.outcome === 'abort' || alone.outcome === 'missing') return alone;
  const at = (days: number): Date => new Date(context.now.getTime() + days * day);
  const depends = shifts.some((days) => settleWithin(requirement, facts, { ...context, now: at(days) }).outcome !== alone.outcome);
  return depends
    ? { outcome: 'abort', message: `${context.timeDoubt} This requirement depends on the time.`, evidence: alone.evidence }
    : alone;
};
