import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { GitHubApi, type Delay } from '../../src/github/client.js';
import { deliverComment, type CommentContent, type CommentOptions, type CommentResult } from '../../src/github/comment.js';
import type { RunEvent } from '../../src/github/event.js';
import { commentMarker, composeComment, parseSections } from '../../src/github/sections.js';
import { GitHubDouble } from '../helpers/github-api.js';
import { runEvent } from '../helpers/run-event.js';

let github: GitHubDouble;
let waited: number[];

beforeEach(async () => {
  github = new GitHubDouble();
  github.pulls.push({ number: 7, headSha: 'a'.repeat(40), headRepository: 'octo-org/clusters', headBranch: 'topic' });
  github.token('ghs_job');
  waited = [];
  await github.start();
});
afterEach(async () => {
  await github.stop();
  expect(github.violations).toEqual([]);
});

const atOnce: Delay = (ms) => {
  waited.push(ms);
  return Promise.resolve();
};
/** A thirtieth of the real time: the settle time stays far above what reading and writing take, on a busy machine too. */
const fast: Delay = async (ms) => {
  await sleep(ms / 30);
};

const section = (text: string): CommentContent => ({
  variants: [`### ${text}\n\nall of it`, `### ${text}`],
  fingerprint: text.replace(/\W/g, '-'),
});
const deliver = (content: CommentContent, more: Partial<CommentOptions> = {}): Promise<CommentResult> =>
  deliverComment(content, { event: runEvent(github.url), key: 'check', token: 'ghs_job', delay: atOnce, random: () => 0, ...more });
const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);
const only = (): string => {
  expect(github.comments).toHaveLength(1);
  return github.comments[0]?.body ?? '';
};
const listing = (call: { method: string; path: string }): boolean => call.method === 'GET' && call.path.endsWith('/comments');
const writing = (call: { method: string; path: string }): boolean => call.method === 'POST' || call.method === 'PATCH';

describe('one job', () => {
  test('first run, second run without a change, third run with one', async () => {
    const first = await deliver(section('compliant'));
    expect(first).toEqual({
      status: 'created',
      url: `https://github.example/octo-org/clusters/pull/7#issuecomment-${github.comments[0]?.id ?? 0}`,
    });
    expect(only().startsWith(commentMarker)).toBe(true);
    expect(await deliver({ ...section('compliant'), variants: ['another time and commit'] })).toEqual({ ...first, status: 'unchanged' });
    expect(only()).toContain('all of it');
    expect(await deliver(section('incomplete'))).toEqual({ ...first, status: 'updated' });
    expect(only()).toContain('### incomplete');
    expect(only()).not.toContain('compliant\n');
    expect(github.writes).toEqual(['POST 201', 'PATCH 200']);
  });

  test('a second key beside the first', async () => {
    await deliver(section('one'), { key: 'a' });
    expect((await deliver(section('two'), { key: 'b' })).status).toBe('updated');
    expect([...parseSections(only()).keys()]).toEqual(['a', 'b']);
  });

  test('our comment behind 250 others', async () => {
    for (let i = 0; i < 250; i++) github.seed(7, `comment ${i}`, { login: 'someone', type: 'User' });
    await deliver(section('one'));
    expect((await deliver(section('one'))).status).toBe('unchanged');
    expect(github.calls.filter(listing).map((call) => call.query['page'])).toContain('3');
    expect(github.writes).toEqual(['POST 201']);
  });

  test('the comment deleted by somebody between reading and writing', async () => {
    await deliver(section('one'));
    github.fault((c) => c.method === 'PATCH', { status: 404, message: 'Not Found' });
    github.fault((c) => c.method === 'PATCH', { status: 404, message: 'Not Found' });
    const result = deliver(section('two'));
    github.comments.splice(0);
    expect((await result).status).toBe('created');
    expect(only()).toContain('### two');
  });

  test('two comments of ours: what both held is in the older, and the newer is gone', async () => {
    await deliver(section('one'), { key: 'a' });
    const [older] = github.comments.splice(0);
    await deliver(section('two'), { key: 'b' });
    if (older !== undefined) github.comments.unshift(older);
    expect((await deliver(section('three'), { key: 'c' })).status).toBe('updated');
    expect([...parseSections(only()).keys()]).toEqual(['a', 'b', 'c']);
    expect(github.comments[0]?.id).toBe(older?.id);
  });

  test('a comment of ours that was hidden is left alone', async () => {
    await deliver(section('one'));
    const [hidden] = github.comments;
    if (hidden !== undefined) hidden.minimized = true;
    expect((await deliver(section('two'))).status).toBe('created');
    expect(github.comments).toHaveLength(2);
    expect(hidden?.body).toContain('### one');
  });
});

