import { join } from 'node:path';

// Workers, and the programs that tests start, find the code that an earlier one compiled.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, '.cache', 'code');

/** Unit and fault tests. What needs a real cluster lives in __tests__/e2e and has its own configuration. */
export default {
  testEnvironment: '<rootDir>/__tests__/helpers/jest-environment.mjs',
  runtime: '<rootDir>/__tests__/helpers/jest-runtime.mjs',
  globalSetup: '<rootDir>/__tests__/helpers/compile-sources.mjs',
  // Many tests wait more than they compute, so that two cores serve four.
  maxWorkers: 4,
  // A machine that does other things as well.
  testTimeout: 60_000,
  workerIdleMemoryLimit: '300MB',
  roots: ['<rootDir>/__tests__'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/__tests__/e2e/'],
  transform: {},
};
