/** Unit and fault tests. What needs a real cluster lives in __tests__/e2e and has its own configuration. */
export default {
  testEnvironment: 'node',
  globalSetup: '<rootDir>/__tests__/helpers/compile-sources.mjs',
  // Many tests wait more than they compute, so that two cores serve four. A worker keeps every module of every suite, and starts anew above the limit.
  maxWorkers: 4,
  workerIdleMemoryLimit: '300MB',
  roots: ['<rootDir>/__tests__'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/__tests__/e2e/'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2024', experimental: { keepImportAttributes: true } },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  collectCoverageFrom: ['src/**/*.ts'],
};
