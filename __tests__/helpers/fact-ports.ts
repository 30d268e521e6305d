import { NotAvailable } from '../../src/model/errors.js';
import type { Fact, Ports } from '../../src/model/fact.js';
import type { ApiRequest, ApiResponse, Network } from '../../src/model/ports.js';
import { honouredDryRuns } from './dry-runs.js';

/** What the API server answers to a path: a body with 200, or a whole answer, or nothing at all (thrown). */
export type Answer = { readonly status: number; readonly body: unknown } | NotAvailable;

/** An answer with 200 and a JSON body. */
export const ok = (body: unknown): Answer => ({ status: 200, body });
/** A refusal as the API server words it. */
export const refused = (status: number, message: string): Answer => ({
  status,
  body: { kind: 'Status', status: 'Failure', message, code: status },
});

const network: Network = {
  endpoint: { scheme: 'https', host: '127.0.0.1', port: 6443, hasPath: false },
  proxied: false,
  serverCertificate: () => Promise.reject(new NotAvailable('unreachable', 'no handshake in this test')),
  trustedCas: () => [],
  parseCertificates: () => [],
  plainHttp: () => Promise.resolve(''),
  connect: () => Promise.resolve('refused'),
  ownAddresses: () => [],
  resolve: (host) => Promise.resolve([host]),
};

/**
 * The ports of a test, with the API server's answers by path (without the query).
 * @param answers by path; any other path is 404
 * @param options parts of the network, and the moment
 * @returns the ports, and every request that came, in order
 */
export const factPorts = (
  answers: Readonly<Record<string, Answer>>,
  options: { readonly network?: Partial<Network>; readonly now?: Date } = {},
): Ports & { readonly asked: readonly ApiRequest[] } => {
  const asked: ApiRequest[] = [];
  const request = (req: ApiRequest): Promise<ApiResponse> => {
    asked.push(req);
    const answer = answers[req.path.split('?')[0] ?? ''] ?? refused(404, 'the server could not find the requested resource');
    if (answer instanceof NotAvailable) return Promise.reject(answer);
    const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
    return Promise.resolve({ status: answer.status, headers: { 'content-type': 'application/json' }, text });
  };
  const ports: Ports & { asked: readonly ApiRequest[] } = {
    asked,
    api: { request },
    dryRuns: honouredDryRuns({ request }),
    network: { ...network, ...options.network },
    documents: { fetch: () => Promise.reject(new NotAvailable('unreachable', 'no documents in this test')) },
    now: options.now ?? new Date('2026-11-23T00:00:00Z'),
    clock: () => options.now ?? new Date('2026-11-23T00:00:00Z'),
    fact: <T>(fact: Fact<T>) => fact.collect(ports),
    secret: () => undefined,
  };
  return ports;
};