describe('somebody plants our marker', () => {
  const planted = `${commentMarker}\n\n<!-- scs-kaas:section key="check" fingerprint="one" -->\n\nI am compliant\n\n<!-- /scs-kaas:section -->`;

  test.each([
    ['a person', { login: 'mallory', type: 'User' as const }],
    ['a person with the name of the bot', { login: 'github-actions', type: 'User' as const }],
    ['another bot', { login: 'echo[bot]', type: 'Bot' as const }],
  ])('%s', async (_, author) => {
    const foreign = github.seed(7, planted, author);
    expect((await deliver(section('one'))).status).toBe('created');
    expect(foreign.body).toBe(planted);
    expect(github.comments).toHaveLength(2);
  });

  test('in the middle of a comment of another action with the same author', async () => {
    github.seed(7, `tests passed\n${planted}`);
    expect((await deliver(section('one'))).status).toBe('created');
  });

  test('where nobody tells who we are, the author of a job’s own token counts', async () => {
    github.graphql = false;
    await deliver(section('one'));
    github.seed(7, planted, { login: 'echo[bot]', type: 'Bot' });
    expect((await deliver(section('two'))).status).toBe('updated');
    expect(github.comments.map((c) => c.body === planted)).toEqual([false, true]);
  });
});

describe('identity of the token', () => {
  test('a personal token', async () => {
    github.token('ghp_person', { login: 'Octocat', type: 'User' });
    await deliver(section('one'), { token: 'ghp_person' });
    expect((await deliver(section('two'), { token: 'ghp_person' })).status).toBe('updated');
    expect((await deliver(section('two'))).status).toBe('created');
  });

  test('an app of the user’s own', async () => {
    github.token('ghs_app', { login: 'our-compliance[bot]' });
    await deliver(section('one'), { token: 'ghs_app' });
    expect((await deliver(section('two'), { token: 'ghs_app' })).status).toBe('updated');
    only();
  });
});

describe('no right to comment', () => {
  test.each([
    ['no pull request', { name: 'push', pullRequest: undefined }, /started by push/],
    [
      'a fork',
      {
        pullRequest: {
          number: 7,
          headSha: 'a',
          headRepository: 'eve/clusters',
          baseRepository: 'octo-org/clusters',
          fromFork: true,
          locked: false,
        },
      },
      /fork.*permissions: pull-requests: write.*workflow_run/,
    ],
    ['a terminal', { name: '' }, /no workflow run/],
  ])('%s: nothing is asked', async (_, more, reason) => {
    const { pullRequest, ...rest } = { ...runEvent(github.url), ...more };
    const result = await deliver(section('one'), { event: { ...rest, ...(pullRequest === undefined ? {} : { pullRequest }) } });
    expect(result.status).toBe('skipped');
    expect(result.reason).toMatch(reason);
    expect(github.calls).toEqual([]);
  });

  test('a fork, but pull_request_target, whose token may write', async () => {
    const pullRequest = {
      number: 7,
      headSha: 'a',
      headRepository: 'eve/clusters',
      baseRepository: 'octo-org/clusters',
      fromFork: true,
      locked: false,
    };
    expect((await deliver(section('one'), { event: runEvent(github.url, { name: 'pull_request_target', pullRequest }) })).status).toBe(
      'created',
    );
  });

  test('a token that may only read', async () => {
    github.token('ghs_read', { access: 'read' });
    const result = await deliver(section('one'), { token: 'ghs_read' });
    expect(result.status).toBe('skipped');
    expect(result.reason).toMatch(/permissions: pull-requests: write.*Resource not accessible by integration/);
  });

  test('a run that Dependabot started', async () => {
    github.token('ghs_read', { access: 'read' });
    const result = await deliver(section('one'), { token: 'ghs_read', event: runEvent(github.url, { dependabot: true }) });
    expect(result.reason).toMatch(/pull-requests: write.*Dependabot/);
  });

  test('a locked conversation', async () => {
    github.pulls.splice(0, 1, { number: 7, headSha: 'a', headRepository: 'octo-org/clusters', headBranch: 't', locked: true });
    expect(await deliver(section('one'))).toMatchObject({ status: 'skipped', reason: matching(/locked/) });
  });

  test('no token, and one that is not valid', async () => {
    expect((await deliver(section('one'), { token: '' })).reason).toMatch(/no token/);
    expect(await deliver(section('one'), { token: 'expired' })).toMatchObject({
      status: 'skipped',
      reason: matching(/not valid.*Bad credentials/),
    });
  });

  test('a pull request that is not there', async () => {
    github.pulls.splice(0);
    expect(await deliver(section('one'))).toMatchObject({ status: 'skipped', reason: matching(/not there.*404/) });
  });
});

