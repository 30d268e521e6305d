import { describe, expect, test } from '@jest/globals';
import { nodeRestriction } from '../../src/facts/node-restriction.js';
import { podSecurityAdmission } from '../../src/facts/pod-security-admission.js';
import { podSecurityDefault } from '../../src/facts/pod-security-default.js';
import { podSecurityRestricted } from '../../src/facts/pod-security-restricted.js';
import { GuardedDryRuns } from '../../src/kubernetes/dry-runs.js';
import { probePod } from '../../src/kubernetes/dry-run-objects.js';
import { NotAvailable } from '../../src/model/errors.js';
import type { Fact } from '../../src/model/fact.js';
import type { Api, ApiRequest } from '../../src/model/ports.js';
import { asking, cannot, outcomeOf, refusal, type Said } from '../helpers/asked.js';

interface Stored {
  readonly kind: string;
  readonly metadata: { name: string; uid: string; resourceVersion?: string; labels: Record<string, unknown> };
  readonly spec?: unknown;
}
type Body = Readonly<Record<string, unknown>> & { readonly metadata: { readonly name: string; readonly labels?: Record<string, unknown> } };

/** An API server without any admission plugin that would refuse: what is not a dry run is stored. */
const cluster = () => {
  const node: Stored = { kind: 'Node', metadata: { name: 'worker-1', uid: 'n', resourceVersion: '7', labels: {} } };
  const objects = new Map<string, Stored>([
    ['/api/v1/namespaces/default', { kind: 'Namespace', metadata: { name: 'default', uid: 'd', labels: {} } }],
    ['/api/v1/namespaces/kube-system', { kind: 'Namespace', metadata: { name: 'kube-system', uid: 'k', labels: {} } }],
    ['/api/v1/nodes/worker-1', node],
  ]);
  const before = JSON.stringify([...objects]);
  let versions = 10;
  const list = (path: string, query: URLSearchParams): Said => {
    const only = /^metadata\.name=(.*)$/.exec(query.get('fieldSelector') ?? '')?.[1];
    const items = [...objects].filter(
      ([at, o]) => at.slice(0, at.lastIndexOf('/')) === path && (only === undefined || o.metadata.name === only),
    );
    return { status: 200, body: { metadata: {}, items: items.map(([, o]) => o) } };
  };
  const answer = ({ method = 'GET', path, body, headers }: ApiRequest): Said => {
    const url = new URL(path, 'http://x');
    const dry = url.searchParams.get('dryRun') === 'All';
    const there = objects.get(url.pathname);
    if (url.pathname.endsWith('/selfsubjectreviews'))
      return { status: 201, body: { status: { userInfo: { username: headers?.['impersonate-user'] ?? 'admin' } } } };
    if (method === 'POST') {
      const sent = body as Body;
      const made = {
        ...sent,
        metadata: { ...sent.metadata, labels: sent.metadata.labels ?? {}, uid: `u${++versions}` },
      } as unknown as Stored;
      const kept = { ...made, metadata: { ...made.metadata, resourceVersion: String(versions) } };
      if (!dry) objects.set(`${url.pathname}/${made.metadata.name}`, kept);
      return { status: 201, body: dry ? made : kept };
    }
    if (there === undefined)
      return ['/api/v1/nodes', '/api/v1/namespaces'].includes(url.pathname)
        ? list(url.pathname, url.searchParams)
        : refusal(404, 'NotFound', 'x');
    if (method === 'DELETE') objects.delete(url.pathname);
    if (method !== 'PATCH') return { status: 200, body: there };
    const labels = { ...there.metadata.labels, ...(body as Body).metadata.labels };
    const patched = {
      ...there,
      metadata: { ...there.metadata, labels: Object.fromEntries(Object.entries(labels).filter(([, v]) => v !== null)) },
    };
    if (!dry) objects.set(url.pathname, patched);
    return { status: 200, body: patched };
  };
  return { answer, left: () => (JSON.stringify([...objects]) === before ? [] : [...objects.values()].map((o) => JSON.stringify(o))) };
};

