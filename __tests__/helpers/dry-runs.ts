import { GuardedDryRuns } from '../../src/kubernetes/dry-runs.js';
import type { Api, ApiRequest, ApiResponse, DryRuns } from '../../src/model/ports.js';

const answer = (status: number, body: unknown): ApiResponse => ({
  status,
  headers: { 'content-type': 'application/json' },
  text: JSON.stringify(body),
});

const isPrivileged = (body: unknown): boolean => JSON.stringify(body).includes('"privileged":true');

/**
 * Dry runs over an API server that honours them, without a need to say so in every test: the harmless object is let in and is not there
 * afterwards. Everything else is asked of `api`.
 */
export const honouredDryRuns = (api: Api): DryRuns => {
  let proven = false;
  const request = (req: ApiRequest): Promise<ApiResponse> => {
    if (proven) return api.request(req);
    if (req.method === 'POST' && !isPrivileged(req.body)) return Promise.resolve(answer(201, req.body));
    proven = (req.method ?? 'GET') === 'GET' && req.path.includes('/pods/');
    return Promise.resolve(answer(404, { kind: 'Status', reason: 'NotFound', message: 'not found', code: 404 }));
  };
  return new GuardedDryRuns({ request }, { request }, new AbortController().signal);
};
