import embedded from '../../src/sources/embedded/good.json' with { type: 'json' };
import { clocks } from '../../src/facts/clocks.js';
import { e2eResults, type E2eResults } from '../../src/facts/e2e-results.js';
import type { NetworkPolicyMatrix } from '../../src/facts/network-policy-matrix.js';
import { upstreamExceptions } from '../../src/facts/support/e2e-exceptions.js';
import type { Fact, Facts } from '../../src/model/fact.js';
import { cells, dimensions } from '../../src/probes/network-policy/cells.js';
import { csi, seen } from './default-volume.js';
import { cvesFact, releasesFact } from './release-facts.js';
import { cinder, main, of, storageFacts } from './storage.js';

/** When every world is judged: the moment of the recording. */
export const worldNow = new Date(embedded.recordedAt);
/** So many days before, ISO 8601. */
const ago = (days: number): string => new Date(worldNow.getTime() - days * 86_400_000).toISOString();

/** Deterministic numbers in [0, 1): the same worlds in every run (mulberry32, public domain). */
const numbers = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
};

const suite = (count: number) => ({ named: count, passed: count, failed: 0, unfinished: 0, skipped: 0, notRun: 0, left: [] });
const results: E2eResults = {
  runs: [
    {
      files: [{ name: 'run.tar.gz', sha256: 'abc' }],
      form: 'sonobuoy',
      unusable: [],
      kubernetes: 'v1.36.3',
      tests: 'v1.36.3',
      sonobuoy: 'v0.57.5',
      startedAt: ago(4),
      finishedAt: ago(3),
      dryRun: false,
      flakeAttempts: 1,
      focus: [],
      skip: [],
      executed: 500,
      cut: '',
      brokenNodes: [],
      retried: [],
      suites: { conformance: suite(446), 'network-policy': suite(50) },
      failed: [],
      cluster: { answer: 'same', why: 'the UID of its namespace kube-system is the same' },
    } as unknown as E2eResults['runs'][number],
  ],
  exceptions: upstreamExceptions,
};

const matrix: NetworkPolicyMatrix = {
  image: 'agnhost',
  nodes: ['one', 'two'],
  eligible: 2,
  leftOut: [],
  families: ['IPv4'],
  notShown: [],
  foreignPolicies: [],
  ended: '',
  tookMs: 1_000,
  // One cell of each dimension and direction is as good as all of them, and quicker.
  cells: [...new Map(cells.map((spec) => [`${spec.direction} ${spec.dimension} ${spec.expected}`, spec])).values()].map((spec) => ({
    id: spec.id,
    title: spec.title,
    dimension: dimensions[spec.dimension],
    direction: spec.direction,
    via: spec.via,
    path: 'same-node',
    node: 'one',
    from: 'a',
    to: 'b',
    port: `${spec.protocol} ${spec.port}`,
    family: 'IPv4',
    expected: spec.expected,
    observed: spec.expected,
    lateMs: 0,
    note: '',
  })),
};

/** A cluster that meets as much as facts can show: the recorded good one, with everything that a run of tier heavy would add. */
export const goodWorld: Facts = {
  ...embedded.facts,
  [clocks.name]: { here: worldNow.toISOString(), server: worldNow.toISOString() },
  'kubernetes-releases': releasesFact({
    asOf: ago(1),
    patches: [
      ['1.37.1', ago(13)],
      ['1.37.0', ago(90)],
      ['1.36.4', ago(11)],
      ['1.36.3', ago(44)],
      ['1.36.0', ago(215)],
    ],
    windows: [
      ['1.37', ago(90), null],
      ['1.36', ago(215), ago(-217)],
      ['1.35', ago(341), ago(-97)],
      ['1.34', ago(450), ago(27)],
    ],
  }),
  'kubernetes-cves': cvesFact([{ id: 'CVE-2026-0001', score: 9, ranges: [{ introduced: '1.36.0', fixed: '1.36.3' }] }], { asOf: ago(1) }),
  'offered-versions': { source: 'offer.yaml', date: ago(3), versions: [{ version: '1.36.4' }, { version: '1.35.9' }] },
  [e2eResults.name]: results,
  'network-policy-matrix': matrix,
  'default-volume': seen(csi(cinder)),
  ...storageFacts([
    main(cinder, { expandable: true, parameters: { numberOfReplicas: '3' } }),
    of('copies', 'driver.longhorn.io', { expandable: true, parameters: { numberOfReplicas: '3' } }),
  ]),
};

