import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { parseAllDocuments } from 'yaml';
import { expiryOf } from '../../src/model/lifetime.js';
import type { Lifetime } from '../../src/model/official.js';
import type { Pair } from './certificates.js';
import { verifySshSignature } from './ssh-signature.js';

/**
 * A double of upstream's compliance monitor (SovereignCloudStack/standards, compliance-monitor/, as it answered in November 2026): the order of its
 * checks, its words and its gaps.
 */

interface MonitorAccount {
  readonly password: string;
  /** Public keys, each as `type base64`. */
  readonly keys: readonly string[];
  readonly appendAny?: boolean;
  /** Accounts that upload for this one. */
  readonly delegates?: readonly string[];
}

/** What goes wrong instead of an answer. `stored-…`: the report is stored all the same. */
export type MonitorTrouble =
  'hang' | 'stored-hang' | 'stored-cut' | 'stored-502' | '500' | '502' | '503-html' | 'redirect' | 'login-page' | 'flood' | '413' | '429';

interface Stored {
  readonly uuid: string;
  readonly subject: string;
  readonly scope: string;
  readonly checkedAt: string;
  readonly results: Readonly<Record<string, number>>;
  readonly document: unknown;
}

export interface MonitorDouble {
  readonly url: string;
  readonly accounts: Map<string, MonitorAccount>;
  readonly stored: readonly Stored[];
  /** One for each further POST; the last one is never used up where it is followed by nothing but `forever`. */
  readonly troubles: (MonitorTrouble | 'forever')[];
  /** True while `/status` fails. */
  statusFails: boolean;
  /** Requests as `METHOD path`. */
  readonly asked: { readonly line: string; readonly headers: IncomingMessage['headers']; readonly body: string }[];
  readonly close: () => Promise<void>;
}

export const kaasScope = '1fffebe6-fd4b-44d3-a36c-fc58b4bb0180';
const lifetimes: Readonly<Record<string, Lifetime>> = {
  'cncf-k8s-conformance': 'year',
  'version-policy-check': 'week',
  'kaas-networking-check': 'month',
};

/** An answer: status, body, headers. */
class Answer extends Error {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
    super(String(status));
    [this.status, this.body, this.headers] = [status, body, headers];
  }
}
const detail = (status: number, text: string, headers?: Readonly<Record<string, string>>): Answer =>
  new Answer(status, { detail: text }, headers);
const failed = (): Answer => new Answer(500, 'Internal Server Error');

const separator = '-----END SSH SIGNATURE-----\n&';

const loginOf = (request: IncomingMessage, accounts: MonitorDouble['accounts']): string => {
  const [scheme = '', value = ''] = (request.headers.authorization ?? '').split(' ');
  if (scheme.toLowerCase() !== 'basic') throw detail(401, 'Not authenticated', { 'www-authenticate': 'Basic realm="Compliance monitor"' });
  const text = Buffer.from(value, 'base64').toString('latin1');
  // eslint-disable-next-line no-control-regex -- what is not ASCII is no login there
  if (!/^[\x00-\x7f]*$/.test(text) || !text.includes(':')) throw detail(401, 'Invalid authentication credentials');
  const name = text.slice(0, text.indexOf(':'));
  if (accounts.get(name)?.password !== text.slice(name.length + 1))
    throw detail(401, 'Incorrect username or password', { 'www-authenticate': 'Basic Compliance monitor' });
  return name;
};

type Plain = Readonly<Record<string, unknown>>;
/** A missing key is an exception there, and so a 500. */
const at = (value: unknown, key: string): unknown => {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) throw failed();
  return (value as Plain)[key];
};
const textAt = (value: unknown, key: string): string => String(at(value, key));

const moment = /^\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2}:\d{2}(?:\.\d+)?)?$/;

