import * as z from 'zod/mini';
import { expiryOf, remaining } from '../model/lifetime.js';
import { lifetimes, type Lifetime, type OfficialVerdict } from '../model/official.js';
import { clip, plainText } from '../text/escape.js';
import { jsonOf } from '../text/shape.js';
import type { ReportDocument } from './documents.js';

/** How a testcase stands at the monitor. */
interface Standing {
  readonly verdict: OfficialVerdict;
  /** As the reports have it: `YYYY-MM-DD HH:MM:SS`, perhaps with a fraction; UTC. */
  readonly checkedAt: string;
  readonly report: string;
  readonly lifetime: Lifetime;
}

/** What the monitor says of one subject and scope. */
export interface Standings {
  readonly subject: string;
  readonly verdict: OfficialVerdict;
  readonly testcases: ReadonlyMap<string, Standing>;
}

const result = z.nullish(z.number());
const scopeSchema = z.object({
  result,
  results: z.record(z.string(), z.object({ result, checked_at: z.string(), report: z.nullish(z.string()) })),
  testcases: z.optional(z.record(z.string(), z.object({ lifetime: z.nullish(z.string()) }))),
});
const schema = z.record(z.string(), z.record(z.string(), scopeSchema));

/** From the number alone: the words beside it call an abort passed, too. Numbers that upstream does not define count there by their sign. */
const toOfficialVerdict = (value: number | null | undefined): OfficialVerdict => {
  if (value === null || value === undefined) return 'MISSING';
  if (value === 0) return 'ABORT';
  return value > 0 ? 'PASS' : 'FAIL';
};

/** Upstream's default is a week. */
const lifetimeOf = (name: string | null | undefined): Lifetime => lifetimes.find((known) => known === name) ?? 'week';

const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined => (Object.hasOwn(record, key) ? record[key] : undefined);

/**
 * Reads the answer to `GET /status`.
 * @returns undefined where it is none; for a subject or a scope that the monitor does not know, nothing is there
 */
export const parseStatus = (text: string, subject: string, scope: string): Standings | undefined => {
  const body = jsonOf(text, schema);
  if (body === undefined) return undefined;
  const found = own(own(body, subject) ?? {}, scope);
  if (found === undefined) return { subject, verdict: 'MISSING', testcases: new Map() };
  const shown = (value: string, most: number): string => clip(plainText(value), most);
  const testcases = Object.entries(found.results).map(([id, one]) => {
    const standing: Standing = {
      verdict: toOfficialVerdict(one.result),
      checkedAt: shown(one.checked_at.replace('T', ' '), 40),
      report: shown((one.report ?? '').toLowerCase(), 60),
      lifetime: lifetimeOf(own(found.testcases ?? {}, id)?.lifetime),
    };
    return [shown(id, 100), standing] as const;
  });
  return { subject, verdict: toOfficialVerdict(found.result), testcases: new Map(testcases) };
};

/** Whether what was uploaded is what counts, and what it was before. */
export interface Effect {
  readonly id: string;
  readonly verdict: OfficialVerdict;
  readonly counts: boolean;
  /** A sentence's part: what it replaces, or why it does not count. */
  readonly note: string;
}

/** What has come of a document, by what the monitor says afterwards: the only proof that something counts. */
export const effectOf = (document: ReportDocument, after: Standings): readonly Effect[] =>
  document.testcases.map(({ id, verdict }) => {
    const there = after.testcases.get(id);
    if (there === undefined) {
      const note = 'the monitor shows no result: it does not know the scope or the testcase, or the result is too old';
      return { id, verdict, counts: false, note };
    }
    if (there.report === document.uuid) {
      const note = there.verdict === verdict ? '' : `another report with the same id is there: ${there.verdict}`;
      return { id, verdict, counts: note === '', note };
    }
    // Results of one end-to-end run are uploaded with each run that judges by them.
    if (there.checkedAt === document.checkedAt && there.verdict === verdict)
      return { id, verdict, counts: true, note: 'uploaded before, of the same moment' };
    const later =
      there.checkedAt > document.checkedAt ? ', which is newer' : there.checkedAt === document.checkedAt ? ', of the same moment' : '';
    return { id, verdict, counts: false, note: `${there.verdict} of ${there.checkedAt.slice(0, 19)} counts instead${later}` };
  });

/**
 * What will stop to count soon, or has, by what the monitor says.
 * @param today `YYYY-MM-DD`
 */
export const remindersOf = ({ testcases }: Standings, today: string): readonly string[] =>
  [...testcases].flatMap(([id, { verdict, checkedAt, lifetime }]) => {
    const day = checkedAt.slice(0, 10);
    const at = new Date(`${day}T00:00:00Z`);
    if (verdict !== 'PASS' || Number.isNaN(at.getTime())) return [];
    const soon = remaining(expiryOf(at, lifetime), lifetime, today);
    return soon === undefined ? [] : [`${id}: its PASS of ${day} ${soon}`];
  });
