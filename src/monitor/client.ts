import { isDeepStrictEqual } from 'node:util';
import { NotAvailable } from '../model/errors.js';
import type { ApiResponse, Outward, OutwardRequest } from '../model/ports.js';
import { readJson } from '../model/read-json.js';
import { pageOf, type Account } from './account.js';
import { meaningOf, type Meaning } from './answers.js';
import type { ReportDocument } from './documents.js';
import { parseStatus, type Standings } from './status.js';

export interface MonitorOptions {
  readonly url: URL;
  readonly account: Account;
  readonly send: Outward;
  readonly signal: AbortSignal;
  /** Waits between tries. */
  readonly wait: (ms: number) => Promise<void>;
  /** Of one request; 30 seconds without. */
  readonly requestMs?: number;
  /** Of everything together; two minutes without. */
  readonly wholeMs?: number;
}

/** What came of sending one document. */
export interface Posted {
  readonly kind: 'stored' | 'refused' | 'unknown';
  readonly because: string;
  readonly todo: string;
  /** The same will come of any other document. */
  readonly ofAll?: true;
}

/** A monitor, as far as handing in takes it. */
export interface Monitor {
  readonly post: (document: ReportDocument, signature: string) => Promise<Posted>;
  /** What it says of a subject and a scope, which is public; a sentence where it does not say. @param patient asks once more where it fails */
  readonly status: (subject: string, scope: string, patient: boolean) => Promise<Standings | { readonly problem: string }>;
}

/** A pause before each further try: a 500 is mostly not mended by waiting. */
const pauses = [1_000, 3_000] as const;
const mostBytes = 4_000_000;
/** The monitor of 2026-08 fails on the reworked form. */
const otherForm =
  'the report is in the reworked form, which not every monitor takes yet: judge by today’s scope file (or without the input "scope"), and hand that in';
const json = 'application/json';

const sameAs = (text: string, document: ReportDocument): boolean => {
  try {
    return isDeepStrictEqual(readJson(text), readJson(JSON.stringify(document.plain)));
  } catch {
    return false;
  }
};

/** What is there under an id: this report, another one, nothing, or nobody knows. */
type There = 'same' | 'other' | 'absent' | 'unknown';

/** Where the id is taken: whether by this report. */
const ofPresent = (there: There, unsure: boolean, { subject }: ReportDocument): Posted => {
  switch (there) {
    case 'same':
      return {
        kind: 'stored',
        because: unsure ? 'an earlier try had been stored, though its answer did not come' : 'it is there already, with the same content',
        todo: '',
      };
    case 'other':
      return {
        kind: 'refused',
        because: 'another report with the same id is there already, and this one was not stored',
        todo: 'judge the cluster anew: each run has an id of its own',
      };
    case 'absent':
    case 'unknown':
      return {
        kind: 'stored',
        because: `a report with this id is there already; only the account ${subject} itself may read whether it is the same`,
        todo: '',
      };
  }
};

/** Talks to a monitor within a bounded time; nothing is thrown but where the program itself is wrong. */
export const createMonitor = ({ url, account, send, signal, wait, requestMs = 30_000, wholeMs = 120_000 }: MonitorOptions): Monitor => {
  const end = performance.now() + wholeMs;
  const ask = async (request: Pick<OutwardRequest, 'method' | 'url' | 'headers' | 'body'>): Promise<ApiResponse> => {
    const timeoutMs = Math.ceil(Math.min(requestMs, end - performance.now()));
    if (timeoutMs <= 0 || signal.aborted) throw new NotAvailable('timeout', 'no time was left for it');
    // The monitor closes a connection after each 500 without saying so: what comes next over the same one would be cut.
    const headers = { 'user-agent': 'scs-kaas', accept: json, connection: 'close', ...request.headers };
    return send({ ...request, headers, timeoutMs, mostBytes, signal });
  };
  const reports = pageOf(url, '/reports');

  const tryPost = async (document: ReportDocument, signature: string): Promise<Meaning & { readonly silent?: true }> => {
    const body = `${signature}&${document.text}`;
    const headers = {
      authorization: account.authorization,
      // Letter by letter: with a charset behind it the monitor answers 415.
      'content-type': 'application/x-signed-yaml',
      'content-length': String(Buffer.byteLength(body)),
    };
    try {
      return meaningOf(await ask({ method: 'POST', url: reports, headers, body }), reports);
    } catch (error) {
      if (!(error instanceof NotAvailable)) throw error;
      const todo = 'check "monitor-url", network and proxy';
      return { kind: 'again', because: `the monitor gave no answer: ${error.message}`, todo, silent: true };
    }
  };

  const lookUp = async (document: ReportDocument): Promise<There> => {
    try {
      const answer = await ask({
        method: 'GET',
        url: pageOf(url, `/reports/${document.uuid}`),
        headers: { authorization: account.authorization },
      });
      if (answer.status === 200) return sameAs(answer.text, document) ? 'same' : 'other';
      return answer.status === 404 ? 'absent' : 'unknown';
    } catch (error) {
      if (error instanceof NotAvailable) return 'unknown';
      throw error;
    }
  };

  const post = async (document: ReportDocument, signature: string): Promise<Posted> => {
    for (let tries = 0; ; tries++) {
      const { kind, because, todo, silent, ofAll } = await tryPost(document, signature);
      if (kind === 'stored' || kind === 'refused') return { kind, because, todo, ...(ofAll === true ? { ofAll } : {}) };
      if (kind === 'present') return ofPresent(await lookUp(document), tries > 0, document);
      const pause = pauses[tries];
      if (pause !== undefined && !signal.aborted && end - performance.now() > pause) {
        await wait(pause);
        continue;
      }
      switch (await lookUp(document)) {
        case 'same':
          return ofPresent('same', true, document);
        case 'absent':
          // What was never answered may still be at work.
          return silent === true
            ? { kind: 'unknown', because: `${because}; the report is not there so far`, todo }
            : { kind: 'refused', because: `${because}; nothing was stored`, todo: document.form === 'creator' ? otherForm : todo };
        case 'other':
          return ofPresent('other', true, document);
        case 'unknown':
          return { kind: 'unknown', because, todo };
      }
    }
  };

  const status: Monitor['status'] = async (subject, scope, patient) => {
    // Without `Accept` the monitor fails.
    const page = pageOf(url, '/status', { subject, scopeuuid: scope });
    let problem = '';
    for (const pause of patient ? [pauses[0], undefined] : [undefined]) {
      try {
        const answer = await ask({ method: 'GET', url: page, headers: {} });
        const standings = answer.status === 200 ? parseStatus(answer.text, subject, scope) : undefined;
        if (standings !== undefined) return standings;
        problem = answer.status === 200 ? 'its status cannot be read' : `it answers ${answer.status} for its status`;
      } catch (error) {
        if (!(error instanceof NotAvailable)) throw error;
        problem = error.message;
      }
      if (pause !== undefined && !signal.aborted) await wait(pause);
    }
    return { problem };
  };

  return { post, status };
};
