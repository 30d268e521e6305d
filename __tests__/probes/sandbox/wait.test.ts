import { describe, expect, test } from '@jest/globals';
import { NotAvailable } from '../../../src/model/errors.js';
import type { Api } from '../../../src/model/ports.js';
import { untilRunning } from '../../../src/probes/sandbox/wait.js';
import type { Clock } from '../../../src/system/poll.js';

const image = 'registry.invalid/nothing:1';
const namespace = 'scs-kaas-x';
type Status = object;
const waiting = (reason: string, message = ''): Status => ({
  phase: 'Pending',
  containerStatuses: [{ name: 'probe', image, state: { waiting: { reason, message } } }],
});
const creating = waiting('ContainerCreating');
const failed = waiting('ErrImagePull', 'no such host');
const backingOff = waiting('ImagePullBackOff', `Back-off pulling image "${image}"`);
const running: Status = { phase: 'Running', podIPs: [{ ip: '10.0.0.1' }], containerStatuses: [{ image, state: { running: {} } }] };

type Timeline = readonly (readonly [since: number, status: Status])[];

/** A cluster whose pods are as timelines say, on a clock that goes on as soon as somebody waits. */
const cluster = (
  pods: Readonly<Record<string, { readonly node: string; readonly timeline: Timeline }>>,
  awayMs: readonly [number, number] = [0, 0],
) => {
  let now = 0;
  const clock: Clock = {
    now: () => now,
    pause: (ms) => {
      now += ms;
      return Promise.resolve();
    },
  };
  const api: Api = {
    request: ({ path }) => {
      if (now >= awayMs[0] && now < awayMs[1]) return Promise.reject(new NotAvailable('unreachable', 'away'));
      expect(path).toMatch(/^\/api\/v1\/namespaces\/scs-kaas-x\/pods\?/);
      const items = Object.entries(pods).map(([name, { node, timeline }]) => ({
        metadata: { name, namespace },
        spec: { nodeName: node },
        status: timeline.findLast(([since]) => since <= now)?.[1] ?? creating,
      }));
      return Promise.resolve({ status: 200, headers: {}, text: JSON.stringify({ metadata: {}, items }) });
    },
  };
  const wait = async (signal = new AbortController().signal) => {
    const started = await untilRunning(
      api,
      Object.keys(pods).map((name) => ({ namespace, name })),
      { signal, clock },
    );
    return { running: [...started.running.keys()], problems: [...started.problems], tookMs: now };
  };
  return { wait };
};

const unreachable: Timeline = [
  [4_000, failed],
  [6_000, backingOff],
  [21_000, failed],
  [33_000, backingOff],
];