describe('after a workflow_run', () => {
  const followedRun = { headSha: 'c'.repeat(40), headBranch: 'topic', headRepository: 'eve/clusters' };
  const followed = (): Partial<CommentOptions> => {
    const event: Partial<RunEvent> & { pullRequest?: unknown } = { ...runEvent(github.url, { name: 'workflow_run', followedRun }) };
    delete event.pullRequest;
    return { event: event as RunEvent };
  };

  test('the pull request of a fork is found by commit and repository', async () => {
    github.pulls.push({ number: 8, ...followedRun }, { number: 9, ...followedRun, headSha: 'd'.repeat(40) });
    expect((await deliver(section('one'), followed())).status).toBe('created');
    expect(github.comments[0]?.issue).toBe(8);
  });

  test('no open pull request has the commit any more', async () => {
    github.pulls.push({ number: 8, ...followedRun, headSha: 'd'.repeat(40) });
    expect(await deliver(section('one'), followed())).toMatchObject({ status: 'skipped' });
    expect(github.writes).toEqual([]);
  });
});

describe('bad weather', () => {
  test('429 once, with a time to wait', async () => {
    github.fault(writing, { status: 429, message: 'Too many requests', headers: { 'retry-after': '3' } });
    expect((await deliver(section('one'))).status).toBe('created');
    expect(waited).toContain(3_000);
    only();
  });

  test('the secondary rate limit once, while reading', async () => {
    github.fault(listing, { status: 403, message: 'You have exceeded a secondary rate limit', headers: { 'retry-after': '1' } });
    expect((await deliver(section('one'))).status).toBe('created');
    expect(waited).toContain(1_000);
  });

  test('a rate limit that lasts an hour', async () => {
    const reset = String(Math.floor(Date.now() / 1_000) + 3_600);
    github.fault(
      listing,
      { status: 403, message: 'API rate limit exceeded', headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset } },
      9,
    );
    expect(await deliver(section('one'))).toMatchObject({ status: 'skipped', reason: matching(/rate limit/) });
    expect(Math.max(0, ...waited)).toBeLessThanOrEqual(60_000);
  });

  test('a server that is busy for ever is left alone after a minute', async () => {
    github.fault(() => true, { status: 429, headers: { 'retry-after': '25' } }, 99);
    expect((await deliver(section('one'))).status).toBe('skipped');
    expect(waited.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(60_000);
  });

  test.each([
    ['502 once', { status: 502, message: 'Bad gateway' }],
    ['a reset', 'reset' as const],
    ['an answer cut in the middle', 'cut' as const],
  ])('%s while reading', async (_, answer) => {
    github.fault(listing, answer);
    expect((await deliver(section('one'))).status).toBe('created');
  });

  test.each([
    ['500', { status: 500, message: 'Server Error' }],
    ['a reset', 'reset' as const],
  ])('%s after the comment was created: it is not created twice', async (_, answer) => {
    github.fault(writing, answer, 1, true);
    expect(['created', 'unchanged']).toContain((await deliver(section('one'))).status);
    expect(parseSections(only()).get('check')?.fingerprint).toBe('one');
  });

  test('HTML of a proxy', async () => {
    github.fault(() => true, { status: 200, html: '<html>sign in</html>' }, 99);
    expect(await deliver(section('one'))).toMatchObject({ status: 'failed', reason: matching(/GITHUB_API_URL/) });
  });

  test('a server that never answers', async () => {
    github.fault(() => true, 'silence', 99);
    expect((await deliver(section('one'), { timeoutMs: 50 })).status).toBe('failed');
  });

  test('500 for ever', async () => {
    github.fault(() => true, { status: 500 }, 99);
    expect(await deliver(section('one'))).toMatchObject({ status: 'failed', reason: matching(/500/) });
    expect(github.calls.length).toBeLessThan(5);
  });

  test('cancelled while it waits', async () => {
    const stop = new AbortController();
    github.fault(listing, { status: 503 }, 9);
    const result = await deliver(section('one'), {
      signal: stop.signal,
      delay: () => (stop.abort(), Promise.reject(new Error('cancelled'))),
    });
    expect(result.status).toBe('failed');
  });

  test('a hostile message of the server stays one line', async () => {
    github.fault(listing, { status: 400, message: 'no\n::error::pwned ##[add-mask]x' });
    expect((await deliver(section('one'))).reason).not.toMatch(/\n/);
  });
});

