import { reasonOf } from '../model/errors.js';
import type { OfficialVerdict } from '../model/official.js';
import type { Account } from './account.js';
import { createMonitor, type Monitor, type Posted, type Send } from './client.js';
import { readReport, type ReportDocument } from './documents.js';
import type { leaveOuts } from './leave-outs.js';
import { CannotSign, signAll, type Machine, type Signed } from './sign.js';
import { effectOf, expected, remindersOf, type Effect, type Standings } from './status.js';

/** What can come of handing in; of several documents the first of these that is so of one of them stands for all. */
export const handInStatuses = ['refused', 'unknown', 'not-sent', 'stored', 'counted', 'dry-run'] as const;
export type HandInStatus = (typeof handInStatuses)[number];

export interface HandInOptions {
  /** Absent where nothing is to be sent. */
  readonly url?: URL;
  readonly account?: Account;
  /** As `readKey` gives it. */
  readonly key?: string;
  readonly dryRun: boolean;
  readonly leaveOut: (typeof leaveOuts)[number];
  /** Whose the report has to be; whosever it is without. */
  readonly subject?: string;
}

/** What handing in takes of the world. */
export interface HandInWorld extends Machine {
  readonly send: Send;
  readonly now: () => Date;
  readonly wait: (ms: number) => Promise<void>;
  readonly requestMs?: number;
  readonly wholeMs?: number;
}

export interface DocumentOutcome {
  readonly uuid: string;
  readonly checkedAt: string;
  readonly status: HandInStatus;
  readonly because: string;
  readonly todo: string;
  readonly effects: readonly Effect[];
}

/** What came of handing in a report. Texts of the monitor are one plain line each. */
export interface HandedIn {
  readonly status: HandInStatus;
  /** Why nothing was sent at all; `''` where something was, or would have been. */
  readonly because: string;
  readonly todo: string;
  readonly subject: string;
  readonly monitor?: string;
  /** Fingerprint of the key. */
  readonly signedBy?: string;
  readonly documents: readonly DocumentOutcome[];
  readonly leftOut: readonly { readonly id: string; readonly checkedAt: string }[];
  readonly notes: readonly string[];
  /** What the monitor says of the scope afterwards. */
  readonly verdict?: OfficialVerdict;
  readonly reminders: readonly string[];
}

const nothing: Omit<HandedIn, 'because' | 'subject'> = {
  status: 'not-sent',
  todo: '',
  documents: [],
  leftOut: [],
  notes: [],
  reminders: [],
};

/** Nothing was sent. */
export const notSent = (because: string, todo: string, more: Partial<HandedIn> = {}): HandedIn => ({
  ...nothing,
  subject: '',
  because,
  todo,
  ...more,
});

const worst = (documents: readonly DocumentOutcome[]): HandInStatus =>
  handInStatuses.find((status) => documents.some((one) => one.status === status)) ?? 'not-sent';

interface Kept {
  readonly documents: readonly ReportDocument[];
  readonly leftOut: HandedIn['leftOut'];
}

const keep = (documents: readonly ReportDocument[], leaveOut: HandInOptions['leaveOut']): Kept => {
  if (leaveOut === 'nothing') return { documents, leftOut: [] };
  const split = documents.map((document) => {
    const ids = document.testcases.filter(({ verdict }) => verdict === 'ABORT').map(({ id }) => id);
    return { kept: ids.length === 0 ? document : document.without(ids), left: ids.map((id) => ({ id, checkedAt: document.checkedAt })) };
  });
  return { documents: split.flatMap(({ kept }) => (kept === undefined ? [] : [kept])), leftOut: split.flatMap(({ left }) => left) };
};

const isStandings = (answer: Standings | { readonly problem: string }): answer is Standings => 'testcases' in answer;

const outcomeOf = (document: ReportDocument, posted: Posted, after: Standings | { readonly problem: string }): DocumentOutcome => {
  const { uuid, checkedAt } = document;
  const { because, todo } = posted;
  const unseen = document.testcases.map(({ id, verdict }) => ({ id, verdict, counts: false, note: '' }));
  if (posted.kind !== 'stored') return { uuid, checkedAt, status: posted.kind, because, todo, effects: unseen };
  if (!isStandings(after))
    return {
      uuid,
      checkedAt,
      status: 'stored',
      because: `${because}; whether it counts is not known: ${after.problem}`,
      todo,
      effects: unseen,
    };
  const effects = effectOf(document, after);
  return { uuid, checkedAt, status: effects.every(({ counts }) => counts) ? 'counted' : 'stored', because, todo, effects };
};

/** What it was before stands beside what has become of it. */
const withBefore = (outcome: DocumentOutcome, before: readonly Effect[]): DocumentOutcome => ({
  ...outcome,
  effects: outcome.effects.map((effect, i) => {
    const was =
      before[i]?.note.replace(' is there now', ' was there before').replace('nothing is there now', 'nothing was there before') ?? '';
    return effect.counts && effect.note === '' ? { ...effect, note: was } : effect;
  }),
});

