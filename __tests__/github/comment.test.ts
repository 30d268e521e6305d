import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { GitHubApi, wait, type Delay } from '../../src/github/client.js';
import { deliverComment, type CommentContent, type CommentOptions } from '../../src/github/comment.js';
import type { CommentResult } from '../../src/github/synchroniser.js';
import type { RunEvent } from '../../src/github/event.js';
import { commentMarker, composeComment, parseSections } from '../../src/github/sections.js';
import { GitHubDouble, type Fault } from '../helpers/github-api.js';
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
    ['a comment on an issue', { name: 'issue_comment', pullRequest: undefined }, /stands on an issue/],
    ['a check of a fork', { name: 'check_suite', pullRequest: undefined }, /forks are never named.*workflow_run/],
    ['a server that is not known', { api: { problem: 'the server is not known' } }, /^the server is not known$/],
    ['a terminal', { name: '', pullRequest: undefined }, /no workflow run/],
  ])('%s: nothing is asked', async (_, more, reason) => {
    const { pullRequest, ...rest } = { ...runEvent(github.url), ...more };
    const result = await deliver(section('one'), { event: { ...rest, ...(pullRequest === undefined ? {} : { pullRequest }) } });
    expect(result.status).toBe('skipped');
    expect(result.reason).toMatch(reason);
    expect(github.calls).toEqual([]);
  });

  const fork = (name = 'pull_request', more: object = {}): Partial<CommentOptions> => {
    const pullRequest = { number: 7, headSha: 'a', fromFork: true };
    return { event: runEvent(github.url, { name, pullRequest, ...more }) };
  };

  test.each(['pull_request', 'pull_request_target', 'pull_request_review', 'issue_comment'])(
    'a fork whose token may write (%s)',
    async (name) => {
      expect((await deliver(section('one'), fork(name))).status).toBe('created');
    },
  );

  test.each(['pull_request', 'pull_request_review'])('a fork whose token may only read (%s): tried, and explained', async (name) => {
    github.token('ghs_read', { access: 'read' });
    const result = await deliver(section('one'), { ...fork(name), token: 'ghs_read' });
    expect(result).toMatchObject({ status: 'skipped', reason: matching(/fork.*permissions: pull-requests: write.*workflow_run.*403/) });
    expect(github.writes).toEqual(['POST 403']);
  });

  test('a fork whose token may not even read', async () => {
    github.fault(listing, { status: 403, message: 'Resource not accessible by integration' });
    expect((await deliver(section('one'), fork())).reason).toMatch(/fork.*workflow_run/);
  });

  test.each([
    ['a fork', {}, /no token: runs of forks get no secrets.*workflow_run/],
    ['Dependabot', { dependabot: true }, /no token: runs of Dependabot get no secrets.*workflow_run/],
  ])('no token in a run of %s', async (_, more, reason) => {
    expect(await deliver(section('one'), { ...fork('pull_request', more), token: '' })).toMatchObject({
      status: 'skipped',
      reason: matching(reason),
    });
    expect(github.calls).toEqual([]);
  });

  test('a run of which nobody knows whether it is of a fork', async () => {
    github.token('ghs_read', { access: 'read' });
    const pullRequest = { number: 7 };
    const result = await deliver(section('one'), { event: runEvent(github.url, { pullRequest }), token: 'ghs_read' });
    expect(result.reason).toMatch(/add permissions: pull-requests: write.*forks.*workflow_run/);
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

  test('cancelled while it waits for as long as the server asks for', async () => {
    github.fault(listing, { status: 429, headers: { 'retry-after': '30' } }, 9);
    const begun = performance.now();
    expect((await deliver(section('one'), { signal: AbortSignal.timeout(200), delay: wait })).status).toBe('failed');
    expect(performance.now() - begun).toBeLessThan(10_000);
  });

  test.each<[string, Fault['answer']]>([
    ['a conflict', { status: 409, message: 'conflict' }],
    ['an empty answer', { status: 204 }],
  ])('%s in the place of the second page does not end the list', async (_, answer) => {
    for (let i = 0; i < 100; i++) github.seed(7, `talk ${i}`, { login: 'octocat', type: 'User' });
    github.seed(7, composeComment([], { key: 'check', fingerprint: 'one', variants: ['one'] }) ?? '', {
      login: 'github-actions[bot]',
      type: 'Bot',
    });
    const second = (call: { path: string; method: string }): boolean => listing(call) && github.calls.filter(listing).length > 0;
    github.fault(second, answer, 99);
    expect((await deliver(section('one'))).status).toBe('failed');
    expect(github.calls.find(listing)).toMatchObject({ status: 200, query: { page: '1' } });
    expect(github.writes).toEqual([]);
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
    expect(results.some((r) => r.reason?.includes('report-key') === true)).toBe(true);
  }, 30_000);
});

