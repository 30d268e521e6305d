import { afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { base64, type ApiServerOptions } from '../helpers/api-server.js';
import { createAuthority } from '../helpers/certificates.js';
import type { Report } from '../../src/model/report.js';
import { ClusterError } from '../../src/model/errors.js';
import {
  recordingOf,
  startRecordedCluster,
  wordsOf,
  type RecordedCluster,
  type Trouble,
  type TroubleMaker,
} from '../helpers/recorded-cluster.js';
import { quickTroubles, slowTroubles } from '../helpers/troubles.js';
import { changed, inTurns, newPasses, refusedRun, reported, wholeRun, type RefusedRun, type WholeRun } from '../helpers/whole-run.js';

// Processes and waits, on machines that do other things as well.
jest.setTimeout(120_000);

/** Trouble with the whole server: one clear error where nothing can be judged, a partial report where something was. */
const day = 86_400_000;
const open: RecordedCluster[] = [];
const start = async (options: ApiServerOptions = {}, name: 'good' | 'weak' = 'good'): Promise<RecordedCluster> => {
  const cluster = await startRecordedCluster(recordingOf(name), options);
  open.push(cluster);
  return cluster;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((cluster) => cluster.close()));
});

/** One problem in one line, that says where and what, and no more time than a few tries take. */
const expectOneClearError = ({ error, ms }: RefusedRun, message: RegExp): void => {
  expect(error).toBeInstanceOf(ClusterError);
  expect(error.problems).toHaveLength(1);
  expect(error.message).toMatch(/^Cannot use the cluster of context "test" at https:\/\/(127\.0\.0\.1|localhost):\d+: [^\n]+\.$/);
  expect(error.message).toMatch(message);
  expect(error.message).not.toMatch(/\bat \S+ \(.*:\d+:\d+\)|node:|\.ts:|\.js:|Error:/);
  expect(ms).toBeLessThan(15_000);
};

