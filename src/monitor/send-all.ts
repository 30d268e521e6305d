import type { OfficialVerdict } from '../model/official.js';
import type { Monitor, Posted } from './client.js';
import type { ReportDocument } from './documents.js';
import { beforeOf, effectOf, remindersOf, type Effect, type Standings } from './status.js';

/** What can come of handing in; of several documents the first of these that is so of one of them stands for all. */
export const handInStatuses = ['refused', 'unknown', 'not-sent', 'stored', 'counted', 'dry-run'] as const;
export type HandInStatus = (typeof handInStatuses)[number];

export interface DocumentOutcome {
  readonly uuid: string;
  readonly subject: string;
  readonly checkedAt: string;
  readonly status: HandInStatus;
  readonly because: string;
  readonly todo: string;
  readonly effects: readonly Effect[];
}

/** What the monitor says of a subject and a scope. */
export interface Verdict {
  readonly subject: string;
  readonly verdict: OfficialVerdict;
}

export interface Sent {
  readonly documents: readonly DocumentOutcome[];
  /** Where something was stored. */
  readonly verdicts: readonly Verdict[];
  readonly reminders: readonly string[];
}

type Asked = Standings | { readonly problem: string };
const isStandings = (answer: Asked | undefined): answer is Standings => answer !== undefined && 'testcases' in answer;

const keyOf = ({ subject, scope }: ReportDocument): string => `${subject} ${scope}`;

/** What the monitor says of every subject and scope of the documents. */
const askAll = async (documents: readonly ReportDocument[], monitor: Monitor, patient: boolean): Promise<ReadonlyMap<string, Asked>> => {
  const pages = new Map(documents.map((document) => [keyOf(document), document] as const));
  return new Map(
    await Promise.all([...pages].map(async ([key, { subject, scope }]) => [key, await monitor.status(subject, scope, patient)] as const)),
  );
};

const outcomeOf = (
  document: ReportDocument,
  { kind, because, todo }: Posted,
  before: Asked | undefined,
  after: Asked | undefined,
): DocumentOutcome => {
  const { uuid, subject, checkedAt } = document;
  const told = { uuid, subject, checkedAt, because, todo };
  const unseen = document.testcases.map(({ id, verdict }) => ({ id, verdict, counts: false, note: '' }));
  if (kind !== 'stored') return { ...told, status: kind, effects: unseen };
  if (!isStandings(after)) {
    const open = `whether it counts is not known: ${after?.problem ?? 'the monitor was not asked'}`;
    return { ...told, status: 'stored', because: because === '' ? open : `${because}; ${open}`, effects: unseen };
  }
  const was = isStandings(before) ? beforeOf(document, before) : [];
  const effects = effectOf(document, after).map((effect, i) => (effect.note === '' ? { ...effect, note: was[i] ?? '' } : effect));
  return { ...told, status: effects.every(({ counts }) => counts) ? 'counted' : 'stored', effects };
};

const notTried: Posted = { kind: 'refused', because: 'not tried, as the same would have come of it', todo: '' };

/**
 * Sends each document on its own, and asks before and afterwards what counts.
 * @param signatures one for each document
 * @param today `YYYY-MM-DD`
 */
export const sendAll = async (
  documents: readonly ReportDocument[],
  signatures: readonly string[],
  monitor: Monitor,
  today: string,
): Promise<Sent> => {
  const before = await askAll(documents, monitor, false);
  const posted: Posted[] = [];
  for (const [i, document] of documents.entries())
    posted.push(posted.some(({ ofAll }) => ofAll === true) ? notTried : await monitor.post(document, signatures[i] ?? ''));
  const stored = documents.filter((_, i) => posted[i]?.kind === 'stored');
  // Where nothing was stored, nothing has changed.
  const after = new Map([...before, ...(await askAll(stored, monitor, true))]);
  const bySubject = new Map(documents.map((document) => [keyOf(document), document.subject] as const));
  const standings = [...after].flatMap(([key, one]) => (isStandings(one) ? [{ subject: bySubject.get(key) ?? '', key, one }] : []));
  const several = new Set(bySubject.values()).size > 1;
  return {
    documents: documents.map((document, i) =>
      outcomeOf(document, posted[i] ?? notTried, before.get(keyOf(document)), after.get(keyOf(document))),
    ),
    verdicts: standings
      .filter(({ key }) => stored.some((document) => keyOf(document) === key))
      .map(({ subject, one }) => ({ subject, verdict: one.verdict })),
    reminders: standings.flatMap(({ subject, one }) => remindersOf(one, today).map((text) => (several ? `${subject}: ${text}` : text))),
  };
};
