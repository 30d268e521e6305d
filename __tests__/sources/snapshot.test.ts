import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as z from 'zod/mini';
import { UserError } from '../../src/model/errors.js';
import { defineFact, unavailableReasons, type Facts } from '../../src/model/fact.js';
import { fitForSnapshot, parseSnapshot, snapshotSource, validateFacts, writeSnapshot, type Snapshot } from '../../src/sources/snapshot.js';
import { anyCharacter } from '../helpers/any-character.js';
import { rejection } from '../helpers/shown.js';
import { sourceContext } from '../helpers/source-context.js';
import { meetsTheContract } from './contract.js';

const recorded: Snapshot = {
  recordedAt: '2026-11-20T10:00:00.000Z',
  tool: { name: 'scs-kaas', version: '0.1.0' },
  cluster: { name: 'prod', source: 'kubeconfig', detail: 'context prod, https://10.0.0.1:6443' },
  facts: { nodes: [{ name: 'a' }], metrics: { unavailable: 'forbidden', detail: 'GET /metrics: 403' } },
};
const text = writeSnapshot(recorded);
const changed = (change: object): string => JSON.stringify({ ...(JSON.parse(text) as object), ...change });

test('what is written is read again, however much the cluster had to say', () => {
  const caveats = Array.from({ length: 30 }, (_, i) => `${i} ${'refused '.repeat(300)} remove it with: x`);
  const cluster = { ...recorded.cluster, name: 'n'.repeat(2_000), detail: 'd'.repeat(2_000), caveats };
  const read = parseSnapshot(writeSnapshot({ ...recorded, cluster }), 'test').cluster.caveats ?? [];
  expect([read.length, read[19]]).toEqual([20, 'And 11 more of these.']);
  expect(read[0]).toMatch(/^0 refused .*… .*remove it with: x$/);
});

describe('nothing is written that is not read again', () => {
  const anything = defineFact({ name: 'anything', schema: z.unknown(), permissions: [], collect: () => Promise.resolve(1) });
  const names = ['anything', 'nodes', 'metrics', 'pods'];
  const definitions = names.map((name) => ({ ...anything, name }));
  const roundTrip = (facts: Facts, checked = definitions): { written: Facts; read: Facts } => {
    const written = fitForSnapshot(facts, checked);
    return { written, read: validateFacts(parseSnapshot(writeSnapshot({ ...recorded, facts: written }), 'test').facts, checked) };
  };
  test('whatever facts, details, names and caveats are', () => {
    const unavailable = fc.record({
      unavailable: fc.constantFrom(...unavailableReasons),
      detail: fc.string({ unit: anyCharacter, maxLength: 30_000, size: 'max' }),
    });
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...names), fc.oneof(fc.jsonValue(), unavailable)),
        fc.string({ unit: anyCharacter, maxLength: 3_000, size: 'max' }),
        fc.array(fc.string({ unit: anyCharacter, maxLength: 3_000, size: 'max' }), { maxLength: 40 }),
        (facts, said, caveats) => {
          const { written, read } = roundTrip(facts);
          expect(read).toEqual(JSON.parse(JSON.stringify(written)));
          const cluster = { name: said, source: 'kubeconfig', detail: said, caveats };
          expect(() => parseSnapshot(writeSnapshot({ ...recorded, cluster, facts: written }), 'test')).not.toThrow();
        },
      ),
      { numRuns: 50 },
    );
  });
  test.each<[string, () => unknown]>([
    ['a long text', () => 'x'.repeat(40_000_000)],
    ['a text that takes three bytes for a character', () => '\u20ac'.repeat(12_000_000)],
    ['many small values', () => Array<number>(3_000_000).fill(1)],
    ['many empty lists', () => Array.from({ length: 1_500_000 }, () => [])],
  ])('%s: that fact is too large, and the others are as they were', (_, value) => {
    const { written, read } = roundTrip({ anything: value(), nodes: ['a'] });
    expect(read).toEqual(written);
    expect(read).toEqual({
      anything: { unavailable: 'too-large', detail: expect.stringMatching(/^anything: its \d+ bytes do not fit/) },
      nodes: ['a'],
    });
  });
  test('several that fit alone and not together', () => {
    const { read } = roundTrip({ anything: 'x'.repeat(20_000_000), nodes: 'x'.repeat(21_000_000), pods: 'x' });
    expect(read).toMatchObject({ anything: expect.any(String), nodes: { unavailable: 'too-large' }, pods: 'x' });
  });
  test('a value that is not of its own schema would be malformed in a replay, and so it is at once', () => {
    const strict = [{ ...anything, name: 'nodes', schema: z.string().check(z.maxLength(3)) }];
    const { written, read } = roundTrip({ nodes: 'abcd' }, strict);
    expect(written).toEqual(read);
    expect(read).toMatchObject({ nodes: { unavailable: 'malformed' } });
  });
  test.each([
    ['nested without end', () => `{"format":"scs-kaas-snapshot","facts":${'['.repeat(100_000)}`, /nested deeper/],
    ['values without end', () => `[${'[],'.repeat(3_000_000)}1]`, /holds more than \d+ values/],
  ])('a file of others, %s', (_, file, message) => {
    expect(() => parseSnapshot(file(), 'test')).toThrow(message);
  });
});