describe('pods that are waited for', () => {
  test('no node can pull: an answer within 45 s, with image and nodes', async () => {
    const {
      running: up,
      problems,
      tookMs,
    } = await cluster({
      a: { node: 'worker-1', timeline: unreachable },
      b: { node: 'worker-2', timeline: unreachable },
    }).wait();
    expect(up).toEqual([]);
    expect(tookMs).toBeLessThanOrEqual(45_000);
    expect(problems).toEqual([
      [
        'scs-kaas-x/a',
        expect.objectContaining({
          node: 'worker-1',
          image: true,
          why: `the image "${image}" cannot be pulled (ErrImagePull): no such host`,
        }),
      ],
      ['scs-kaas-x/b', expect.objectContaining({ node: 'worker-2', image: true })],
    ]);
  });

  test('one node cannot pull: it alone is named, and the others run', async () => {
    const {
      running: up,
      problems,
      tookMs,
    } = await cluster({
      a: { node: 'worker-1', timeline: [[3_000, running]] },
      b: { node: 'worker-2', timeline: unreachable },
    }).wait();
    expect(up).toEqual(['scs-kaas-x/a']);
    expect(problems.map(([key, { node }]) => [key, node])).toEqual([['scs-kaas-x/b', 'worker-2']]);
    expect(tookMs).toBeLessThanOrEqual(45_000);
  });

  test('a pull that fails once and then takes a minute: it runs', async () => {
    const { running: up, problems } = await cluster({
      a: {
        node: 'worker-1',
        timeline: [
          [4_000, failed],
          [6_000, backingOff],
          [80_000, running],
        ],
      },
    }).wait();
    expect([up, problems]).toEqual([['scs-kaas-x/a'], []]);
  });

  test('a pull that hangs ends after two minutes, and another image may help', async () => {
    const { problems, tookMs } = await cluster({ a: { node: 'worker-1', timeline: [] } }).wait();
    expect(problems).toEqual([
      [
        'scs-kaas-x/a',
        expect.objectContaining({
          why: expect.stringMatching(/^it did not run within 12\d s, and its node may still be pulling the image$/),
          node: 'worker-1',
          image: true,
        }),
      ],
    ]);
    expect(tookMs).toBeGreaterThan(119_000);
    expect(tookMs).toBeLessThan(125_000);
  });

  test.each<[string, string, Status]>([
    ['has no node', '', creating],
    ['has an address', 'worker-1', { ...creating, podIPs: [{ ip: '10.0.0.1' }] }],
  ])('a pod that %s and does not run is not waiting for its image', async (_, node, status) => {
    const { problems } = await cluster({ a: { node, timeline: [[0, status]] } }).wait();
    expect(problems).toEqual([
      ['scs-kaas-x/a', expect.objectContaining({ why: expect.stringMatching(/^it did not run within 12\d s$/), image: false })],
    ]);
  });

  test('a run that ends says nothing of the image', async () => {
    const { problems } = await cluster({ a: { node: 'worker-1', timeline: [] } }).wait(AbortSignal.abort());
    expect(problems).toEqual([['scs-kaas-x/a', expect.objectContaining({ why: 'the run ended before it ran', image: false })]]);
  });

  test.each([
    [16_000, 45_000],
    [30_000, 45_000],
    [44_000, 45_000],
    [60_000, 60_000],
  ])('a pull that takes %i ms to fail: the first failure is the answer, after %i ms', async (failsAt, endsAt) => {
    const timeline: Timeline = [
      [failsAt, failed],
      [failsAt + 1_000, backingOff],
    ];
    const { problems, tookMs } = await cluster({ a: { node: 'worker-1', timeline } }).wait();
    expect(problems).toEqual([['scs-kaas-x/a', expect.objectContaining({ image: true, why: expect.stringContaining('no such host') })]]);
    expect(tookMs).toBe(endsAt);
  });

  test('a pull that fails soon and then hangs ends after two minutes, and says what failed', async () => {
    const timeline: Timeline = [
      [4_000, failed],
      [5_000, backingOff],
    ];
    const { problems, tookMs } = await cluster({ a: { node: 'worker-1', timeline } }).wait();
    expect(problems).toEqual([['scs-kaas-x/a', expect.objectContaining({ image: true, why: expect.stringContaining('no such host') })]]);
    expect(tookMs).toBeGreaterThan(119_000);
    expect(tookMs).toBeLessThan(125_000);
  });

  test('a pull that takes long to fail on one node, while another node has run a pod: it is tried again', async () => {
    const { running: up, problems } = await cluster({
      a: { node: 'worker-1', timeline: [[3_000, running]] },
      b: {
        node: 'worker-2',
        timeline: [
          [30_000, failed],
          [31_000, backingOff],
          [100_000, running],
        ],
      },
    }).wait();
    expect([up, problems]).toEqual([['scs-kaas-x/a', 'scs-kaas-x/b'], []]);
  });

  test('a pull that has not failed goes on while another one on its node has', async () => {
    const { running: up, problems } = await cluster({
      a: {
        node: 'worker-1',
        timeline: [
          [30_000, failed],
          [31_000, backingOff],
        ],
      },
      b: { node: 'worker-1', timeline: [[100_000, running]] },
    }).wait();
    expect(up).toEqual(['scs-kaas-x/b']);
    expect(problems).toEqual([['scs-kaas-x/a', expect.objectContaining({ image: true })]]);
  });

  test('an API server that is away for a while counts nothing', async () => {
    const { running: up } = await cluster(
      {
        a: {
          node: 'worker-1',
          timeline: [
            [4_000, failed],
            [60_000, running],
          ],
        },
      },
      [5_000, 50_000],
    ).wait();
    expect(up).toEqual(['scs-kaas-x/a']);
  });

  test('a run that ends says so', async () => {
    const { problems } = await cluster({ a: { node: 'worker-1', timeline: [] } }).wait(AbortSignal.abort());
    expect(problems).toEqual([['scs-kaas-x/a', expect.objectContaining({ why: 'the run ended before it ran' })]]);
  });
});
