import base from './jest.config.js';

/** Tests on real clusters of the test bed: one at a time, slow. `.ci/run` prepares what they need. */
export default {
  ...base,
  testMatch: ['**/__tests__/e2e/**/*.e2e.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 600_000,
  setupFilesAfterEnv: ['<rootDir>/__tests__/e2e/retry.ts'],
  maxWorkers: 1,
};