/** Something between us and the API server. */
type Between = (request: ApiRequest, on: (request: ApiRequest) => Said) => Said;
const bare = (request: ApiRequest): ApiRequest => ({ ...request, path: request.path.split('?')[0] ?? '' });
const isDryRun = ({ path }: ApiRequest): boolean => path.includes('dryRun=All');
const isObject = ({ method, path }: ApiRequest): boolean => (method ?? 'GET') === 'GET' && path.includes('scs-kaas-probe');

const dropsQuery: Between = (request, on) => on(bare(request));
const dropsDryRun: Between = (request, on) => on(isDryRun(request) ? bare(request) : request);
const dropsOnWritesOf =
  (method: string): Between =>
  (request, on) =>
    on(request.method === method ? bare(request) : request);
const after =
  (between: Between, answer: Said): Between =>
  (request, on) => {
    const said = between(request, on);
    return isDryRun(request) ? answer : said;
  };

const run = async (between: Between) => {
  const { answer, left } = cluster();
  const { ports: base, asked } = asking((request) => between(request, answer));
  const dryRuns = new GuardedDryRuns(base.api, base.api, new AbortController().signal);
  const ports = { ...base, dryRuns };
  const facts: readonly Fact<unknown>[] = [podSecurityDefault, podSecurityRestricted, podSecurityAdmission, nodeRestriction];
  const outcomes = await Promise.all(facts.map((fact) => outcomeOf(fact, ports)));
  const dry = asked.filter(isDryRun);
  return {
    outcomes,
    caveats: await dryRuns.end(),
    left: left(),
    dry,
    privileged: dry.filter((r) => JSON.stringify(r.body).includes('"privileged":true')),
  };
};

test('honoured: a harmless object first, then each question once, and nothing is left', async () => {
  const { outcomes, caveats, left, dry } = await run((request, on) => on(request));
  expect(outcomes).toMatchObject([{ status: 201 }, { status: 201 }, { status: 201 }, { status: 200, impersonated: true }]);
  expect(caveats).toEqual([]);
  expect(left).toEqual([]);
  expect(dry.map((r) => `${r.method ?? ''} ${r.path.split('?')[0] ?? ''}`)).toEqual([
    'POST /api/v1/namespaces/default/pods',
    'POST /api/v1/namespaces/default/pods',
    'POST /api/v1/namespaces/default/pods',
    'POST /api/v1/namespaces',
    'PATCH /api/v1/nodes/worker-1',
  ]);
  expect(dry[0]?.body).toMatchObject({
    spec: { schedulerName: 'scs-kaas-no-scheduler', containers: [{ securityContext: { runAsNonRoot: true } }] },
  });
  expect(dry[1]?.body).toMatchObject({
    spec: { schedulerName: 'scs-kaas-no-scheduler', containers: [{ securityContext: { privileged: true } }] },
  });
  expect(dry[2]?.body).toMatchObject({
    spec: { schedulerName: 'scs-kaas-no-scheduler', containers: [{ securityContext: { allowPrivilegeEscalation: true } }] },
  });
});

test('every name is another one', () => {
  const names = Array.from({ length: 100 }, () => probePod().metadata.name);
  expect(new Set(names).size).toBe(100);
});

