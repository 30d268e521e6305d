import type { Meaning } from './answers.js';
import type { Monitor } from './client.js';
import type { ReportDocument } from './documents.js';
import { effectOf, remindersOf, type Effect, type Standings } from './status.js';

/** What can come of uploading; of several documents the first of these that is so of one of them stands for all. */
export const uploadStatuses = ['refused', 'unknown', 'not-sent', 'stored', 'counted', 'dry-run'] as const;
export type UploadStatus = (typeof uploadStatuses)[number];

export interface DocumentOutcome extends Pick<ReportDocument, 'uuid' | 'subject' | 'checkedAt'> {
  readonly status: UploadStatus;
  readonly message: string;
  readonly todo: string;
  readonly effects: readonly Effect[];
}

export interface Sent {
  readonly documents: readonly DocumentOutcome[];
  /** What the monitor says of a subject and a scope, where something was stored. */
  readonly verdicts: readonly Pick<Standings, 'subject' | 'verdict'>[];
  readonly reminders: readonly string[];
}

type Asked = Standings | { readonly problem: string };
const isStandings = (answer: Asked | undefined): answer is Standings => answer !== undefined && 'testcases' in answer;

const statusKey = ({ subject, scope }: ReportDocument): string => `${subject} ${scope}`;

/** What the monitor says of every subject and scope of the documents. */
const askAll = async (documents: readonly ReportDocument[], monitor: Monitor): Promise<ReadonlyMap<string, Asked>> => {
  const pages = new Map(documents.map((document) => [statusKey(document), document] as const));
  const asked = [...pages].map(async ([key, { subject, scope }]) => [key, await monitor.status(subject, scope)] as const);
  return new Map(await Promise.all(asked));
};

/** What is said of a document of which the monitor shows nothing. */
export const unseen = ({ uuid, subject, checkedAt, testcases }: ReportDocument, status: UploadStatus, note = ''): DocumentOutcome => ({
  ...{ uuid, subject, checkedAt, status, message: '', todo: '' },
  effects: testcases.map(({ id, verdict }) => ({ id, verdict, counts: false, note })),
});

const outcomeOf = (document: ReportDocument, { kind, message, todo }: Meaning, after: Asked | undefined): DocumentOutcome => {
  const base = { ...unseen(document, kind), message, todo };
  if (kind === 'refused') return base;
  if (!isStandings(after)) {
    const open = `whether it counts is not known: ${after?.problem ?? 'the monitor was not asked'}`;
    return { ...base, message: message === '' ? open : `${message}; ${open}` };
  }
  const effects = effectOf(document, after);
  if (effects.every(({ counts }) => counts)) return { ...base, todo: '', status: 'counted', effects };
  // The status shows what counts, and not what is there besides.
  return kind === 'stored' ? { ...base, effects } : base;
};

const notTried: Meaning = { kind: 'refused', message: 'not tried, as the same would have come of it', todo: '' };

/**
 * Sends each document on its own, and asks afterwards what counts.
 * @param signatures one for each document
 * @param today `YYYY-MM-DD`
 */
export const uploadDocuments = async (
  documents: readonly ReportDocument[],
  signatures: readonly string[],
  monitor: Monitor,
  today: string,
): Promise<Sent> => {
  const posted: Meaning[] = [];
  for (const [i, document] of documents.entries())
    posted.push(posted.some(({ ofAll }) => ofAll === true) ? notTried : await monitor.post(document, signatures[i] ?? ''));
  // If nothing was stored, nothing has changed.
  const sent = documents.filter((_, i) => posted[i]?.kind !== 'refused');
  const after = await askAll(sent, monitor);
  const several = new Set(documents.map(({ subject }) => subject)).size > 1;
  const standings = [...after.values()].filter(isStandings);
  return {
    documents: documents.map((document, i) => outcomeOf(document, posted[i] ?? notTried, after.get(statusKey(document)))),
    verdicts: standings.map(({ subject, verdict }) => ({ subject, verdict })),
    reminders: standings.flatMap((one) => remindersOf(one, today).map((text) => (several ? `${one.subject}: ${text}` : text))),
  };
};