const toStored = (document: unknown): Stored => {
  const run = at(document, 'run');
  const scope = textAt(at(document, 'spec'), 'uuid');
  const invocations = Object.values(at(run, 'invocations') as Plain);
  const results = invocations.flatMap((invocation) => Object.entries(at(invocation, 'results') as Plain));
  if (!results.every(([, result]) => typeof result === 'number')) throw failed();
  const checkedAt = textAt(document, 'checked_at');
  if (!moment.test(checkedAt) || Number.isNaN(Date.parse(`${checkedAt.replace(' ', 'T').slice(0, 23)}Z`))) throw failed();
  return {
    uuid: textAt(run, 'uuid'),
    subject: textAt(document, 'subject'),
    scope,
    checkedAt,
    results: Object.fromEntries(results) as Record<string, number>,
    document,
  };
};

interface State {
  readonly accounts: MonitorDouble['accounts'];
  readonly stored: Stored[];
  readonly now: () => Date;
}

const insert = (account: string, document: unknown, monitor: State): Stored => {
  const subject = textAt(document, 'subject');
  const own = subject === account;
  if (!own && monitor.accounts.get(account)?.appendAny !== true) throw detail(401, 'Permission denied');
  if (!own && monitor.accounts.get(subject)?.delegates?.includes(account) !== true) throw detail(401, 'delegation problem?');
  const report = toStored(document);
  if (monitor.stored.some(({ uuid }) => uuid === report.uuid)) throw detail(409, 'Conflict: report already present');
  return report;
};

const post = (request: IncomingMessage, bytes: Buffer, monitor: State): Answer => {
  const account = loginOf(request, monitor.accounts);
  const type = request.headers['content-type'];
  if (type === undefined) return failed();
  if (type !== 'application/x-signed-yaml' && type !== 'application/x-signed-json') return detail(415, 'Unsupported Media Type');
  const body = bytes.toString('utf8');
  if (!Buffer.from(body).equals(bytes)) return failed();
  const end = body.indexOf(separator);
  if (end < 0) return detail(401, 'missing signature');
  const [armour, text] = [body.slice(0, end + separator.length - 1), body.slice(end + separator.length)];
  if (!verifySshSignature(armour, text, 'report', monitor.accounts.get(account)?.keys ?? [])) return detail(401, 'verification failed');
  const documents = parseAllDocuments(text, { version: '1.2', logLevel: 'silent' });
  if (!Array.isArray(documents) || documents.length === 0) return detail(200, 'empty reports');
  if (documents.some(({ errors }) => errors.length > 0)) return failed();
  // All or none: what is thrown on the way stores nothing.
  const reports = documents.map((document) => insert(account, document.toJS(), monitor));
  if (new Set(reports.map(({ uuid }) => uuid)).size < reports.length) return detail(409, 'Conflict: report already present');
  monitor.stored.push(...reports);
  return new Answer(200, null);
};

const status = (request: IncomingMessage, query: URLSearchParams, { stored, now }: State): Answer => {
  const { accept } = request.headers;
  if (accept === undefined) return failed();
  if (!accept.includes('application/json') && !accept.includes('*/*')) return detail(406, 'client needs to accept application/json');
  const [subject, scope] = [query.get('subject') ?? '', query.get('scopeuuid') ?? ''];
  const results: Record<string, { result: number; checked_at: string; report: string }> = {};
  if (scope === kaasScope)
    for (const report of stored.filter((one) => one.subject === subject && one.scope === scope))
      for (const [id, result] of Object.entries(report.results)) {
        const lifetime = lifetimes[id];
        const checkedAt = new Date(`${report.checkedAt.replace(' ', 'T').slice(0, 23)}Z`);
        if (lifetime === undefined || now() >= new Date(expiryOf(checkedAt, lifetime))) continue;
        const iso = report.checkedAt.replace(' ', 'T');
        if ((results[id]?.checked_at ?? '') < iso) results[id] = { result, checked_at: iso, report: report.uuid };
      }
  if (Object.keys(results).length === 0) return new Answer(200, {});
  const all = Object.keys(lifetimes).map((id) => results[id]?.result);
  const worst = all.includes(-1) ? -1 : all.includes(undefined) ? null : all.includes(0) ? 0 : 1;
  const testcases = Object.fromEntries(Object.entries(lifetimes).map(([id, lifetime]) => [id, { id, lifetime }]));
  return new Answer(200, { [subject]: { [scope]: { name: 'SCS-compatible KaaS', testcases, results, result: worst, passed: ['v1'] } } });
};