describe('not honoured: what was stored is removed, no further dry run is sent, and the reader is told', () => {
  test.each<[string, Between, number]>([
    ['the query is dropped: seen before anything is written', dropsQuery, 0],
    ['dryRun alone is dropped', dropsDryRun, 1],
    ['the query of creates is dropped', dropsOnWritesOf('POST'), 1],
    ['the query of patches is dropped', dropsOnWritesOf('PATCH'), 5],
    ['dropped, and answered with 504', after(dropsDryRun, { status: 504, body: 'gateway timeout' }), 1],
    ['dropped, and answered with a page', after(dropsDryRun, { status: 200, body: '<html></html>' }), 1],
    ['dropped, and answered with a redirect', after(dropsDryRun, { status: 302, body: '' }), 1],
    [
      'dropped, and answered as if it had not been stored',
      after(dropsDryRun, { status: 201, body: { kind: 'Pod', metadata: { name: 'scs-kaas-probe-x' } } }),
      1,
    ],
  ])('%s', async (_title, between, sent) => {
    const { outcomes, caveats, left, dry, privileged } = await run(between);
    expect(left).toEqual([]);
    expect(dry).toHaveLength(sent);
    expect(privileged).toHaveLength(sent < 5 ? 0 : 1);
    expect(outcomes.at(-1)).toMatchObject({ unavailable: 'refused' });
    if (sent < 5) expect(outcomes).toMatchObject(outcomes.map(() => ({ unavailable: 'refused' })));
    expect(caveats).toHaveLength(1);
    expect(caveats[0]).toMatch(/proxy that drops the query/);
    if (sent > 0)
      expect(caveats[0]).toMatch(
        /remove it with: kubectl (delete pod scs-kaas-probe-\w+ --namespace default|label node worker-1 scs-kaas-probe-\w+-)\./,
      );
  });

  test('a second way to the API server drops it: the privileged pod is removed', async () => {
    const { left, caveats, dry } = await run((request, on) =>
      on(isDryRun(request) && JSON.stringify(request.body).includes('"privileged":true') ? bare(request) : request),
    );
    expect(left).toEqual([]);
    expect(caveats[0]).toMatch(/the pod default\/scs-kaas-probe-\w+ was stored\. It was removed\./);
    expect(dry).toHaveLength(2);
  });

  test('without the right to remove it the command is told', async () => {
    const { left, caveats, dry } = await run((request, on) =>
      request.method === 'DELETE'
        ? refusal(403, 'Forbidden', 'pods is forbidden: User "x" cannot delete resource "pods"')
        : dropsDryRun(request, on),
    );
    expect(left.join()).toContain('scs-kaas-no-scheduler');
    expect(left.join()).not.toContain('"privileged":true');
    expect(caveats[0]).toMatch(/It could not be removed\. Remove it with: kubectl delete pod/);
    expect(dry).toHaveLength(1);
  }, 15_000);

  test('without the right to look at it the answer tells', async () => {
    const { left, caveats } = await run((request, on) =>
      isObject(request) ? refusal(403, 'Forbidden', 'User "x" cannot get resource "pods"') : dropsDryRun(request, on),
    );
    expect(left).toEqual([]);
    expect(caveats[0]).toMatch(/was stored\. It could not be removed/);
  }, 15_000);
});