/** Words that decide something somewhere, beside those of the recording. */
const words = [
  ...['', 'v1.36.3', 'v1.35.1', 'v1.37.0-rc.1', 'v1.36.3-eks-1', 'v1.36.3+k3s1', 'true', 'false', 'default', 'kube-system', 'x'],
  ...['baseline', 'restricted', 'privileged', 'worker-1', '2026-11-20T10:00:00Z', '2020-01-01', '2030-01-01T00:00:00Z', '0', '8h'],
];

/** Some texts of the same place are worth more than any text: a zone for a zone. */
const pools = new Map<string, string[]>();
const gather = (value: unknown, key: string): void => {
  if (typeof value === 'string') {
    const pool = pools.get(key) ?? [];
    if (pool.length < 40) pools.set(key, [...pool, value]);
  } else if (Array.isArray(value)) value.slice(0, 20).forEach((one) => gather(one, key));
  else if (typeof value === 'object' && value !== null) for (const [k, one] of Object.entries(value)) gather(one, k);
};
gather(goodWorld, '');

const pick = <T>(some: readonly T[], next: () => number): T | undefined => some[Math.floor(next() * some.length)];

/** A value with a few of its parts changed: a text, a number, a flag, an element or a key that is gone. */
const mutate = (value: unknown, key: string, rate: number, next: () => number): unknown => {
  const hit = next() < rate;
  if (typeof value === 'boolean') return hit ? !value : value;
  if (typeof value === 'number') return hit ? (pick([0, 1, value + 1, value * 2, Math.max(0, value - 1), 10_255], next) ?? value) : value;
  if (typeof value === 'string') return hit ? (pick([...(pools.get(key) ?? []), ...words], next) ?? value) : value;
  if (value === null) return hit ? (pick(words, next) ?? null) : null;
  if (Array.isArray(value)) {
    if (hit && next() < 0.2) return [];
    const kept = value.filter(() => next() >= rate / 2).map((one) => mutate(one, key, rate, next));
    return hit && kept.length > 0 ? [...kept, mutate(kept[0], key, rate, next)] : kept;
  }
  if (typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([k, one]) => (next() < rate / 4 ? [] : [[k, mutate(one, k, rate, next)] as const])),
  );
};

/**
 * Facts that tell one thing in several ways: how the API server is set. A world in which they contradict each other is none, so at most one of them is
 * changed, and the others could not be had then.
 */
const settings = [
  ...['kube-apiserver-pods', 'api-server-flagz', 'api-server-metrics', 'authorizer-answers', 'node-restriction'],
  ...['pod-security-admission', 'pod-security-default', 'pod-security-restricted', 'authentication-config'],
];

/**
 * A world: the good one with some facts changed within their schemas, and some that could not be had.
 * @param definitions of the facts, by which changed ones are checked
 */
export const worldOf = (seed: number, definitions: readonly Fact<unknown>[]): Facts => {
  const next = numbers(seed);
  // Most worlds differ in little, so that much of them still passes.
  const [some, rate] = [next() * 0.5, next() * next() * 0.2];
  const changed = next() < 0.4 ? pick(settings, next) : undefined;
  return Object.fromEntries(
    definitions.flatMap((fact) => {
      const value = goodWorld[fact.name];
      if (value === undefined || next() < 0.03) return [];
      const ofSettings = settings.includes(fact.name);
      if (next() < 0.03 || (ofSettings && changed !== undefined && changed !== fact.name))
        return [[fact.name, { unavailable: 'forbidden', detail: `${fact.name}: 403` }]];
      const mutated = (ofSettings ? changed === fact.name : next() < some)
        ? fact.schema.safeParse(mutate(value, '', rate, next))
        : undefined;
      return [[fact.name, mutated?.success === true ? mutated.data : value]];
    }),
  );
};
