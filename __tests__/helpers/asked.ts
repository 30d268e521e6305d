import { NotAvailable } from '../../src/model/errors.js';
import type { Fact, Ports } from '../../src/model/fact.js';
import type { ApiRequest, ApiResponse, Network } from '../../src/model/ports.js';
import { honouredDryRuns } from './dry-runs.js';

/** An answer of the API server: a status with a JSON body, and headers where they matter. */
export interface Said {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** `metav1.Status` of a refusal, as the API server words it. */
export const refusal = (code: number, reason: string, message: string, details: unknown = {}): Said => ({
  status: code,
  body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, details, code },
});

/** The authorizer's refusal of a right that the login has not. */
export const cannot = (
  verb: string,
  resource: string,
  user = 'system:serviceaccount:scs-kaas:scs-kaas',
  where = 'at the cluster scope',
): Said =>
  refusal(403, 'Forbidden', `${resource} is forbidden: User "${user}" cannot ${verb} resource "${resource}" in API group "" ${where}`);

const silent: Network = {
  endpoint: { scheme: 'https', host: 'api.example.org', port: 6443, hasPath: false },
  proxied: false,
  serverCertificate: () => Promise.reject(new NotAvailable('unreachable', 'no handshake in this test')),
  trustedCas: () => [],
  parseCertificates: () => [],
  plainHttp: () => Promise.resolve(''),
  connect: () => Promise.resolve('timeout'),
  ownAddresses: () => ['10.1.0.4/20'],
  resolve: () => Promise.resolve(['203.0.113.10']),
};

/**
 * Ports whose API server answers by a function of the whole request: method, headers and token decide, not only the path.
 * @param say the answer, or what is thrown where there is none
 * @returns the ports, the requests in order, and what was registered as secret
 */
export const asking = (
  say: (request: ApiRequest) => Said | NotAvailable,
  network: Partial<Network> = {},
): { readonly ports: Ports; readonly asked: readonly ApiRequest[]; readonly secrets: readonly string[] } => {
  const asked: ApiRequest[] = [];
  const secrets: string[] = [];
  const request = (req: ApiRequest): Promise<ApiResponse> => {
    asked.push(req);
    const said = say(req);
    if (said instanceof NotAvailable) return Promise.reject(said);
    return Promise.resolve({
      status: said.status,
      headers: { 'content-type': 'application/json', ...said.headers },
      text: JSON.stringify(said.body),
    });
  };
  const ports: Ports = {
    api: { request },
    dryRuns: honouredDryRuns({ request }),
    network: { ...silent, ...network },
    documents: { fetch: () => Promise.reject(new NotAvailable('unreachable', 'no documents in this test')) },
    now: new Date('2026-11-23T12:00:00Z'),
    clock: () => new Date('2026-11-23T12:00:00Z'),
    fact: <T>(fact: Fact<T>) => fact.collect(ports),
    secret: (value) => void secrets.push(value),
  };
  return { ports, asked, secrets };
};

/** What a fact answers, or why it cannot be had. */
export const outcomeOf = async <T>(fact: Fact<T>, ports: Ports): Promise<unknown> =>
  fact.collect(ports).catch((error: unknown) => {
    if (error instanceof NotAvailable) return error.toUnavailable();
    throw error;
  });
