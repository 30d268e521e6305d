import { describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { listAll } from '../../../src/facts/support/list.js';
import { asking, type Said } from '../../helpers/asked.js';

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

describe('half a list is no list', () => {
  test.each<[string, (nth: number) => Said, string]>([
    ['the second page is refused', (nth) => (nth === 1 ? page(['a'], 'x') : { status: 410, body: { message: 'expired' } }), 'not-found'],
    ['items is null', () => ({ status: 200, body: { metadata: {}, items: null } }), 'malformed'],
    ['there are no items', () => ({ status: 200, body: { metadata: {} } }), 'malformed'],
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
  ])('%s', async (_title, say, reason) => {
    await expect(listed(say)).rejects.toMatchObject({ reason, message: expect.stringMatching(/^GET \/api\/v1\/things: /) });
  });
});