describe('nothing can be judged: one clear error', () => {
  test('connection refused', async () => {
    const cluster = await start();
    const kubeconfig = cluster.lane().kubeconfig();
    await cluster.close();
    expectOneClearError(
      refusedRun(await wholeRun({ kubeconfig })),
      /nothing listens at 127\.0\.0\.1:\d+ \(connection refused\); check that the cluster runs/,
    );
  });
  test('the CA of another cluster', async () => {
    const cluster = await start();
    const kubeconfig = cluster.lane().kubeconfig({}, { 'certificate-authority-data': base64(createAuthority().certificate) });
    expectOneClearError(
      refusedRun(await wholeRun({ kubeconfig })),
      /is not signed by the CA in the kubeconfig; set certificate-authority-data/,
    );
  });
  test('an expired server certificate', async () => {
    const cluster = await start({ certificate: { notBefore: new Date(Date.now() - 9 * day), notAfter: new Date(Date.now() - day) } });
    expectOneClearError(
      refusedRun(await wholeRun({ kubeconfig: cluster.lane().kubeconfig() })),
      /certificate of 127\.0\.0\.1:\d+, or its CA, has expired; renew it/,
    );
  });
  test('a server certificate for another host', async () => {
    const cluster = await start({ certificate: { altNames: ['kubernetes.example.org'] } });
    expectOneClearError(
      refusedRun(await wholeRun({ kubeconfig: cluster.lane().kubeconfig() })),
      /is for another host; use a host name that it lists, or set tls-server-name/,
    );
  });
  test('an expired client certificate that the API server does not accept', async () => {
    const authority = createAuthority();
    const cluster = await start({ authority, authorizations: [] });
    const expired = createAuthority().issue({
      commonName: 'me',
      notBefore: new Date(Date.now() - 9 * day),
      notAfter: new Date(Date.now() - day),
    });
    const user = { 'client-certificate-data': base64(expired.certificate), 'client-key-data': base64(expired.key) };
    const refuse: TroubleMaker = () => ({ kind: 'status', status: 401, message: 'Unauthorized' });
    expectOneClearError(
      refusedRun(await wholeRun({ kubeconfig: cluster.lane(refuse).kubeconfig(user) })),
      /credentials were not accepted \(401\): the client certificate expired on \d{4}-\d{2}-\d{2}; fetch a fresh kubeconfig/,
    );
  });
  test('an expired client certificate that the TLS handshake does not accept', async () => {
    const authority = createAuthority();
    const cluster = await start({ authority, requireClientCertificate: true });
    const expired = authority.issue({ commonName: 'me', notBefore: new Date(Date.now() - 9 * day), notAfter: new Date(Date.now() - day) });
    const user = { 'client-certificate-data': base64(expired.certificate), 'client-key-data': base64(expired.key) };
    expectOneClearError(
      refusedRun(await wholeRun({ kubeconfig: cluster.lane().kubeconfig(user) })),
      /refused the client certificate in the TLS handshake; it may have expired|was cut/,
    );
  });
  const everything: readonly (readonly [title: string, trouble: Trouble, message: RegExp])[] = [
    ['401 on everything', quickTroubles['401']!, /credentials were not accepted \(401\)/],
    ['429 on everything', quickTroubles['429 without Retry-After']!, /it limits requests \(429\) and did so again after several tries/],
    ['429 on everything, for an hour', quickTroubles['429 with a Retry-After beyond the deadline']!, /it limits requests \(429\)/],
    [
      '500 on everything',
      quickTroubles['500']!,
      /it answers with 500 \(fault 500\) after several tries; check that the control plane is healthy/,
    ],
    ['503 on everything', quickTroubles['503']!, /it answers with 503/],
    ['HTML on everything', quickTroubles['HTML with 200']!, /answers to \/version with 200 and HTML, so it is no API server/],
    ['an empty body on everything', quickTroubles['an empty body with 200']!, /with 200 and something that is not JSON/],
    [
      'JSON that stops in the middle, on everything',
      quickTroubles['JSON that stops in the middle']!,
      /with 200 and something that is not JSON/,
    ],
    ['another JSON on everything', quickTroubles['an empty object with 200']!, /with 200 and other JSON/],
    ['resets', quickTroubles['a reset']!, /the connection to 127\.0\.0\.1:\d+ was cut/],
    ['answers cut in the middle', quickTroubles['a body cut in the middle']!, /was cut off in the middle/],
    ['bodies without end', quickTroubles['a body announced too large']!, /is larger than what is read of it/],
    ['never an answer', slowTroubles['no answer']!, /no complete answer of 127\.0\.0\.1:\d+ within 1\.5 s/],
    ['bodies that drip', slowTroubles['a body that drips']!, /no complete answer of 127\.0\.0\.1:\d+ within 1\.5 s/],
  ];
  // The slow ones by themselves: what others compute beside them would count as their time.
  const isSlow = ([, trouble]: (typeof everything)[number]): boolean => Object.values(slowTroubles).includes(trouble);
  test.each([
    ['at once', '20s', everything.filter((one) => !isSlow(one))],
    ['that takes time', '1500ms', everything.filter(isSlow)],
  ] as const)('the same trouble on everything, %s', async (_, timeout, some) => {
    const cluster = await start();
    await inTurns(some, some.length, async ([title, trouble, message]) => {
      const it = await wholeRun({ kubeconfig: cluster.lane(() => trouble).kubeconfig(), 'requests.timeout': timeout });
      expect(`${title}: ${refusedRun(it).error.message}`).toMatch(message);
      expectOneClearError(refusedRun(it), message);
    });
  });
  test('never an answer, and a deadline of the run before that of the request', async () => {
    const cluster = await start();
    const run = refusedRun(await wholeRun({ kubeconfig: cluster.lane(() => ({ kind: 'hang' })).kubeconfig(), timeout: '500ms' }));
    expectOneClearError(run, /the run was cancelled, or its deadline passed, before this was answered/);
    expect(run.ms).toBeLessThan(5_000);
  });
});