meetsTheContract('snapshot', () =>
  Promise.resolve({
    source: snapshotSource,
    options: { text, name: 'test' },
    broken: { text: '{', name: 'test' },
    secrets: [],
    tearDown: () => Promise.resolve(),
  }),
);

describe('writing and reading', () => {
  test('what was written is read again', () => {
    expect(parseSnapshot(text, 'test')).toMatchObject(recorded);
  });
  test('the order in which facts came in changes no byte', () => {
    const other = { ...recorded, facts: Object.fromEntries(Object.entries(recorded.facts).reverse()) };
    expect(writeSnapshot(other)).toBe(text);
  });
  test('a snapshot of a snapshot is the same snapshot', () => {
    expect(writeSnapshot(parseSnapshot(text, 'test'))).toBe(text);
  });
  test('a light run says nothing of its tier, and is what earlier programs wrote', () => {
    expect(writeSnapshot({ ...recorded, tier: 'light' })).toBe(text);
    expect(text).not.toContain('"tier"');
  });
  test('an active run says so, and a snapshot of it is the same snapshot', () => {
    const active = writeSnapshot({ ...recorded, tier: 'active' });
    expect(parseSnapshot(active, 'test').tier).toBe('active');
    expect(writeSnapshot(parseSnapshot(active, 'test'))).toBe(active);
  });
  test.each([
    ['an empty file', '', /it is empty/],
    ['a file that is not JSON', 'nodes: []', /it is not JSON/],
    ['a file that stops in the middle', text.slice(0, 200), /it is not JSON/],
    ['JSON of another program', '{"items":[]}', /not of the format scs-kaas-snapshot/],
    ['a list', '[]', /not of the format/],
    ['null', 'null', /not of the format/],
    [
      'a version of the future',
      changed({ version: 2 }),
      /version 2 of the format of scs-kaas 0.1.0, and this program reads version 1; update the program/,
    ],
    ['a field that nobody knows', changed({ extra: true }), /its top level is not as it should be/],
    ['a moment that is none', changed({ recordedAt: 'yesterday' }), /recordedAt is not as it should be/],
    ['a tier that nobody knows', changed({ tier: 'thorough' }), /tier is not as it should be/],
    ['no facts', changed({ facts: undefined }), /facts is not as it should be/],
    ['a name without end', changed({ cluster: { ...recorded.cluster, name: 'x'.repeat(2_000) } }), /cluster\.name is not/],
  ])('%s', (_title, input, message) => {
    expect(() => parseSnapshot(input, 'test')).toThrow(UserError);
    expect(() => parseSnapshot(input, 'test')).toThrow(message);
    expect(() => parseSnapshot(input, 'test')).toThrow(/Record one with "scs-kaas record FILE"\./);
  });
});