describe('a comment that the API does not list', () => {
  const planted = (text: string): string =>
    `${commentMarker}\n\n<!-- scs-kaas:section key="check" fingerprint="${text}" -->\n\nx\n\n<!-- /scs-kaas:section -->`;
  const created = (): number => github.calls.filter((call) => call.method === 'POST' && call.path.endsWith('/comments')).length;

  test('never: one is created, and the result says so', async () => {
    github.listing = () => [];
    expect(await deliver(section('one'))).toMatchObject({
      status: 'created',
      url: matching(/issuecomment/),
      reason: matching(/does not list/),
    });
    only();
    expect(created()).toBe(1);
  });

  test('never, and no single comment can be read either', async () => {
    github.listing = () => [];
    github.fault(
      (c) => c.method === 'GET' && /comments\/\d+$/.test(c.path),
      { status: 403, message: 'Resource not accessible by integration' },
      99,
    );
    expect(await deliver(section('one'))).toMatchObject({ status: 'created', reason: matching(/does not list/) });
    expect(created()).toBe(1);
  });

  test.each([1, 2, 5])('for %i looks: as if nothing had been', async (looks) => {
    let left = looks;
    github.listing = (all) => (all.length > 0 && left-- > 0 ? [] : all);
    const result = await deliver(section('one'));
    expect([result.status, created()]).toEqual(['created', 1]);
    github.listing = (all) => all;
    expect((await deliver(section('one'))).status).toBe('unchanged');
    only();
  });

  test('by an author whom nobody can recognise', async () => {
    github.graphql = false;
    github.token('ghs_odd', { login: 'our-compliance[bot]' });
    expect((await deliver(section('one'), { token: 'ghs_odd' })).status).toBe('created');
    expect((await deliver(section('two'), { token: 'ghs_odd' })).status).toBe('created');
    // What we wrote says who we are: the run puts the older one right and takes its own away.
    expect(only()).toContain('### two');
    expect(created()).toBe(2);
  });

  test('a cached list shows our comment as it was: written once, and no more', async () => {
    await deliver(section('one'));
    const [old] = github.comments;
    const stale = { ...old! };
    github.listing = () => [stale];
    expect(await deliver(section('two'))).toMatchObject({ status: 'updated' });
    expect(github.writes).toEqual(['POST 201', 'PATCH 200']);
    expect(only()).toContain('### two');
  });

  test('a list shows a comment that is gone: one new one', async () => {
    await deliver(section('one'));
    const [gone] = github.comments.splice(0);
    github.listing = (all) => [gone!, ...all];
    expect((await deliver(section('two'))).status).toBe('created');
    expect(only()).toContain('### two');
    expect(created()).toBe(2);
  });

  test('gone at once, whenever it is written: no second one', async () => {
    github.listing = () => {
      github.comments.splice(0);
      return [];
    };
    expect(await deliver(section('one'))).toMatchObject({ status: 'failed', reason: matching(/gone again/) });
    expect(created()).toBe(1);
  });

  test.each([
    ['500', { status: 500, message: 'Server Error' }],
    ['502', { status: 502, html: '<html>bad gateway' }],
    ['a reset', 'reset' as const],
    ['half an answer', 'cut' as const],
    ['a page in its place', { status: 200, html: '<html>sign in' }],
    ['silence', 'silence' as const],
  ])('created or not: %s instead of the answer, and it is not listed', async (_, answer) => {
    github.listing = () => [];
    github.fault((c) => c.method === 'POST', answer, 99, true);
    const result = await deliver(section('one'), { timeoutMs: 200 });
    expect(result).toMatchObject({ status: 'failed', reason: matching(/not known whether the comment was created/) });
    expect(created()).toBe(1);
    expect(github.comments.length).toBeLessThanOrEqual(1);
  });

  test.each([
    ['the rate limit', { status: 429, headers: { 'retry-after': '1' } }],
    [
      'abuse detection',
      {
        status: 403,
        message: 'You have triggered an abuse detection mechanism. Please wait a few minutes before you try again.',
        headers: { 'retry-after': '2' },
      },
    ],
  ])('%s refuses the creation: it is tried again, as nothing was created', async (_, answer) => {
    github.fault(writing, answer, 2);
    expect((await deliver(section('one'))).status).toBe('created');
    only();
  });

  test('a forge that takes the markers out', async () => {
    const forge = { body: '' };
    github.fault(() => (github.comments.forEach((c) => (c.body = c.body.replace(/<!--.*?-->/g, ''))), false), 'reset');
    await deliver(section('one'));
    forge.body = only();
    expect(created()).toBe(1);
  });

  test('however lists and writes go wrong, a run creates at most one', async () => {
    const faults: readonly (() => void)[] = [
      () => (github.listing = () => []),
      () => (github.listing = (all) => all.slice(0, Math.floor(Math.random() * 2))),
      () => github.fault((c) => c.method === 'PATCH', { status: 404, message: 'Not Found' }, 3),
      () => github.fault((c) => c.method === 'POST', 'reset', 1, true),
      () => github.fault((c) => c.method === 'POST', { status: 422, message: 'Body is too long' }, 1),
      () => github.fault((c) => c.method === 'GET' && /comments\/\d+$/.test(c.path), { status: 404 }, 2),
      () => github.seed(7, planted('old')),
      () => github.seed(7, planted('mallory'), { login: 'mallory', type: 'User' }),
    ];
    for (let i = 0; i < 60; i++) {
      github.comments.splice(0);
      github.faults.splice(0);
      github.calls.splice(0);
      github.listing = (all) => all;
      for (const fault of faults) if (Math.random() < 0.4) fault();
      await deliver(section('one'));
      const arrived = github.calls.filter((c) => c.method === 'POST' && c.path.endsWith('/comments') && [0, 201].includes(c.status)).length;
      expect(arrived).toBeLessThanOrEqual(1);
      expect(github.comments.filter((c) => c.author.login === 'mallory' && c.body !== planted('mallory'))).toEqual([]);
    }
  }, 60_000);
});

