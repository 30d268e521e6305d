import { describe, expect, test } from '@jest/globals';
import { createLimiter } from '../../../src/kubernetes/http/limiter.js';

/** Work that notes its begin, and ends when it is told to. */
const works = () => {
  const begun: string[] = [];
  const ends = new Map<string, (failure?: Error) => void>();
  const work = (name: string) => (): Promise<string> =>
    new Promise((done, failed) => {
      begun.push(name);
      ends.set(name, (failure) => (failure === undefined ? done(name) : failed(failure)));
    });
  const end = async (name: string, failure?: Error): Promise<void> => {
    ends.get(name)?.(failure);
    await new Promise((done) => setImmediate(done));
  };
  return { begun, work, end };
};

describe('a limiter', () => {
  test('at most so many at once, in the order in which they came', async () => {
    const { begun, work, end } = works();
    const inTurn = createLimiter(2);
    const all = Promise.all(['a', 'b', 'c', 'd'].map((name) => inTurn(work(name))));
    expect(begun).toEqual(['a', 'b']);
    await end('b');
    expect(begun).toEqual(['a', 'b', 'c']);
    for (const name of ['a', 'c', 'd']) await end(name);
    expect(await all).toEqual(['a', 'b', 'c', 'd']);
  });

  test('a failure gives its turn back', async () => {
    const { begun, work, end } = works();
    const inTurn = createLimiter(1);
    const failing = inTurn(work('a'));
    const next = inTurn(work('b'));
    await Promise.all([expect(failing).rejects.toThrow('no'), end('a', new Error('no'))]);
    expect(begun).toEqual(['a', 'b']);
    await end('b');
    expect(await next).toBe('b');
  });
});
