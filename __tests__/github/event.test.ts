import { describe, expect, test } from '@jest/globals';
import { readEvent, type RunEvent } from '../../src/github/event.js';

const env = {
  GITHUB_EVENT_PATH: 'event.json',
  GITHUB_EVENT_NAME: 'pull_request',
  GITHUB_REPOSITORY: 'octo-org/clusters',
  GITHUB_RUN_ID: '99',
  GITHUB_SHA: 'merge',
  GITHUB_JOB: 'check',
  GITHUB_ACTOR: 'octocat',
  GITHUB_API_URL: 'https://ghe.example/api/v3',
  GITHUB_SERVER_URL: 'https://ghe.example/',
};
const read = (payload: unknown, more: Readonly<Record<string, string>> = {}): Promise<RunEvent> =>
  readEvent({ ...env, ...more }, (path) =>
    path === 'event.json'
      ? Promise.resolve(typeof payload === 'string' ? payload : JSON.stringify(payload))
      : Promise.reject(new Error('ENOENT')),
  );

const pull = (headRepository: string | null, more: object = {}): object => ({
  pull_request: {
    number: 7,
    head: { sha: 'head', repo: headRepository === null ? null : { full_name: headRepository } },
    base: { repo: { full_name: 'octo-org/clusters' } },
    locked: false,
    ...more,
  },
});

describe('pull requests', () => {
  test('of the repository itself: the commit is the head, not the merge', async () => {
    const event = await read(pull('octo-org/clusters'));
    expect(event).toMatchObject({
      name: 'pull_request',
      commit: 'head',
      dependabot: false,
      warnings: [],
      job: 'check',
      api: { url: 'https://ghe.example/api/v3' },
      runUrl: 'https://ghe.example/octo-org/clusters/actions/runs/99',
    });
    expect(event.pullRequest).toEqual({ number: 7, headSha: 'head', fromFork: false });
  });

  test.each([
    ['a fork', pull('eve/clusters'), { fromFork: true }],
    ['a fork that was deleted', pull(null), { fromFork: true }],
    ['other letters in the owner', pull('Octo-Org/clusters'), { fromFork: false }],
  ])('%s', async (_, payload, expected) => {
    expect((await read(payload, { GITHUB_EVENT_NAME: 'pull_request_target' })).pullRequest).toMatchObject(expected);
  });

  test('started by Dependabot', async () => {
    expect((await read(pull('octo-org/clusters'), { GITHUB_ACTOR: 'dependabot[bot]' })).dependabot).toBe(true);
  });
});

describe('workflow_run', () => {
  const run = (pullRequests: readonly object[], headRepository = 'octo-org/clusters'): object => ({
    repository: { id: 1, full_name: 'octo-org/clusters' },
    workflow_run: { head_sha: 'head', head_branch: 'topic', head_repository: { full_name: headRepository }, pull_requests: pullRequests },
  });
  const entry = (number: number, sha = 'head', id = 1): object => ({ number, head: { sha }, base: { repo: { id } } });
  const numberOf = async (payload: object): Promise<number | undefined> =>
    (await read(payload, { GITHUB_EVENT_NAME: 'workflow_run' })).pullRequest?.number;

  test('one pull request with its commit', async () => {
    expect(await numberOf(run([entry(7)]))).toBe(7);
  });

  test.each([
    ['of a fork: none is named', run([], 'eve/clusters')],
    ['two', run([entry(7), entry(8)])],
    ['one with another commit', run([entry(7, 'older')])],
    ['one of another repository', run([entry(7, 'head', 2)])],
  ])('%s: left to the API', async (_, payload) => {
    const event = await read(payload, { GITHUB_EVENT_NAME: 'workflow_run' });
    expect(event.pullRequest).toBeUndefined();
    expect(event.followedRun).toMatchObject({ headSha: 'head', headBranch: 'topic' });
    expect(event.commit).toBe('head');
  });
});