describe.each(['good', 'weak'] as const)('something was judged on the cluster %s: a partial report', (name) => {
  let baseline: Report;
  beforeAll(async () => {
    const cluster = await startRecordedCluster(recordingOf(name));
    baseline = reported(await wholeRun({ kubeconfig: cluster.lane().kubeconfig() })).report;
    await cluster.close();
  });
  /** The first question is answered, so that there is a cluster to report on. */
  const afterOpening =
    (trouble: Trouble): TroubleMaker =>
    (endpoint, nth) =>
      endpoint === 'GET /version' && nth === 1 ? undefined : trouble;
  /** What is wrong with a report: what was not settled says so, and nothing else is different. */
  const dishonest = (report: Report): readonly string[] => [
    ...newPasses(report, baseline).map((id) => `${id} passes`),
    ...changed(report, baseline)
      .filter((r) => r.outcome !== 'abort' || !/(GET|POST|PATCH) \/|deadline|TLS handshake|plain HTTP|connect/.test(r.message))
      .map((r) => `${r.id} is ${r.outcome}: ${r.message}`),
    ...report.standards.flatMap(({ id, requirements }) =>
      requirements.length === baseline.standards.find((before) => before.id === id)?.requirements.length
        ? []
        : [`requirements of ${id} are gone`],
    ),
    ...(report.verdict === 'compliant' ? ['compliant'] : []),
  ];
  /** Runs that wait more than they work, all at once. */
  const together = async <T>(
    items: readonly T[],
    maxMs: number,
    run: (item: T) => Promise<WholeRun | RefusedRun>,
  ): Promise<readonly string[]> => {
    const problems: string[] = [];
    await inTurns(items, items.length, async (item) => {
      const it = await run(item);
      const of = (problem: string): string => `${String(item)}: ${problem}`;
      if (it.ms > maxMs) problems.push(of(`took ${it.ms} ms`));
      // Where the very first answer is lost as well, there is no cluster.
      if ('error' in it) expectOneClearError(it, /connection refused|was cut/);
      else problems.push(...dishonest(it.report).map(of));
    });
    return problems;
  };

  test('the server goes away in the middle, sooner and later', async () => {
    const problems = await together([1, 2, 5, 10, 20, 30], 30_000, async (most) => {
      const cluster = await start({}, name);
      let asked = 0;
      const lane = cluster.lane(() => {
        if (++asked === most) setImmediate(() => void cluster.close());
        return undefined;
      });
      const it = await wholeRun({ kubeconfig: lane.kubeconfig(), standards: 'scs-0214-v2,scs-0217-v1' });
      if (asked < most) throw new Error(`the server was asked ${asked} times alone`);
      return it;
    });
    expect(problems).toEqual([]);
  }, 60_000);

  // What ends them is the same for every cluster, and takes its time.
  if (name === 'weak') return;

  test('every kind of trouble, on everything but the first question: nothing is settled, for what the endpoint itself shows is only a part', async () => {
    const cluster = await start({}, name);
    const kinds = Object.entries(quickTroubles);
    const settled = new Set<string>();
    const problems = await together(kinds, 30_000, async ([, trouble]) => {
      const it = await wholeRun({ kubeconfig: cluster.lane(afterOpening(trouble)).kubeconfig() });
      for (const r of reported(it).report.requirements) if (r.outcome === 'pass' || r.outcome === 'fail') settled.add(r.id);
      return it;
    });
    expect(problems).toEqual([]);
    expect([...settled]).toEqual([]);
  }, 60_000);

  test('no answer, or one that drips, on everything but the first question: the deadlines of the requests end it, or that of the run', async () => {
    const cluster = await start({}, name);
    const cases = Object.values(slowTroubles).flatMap((trouble) => [
      { trouble, 'requests.timeout': '1500ms' },
      { trouble, timeout: '3s' },
    ]);
    const problems = await together(cases, 20_000, ({ trouble, ...inputs }) =>
      wholeRun({ kubeconfig: cluster.lane(afterOpening(trouble)).kubeconfig(), standards: 'scs-0214-v2,scs-0217-v1', ...inputs }),
    );
    expect(problems).toEqual([]);
  }, 60_000);

  test('no answer from one endpoint alone: what hangs on it says so', async () => {
    const cluster = await start({}, name);
    const silent = [
      'GET /api/v1/nodes',
      'GET /metrics',
      'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      `GET /api/v1/nodes/${name}-control-plane/proxy/configz`,
    ];
    const problems = await together(silent, 20_000, async (endpoint) => {
      const lane = cluster.lane((asked) => (asked === endpoint ? { kind: 'hang' } : undefined));
      const it = reported(await wholeRun({ kubeconfig: lane.kubeconfig(), timeout: '2500ms' }));
      for (const r of changed(it.report, baseline))
        if (!r.message.includes(wordsOf(endpoint)) && !r.message.includes('deadline')) throw new Error(`${r.id}: ${r.message}`);
      return it;
    });
    expect(problems).toEqual([]);
  }, 60_000);

  test('cancelled in the middle: what was there by then is reported, and said to be partial', async () => {
    const cluster = await start({}, name);
    let cancel = (): void => undefined;
    const lane = cluster.lane((endpoint) => {
      if (endpoint !== 'GET /metrics') return undefined;
      setTimeout(cancel, 200);
      return { kind: 'hang' };
    });
    const it = reported(await wholeRun({ kubeconfig: lane.kubeconfig() }, (it) => (cancel = it.cancel)));
    expect(it.interrupted).toBe(true);
    expect(dishonest(it.report)).toEqual([]);
    expect(it.ms).toBeLessThan(10_000);
  });
});
