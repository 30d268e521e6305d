import { describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { NotAvailable } from '../../src/model/errors.js';
import type { Api } from '../../src/model/ports.js';
import { listSchema } from '../../src/kubernetes/list-schema.js';
import { listAll } from '../../src/kubernetes/list.js';
import { asking, type Said } from '../helpers/asked.js';

const item = z.object({ metadata: z.object({ name: z.string() }) });
const page = (names: readonly string[], next?: string): Said => ({
  status: 200,
  body: {
    metadata: next === undefined ? {} : { continue: next },
    items: names.map((name) => ({ metadata: { name, labels: { a: 'b' } } })),
  },
});
const listed = async (say: (nth: number) => Said): Promise<{ names: string[]; paths: readonly string[] }> => {
  let nth = 0;
  const { ports, asked } = asking(() => say(++nth));
  const names = await listAll(ports.api, '/api/v1/things', item, (raw) => raw.metadata.name, { labels: { a: 'b' } });
  return { names, paths: asked.map((request) => request.path) };
};

test('pages are followed by their token, selectors kept', async () => {
  const { names, paths } = await listed((nth) => (nth === 1 ? page(['a', 'b'], 'x=&y') : page(['c'])));
  expect(names).toEqual(['a', 'b', 'c']);
  expect(paths).toEqual(['/api/v1/things?labelSelector=a%3Db&limit=250', '/api/v1/things?labelSelector=a%3Db&limit=250&continue=x%3D%26y']);
});
test('an empty page in the middle, as a selector leaves it', async () => {
  expect((await listed((nth) => (nth < 3 ? page(nth === 1 ? [] : ['b'], String(nth)) : page(['c'])))).names).toEqual(['b', 'c']);
});

describe('a token that the API server has forgotten', () => {
  const expired: Said = {
    status: 410,
    body: { kind: 'Status', metadata: { continue: 'inconsistent' }, status: 'Failure', message: 'too old', reason: 'Expired', code: 410 },
  };
  const said =
    (...answers: readonly Said[]) =>
    (nth: number): Said =>
      answers[nth - 1] ?? expired;
  test.each<[string, readonly Said[], readonly string[], number]>([
    ['on the second page', [page(['a'], '1'), expired, page(['b'], '2'), page(['c'])], ['b', 'c'], 4],
    ['on a later page', [page(['a'], '1'), page(['b'], '2'), expired, page(['a'], '3'), page(['c'])], ['a', 'c'], 5],
    ['and there is one page now', [page(['a'], '1'), expired, page(['b'])], ['b'], 3],
    ['and nothing is there now', [page(['a'], '1'), expired, page([])], [], 3],
  ])('%s: the list begins again, and nothing of the first one is left', async (_, answers, names, asked) => {
    const seen = await listed(said(...answers));
    expect(seen.names).toEqual(names);
    expect(seen.paths).toHaveLength(asked);
    expect(seen.paths.filter((path) => !path.includes('continue='))).toHaveLength(2);
  });
  test.each<[string, readonly Said[], number]>([
    ['twice', [page(['a'], '1'), expired, page(['b'], '2'), expired], 4],
    ['on every page', [page(['a'], '1'), expired, page(['b'], '2'), page(['c'], '3'), expired, page(['d'])], 5],
    ['without a token', [expired, page(['a'])], 1],
    ['as soon as it begins again', [page(['a'], '1'), expired, expired, page(['a'])], 3],
  ])('%s: the list cannot be had', async (_, answers, asked) => {
    let last = 0;
    await expect(listed((nth) => said(...answers)((last = nth)))).rejects.toMatchObject({
      reason: 'not-found',
      message: 'GET /api/v1/things: 410 too old',
    });
    expect(last).toBe(asked);
  });
});

describe('what Go clients read as an empty list', () => {
  const forms: readonly (readonly [string, object])[] = [
    ['items: null', { kind: 'ThingList', metadata: { resourceVersion: '9' }, items: null }],
    ['items: null without a kind', { metadata: {}, items: null }],
    ['no items', { kind: 'ThingList', metadata: { resourceVersion: '9' } }],
    ['metadata: null', { kind: 'ThingList', metadata: null, items: [] }],
    ['metadata: null and items: null', { kind: 'ThingList', metadata: null, items: null }],
    ['no metadata', { kind: 'ThingList', items: [] }],
    ['a kind alone', { kind: 'ThingList', apiVersion: 'v1' }],
    ['continue: null', { kind: 'ThingList', metadata: { continue: null }, items: null }],
  ];
  test.each(forms)('%s', async (_, body) => {
    expect(await listed(() => ({ status: 200, body }))).toMatchObject({ names: [], paths: [expect.any(String)] });
  });
  test.each(forms)('%s, as a list that is not read page by page', (_, body) => {
    expect(listSchema(item).parse(body)).toEqual({ items: [] });
  });
  test.each([null, undefined])('a page whose items are %s is followed by the next one', async (items) => {
    const { names, paths } = await listed((nth) =>
      nth === 1 ? { status: 200, body: { kind: 'ThingList', metadata: { continue: 'x' }, items } } : page(['a']),
    );
    expect(names).toEqual(['a']);
    expect(paths[1]).toContain('continue=x');
  });
  test('what a selector does not take is no item of the list', () => {
    const items = [{ metadata: { name: 'a', labels: { a: 'b' } } }, { metadata: { name: 'c' } }];
    expect(listSchema(item, { labels: { a: 'b' } }).parse({ metadata: {}, items })).toEqual({ items: [{ metadata: { name: 'a' } }] });
  });
});

const nested = (levels: number): unknown => Array.from({ length: levels }).reduce<unknown>((inner) => [inner], 1);

describe('half a list is no list', () => {
  test.each<[string, (nth: number) => Said, string]>([
    ['the second page is refused', (nth) => (nth === 1 ? page(['a'], 'x') : { status: 410, body: { message: 'expired' } }), 'not-found'],
    ['no list at all', () => ({ status: 200, body: {} }), 'malformed'],
    ['no list at all, with metadata', () => ({ status: 200, body: { metadata: {} } }), 'malformed'],
    ['null', () => ({ status: 200, body: null }), 'malformed'],
    ['a status with 200', () => ({ status: 200, body: { kind: 'Status', metadata: {}, status: 'Failure' } }), 'malformed'],
    ['a status that speaks of items', () => ({ status: 200, body: { kind: 'Status', items: null } }), 'malformed'],
    ['a single object', () => ({ status: 200, body: { kind: 'Thing', metadata: { name: 'a' } } }), 'malformed'],
    ['items of another shape', () => ({ status: 200, body: { kind: 'ThingList', metadata: {}, items: {} } }), 'malformed'],
    ['an item that is null', () => ({ status: 200, body: { kind: 'ThingList', metadata: {}, items: [null] } }), 'malformed'],
    ['metadata of another shape', () => ({ status: 200, body: { kind: 'ThingList', metadata: 'x', items: [] } }), 'malformed'],
    [
      'one item of another shape',
      () => ({
        status: 200,
        body: { metadata: {}, items: [{ metadata: { name: 'a', labels: { a: 'b' } } }, { metadata: { labels: { a: 'b' } } }] },
      }),
      'malformed',
    ],
    ['every page is followed by the same one', () => page(['a'], 'again'), 'malformed'],
    ['there is always one more page', (nth) => page(['a'], String(nth)), 'too-large'],
    ['there is always one more page, and nothing on any', (nth) => page([], String(nth)), 'too-large'],
    ['two pages are followed by each other', (nth) => page(['a'], String(nth % 2)), 'too-large'],
    ['all objects at once, whatever the limit', () => page(Array.from({ length: 200_000 }, (_, i) => `thing-${i}`)), 'too-large'],
    [
      'large pages without end',
      (nth) =>
        page(
          Array.from({ length: 10 }, () => 'x'.repeat(100_000)),
          String(nth),
        ),
      'too-large',
    ],
    ['many objects of another shape', () => ({ status: 200, body: { metadata: {}, items: Array(200_000).fill(1) } }), 'malformed'],
    ['an object that is nested without end', () => ({ status: 200, body: { metadata: {}, items: [nested(2_000)] } }), 'too-large'],
  ])('%s', async (_title, say, reason) => {
    await expect(listed(say)).rejects.toMatchObject({ reason, message: expect.stringMatching(/^GET \/api\/v1\/things: /) });
  });

  test('what one list that failed has kept is free for the next one', async () => {
    const large = (nth: number): Said =>
      page(
        Array.from({ length: 10 }, () => 'x'.repeat(100_000)),
        String(nth),
      );
    for (let i = 0; i < 3; i++) await expect(listed(large)).rejects.toMatchObject({ reason: 'too-large' });
    expect((await listed(() => page(['y'.repeat(20_000_000)]))).names).toHaveLength(1);
  });
  test('lists that are read at the same time share what may be kept', async () => {
    const half = (nth: number): Said => page(['x'.repeat(3_000_000)], nth === 6 ? undefined : String(nth));
    const ended = await Promise.allSettled([listed(half), listed(half), listed(half)]);
    expect(ended.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0);
    expect((await listed(half)).names).toHaveLength(6);
  });
});

describe('a page that is larger than what is read of an answer', () => {
  const tooLarge = new NotAvailable('too-large', 'GET /api/v1/things: too large');
  const api = (most: number): { api: Api; asked: string[] } => {
    const asked: string[] = [];
    const request: Api['request'] = ({ path }) => {
      asked.push(path);
      const query = new URL(path, 'http://x').searchParams;
      const limit = Number(query.get('limit'));
      if (limit > most) return Promise.reject(tooLarge);
      const from = Number(query.get('continue') ?? 0);
      const names = Array.from({ length: Math.min(limit, 25 - from) }, (_, i) => ({ metadata: { name: `n${from + i}` } }));
      const metadata = from + limit < 25 ? { continue: String(from + limit) } : {};
      return Promise.resolve({ status: 200, headers: {}, text: JSON.stringify({ metadata, items: names }) });
    };
    return { api: { request }, asked };
  };
  test('is asked for again in smaller ones', async () => {
    const small = api(10);
    const names = await listAll(small.api, '/api/v1/things', item, (raw) => raw.metadata.name);
    expect(names).toEqual(Array.from({ length: 25 }, (_, i) => `n${i}`));
    expect(small.asked.map((path) => path.split('?')[1])).toEqual([
      'limit=250',
      'limit=10',
      'limit=10&continue=10',
      'limit=10&continue=20',
    ]);
  });
  test('is too large where smaller ones are as well', async () => {
    await expect(listAll(api(1).api, '/api/v1/things', item, (raw) => raw)).rejects.toBe(tooLarge);
  });
});
