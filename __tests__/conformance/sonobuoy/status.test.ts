import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { countEnds, outageCaveats, parseRunStatus, progressInWords } from '../../../src/conformance/sonobuoy/status.js';

const nothing = { name: '', created: '0001-01-01T00:00:00Z', sha256: '', size: 0 };
const status = (phase: string, plugin: object, tar: object = nothing): string =>
  JSON.stringify({
    plugins: [{ plugin: 'e2e', node: 'global', status: 'running', 'result-counts': null, ...plugin }],
    status: phase,
    'tar-info': tar,
  });
const progress = (total: number, completed: number, failures?: readonly string[]) => ({
  progress: { name: 'e2e', total, completed, failures },
});
const whole = { name: '202611221032_sonobuoy_3bee1882.tar.gz', sha256: 'A'.repeat(64), size: 305_053 };

describe('what Sonobuoy says on its pod', () => {
  test.each([
    ['nothing yet', undefined],
    ['a sentence', 'The Sonobuoy aggregator is in the Pending state.'],
    ['another shape', '{"plugins":3,"status":"running"}'],
  ])('%s', (_, text) => expect(parseRunStatus(text)).toBeUndefined());
  test('that it runs, before it knows how many tests there are', () => {
    expect(parseRunStatus(status('running', {}))).toMatchObject({ phase: 'running', total: 0, completed: 0, failed: 0 });
  });
  test('that it is complete, with what the archive has to be', () => {
    const said = parseRunStatus(status('complete', { status: 'complete', 'result-status': 'passed', ...progress(5, 0) }, whole));
    expect(said).toMatchObject({ phase: 'complete', plugin: 'passed', total: 5 });
    expect(said?.archive).toEqual({ name: whole.name, sha256: 'a'.repeat(64), size: whole.size });
  });
  test.each(['../../etc/passwd.tar.gz', '/abs.tar.gz', 'a b.tar.gz', 'x.tar.gz\n', 'x.zip'])(
    'an archive with the name %j has none',
    (name) => {
      expect(parseRunStatus(status('complete', {}, { ...whole, name }))?.archive.name).toBeUndefined();
    },
  );
  test('whatever stands there, nothing is thrown and nothing is complete that does not say so', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => parseRunStatus(text)?.phase !== 'complete' || text.includes('complete')),
      { numRuns: 500 },
    );
  });
});

describe('how far it is', () => {
  const none = { done: 0, failed: 0 };
  test.each([
    ['nothing was said', undefined, none, 'starting'],
    ['the tests are not counted yet', parseRunStatus(status('running', {})), none, 'the tests are being prepared'],
    ['Sonobuoy counts', parseRunStatus(status('running', progress(45, 12, ['a']))), none, '12/45 done, 1 failed so far'],
    ['only the log counts', parseRunStatus(status('running', progress(45, 0))), { done: 7, failed: 2 }, '7/45 done, 2 failed so far'],
    ['only the log knows of any', parseRunStatus(status('running', {})), { done: 7, failed: 0 }, '7 done, 0 failed so far'],
    [
      'the tests have ended',
      parseRunStatus(status('post-processing', progress(45, 0))),
      { done: 45, failed: 2 },
      'the tests have ended (2 failed so far), their results are being put together',
    ],
  ])('%s', (_, said, log, words) => expect(progressInWords(said, log)).toBe(words));
});

test('the ends of tests in a verbose log', () => {
  const log = [
    '[sig-node] Pods should be submitted and removed',
    '• [4.256 seconds]',
    '\u001b[38;5;9m• [FAILED] [9.549 seconds]\u001b[0m',
    '  • [1 seconds] in what a test has printed',
    '• [PANICKED] [0.1 seconds]',
    '[SynchronizedBeforeSuite] PASSED [0.028 seconds]',
  ].join('\n');
  expect(countEnds(log)).toEqual({ done: 3, failed: 2 });
});

test('a time without an API server is told with the results, and a lost request is none', () => {
  expect(outageCaveats(29_000)).toEqual([]);
  expect(outageCaveats(300_000)).toEqual([expect.stringContaining('did not answer for 5 minutes while the end-to-end tests ran')]);
});