const notTried: Posted = { kind: 'refused', because: 'not tried, as the same would have come of it', todo: '' };

const sendAll = async (
  kept: Kept,
  signed: Signed,
  monitor: Monitor,
  today: string,
): Promise<Pick<HandedIn, 'documents' | 'reminders' | 'verdict' | 'notes'>> => {
  const scopes = [...new Set(kept.documents.map(({ scope }) => scope))];
  const subject = kept.documents[0]?.subject ?? '';
  const ask = async (patient: boolean): Promise<ReadonlyMap<string, Standings | { readonly problem: string }>> =>
    new Map(await Promise.all(scopes.map(async (scope) => [scope, await monitor.status(subject, scope, patient)] as const)));
  const before = await ask(false);
  const posted: Posted[] = [];
  for (const [i, document] of kept.documents.entries())
    posted.push(posted.some(({ ofAll }) => ofAll === true) ? notTried : await monitor.post(document, signed.signatures[i] ?? ''));
  // Where nothing was stored, nothing has changed.
  const changed = posted.some(({ kind }) => kind === 'stored');
  const after = changed ? await ask(true) : before;
  const documents = kept.documents.map((document, i) => {
    const then = before.get(document.scope);
    const outcome = outcomeOf(
      document,
      posted[i] ?? { kind: 'unknown', because: '', todo: '' },
      after.get(document.scope) ?? { problem: 'it was not asked' },
    );
    return then !== undefined && isStandings(then) ? withBefore(outcome, expected(document, then)) : outcome;
  });
  const standings = [...after.values()].filter(isStandings);
  const [only] = standings;
  return {
    documents,
    notes: [],
    reminders: standings.flatMap((one) => remindersOf(one, today)),
    ...(changed && standings.length === 1 && only !== undefined ? { verdict: only.verdict } : {}),
  };
};

const unsent = (kept: Kept): readonly DocumentOutcome[] =>
  kept.documents.map(({ uuid, checkedAt, testcases }) => ({
    uuid,
    checkedAt,
    status: 'dry-run',
    because: '',
    todo: '',
    effects: testcases.map(({ id, verdict }) => ({ id, verdict, counts: false, note: 'would be handed in' })),
  }));

const nothingLeft = 'every testcase aborted, and what aborted is left out: an ABORT would take the place of an earlier PASS at once';

/**
 * Hands a report in: reads it strictly, leaves out what aborted, signs each document, verifies the signatures, sends each document on its own, and
 * asks the monitor what counts now. Nothing that goes wrong is thrown.
 * @param text upstream's report, in either form
 */
export const handIn = async (text: string, options: HandInOptions, world: HandInWorld): Promise<HandedIn> => {
  const read = readReport(text, world.now());
  if ('problems' in read)
    return notSent(`the report is not as the monitor takes it: ${read.problems.join('; ')}`, 'write it anew with `--format scs-report`');
  const subject = read.documents[0]?.subject ?? '';
  if (options.subject !== undefined && options.subject !== subject)
    return notSent(`the report is of the subject ${subject}, and not of ${options.subject}`, 'check "subject"', { subject });
  const { url, account, key } = options;
  const kept = keep(read.documents, options.leaveOut);
  const monitor = url?.href.replace(/\/$/, '');
  const told = { subject, leftOut: kept.leftOut, ...(monitor === undefined ? {} : { monitor }) };
  if (kept.documents.length === 0)
    return notSent(nothingLeft, 'look why it aborted; `monitor-leave-out: nothing` hands it in all the same', told);
  if (key === undefined) return notSent('there is no key to sign with', 'give "monitor-key"', told);
  let signed: Signed;
  try {
    signed = await signAll(
      key,
      kept.documents.map((document) => document.text),
      world,
    );
  } catch (error) {
    return notSent(
      `the report could not be signed: ${error instanceof CannotSign ? error.message : reasonOf(error)}`,
      'see "monitor-key"',
      told,
    );
  }
  const all = { ...nothing, ...told, because: '', signedBy: signed.fingerprint };
  if (options.dryRun || url === undefined) return { ...all, status: 'dry-run', documents: unsent(kept) };
  if (account === undefined) return notSent('there is no login', 'give "monitor-token"', told);
  const { send, signal, wait, requestMs, wholeMs } = world;
  const connection = createMonitor({
    ...{ url, account, send, signal, wait },
    ...(requestMs === undefined ? {} : { requestMs }),
    ...(wholeMs === undefined ? {} : { wholeMs }),
  });
  const done = await sendAll(kept, signed, connection, world.now().toISOString().slice(0, 10));
  const notes = account.name === subject ? [] : [`By the account ${account.name}, for the subject ${subject}.`];
  return { ...all, ...done, notes, status: worst(done.documents) };
};
