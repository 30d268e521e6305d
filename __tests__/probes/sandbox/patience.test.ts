import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatTrouble, PodPatience, type Trouble } from '../../../src/probes/sandbox/patience.js';
import { rawPod, toPodState, type PodState } from '../../../src/probes/sandbox/pods.js';

/** Statuses as kubelets of 1.30 to 1.36 with containerd write them. */
const image = 'registry.invalid/nothing:1';
const noHost = `failed to pull and unpack image "${image}": failed to resolve reference "${image}": failed to do request: Head "https://registry.invalid/v2/nothing/manifests/1": dial tcp: lookup registry.invalid on 172.18.0.1:53: no such host`;
const backOff = `Back-off pulling image "${image}"`;

const podWith = (status: object, node = 'worker-1'): PodState =>
  toPodState(rawPod.parse({ metadata: { name: 'a', namespace: 'scs-kaas-x' }, spec: node === '' ? {} : { nodeName: node }, status }));
const waiting = (reason: string, message?: string): PodState =>
  podWith({
    phase: 'Pending',
    conditions: [{ type: 'PodScheduled', status: 'True' }],
    containerStatuses: [
      {
        name: 'probe',
        image,
        imageID: '',
        ready: false,
        started: false,
        restartCount: 0,
        state: { waiting: { reason, ...(message === undefined ? {} : { message }) } },
      },
    ],
  });
const creating = waiting('ContainerCreating');
const unplaced = podWith({ phase: 'Pending' }, '');
const failed = waiting('ErrImagePull', noHost);
const backingOff = waiting('ImagePullBackOff', backOff);

/** How a pod is from a moment on, in milliseconds. */
type Timeline = readonly (readonly [since: number, state: PodState])[];
const stateAt = (timeline: Timeline, at: number): PodState => timeline.findLast(([since]) => since <= at)?.[1] ?? creating;

const pollMs = 500;
/** Looks at a pod twice a second. @returns the first trouble, and when */
const watched = (timeline: Timeline, untilMs = 120_000): { readonly at: number; readonly trouble: Trouble } | undefined => {
  const patience = new PodPatience();
  for (let at = 0; at <= untilMs; at += pollMs) {
    const trouble = patience.look(stateAt(timeline, at), at);
    if (trouble !== undefined) return { at, trouble };
  }
  return undefined;
};