describe('opening', () => {
  let directory = '';
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'scs-kaas-snapshot-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  test('a file with a byte order mark', async () => {
    const file = join(directory, 'marked.json');
    await writeFile(file, `\uFEFF${text}`);
    expect((await snapshotSource.open({ file, name: file }, sourceContext())).cluster).toMatchObject({ recordedAt: recorded.recordedAt });
  });

  test('a file, with when and from where it was recorded, and its caveats', async () => {
    const file = join(directory, 'a.json');
    await writeFile(file, writeSnapshot({ ...recorded, cluster: { ...recorded.cluster, caveats: ['kind certifies nothing'] } }));
    const opened = await snapshotSource.open({ file, name: file }, sourceContext());
    expect(opened).toMatchObject({
      name: 'prod',
      detail: 'recorded at 2026-11-20T10:00:00.000Z by scs-kaas 0.1.0 from kubeconfig',
      caveats: ['kind certifies nothing'],
    });
    expect(opened.cluster).toEqual({ live: false, facts: recorded.facts, recordedAt: recorded.recordedAt, tier: 'light' });
  });
  test.each([
    ['a cluster of somebody’s', 'kubeconfig', 'context prod', 'snapshot', 'kubeconfig'],
    ['a kind cluster', 'kind', 'kind v0.30.0', 'kind', 'kind'],
    ['the example', 'embedded', 'recorded at 2026-11-20T10:00:00.000Z by scs-kaas 0.1.0 from kubeconfig', 'embedded', 'embedded'],
    ['a recording', 'snapshot', 'recorded at 2026-11-20T10:00:00.000Z by scs-kaas 0.1.0 from kubeconfig', 'snapshot', 'kubeconfig'],
    [
      'a kind cluster, recorded again by an earlier version',
      'snapshot',
      'recorded at 2026-11-20T10:00:00.000Z by scs-kaas 0.1.0 from kind',
      'kind',
      'kind',
    ],
    ['a context that is called so', 'kubeconfig', 'context from kind', 'snapshot', 'kubeconfig'],
  ])('a recording of %s, however often it is recorded again', async (_, source, detail, shown, from) => {
    let cluster: Snapshot['cluster'] = { name: 'prod', source, detail };
    for (let times = 0; times < 3; times++) {
      const opened = await snapshotSource.open({ text: writeSnapshot({ ...recorded, cluster }), name: 'test' }, sourceContext());
      expect([opened.source, opened.detail]).toEqual([shown, `recorded at ${recorded.recordedAt} by scs-kaas 0.1.0 from ${from}`]);
      cluster = { name: opened.name, source: opened.source, detail: opened.detail };
    }
  });
  test('one of an active run is judged by the rungs of that tier', async () => {
    const opened = await snapshotSource.open({ text: writeSnapshot({ ...recorded, tier: 'active' }), name: 'test' }, sourceContext());
    expect(opened.cluster).toMatchObject({ live: false, tier: 'active' });
  });
  test('a file that is not there', async () => {
    const file = join(directory, 'none.json');
    expect((await rejection(snapshotSource.open({ file, name: 'none.json' }, sourceContext()))).message).toMatch(
      /Cannot use the snapshot none\.json: no such file/,
    );
  });
  test('a directory', async () => {
    expect((await rejection(snapshotSource.open({ file: directory, name: 'dir' }, sourceContext()))).message).toMatch(/it is a directory/);
  });
});

describe('facts of a snapshot', () => {
  const numbers = defineFact({ name: 'numbers', schema: z.array(z.number()), permissions: [], collect: () => Promise.resolve([]) });
  const validated = (facts: Facts): unknown => validateFacts(facts, [numbers])['numbers'];
  test.each<[string, unknown, unknown]>([
    ['a value of its schema', [1, 2], [1, 2]],
    ['one that was unavailable', { unavailable: 'timeout', detail: 'slow' }, { unavailable: 'timeout', detail: 'slow' }],
    ['a value of another shape', ['1'], expect.objectContaining({ unavailable: 'malformed' })],
    ['null', null, expect.objectContaining({ unavailable: 'malformed' })],
    [
      'an unavailable with a reason that nobody knows',
      { unavailable: 'because', detail: 'x' },
      expect.objectContaining({ unavailable: 'malformed' }),
    ],
    [
      'an unavailable whose detail is no text',
      { unavailable: 'timeout', detail: 7 },
      expect.objectContaining({ unavailable: 'malformed' }),
    ],
  ])('%s', (_title, value, expected) => {
    expect(validated({ numbers: value })).toEqual(expected);
  });
  test('one that was not recorded stays absent, and one that nobody asked for is left out', () => {
    expect(validateFacts({ other: 1 }, [numbers])).toEqual({});
  });
  test('a name that every object has is not taken for a fact', () => {
    const odd = { ...numbers, name: 'constructor' };
    expect(validateFacts({}, [odd])).toEqual({});
  });
});