describe('length', () => {
  test('a body that is too long for the server although it should not be', async () => {
    github.fault(writing, { status: 422, message: 'Validation Failed: Body is too long' });
    expect((await deliver({ variants: ['long', 'short'], fingerprint: 'x' })).status).toBe('created');
    expect(only()).toContain('short');
    expect(only()).not.toContain('long');
  });

  test('four jobs of 30,000 characters each', async () => {
    for (const key of ['a', 'b', 'c', 'd']) {
      const variants = [`### ${key}\n\n<!-- scs-kaas:fold -->\n\n${'x'.repeat(30_000)}\n\n<!-- /scs-kaas:fold -->`, `### ${key} in short`];
      expect((await deliver({ variants, fingerprint: key }, { key })).status).toBe(key === 'a' ? 'created' : 'updated');
    }
    expect(only().length).toBeLessThanOrEqual(65_536);
    for (const key of ['a', 'b', 'c', 'd']) expect(only()).toContain(`### ${key}`);
  });
});

describe('several jobs at once', () => {
  const keys = Array.from({ length: 10 }, (_, i) => `job-${i}`);
  const concurrent = (text: string): Promise<readonly CommentResult[]> =>
    Promise.all(keys.map((key) => deliver(section(`${text} of ${key}`), { key, delay: fast, random: Math.random })));
  const complete = (text: string): void => {
    const sections = parseSections(only());
    expect([...sections.keys()]).toEqual(keys);
    for (const key of keys) expect(sections.get(key)?.text).toContain(`${text} of ${key}`);
  };

  test.each([1, 2])(
    'ten create, ten update: all sections in one comment (round %i)',
    async () => {
      github.latency = () => Math.random() * 3;
      const created = await concurrent('first');
      complete('first');
      expect(created.every((r) => r.status === 'created' || r.status === 'updated')).toBe(true);
      expect((await concurrent('first')).map((r) => r.status)).toEqual(keys.map(() => 'unchanged'));
      const updated = await concurrent('second');
      complete('second');
      expect(updated.map((r) => r.status)).toEqual(keys.map(() => 'updated'));
    },
    60_000,
  );

  test('ten that write without looking again lose sections: the double can show the fault', async () => {
    github.latency = () => Math.random() * 3;
    await deliver(section('first'));
    const api = new GitHubApi({ token: 'ghs_job', apiUrl: github.url, repository: github.repository });
    await Promise.all(
      keys.map(async (key) => {
        const [comment] = await api.listComments(7);
        const others = [...parseSections(comment?.body ?? '').values()];
        await api.updateComment(comment?.id ?? 0, composeComment(others, { key, fingerprint: key, variants: [key] }) ?? '');
      }),
    );
    expect(parseSections(only()).size).toBeLessThan(keys.length);
  });

  test('two jobs with the same key: one of them says so', async () => {
    github.latency = () => Math.random() * 3;
    const results = await Promise.all(['x', 'y'].map((text) => deliver(section(text), { delay: fast, random: Math.random })));
    only();
    expect(results.some((r) => r.reason?.includes('comment-key') === true)).toBe(true);
  }, 30_000);
});

test('Gitea: pages are ignored, authors have no type, a job’s own login', async () => {
  github.gitea = true;
  github.token('job', { login: 'gitea-actions', type: 'Bot' });
  for (let i = 0; i < 150; i++) github.seed(7, `comment ${i}`, { login: 'someone', type: 'User' });
  const event = runEvent(github.url, { forge: { kind: 'gitea', graphql: false, showsAnnotations: false } });
  expect((await deliver(section('one'), { event, token: 'job' })).status).toBe('created');
  expect((await deliver(section('two'), { event, token: 'job' })).status).toBe('updated');
  expect(github.comments).toHaveLength(151);
  expect(github.calls.filter(listing).every((call) => Number(call.query['page']) <= 2)).toBe(true);
});