describe('pulls that fail', () => {
  test.each<[string, Timeline, number]>([
    [
      'a registry that is not there: the second failure is the answer',
      [
        [1_000, failed],
        [3_000, backingOff],
        [15_000, failed],
      ],
      15_000,
    ],
    [
      'a name server that takes its time',
      [
        [10_000, failed],
        [11_000, backingOff],
        [34_000, failed],
      ],
      34_000,
    ],
    [
      'the first failure was over between two looks',
      [
        [1_000, backingOff],
        [15_000, failed],
      ],
      15_000,
    ],
    [
      'no back-off is seen in between, and the second failure has other words',
      [
        [1_000, failed],
        [13_000, waiting('ErrImagePull', `${noHost} (again)`)],
      ],
      13_000,
    ],
    [
      'the words are the same, so the next back-off and failure tell',
      [
        [1_000, failed],
        [25_000, backingOff],
        [40_000, failed],
      ],
      40_000,
    ],
    [
      'a registry that answers with errors',
      [
        [1_000, waiting('RegistryUnavailable', 'unavailable')],
        [2_000, backingOff],
        [14_000, waiting('RegistryUnavailable', 'unavailable')],
      ],
      14_000,
    ],
    [
      'a signature that is not accepted',
      [
        [1_000, waiting('SignatureValidationFailed', 'no signature')],
        [2_000, backingOff],
        [14_000, waiting('SignatureValidationFailed', 'no signature')],
      ],
      14_000,
    ],
    [
      'a kubelet that was started again shows nothing for a while',
      [
        [1_000, failed],
        [2_000, creating],
        [9_000, failed],
      ],
      9_000,
    ],
  ])('%s', (_, timeline, at) => {
    const seen = watched(timeline);
    expect(seen?.at).toBe(at);
    expect(at).toBeLessThanOrEqual(45_000);
    expect(seen?.trouble).toMatchObject({ image: true, node: 'worker-1' });
  });

  test('the answer names image, node and the registry’s words, also where the kubelet only waits', () => {
    const patience = new PodPatience();
    patience.look(failed, 0);
    patience.look(backingOff, 500);
    const trouble = patience.troubleOf(backingOff);
    expect(formatTrouble(trouble!)).toMatch(
      /^the image "registry\.invalid\/nothing:1" cannot be pulled \(ErrImagePull\) on node worker-1: failed to pull and unpack/,
    );
    expect(patience.look(backingOff, 20_000)).toBeUndefined();
  });

  test('a second failure that nobody has looked at counts with the next one', () => {
    const patience = new PodPatience();
    expect([backingOff, backingOff, backingOff].map((state, i) => patience.look(state, i * 30_000))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(patience.look(failed, 95_000)?.image).toBe(true);
  });
});

describe('what no pull will change', () => {
  test.each<[string, PodState, number, RegExp]>([
    ['a name that is none', waiting('InvalidImageName', 'couldn’t parse'), 0, /has no valid name \(InvalidImageName\)/],
    ['an image that may not be pulled', waiting('ErrImageNeverPull', 'policy of Never'), 0, /may not be pulled \(ErrImageNeverPull\)/],
    // It is looked for again every ten to fifteen seconds: two looks at least.
    [
      'an image that cannot be inspected',
      waiting('ImageInspectError', 'x'),
      30_000,
      /cannot be inspected on its node \(ImageInspectError\)/,
    ],
  ])('%s', (_, state, ms, words) => {
    const seen = watched([[2_000, state]]);
    expect(seen?.at).toBe(2_000 + ms);
    expect(seen?.trouble).toMatchObject({ image: true, why: expect.stringMatching(words) });
  });
});

describe('what is borne', () => {
  test.each<[string, Timeline]>([
    ['a pull that takes long', [[110_000, podWith({ phase: 'Running', containerStatuses: [{ state: { running: {} } }] })]]],
    [
      'a passing fault, and then a pull that takes long: the state stays while it is under way',
      [
        [1_000, failed],
        [2_500, backingOff],
        [110_000, podWith({ phase: 'Running', containerStatuses: [{ state: { running: {} } }] })],
      ],
    ],
    [
      'the same, without a back-off in between',
      [
        [1_000, failed],
        [110_000, podWith({ phase: 'Running', containerStatuses: [{ state: { running: {} } }] })],
      ],
    ],
    ['a pull that hangs: the whole wait has its own end', [[1_000, creating]]],
    [
      'reasons that nobody knows',
      [
        [1_000, waiting('__proto__')],
        [5_000, waiting('constructor')],
        [9_000, waiting('Odd')],
      ],
    ],
  ])('%s', (_, timeline) => {
    expect(watched(timeline)).toBeUndefined();
  });
});

describe('other troubles are borne for a time, and have nothing to do with images', () => {
  const unscheduled = podWith(
    { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no room' }] },
    '',
  );
  test.each<[string, PodState, number, string]>([
    ['no place', unscheduled, 20_000, 'the scheduler finds no place for it (Unschedulable): no room'],
    [
      'a container that cannot be made',
      waiting('CreateContainerError', 'x'),
      15_000,
      'its container cannot be made (CreateContainerError) on node worker-1: x',
    ],
    ['evicted', podWith({ phase: 'Failed', reason: 'Evicted', message: 'x' }), 0, 'it failed (Evicted) on node worker-1: x'],
  ])('%s', (_, state, ms, words) => {
    const seen = watched([[1_000, state]]);
    expect(seen?.at).toBe(1_000 + ms);
    expect(seen?.trouble.image).toBe(false);
    expect(formatTrouble(seen!.trouble)).toBe(words);
  });

  test('a trouble that passes is forgotten', () => {
    expect(
      watched([
        [1_000, unscheduled],
        [15_000, creating],
        [16_000, unscheduled],
        [30_000, creating],
      ]),
    ).toBeUndefined();
  });
});

/** A kubelet: pulls take so long each; after a failure it waits ten to fifteen seconds, then twice as long, and so on. */
const kubelet = (
  pulls: readonly { readonly ms: number; readonly ok: boolean; readonly waitMs: number; readonly saysAfterMs: number }[],
) => {
  let at = 0;
  let failures = 0;
  const ends: number[] = [];
  const timeline: (readonly [number, PodState])[] = [];
  for (const { ms, ok, waitMs, saysAfterMs } of pulls) {
    at += ms;
    if (ok) {
      timeline.push([at, podWith({ phase: 'Running', containerStatuses: [{ state: { running: {} } }] })]);
      break;
    }
    ends.push(at);
    timeline.push([at, failed], [at + saysAfterMs, backingOff]);
    at += waitMs * 2 ** failures++;
  }
  return { timeline, ends };
};
const pull = (most: number, ok = false) =>
  fc.record({
    ms: fc.integer({ min: 50, max: most }),
    ok: fc.constant(ok),
    waitMs: fc.integer({ min: 10_000, max: 15_000 }),
    saysAfterMs: fc.integer({ min: 600, max: 3_000 }),
  });

describe('whatever a kubelet’s times are', () => {
  test('two failures are an answer as soon as the second is there, and within 45 s where each takes up to 14 s', () => {
    fc.assert(
      fc.property(fc.tuple(pull(14_000), pull(14_000), pull(14_000)), (pulls) => {
        const { timeline, ends } = kubelet(pulls);
        const seen = watched(timeline);
        expect(seen?.at).toBeGreaterThanOrEqual(ends[1]!);
        expect(seen?.at).toBeLessThanOrEqual(Math.min(45_000, ends[1]! + pollMs));
      }),
    );
  });
  test('one failure is an answer from 45 s on where it took longer than 15 s', () => {
    fc.assert(
      fc.property(fc.integer({ min: 16_000, max: 110_000 }), fc.integer({ min: 600, max: 3_000 }), (ms, saysAfterMs) => {
        const { timeline, ends } = kubelet([{ ms, ok: false, waitMs: 10_000, saysAfterMs }]);
        const seen = watched(timeline);
        expect(seen?.at).toBeGreaterThanOrEqual(Math.max(45_000, ends[0]!));
        expect(seen?.at).toBeLessThanOrEqual(Math.max(45_000, ends[0]! + pollMs));
      }),
    );
  });
  test('the time before a pod has its node counts for nothing', () => {
    const late = (ms: number, after: number): Timeline => [
      [0, unplaced],
      [ms, creating],
      [ms + after, failed],
      [ms + after + 1_000, backingOff],
    ];
    expect(watched(late(60_000, 4_000))).toBeUndefined();
    expect(watched(late(40_000, 30_000))?.at).toBe(85_000);
  });
  test('one failure before a pull that comes to its end is none', () => {
    fc.assert(
      fc.property(fc.tuple(pull(10_000), pull(90_000, true)), (pulls) => {
        expect(watched(kubelet(pulls).timeline)).toBeUndefined();
      }),
    );
  });
});

describe('pulls of several pods on one node, which its kubelet makes one after the other', () => {
  const named = (name: string, state: PodState, node = 'worker-1'): PodState => ({ ...state, name, node });
  test('two that fail some time apart are an answer, whichever pods they were for', () => {
    const patience = new PodPatience();
    expect(patience.look(named('a', failed), 8_000)).toBeUndefined();
    expect(patience.look(named('a', backingOff), 9_000)).toBeUndefined();
    expect(patience.look(named('b', failed), 18_000)).toMatchObject({ node: 'worker-1', image: true });
  });
  test('two that fail at one moment are one fault', () => {
    const patience = new PodPatience();
    for (const name of ['a', 'b', 'c']) expect(patience.look(named(name, failed), 8_000)).toBeUndefined();
    for (const name of ['a', 'b', 'c']) expect(patience.look(named(name, backingOff), 17_999)).toBeUndefined();
  });
  test('one on each of two nodes are two failed pulls', () => {
    const patience = new PodPatience();
    expect(patience.look(named('a', failed), 8_000)).toBeUndefined();
    expect(patience.look(named('b', failed, 'worker-2'), 8_000)).toMatchObject({ node: 'worker-2', image: true });
    // And so for the first one, and for those that only wait.
    expect(patience.look(named('a', backingOff), 8_500)).toMatchObject({ node: 'worker-1', image: true });
    expect(patience.look(named('c', creating), 8_500)).toBeUndefined();
  });
});