describe('refusals, each with a true reason', () => {
  const sso = { 'x-github-sso': 'required; url=https://github.com/orgs/octo/sso?authorization_request=hunter22' };
  const refusals: readonly (readonly [number, string, RegExp, Readonly<Record<string, string>>?])[] = [
    [403, 'Resource not accessible by integration', /permissions: pull-requests: write/],
    [403, 'Resource not accessible by personal access token', /"Pull requests: read and write"/],
    [403, 'Must have admin rights to Repository.', /may not write comments/],
    [403, 'Repository was archived so is read-only.', /is archived/],
    [423, 'octo-org/clusters is archived', /is archived/],
    [403, 'Unable to create comment because issue is locked.', /conversation .* is locked/],
    [403, 'You cannot comment on a locked issue', /conversation .* is locked/],
    [
      403,
      'Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.',
      /single sign-on/,
    ],
    [403, 'Forbidden', /single sign-on/, sso],
    [
      403,
      'Although you appear to have the correct authorization credentials, the `octo` organization has an IP allow list enabled, and your IP address is not permitted to access this resource.',
      /IP allow list/,
    ],
    [
      403,
      '`octo` forbids access via a personal access token (classic). Please use a GitHub App, OAuth App, or a personal access token with fine-grained permissions.',
      /policy of the organization/,
    ],
    [403, 'As an Enterprise Managed User, you cannot access this content', /policy of the organization/],
    [403, 'Sorry. Your account was suspended.', /account .* cannot be used/],
    [403, "Your account's billing is currently locked.", /account .* cannot be used/],
    [403, 'Your license has expired', /account .* cannot be used/],
    [403, 'You must change your password. Change it at: /user/change_password', /account .* cannot be used/],
    [403, 'User is blocked', /has blocked the account/],
    [422, 'Validation Failed: User is blocked', /has blocked the account/],
    [403, 'user is blocked by repository owner', /has blocked the account/],
    [403, 'Interactions on this repository have been restricted to collaborators only', /limits who may comment/],
    [403, 'token does not have at least one of required scope(s): [write:issue]', /may not write comments/],
    [403, 'Repository access blocked', /legal reasons/],
    [451, 'Repository access blocked', /legal reasons/],
    [410, 'Issues are disabled for this repo', /switched off/],
    [401, 'Bad credentials', /not valid, or has expired/],
    [404, 'Not Found', /not there/],
    [422, 'Validation Failed', /did not take the comment/],
    [400, 'Problems parsing JSON', /did not take the comment/],
    [403, 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.', /takes no more requests/],
    [
      403,
      'You have triggered an abuse detection mechanism and have been temporarily blocked from content creation. Please retry your request again later.',
      /takes no more requests/,
    ],
    [403, 'was submitted too quickly', /takes no more requests/],
    [403, 'API rate limit exceeded for installation ID 1.', /takes no more requests/],
    [429, 'slow down', /takes no more requests/],
    [503, 'This site is down for maintenance', /an error again and again|not known whether/],
  ];

  test.each(refusals)('%i %s', async (...[status, message, reason, headers]) => {
    for (const when of [listing, writing]) {
      github.faults.splice(0);
      github.fault(when, { status, message, ...(headers === undefined ? {} : { headers }) }, 99);
      const result = await deliver(section('one'));
      expect(['skipped', 'failed']).toContain(result.status);
      expect(result.reason).toMatch(reason);
      expect(result.reason).not.toContain('hunter22');
    }
    expect(github.comments).toEqual([]);
    // Only what passes is waited for.
    const passes = status === 429 || status >= 500 || /rate limit|abuse|quickly/.test(message);
    if (!passes) expect(github.calls.filter((call) => call.status === status)).toHaveLength(2);
  });

  test('abuse detection without a header passes: it is waited for within the patience', async () => {
    github.fault(writing, {
      status: 403,
      message: 'You have triggered an abuse detection mechanism. Please wait a few minutes before you try again.',
    });
    expect((await deliver(section('one'))).status).toBe('created');
    expect(waited).toContain(60_000);
  });

  test('the last call of the hour is refused for a missing right, not for the limit', async () => {
    github.fault(
      writing,
      {
        status: 403,
        message: 'Resource not accessible by integration',
        headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' },
      },
      99,
    );
    expect((await deliver(section('one'))).reason).toMatch(/may not write comments/);
  });

  test.each([403, 407, 511])('a page with %i is of a proxy or a firewall, and the reason says so', async (status) => {
    github.fault(listing, { status, html: '<html>blocked by policy' }, 99);
    expect(await deliver(section('one'))).toMatchObject({
      status: 'failed',
      reason: matching(/a proxy or a firewall|check GITHUB_API_URL and the proxy/),
    });
  });

  test('what a server says is one line, of bounded length, without the token and the secrets of the run', async () => {
    const message = `${'x'.repeat(290)} ghs_job hunter22-of-the-cluster \u202e\u001b[31m\n::error::pwned ##[add-mask]x <b>@octocat</b>`;
    github.fault(listing, { status: 400, message: `ghs_job hunter22-of-the-cluster ${message}${'y'.repeat(100_000)}` });
    const { reason = '' } = await deliver(section('one'), { hide: (text) => text.replaceAll('hunter22-of-the-cluster', '***') });
    expect(reason.length).toBeLessThan(600);
    expect(reason).toMatch(/\*\*\* \*\*\* x+/);
    expect(reason).not.toMatch(/ghs_|hunter|[\p{Cc}\p{Cf}]/u);
  });
});

describe('another server', () => {
  test.each([301, 302, 307, 308])('%i to it: nothing arrives there, neither token nor text', async (status) => {
    const other = new GitHubDouble();
    other.token('ghs_job');
    const url = await other.start();
    for (const when of [listing, writing, (c: { path: string }) => c.path === '/user' || c.path === '/graphql']) {
      github.faults.splice(0);
      github.comments.splice(0);
      if (when !== listing && when !== writing) github.seed(7, commentMarker);
      github.fault(when, { status, headers: { location: `${url}/repos/octo-org/clusters/issues/7/comments` } }, 99);
      const result = await deliver(section('one'));
      if (when === listing || when === writing)
        expect(result).toMatchObject({ status: 'failed', reason: matching(/redirects to another server/) });
    }
    expect(other.calls).toEqual([]);
    await other.stop();
  });

  test.each([301, 302, 307, 308])('%i within the server, as for a renamed repository: followed as it was asked', async (status) => {
    const location = '/repos/octo-org/clusters/issues/7/comments';
    github.fault(writing, { status, headers: { location } });
    github.fault(listing, { status, headers: { location: `${github.url}${location}?per_page=100&page=1` } });
    expect((await deliver(section('one'))).status).toBe('created');
    only();
  });

  test('a circle', async () => {
    github.fault(listing, { status: 302, headers: { location: '/repos/octo-org/clusters/issues/7/comments' } }, 99);
    expect((await deliver(section('one'))).reason).toMatch(/redirects more than/);
  });
});

describe('Gitea', () => {
  const gitea = (): Partial<CommentOptions> => {
    github.gitea = true;
    github.token('job', { login: 'gitea-actions', type: 'Bot' });
    return { event: runEvent(github.url, { forge: 'gitea' }), token: 'job' };
  };
  const planted = `${commentMarker}\n\n<!-- scs-kaas:section key="check" fingerprint="one" -->\n\nI am compliant\n\n<!-- /scs-kaas:section -->`;
  const persons = ['gitea-actions', 'forgejo-actions', 'github-actions', 'github-actions[bot]', 'Gitea-Actions', 'keeper'];

  test.each(persons)('a user called %s is nobody’s bot', async (login) => {
    const foreign = github.seed(7, planted, { login, type: 'User' });
    const job = gitea();
    expect((await deliver(section('one'), job)).status).toBe('created');
    expect((await deliver(section('two'), job)).status).toBe('updated');
    expect(foreign.body).toBe(planted);
    expect(github.comments).toHaveLength(2);
  });

  test.each(persons)('nor is %s where the token is a person’s of nearly the same name', async (login) => {
    const foreign = github.seed(7, planted, { login, type: 'User', id: 77 });
    const options = gitea();
    github.token('person', { login, type: 'User', id: 78 });
    expect((await deliver(section('one'), { ...options, token: 'person' })).status).toBe('created');
    expect((await deliver(section('two'), { ...options, token: 'person' })).status).toBe('updated');
    expect(foreign.body).toBe(planted);
  });

  test.each([0, -1])('deleted and unknown accounts share the number %i: none of them is ours', async (id) => {
    const foreign = github.seed(7, planted, { login: 'Ghost', type: 'User', id });
    const options = gitea();
    github.token('person', { login: 'keeper', type: 'User', id });
    await deliver(section('two'), { ...options, token: 'person' });
    expect(foreign.body).toBe(planted);
  });

  test('pages are ignored, authors have no type, a job’s own number', async () => {
    const options = gitea();
    for (let i = 0; i < 150; i++) github.seed(7, `comment ${i}`, { login: 'someone', type: 'User' });
    expect((await deliver(section('one'), options)).status).toBe('created');
    expect((await deliver(section('two'), options)).status).toBe('updated');
    expect(github.comments).toHaveLength(151);
    expect(github.calls.filter(listing).every((call) => Number(call.query['page']) <= 2)).toBe(true);
  });
});