const answerOf = (request: IncomingMessage, body: Buffer, monitor: State): Answer => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://monitor');
  if (pathname === '/reports/') return new Answer(307, '', { location: `http://${request.headers.host ?? ''}/reports` });
  if (pathname === '/status') return status(request, searchParams, monitor);
  const [, uuid] = /^\/reports\/(.+)$/.exec(pathname) ?? [];
  if (uuid !== undefined) {
    const account = loginOf(request, monitor.accounts);
    const found = monitor.stored.find((one) => one.uuid === uuid);
    if (found === undefined) return detail(404, 'Not Found');
    return found.subject === account ? new Answer(200, found.document) : detail(401, 'Permission denied');
  }
  if (pathname !== '/reports') return detail(404, 'Not Found');
  return request.method === 'POST' ? post(request, body, monitor) : detail(405, 'Method Not Allowed');
};

const give = (response: ServerResponse, { status: code, body, headers }: Answer): void => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
  // After a 500 it closes the connection, and does not say so.
  response.writeHead(code, { 'content-type': type, ...headers }).end(text, () => {
    if (code === 500) response.socket?.destroySoon();
  });
};

const plague = (trouble: MonitorTrouble, response: ServerResponse): void => {
  switch (trouble) {
    case 'hang':
    case 'stored-hang':
      return;
    case 'stored-cut':
      response.destroy();
      return;
    case '500':
      give(response, failed());
      return;
    case '502':
    case 'stored-502':
      give(response, new Answer(502, 'Bad Gateway'));
      return;
    case '503-html':
      give(response, new Answer(503, '<html><script>alert(1)</script>\u001b[31m::error::x</html>', { 'content-type': 'text/html' }));
      return;
    case 'redirect':
      give(response, new Answer(308, '', { location: 'https://elsewhere.example.org/reports?x=::warning::' }));
      return;
    case 'login-page':
      give(response, new Answer(200, '<html>Please log in</html>', { 'content-type': 'text/html' }));
      return;
    case 'flood':
      response.writeHead(200, { 'content-type': 'application/json' });
      for (let i = 0; i < 100; i++) response.write('x'.repeat(100_000));
      response.end();
      return;
    case '413':
      give(response, new Answer(413, 'Too Large'));
      return;
    case '429':
      give(response, new Answer(429, 'Slow down'));
      return;
  }
};

/**
 * Starts the double on loopback.
 * @param options.tls speaks HTTPS with this certificate
 * @param options.now by which results expire; the real time without
 */
export const startMonitor = async (options: { readonly tls?: Pair; readonly now?: () => Date } = {}): Promise<MonitorDouble> => {
  const state: State = { accounts: new Map(), stored: [], now: options.now ?? (() => new Date()) };
  const asked: MonitorDouble['asked'] = [];
  const troubles: MonitorDouble['troubles'] = [];
  const self = { statusFails: false };
  const nextTrouble = (): MonitorTrouble | undefined => {
    const [first, second] = troubles;
    if (second !== 'forever') troubles.shift();
    return first === 'forever' ? undefined : first;
  };
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const line = `${request.method ?? ''} ${request.url ?? ''}`;
      asked.push({ line, headers: request.headers, body: body.toString('utf8') });
      const trouble = request.method === 'POST' ? nextTrouble() : undefined;
      let answer: Answer;
      try {
        answer = trouble === undefined || trouble.startsWith('stored-') ? answerOf(request, body, state) : failed();
      } catch (error) {
        answer = error instanceof Answer ? error : failed();
      }
      if (self.statusFails && line.includes('/status')) answer = failed();
      if (trouble === undefined) give(response, answer);
      else plague(trouble, response);
    });
  };
  const server =
    options.tls === undefined ? createServer(handle) : createTlsServer({ cert: options.tls.certificate, key: options.tls.key }, handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(self, {
    accounts: state.accounts,
    stored: state.stored,
    url: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    asked,
    troubles,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
};