describe('not proven: nothing else is sent', () => {
  const refuses =
    (pod: Said, namespace: Said): Between =>
    (request, on) =>
      isDryRun(request) && request.method === 'POST' ? (request.path.includes('/pods') ? pod : namespace) : on(request);
  const policy = refusal(403, 'Forbidden', 'admission webhook "policy.example.org" denied the request: no team label');

  test('both harmless objects are refused by a policy: the reader learns whose, and is not told to grant a right', async () => {
    const { outcomes, dry, caveats } = await run(refuses(policy, policy));
    expect(outcomes).toMatchObject(
      outcomes.map(() => ({
        unavailable: 'refused',
        detail: expect.stringMatching(
          /^no dry run was sent: the admission webhook "policy\.example\.org" refused even a harmless object, .*POST \/api\/v1\/namespaces\/default\/pods: 403 .*no team label/,
        ),
      })),
    );
    expect(dry).toHaveLength(2);
    expect(caveats).toEqual([]);
  });

  test('neither may be created: the missing right is named', async () => {
    const { outcomes } = await run(refuses(cannot('create', 'pods'), cannot('create', 'namespaces')));
    expect(outcomes).toMatchObject(outcomes.map(() => ({ unavailable: 'forbidden', detail: expect.stringContaining('cannot create') })));
  });

  // Words of a webhook's own prove nothing: whatever drops the query of requests would leave it to judge a real write.
  test('a webhook that only says the words of a refused dry run proves nothing', async () => {
    const says = refusal(400, 'BadRequest', 'admission webhook "x.example.org" denied the request: x does not support dry run');
    const { outcomes, dry } = await run(refuses(says, says));
    expect(outcomes).toMatchObject(outcomes.map(() => ({ unavailable: 'refused' })));
    expect(dry).toHaveLength(2);
  });

  test('a policy refuses the pod: a namespace proves it', async () => {
    const { outcomes, left } = await run(
      refuses(policy, { status: 201, body: { kind: 'Namespace', metadata: { name: 'scs-kaas-probe-x', uid: 'x' } } }),
    );
    expect(outcomes[3]).toMatchObject({ status: 200 });
    expect(left).toEqual([]);
  });

  test('a webhook that takes no dry run proves that it was one', async () => {
    const webhook = refusal(400, 'BadRequest', 'admission webhook "x.example.org" does not support dry run');
    const { outcomes, left } = await run(refuses(webhook, webhook));
    expect(outcomes).toMatchObject([{ status: 400 }, { status: 400 }, { status: 400 }, { status: 200 }]);
    expect(left).toEqual([]);
  });

  test('a hiccup of the first question is none of the next', async () => {
    let nth = 0;
    const { outcomes } = await run((request, on) =>
      isDryRun(request) && ++nth === 1 ? refusal(500, 'InternalError', 'etcdserver: request timed out') : on(request),
    );
    expect(outcomes.slice(1)).toMatchObject([{ status: 201 }, { status: 201 }, { status: 200 }]);
  });

  test('an API server that is away is waited for twice, not once for each question', async () => {
    const { ports, asked } = asking(() => new NotAvailable('timeout', 'no complete answer'));
    const dryRuns = new GuardedDryRuns(ports.api, ports.api, new AbortController().signal);
    const sent = Array.from({ length: 5 }, () => dryRuns.create('/api/v1/namespaces/default/pods', probePod()));
    expect(await Promise.allSettled(sent)).toMatchObject(sent.map(() => ({ reason: { reason: 'timeout' } })));
    expect(asked).toHaveLength(2);
  });

  test('stopped while it is proven: the question is not sent', async () => {
    const { answer } = cluster();
    const { ports, asked } = asking((request) => answer(request));
    const dryRuns = new GuardedDryRuns(ports.api, ports.api, new AbortController().signal);
    const sent = dryRuns.create('/api/v1/namespaces/default/pods', probePod({ privileged: true }));
    void dryRuns.end();
    await expect(sent).rejects.toMatchObject({ reason: 'timeout' });
    expect(JSON.stringify(asked)).not.toContain('"privileged":true');
  });

  test('the run has ended: nothing is sent', async () => {
    const { ports, asked } = asking(() => ({ status: 201, body: {} }));
    const dryRuns = new GuardedDryRuns(ports.api, ports.api, AbortSignal.abort());
    await expect(dryRuns.create('/api/v1/namespaces/default/pods', probePod())).rejects.toMatchObject({ reason: 'timeout' });
    expect(asked).toEqual([]);
  });

  test('the run ends while it waits for the answer: what was stored is removed', async () => {
    const { answer, left } = cluster();
    const { ports } = asking((request) => answer(request));
    const ended = new AbortController();
    const api: Api = {
      request: async (request) => {
        const response = await ports.api.request(isDryRun(request) ? bare(request) : request);
        if (!isDryRun(request)) return response;
        ended.abort();
        throw new NotAvailable('timeout', 'the run was cancelled');
      },
    };
    const dryRuns = new GuardedDryRuns(api, ports.api, ended.signal);
    await expect(dryRuns.create('/api/v1/namespaces/default/pods', probePod())).rejects.toMatchObject({ reason: 'refused' });
    expect(await dryRuns.end()).toHaveLength(1);
    expect(left()).toEqual([]);
  });
});
