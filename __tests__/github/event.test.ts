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
      apiUrl: 'https://ghe.example/api/v3',
      runUrl: 'https://ghe.example/octo-org/clusters/actions/runs/99',
    });
    expect(event.pullRequest).toEqual({
      number: 7,
      headSha: 'head',
      headRepository: 'octo-org/clusters',
      baseRepository: 'octo-org/clusters',
      fromFork: false,
      locked: false,
    });
  });

  test.each([
    ['a fork', pull('eve/clusters'), { fromFork: true }],
    ['a fork that was deleted', pull(null), { fromFork: true }],
    ['other letters in the owner', pull('Octo-Org/clusters'), { fromFork: false }],
    ['a locked conversation', pull('octo-org/clusters', { locked: true }), { locked: true }],
    ['a conversation that Gitea calls locked', pull('octo-org/clusters', { locked: undefined, is_locked: true }), { locked: true }],
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
    expect(event).toMatchObject({
      name: '',
      dependabot: false,
      apiUrl: 'https://api.github.com',
      serverUrl: 'https://github.com',
      warnings: [],
    });
    expect(event.repository).toBeUndefined();
  });

  test('a repository and an address that are none', async () => {
    const event = await read({}, { GITHUB_REPOSITORY: '../../x', GITHUB_API_URL: 'file:///etc/passwd' });
    expect(event.repository).toBeUndefined();
    expect(event.apiUrl).toBe('https://api.github.com');
  });
});

test.each([
  [{ GITEA_ACTIONS: 'true' }, 'gitea'],
  [{ FORGEJO_ACTIONS: 'true' }, 'gitea'],
  [{ GITHUB_API_URL: 'https://codeberg.example/api/v1' }, 'gitea'],
  [{}, 'github'],
])('forge by %j: %s', async (more, kind) => {
  const { forge } = await read({}, more);
  expect(forge.kind).toBe(kind);
  expect(forge.graphql).toBe(kind === 'github');
});
