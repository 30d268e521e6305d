import { NotAvailable } from '../model/errors.js';
import type { ApiResponse, Outward, OutwardRequest } from '../model/ports.js';
import { pageOf, type Account } from './account.js';
import { meaningOf, type Meaning } from './answers.js';
import type { ReportDocument } from './documents.js';
import { parseStatus, type Standings } from './status.js';

/** What asking a monitor uses of the runtime. */
export interface MonitorRuntime {
  readonly send: Outward;
  readonly signal: AbortSignal;
  /** Of one request; 30 seconds without. */
  readonly requestMs?: number | undefined;
}

/** A monitor, as far as an upload uses it. Nothing is thrown but where the program itself is wrong. */
export interface Monitor {
  readonly post: (document: ReportDocument, signature: string) => Promise<Meaning>;
  /** What it says of a subject and a scope, which is public; a sentence if it does not say. */
  readonly status: (subject: string, scope: string) => Promise<Standings | { readonly problem: string }>;
}

const maxBytes = 4_000_000;

export const createMonitor = (url: URL, account: Account, { send, signal, requestMs = 30_000 }: MonitorRuntime): Monitor => {
  const ask = (request: Pick<OutwardRequest, 'method' | 'url' | 'headers' | 'body'>): Promise<ApiResponse> => {
    // Without `Accept` the monitor fails. It closes a connection after each 500 without saying so: what comes next over the same one would be cut.
    const headers = { 'user-agent': 'scs-kaas', accept: 'application/json', connection: 'close', ...request.headers };
    return send({ ...request, headers, timeoutMs: requestMs, maxBytes, signal });
  };
  const post: Monitor['post'] = async (document, signature) => {
    const reports = pageOf(url, '/reports');
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
      const todo = 'check "url", network and proxy, and upload it again';
      return { kind: 'unknown', message: `the monitor gave no answer: ${error.message}`, todo };
    }
  };
  const status: Monitor['status'] = async (subject, scope) => {
    try {
      const answer = await ask({ method: 'GET', url: pageOf(url, '/status', { subject, scopeuuid: scope }), headers: {} });
      const standings = answer.status === 200 ? parseStatus(answer.text, subject, scope) : undefined;
      return standings ?? { problem: answer.status === 200 ? 'its status cannot be read' : `it answers ${answer.status} for its status` };
    } catch (error) {
      if (!(error instanceof NotAvailable)) throw error;
      return { problem: error.message };
    }
  };
  return { post, status };
};
