import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { podSecurityModes, type Namespace } from '../../src/facts/namespaces.js';
import type { Outcome } from '../../src/model/outcome.js';
import { scs0217v1 } from '../../src/standards/scs-0217-v1.js';
import { levelRefused, metrics, namespace, pod, podRefused } from '../helpers/hardening.js';
import { forbidden, settle } from '../helpers/settle.js';

/** Less knowledge never gives a better outcome: random clusters, consistent or not, and one thing of each hidden at a time. */

const ids = ['pod-security-baseline', 'pod-security-enforce', 'pod-security-restricted'] as const;
const requirements = scs0217v1.requirements.filter(({ id }) => (ids as readonly string[]).includes(id));

/** What a row may be known to be broken by: without it, or a part of it, that may not be known any more. */
const ofLabels = ['pod-security-default', 'namespaces', 'pod-security-admission', 'api-server-metrics'];
const refuting: Readonly<Record<(typeof ids)[number], readonly string[]>> = {
  'pod-security-baseline': ofLabels,
  'pod-security-enforce': ofLabels,
  'pod-security-restricted': ['pod-security-restricted'],
};

type Pod = ReturnType<typeof pod>;
const unavailable = forbidden('x') as { readonly unavailable: string };
interface World {
  readonly 'pod-security-default': Pod | typeof unavailable;
  readonly 'pod-security-restricted': Pod | typeof unavailable;
  readonly namespaces: readonly Namespace[] | typeof unavailable;
  readonly 'api-server-metrics': unknown;
  readonly 'pod-security-admission': unknown;
}

const warning = (level: string): string => `would violate PodSecurity "${level}:latest": privileged`;
const answers: readonly (Pod | typeof unavailable)[] = [
  unavailable,
  pod(201),
  pod(201, '', [warning('baseline')]),
  pod(201, '', [warning('restricted'), 'something else']),
  podRefused('baseline'),
  podRefused('restricted'),
  pod(403, 'admission webhook "w.example.org" denied the request: no'),
  pod(403, 'admission webhook "w.example.org" denied the request: no', [warning('baseline')]),
  pod(400, 'admission webhook "w.example.org" does not support dry run'),
  pod(409, 'pods "x" already exists'),
];
const level = fc.constantFrom(undefined, null, null, 'privileged', 'baseline', 'baseline', 'restricted', 'audit');
const space = (name: string): fc.Arbitrary<Namespace> =>
  fc.tuple(level, level, level).map(([enforce, warn, audit]) => ({ name, enforce, warn, audit }));
const names = ['default', 'kube-system', 'kube-public', 'team', 'shop'];
const worlds: fc.Arbitrary<World> = fc.record({
  'pod-security-default': fc.constantFrom(...answers),
  'pod-security-restricted': fc.constantFrom(...answers),
  namespaces: fc.oneof(
    { weight: 1, arbitrary: fc.constant(unavailable) },
    { weight: 6, arbitrary: fc.subarray(names, { minLength: 0 }).chain((some) => fc.tuple(...some.map(space))) },
    { weight: 6, arbitrary: fc.tuple(space('default'), space('kube-system'), space('team')) },
    { weight: 6, arbitrary: fc.tuple(space('default'), space('kube-system')) },
  ),
  'api-server-metrics': fc.constantFrom<unknown>(unavailable, metrics(), metrics({ admissionPlugins: ['NamespaceLifecycle'] })),
  'pod-security-admission': fc.constantFrom<unknown>(unavailable, levelRefused, namespace(201), namespace(400, 'w')),
});

const isKnown = <T extends object>(value: T | typeof unavailable): value is T => !('unavailable' in value);

/** A world with one thing less in it, and the fact that it was taken from. */
interface Hidden {
  readonly what: string;
  readonly from: keyof World;
  readonly world: World;
}

const withoutFacts = (world: World): readonly Hidden[] =>
  (Object.keys(world) as (keyof World)[]).map((from) => ({ what: from, from, world: { ...world, [from]: unavailable } }));

const withoutWarnings = (world: World): readonly Hidden[] =>
  (['pod-security-default', 'pod-security-restricted'] as const).flatMap((from) => {
    const answer = world[from];
    if (!isKnown(answer)) return [];
    return [{ what: `warnings of ${from}`, from, world: { ...world, [from]: { ...answer, warnings: [] } } }];
  });

/**
 * Lists that show a part: whatever else is hidden, something that every cluster has is among it. A filter that hides nothing but namespaces of
 * users shows the very list of a cluster without them.
 */
const filtered = (all: readonly Namespace[]): readonly (readonly Namespace[])[] => [
  [],
  ...['default', 'kube-system'].flatMap((always) => {
    const rest = all.filter(({ name }) => name !== always);
    return [rest, ...rest.map((one) => rest.filter((other) => other !== one)), ...rest.map((one) => [one])];
  }),
];

const withoutLabel = (all: readonly Namespace[]): readonly (readonly Namespace[])[] =>
  all.flatMap((one) =>
    podSecurityModes.map((mode) =>
      all.map((other) => {
        if (other !== one) return other;
        return Object.fromEntries(Object.entries(other).filter(([key]) => key !== mode)) as Namespace;
      }),
    ),
  );

const withLessOfList = (world: World): readonly Hidden[] => {
  const all = world.namespaces;
  if (!isKnown(all)) return [];
  return [...filtered(all), ...withoutLabel(all)].map((namespaces) => ({
    what: JSON.stringify(namespaces),
    from: 'namespaces',
    world: { ...world, namespaces },
  }));
};

const rank = (outcome: Outcome): number => (outcome === 'pass' || outcome === 'not-applicable' ? 2 : outcome === 'fail' ? 0 : 1);
const settled = (world: World): Readonly<Record<string, Outcome>> =>
  Object.fromEntries(
    Object.entries(settle(requirements, world as unknown as Readonly<Record<string, unknown>>)).map(([id, r]) => [id, r.outcome]),
  );

/** Rows that are better off with less knowledge. */
const improved = (world: World): readonly string[] => {
  const before = settled(world);
  return [...withoutFacts(world), ...withoutWarnings(world), ...withLessOfList(world)].flatMap(({ what, from, world: less }) => {
    const after = settled(less);
    return ids
      .filter((id) => {
        const [was, is] = [rank(before[id] ?? 'abort'), rank(after[id] ?? 'abort')];
        return is > was && !(refuting[id].includes(from) && is === 1);
      })
      .map((id) => `${id}: ${before[id] ?? ''} became ${after[id] ?? ''} without ${what}`);
  });
};

test('in random clusters', () => {
  fc.assert(
    fc.property(worlds, (world) => {
      expect(improved(world)).toEqual([]);
    }),
    { numRuns: 3_000 },
  );
}, 60_000);

test('the random clusters come to every outcome, so that there is something to improve', () => {
  const seen = new Set(
    fc.sample(worlds, 2_000).flatMap((world) => Object.entries(settled(world)).map(([id, outcome]) => `${id} ${outcome}`)),
  );
  expect([...seen].sort()).toEqual([
    'pod-security-baseline abort',
    'pod-security-baseline fail',
    'pod-security-baseline pass',
    'pod-security-enforce abort',
    'pod-security-enforce fail',
    'pod-security-enforce pass',
    'pod-security-restricted abort',
    'pod-security-restricted not-applicable',
    'pod-security-restricted pass',
  ]);
});

describe('MAY never fails', () => {
  test('in random clusters', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        expect(settled(world)['pod-security-restricted']).not.toBe('fail');
      }),
      { numRuns: 500 },
    );
  });
});
