import { expect, test } from '@jest/globals';

const key = Symbol.for('scs-kaas.test-globals');

test('the names of @jest/globals mean the file that runs, for a module that an earlier file imported', () => {
  const own: unknown = Reflect.get(globalThis, key);
  const told: string[] = [];
  const next = Object.assign((name: string): void => void told.push(name), { each: () => next, skip: (name: string) => next(name) });
  Reflect.set(globalThis, key, { test: next });
  try {
    test('called', () => undefined);
    test.skip('by a member', () => undefined);
    test.each([1])('by a table', () => undefined);
  } finally {
    Reflect.set(globalThis, key, own);
  }
  expect(told).toEqual(['called', 'by a member', 'by a table']);
});
