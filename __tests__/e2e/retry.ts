import { jest } from '@jest/globals';

/** Real clusters on a busy machine: a test gets a second try, and its first failure stays in the log. */
jest.retryTimes(1, { logErrorsBeforeRetry: true });