describe('no pull request, and no crash', () => {
  test.each([
    ['push', 'push', pull('octo-org/clusters'), /^$/],
    ['a comment on an issue', 'issue_comment', { issue: { number: 7 } }, /^$/],
    ['an event file that is no JSON', 'pull_request', '{"pull_request":', /is not JSON/],
    ['an event file with a list', 'pull_request', [1], /does not describe a pull request/],
    ['a number that is none', 'pull_request', { pull_request: { number: '7; rm' } }, /does not describe a pull request/],
    ['null', 'workflow_run', 'null', /does not describe/],
  ])('%s', async (_, name, payload, warning) => {
    const event = await read(payload, { GITHUB_EVENT_NAME: name });
    expect(event.pullRequest).toBeUndefined();
    expect(event.commit).toBe('merge');
    expect(event.warnings.join('')).toMatch(warning);
  });

  test('an event file that is not there', async () => {
    expect((await read({}, { GITHUB_EVENT_PATH: 'gone.json' })).warnings[0]).toMatch(/cannot be read: ENOENT/);
  });

  test('a terminal', async () => {
    const event = await readEvent({}, () => Promise.reject(new Error('never read')));
    expect(event).toMatchObject({ name: '', dependabot: false, api: { problem: expect.stringMatching(/neither/) }, warnings: [] });
    expect(event.serverUrl).toBeUndefined();
    expect(event.repository).toBeUndefined();
  });

  test.each(['../../x', '../x', 'x/..', './x', 'x/.', 'x', 'x/y/z', 'x y/z'])('a repository that is none: %s', async (repository) => {
    expect((await read({}, { GITHUB_REPOSITORY: repository })).repository).toBeUndefined();
  });
});

/** Every event that is about a pull request, in a payload as the forge sends it. */
const sha = 'c'.repeat(40);
const repository = { id: 1, full_name: 'octo-org/clusters' };
const named = { pull_requests: [{ number: 7, head: { sha }, base: { repo: { id: 1 } } }], head_sha: sha };
const known: readonly (readonly [string, object])[] = [
  ['pull_request', pull('octo-org/clusters')],
  ['pull_request_target', pull('eve/clusters')],
  ['pull_request_review', pull('eve/clusters')],
  ['pull_request_review_comment', pull('eve/clusters')],
  // Gitea’s.
  ['pull_request_comment', pull('octo-org/clusters')],
  ['pull_request_review_approved', pull('octo-org/clusters')],
  ['issue_comment', { repository, issue: { number: 7, pull_request: { url: 'x' } }, comment: {} }],
  ['issue_comment', { repository, issue: { number: 7 }, is_pull: true, comment: {} }],
  ['merge_group', { repository, merge_group: { head_ref: `refs/heads/gh-readonly-queue/main/pr-7-${sha}` } }],
  ['merge_group', { repository, merge_group: { head_ref: `refs/heads/gh-readonly-queue/release/pr-9-x/pr-7-${sha}` } }],
  ['check_run', { repository, check_run: named }],
  ['check_suite', { repository, check_suite: named }],
  ['workflow_run', { repository, workflow_run: { ...named, head_repository: { full_name: 'octo-org/clusters' } } }],
  ['workflow_call', pull('octo-org/clusters')],
  ['workflow_call', { issue: { number: 7, pull_request: {} }, comment: {} }],
];

describe('every event that names a pull request', () => {
  test.each(known)('%s %j', async (name, payload) => {
    const event = await read(payload, { GITHUB_EVENT_NAME: name });
    expect(event).toMatchObject({ pullRequest: { number: 7 }, warnings: [] });
  });

  test.each(known)('%s of another repository is not trusted: %j', async (name, payload) => {
    const event = await read({ ...payload, repository: { id: 1, full_name: 'eve/other' } }, { GITHUB_EVENT_NAME: name });
    expect([event.pullRequest, event.followedRun]).toEqual([undefined, undefined]);
  });

  test('a base of another repository is not trusted either', async () => {
    const event = await read(pull('eve/clusters', { base: { repo: { full_name: 'eve/other' } } }));
    expect([event.pullRequest, event.warnings]).toEqual([undefined, [expect.stringMatching(/another repository/)]]);
  });

  test.each(['7', 0, -7, 7.5, 1e300, null, [7], { n: 7 }, true])('a number that is none: %j', async (number) => {
    for (const [name, payload] of known) {
      const text = JSON.stringify(payload).replace(/"number":7/g, `"number":${JSON.stringify(number)}`);
      if (!text.includes('"number"')) continue;
      expect((await read(text, { GITHUB_EVENT_NAME: name })).pullRequest).toBeUndefined();
    }
  });
});

