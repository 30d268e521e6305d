import { reasonOf } from '../model/errors.js';
import type { Account, leaveOuts } from './account.js';
import { createMonitor, type MonitorRuntime } from './client.js';
import { parseScsReport, type ReportDocument } from './documents.js';
import { CannotSign, signAll, type Machine, type Signed } from './sign.js';
import { unseen, uploadStatuses, uploadDocuments, type DocumentOutcome, type Sent, type UploadStatus } from './upload-documents.js';

export interface UploadOptions {
  /** Absent where nothing is to be sent. */
  readonly url?: URL | undefined;
  readonly account?: Account | undefined;
  /** As `readKey` gives it. */
  readonly key?: string | undefined;
  readonly dryRun: boolean;
  readonly leaveOut: (typeof leaveOuts)[number];
  /** Whose the report has to be; whosever it is without. */
  readonly subject?: string | undefined;
}

/** What uploading uses of the runtime. */
export interface UploadRuntime extends Machine, MonitorRuntime {
  readonly now: () => Date;
}

/** What came of uploading a report. Texts of the monitor are one plain line each. */
export interface Upload extends Sent {
  readonly status: UploadStatus;
  /** Why nothing was sent at all; `''` where something was, or would have been. */
  readonly message: string;
  readonly todo: string;
  readonly monitor?: string | undefined;
  /** Fingerprint of the key. */
  readonly signedBy?: string | undefined;
  readonly leftOut: readonly { readonly id: string; readonly checkedAt: string }[];
  readonly notes: readonly string[];
}

const nothing: Upload = {
  status: 'not-sent',
  message: '',
  todo: '',
  documents: [],
  leftOut: [],
  notes: [],
  verdicts: [],
  reminders: [],
};

/** Nothing was sent. */
export const notSent = (message: string, todo: string, more: Partial<Upload> = {}): Upload => ({ ...nothing, message, todo, ...more });

const worstStatus = (documents: readonly DocumentOutcome[]): UploadStatus =>
  uploadStatuses.find((status) => documents.some((one) => one.status === status)) ?? 'not-sent';

const keep = (documents: readonly ReportDocument[], leaveOut: UploadOptions['leaveOut']) => {
  const split = documents.map((document) => {
    const aborted = document.testcases.filter(({ verdict }) => leaveOut === 'aborted' && verdict === 'ABORT').map(({ id }) => id);
    return {
      kept: aborted.length === 0 ? document : document.without(aborted),
      left: aborted.map((id) => ({ id, checkedAt: document.checkedAt })),
    };
  });
  return { documents: split.flatMap(({ kept }) => kept ?? []), leftOut: split.flatMap(({ left }) => left) };
};

const nothingLeft = 'every testcase aborted, and what aborted is left out: an ABORT would take the place of an earlier PASS at once';

/**
 * Uploads a report: reads it strictly, leaves out what aborted, signs each document, verifies the signatures, sends each document on its own, and
 * asks the monitor what counts now. Nothing that goes wrong is thrown.
 * @param text upstream's report
 */
export const uploadReport = async (text: string, options: UploadOptions, runtime: UploadRuntime): Promise<Upload> => {
  const read = parseScsReport(text, runtime.now());
  if ('problems' in read)
    return notSent(`the report is not as the monitor takes it: ${read.problems.join('; ')}`, 'write it anew with `--format scs-report`');
  const subjects = [...new Set(read.documents.map(({ subject }) => subject))];
  const { subject } = options;
  if (subject !== undefined && subjects.some((one) => one !== subject))
    return notSent(`the report is of the subject ${subjects.join(', ')}, and not of ${subject}`, 'check "subject"');
  const { url, account, key } = options;
  const kept = keep(read.documents, options.leaveOut);
  const monitor = url?.href.replace(/\/$/, '');
  const told = { leftOut: kept.leftOut, monitor };
  if (kept.documents.length === 0) return notSent(nothingLeft, 'look why it aborted; `leave-out: nothing` uploads it all the same', told);
  if (key === undefined) return notSent('there is no key to sign with', 'give "key"', told);
  const texts = kept.documents.map((document) => document.text);
  let signed: Signed;
  try {
    signed = await signAll(key, texts, runtime);
  } catch (error) {
    const why = error instanceof CannotSign ? error.message : reasonOf(error);
    return notSent(`the report could not be signed: ${why}`, 'see "key"', told);
  }
  const all = { ...nothing, ...told, signedBy: signed.fingerprint };
  if (options.dryRun || url === undefined)
    return { ...all, status: 'dry-run', documents: kept.documents.map((document) => unseen(document, 'dry-run', 'would be uploaded')) };
  if (account === undefined) return notSent('there is no login', 'give "login"', told);
  const done = await uploadDocuments(
    kept.documents,
    signed.signatures,
    createMonitor(url, account, runtime),
    runtime.now().toISOString().slice(0, 10),
  );
  const others = subjects.filter((one) => one !== account.name);
  const notes = others.length === 0 ? [] : [`By the account ${account.name}, for the subject ${others.join(', ')}.`];
  return { ...all, ...done, notes, status: worstStatus(done.documents) };
};
