import base from './jest.config.js';

/** Tests on real clusters of the test bed, slow: two files at a time, each with clusters of its own. `.ci/run` prepares what they need. */
export default {
  ...base,
  testMatch: ['**/__tests__/e2e/**/*.e2e.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 600_000,
  setupFilesAfterEnv: ['<rootDir>/__tests__/e2e/retry.ts'],
  maxWorkers: 2,
  testSequencer: '<rootDir>/__tests__/e2e/sequencer.mjs',
};