describe('events that name none', () => {
  test.each([
    'push',
    'schedule',
    'workflow_dispatch',
    'repository_dispatch',
    'deployment',
    'deployment_status',
    'release',
    'issues',
    'create',
    'status',
    'discussion_comment',
    'pull_requests',
    'xpull_request',
    'pull_request\n',
    'constructor',
    '__proto__',
  ])('%j, whatever its payload and its ref say', async (name) => {
    const everything = Object.assign({}, ...known.map(([, payload]) => payload)) as object;
    const event = await read(everything, { GITHUB_EVENT_NAME: name, GITHUB_REF: 'refs/pull/7/merge', GITHUB_HEAD_REF: 'topic' });
    expect([event.pullRequest, event.followedRun, event.warnings]).toEqual([undefined, undefined, []]);
  });

  test.each([
    ['issue_comment', { issue: { number: 7, pull_request: null }, comment: {} }],
    ['issue_comment', { issue: { number: 7 }, is_pull: false, comment: {} }],
    ['merge_group', { merge_group: { head_ref: 'refs/heads/pr-7' } }],
    ['merge_group', { merge_group: { head_ref: `refs/heads/topic/pr-7-${sha}` } }],
    ['check_suite', { repository, check_suite: { head_sha: sha, pull_requests: [] } }],
    ['check_suite', { repository, check_suite: { ...named, head_sha: 'd'.repeat(40) } }],
    ['check_run', { repository: { ...repository, id: 2 }, check_run: named }],
    ['check_run', { repository, check_run: { ...named, pull_requests: [...named.pull_requests, ...named.pull_requests] } }],
  ])('%s %j', async (name, payload) => {
    expect((await read(payload, { GITHUB_EVENT_NAME: name })).pullRequest).toBeUndefined();
  });
});

describe('without an event file that can be used', () => {
  const files: readonly (readonly [string, Readonly<Record<string, string>>, unknown])[] = [
    ['no variable', { GITHUB_EVENT_PATH: '' }, {}],
    ['no file', { GITHUB_EVENT_PATH: 'gone.json' }, {}],
    ['no JSON', {}, '{'],
    ['a huge one', {}, ' '.repeat(26_214_401)],
    ['another event’s', {}, { ref: 'refs/heads/main', commits: [] }],
    ['deep', {}, `${'['.repeat(50_000)}${']'.repeat(50_000)}`],
    ['another repository’s', {}, { ...pull('eve/x'), repository: { full_name: 'eve/other' } }],
    ['hostile', {}, '{"__proto__":{"pull_request":{"number":9}},"pull_request":{"number":{"toString":1}}}'],
  ];

  test.each(files)('%s: the ref of a pull request says its number, and nothing else', async (_, more, payload) => {
    for (const ref of ['refs/pull/7/merge', 'refs/pull/7/head']) {
      const event = await read(payload, { ...more, GITHUB_REF: ref });
      expect(event.pullRequest).toEqual({ number: 7 });
      expect(event.commit).toBe('merge');
    }
  });

  test.each(files)('%s: where the ref is a branch, the pull request is not known, and that is told', async (_, more, payload) => {
    for (const GITHUB_REF of [
      'refs/heads/main',
      'refs/pull/7',
      'refs/pull/07/merge',
      'refs/pull/7/merge/x',
      'refs/heads/refs/pull/7/merge',
      '',
    ]) {
      const event = await read(payload, { ...more, GITHUB_REF, GITHUB_EVENT_NAME: 'pull_request_target' });
      expect(event.pullRequest).toBeUndefined();
      expect(event.warnings).toEqual([
        expect.stringMatching(/^The event file of this pull_request_target run .*not known, so nothing is commented\.$/),
      ]);
    }
  });

  test('a merge group says it in its ref', async () => {
    const GITHUB_REF = `refs/heads/gh-readonly-queue/main/pr-7-${sha}`;
    expect((await read({}, { GITHUB_EVENT_PATH: '', GITHUB_EVENT_NAME: 'merge_group', GITHUB_REF })).pullRequest?.number).toBe(7);
  });

  test('without the name of the event, the head of a pull request says that it is one', async () => {
    const pulled = { GITHUB_EVENT_PATH: '', GITHUB_EVENT_NAME: '', GITHUB_REF: 'refs/pull/7/merge' };
    expect((await read({}, { ...pulled, GITHUB_HEAD_REF: 'topic' })).pullRequest?.number).toBe(7);
    expect((await read({}, pulled)).pullRequest).toBeUndefined();
  });

  test('file and ref contradict each other: neither is trusted', async () => {
    const event = await read(pull('octo-org/clusters'), { GITHUB_REF: 'refs/pull/8/merge' });
    expect(event.pullRequest).toBeUndefined();
    expect(event.warnings).toEqual([expect.stringMatching(/#7, and GITHUB_REF about #8/)]);
  });
});
