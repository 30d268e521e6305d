/** Where the runner keeps the names of `@jest/globals` for the file that runs. */
export const key = Symbol.for('scs-kaas.test-globals');

/** Test files of a worker share the modules that define tests for several of them: a name means the file that runs, not the one that imported it first. */
const live = (name) =>
  new Proxy(() => undefined, {
    apply: (_, _self, given) => globalThis[key][name](...given),
    get: (_, property) => globalThis[key][name][property],
  });

export const afterAll = live('afterAll');
export const afterEach = live('afterEach');
export const beforeAll = live('beforeAll');
export const beforeEach = live('beforeEach');
export const describe = live('describe');
export const expect = live('expect');
export const jest = live('jest');
export const test = live('test');
