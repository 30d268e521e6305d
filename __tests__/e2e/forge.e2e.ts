import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { GitHubApi, type IssueComment } from '../../src/github/client.js';
import { deliverComment, type CommentContent, type CommentOptions } from '../../src/github/comment.js';
import type { CommentResult } from '../../src/github/synchroniser.js';
import { readEvent, type RunEvent } from '../../src/github/event.js';
import { commentMarker, parseSections } from '../../src/github/sections.js';

/**
 * The comment on a real forge (Gitea or Forgejo; their API answers these calls as GitHub does). It takes an API address and a token that may
 * create repositories: `testbed forge` prints both as GITHUB_API_URL and GITHUB_TOKEN.
 */
const api = process.env['SCS_KAAS_FORGE_API'] ?? '';
const token = process.env['SCS_KAAS_FORGE_TOKEN'] ?? '';
const here = api !== '' && token !== '';
if (!here) console.warn('skipped: set SCS_KAAS_FORGE_API and SCS_KAAS_FORGE_TOKEN to the API address and a token of a Gitea or Forgejo');

const call = async (method: string, path: string, body?: unknown, authorization = `token ${token}`): Promise<Record<string, unknown>> => {
  const response = await fetch(`${api}${path}`, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
};

const repo = `comment-${randomBytes(4).toString('hex')}`;
const stranger = `stranger-${randomBytes(4).toString('hex')}`;
const password = randomBytes(16).toString('hex');
let owner = '';

/** A branch with one new file, and a pull request for it: as the forge shows it to a workflow. */
const openPullRequest = async (branch: string): Promise<RunEvent> => {
  await call('POST', `/repos/${owner}/${repo}/contents/${branch}.txt`, {
    content: Buffer.from('x').toString('base64'),
    message: 'x',
    branch: 'main',
    new_branch: branch,
  });
  const pull = await call('POST', `/repos/${owner}/${repo}/pulls`, { head: branch, base: 'main', title: branch });
  const env = {
    GITHUB_EVENT_NAME: 'pull_request',
    GITHUB_EVENT_PATH: 'event',
    GITHUB_REPOSITORY: `${owner}/${repo}`,
    GITHUB_API_URL: api,
    GITHUB_RUN_ID: '1',
  };
  return readEvent(env, () => Promise.resolve(JSON.stringify({ pull_request: pull })));
};

const section = (text: string): CommentContent => ({
  variants: [`### ${text}\n\n<details>\n\nmore\n\n</details>`],
  fingerprint: text.replace(/\W/g, '-'),
});
const deliver = (event: RunEvent, content: CommentContent, more: Partial<CommentOptions> = {}): Promise<CommentResult> =>
  deliverComment(content, { event, key: 'check', token, ...more });
const comments = (event: RunEvent): Promise<readonly IssueComment[]> =>
  new GitHubApi({ token, apiUrl: api, repository: { owner, repo } }).listComments(event.pullRequest?.number ?? 0);

(here ? describe : describe.skip)('the comment on a real forge', () => {
  beforeAll(async () => {
    owner = String((await call('GET', '/user'))['login']);
    await call('POST', '/user/repos', { name: repo, auto_init: true, default_branch: 'main' });
    await call('POST', '/admin/users', { username: stranger, email: `${stranger}@example.org`, password, must_change_password: false });
  }, 60_000);
  afterAll(async () => {
    await call('DELETE', `/repos/${owner}/${repo}`);
    await call('DELETE', `/admin/users/${stranger}?purge=true`);
  }, 60_000);

  test('the forge and its pull request are recognised', async () => {
    const event = await openPullRequest('recognised');
    expect(event.warnings).toEqual([]);
    expect(event.forge).toBe('gitea');
    expect(event.pullRequest).toMatchObject({ fromFork: false });
    expect(event.commit).toMatch(/^[0-9a-f]{40}$/);
  }, 60_000);

  test('created, unchanged, updated, and a second key', async () => {
    const event = await openPullRequest('lifecycle');
    const created = await deliver(event, section('first'));
    expect(created.status).toBe('created');
    expect(created.url).toContain(`/${owner}/${repo}/`);
    expect(await deliver(event, section('first'))).toEqual({ ...created, status: 'unchanged' });
    expect(await deliver(event, section('second'))).toEqual({ ...created, status: 'updated' });
    expect(await deliver(event, section('other'), { key: 'k8s "1.36" --> ünï' })).toEqual({ ...created, status: 'updated' });
    const [only, ...more] = await comments(event);
    expect(more).toEqual([]);
    expect(only?.body.startsWith(commentMarker)).toBe(true);
    expect([...parseSections(only?.body ?? '').values()].map((s) => [s.key, s.text.split('\n')[0]])).toEqual([
      ['check', '### second'],
      ['k8s "1.36" --> ünï', '### other'],
    ]);
  }, 120_000);

  test('a stranger plants the marker: it is neither taken nor touched', async () => {
    const event = await openPullRequest('planted');
    const basic = `Basic ${Buffer.from(`${stranger}:${password}`).toString('base64')}`;
    const body = `${commentMarker}\n\n<!-- scs-kaas:section key="check" fingerprint="first" -->\n\ncompliant\n\n<!-- /scs-kaas:section -->`;
    await call('POST', `/repos/${owner}/${repo}/issues/${event.pullRequest?.number ?? 0}/comments`, { body }, basic);
    expect((await deliver(event, section('first'))).status).toBe('created');
    expect((await comments(event)).map((c) => [c.login, c.body === body])).toEqual([
      [stranger, true],
      [owner, false],
    ]);
  }, 120_000);

  test('a person with the name of a bot, and a token that may not say whose it is', async () => {
    const event = await openPullRequest('names');
    const path = `/repos/${owner}/${repo}/issues/${event.pullRequest?.number ?? 0}/comments`;
    const body = `${commentMarker}\n\n<!-- scs-kaas:section key="check" fingerprint="first" -->\n\ncompliant\n\n<!-- /scs-kaas:section -->`;
    const taken: string[] = [];
    for (const name of ['gitea-actions', 'forgejo-actions', 'github-actions']) {
      // A forge keeps its own name to itself, and no other one.
      const made = await call('POST', '/admin/users', {
        username: name,
        email: `${name}@example.org`,
        password,
        must_change_password: false,
      }).then(
        () => true,
        () => false,
      );
      if (!made) continue;
      taken.push(name);
      await call('POST', path, { body }, `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`);
    }
    try {
      expect(taken).toContain('github-actions');
      expect(taken.length).toBeGreaterThanOrEqual(2);
      const basic = `Basic ${Buffer.from(`${stranger}:${password}`).toString('base64')}`;
      const scopes = ['write:issue', 'read:repository'];
      const issued = await call('POST', `/users/${stranger}/tokens`, { name: 'names', scopes }, basic);
      const nameless = { token: String(issued['sha1']) };
      expect((await deliver(event, section('first'), nameless)).status).toBe('created');
      expect(['created', 'updated']).toContain((await deliver(event, section('second'), nameless)).status);
      const found = await comments(event);
      expect(found.filter((c) => c.login !== stranger).map((c) => [c.login, c.body])).toEqual(taken.map((name) => [name, body]));
      const [ours, ...more] = found.filter((c) => c.login === stranger);
      expect(more).toEqual([]);
      expect(ours?.body).toContain('### second');
      expect(ours?.authorId).toBeGreaterThan(0);
    } finally {
      for (const name of taken) await call('DELETE', `/admin/users/${name}?purge=true`);
    }
  }, 120_000);

  test('an archived repository', async () => {
    const event = await openPullRequest('archived');
    await call('PATCH', `/repos/${owner}/${repo}`, { archived: true });
    try {
      expect(await deliver(event, section('x'))).toMatchObject({ status: 'skipped', reason: expect.stringMatching(/is archived/) });
    } finally {
      await call('PATCH', `/repos/${owner}/${repo}`, { archived: false });
    }
  }, 120_000);

  test('a comment that the list does not show is found by its number', async () => {
    const event = await openPullRequest('unlisted');
    const list = jest.spyOn(GitHubApi.prototype, 'listComments').mockResolvedValue([]);
    try {
      expect(await deliver(event, section('first'))).toMatchObject({ status: 'created', reason: expect.stringMatching(/does not list/) });
    } finally {
      list.mockRestore();
    }
    expect(await comments(event)).toHaveLength(1);
  }, 120_000);

  test('the server alone is named, as by an old runner: its API is found', async () => {
    const event = await openPullRequest('derived');
    const server = await readEvent({ GITHUB_SERVER_URL: api.replace(/api\/v1\/?$/, ''), GITEA_ACTIONS: 'true' }, () =>
      Promise.reject(new Error()),
    );
    expect((await deliver({ ...event, api: server.api }, section('first'))).status).toBe('created');
    expect(await comments(event)).toHaveLength(1);
  }, 120_000);

  test('ten jobs at once, twice: all sections in one comment', async () => {
    const event = await openPullRequest('concurrent');
    const keys = Array.from({ length: 10 }, (_, i) => `job-${i}`);
    for (const round of ['first', 'second']) {
      const results = await Promise.all(keys.map((key) => deliver(event, section(`${round} of ${key}`), { key })));
      expect(results.filter((r) => r.status !== 'created' && r.status !== 'updated')).toEqual([]);
      const found = await comments(event);
      expect(found).toHaveLength(1);
      const sections = parseSections(found[0]?.body ?? '');
      expect([...sections.keys()]).toEqual(keys);
      for (const key of keys) expect(sections.get(key)?.text).toContain(`${round} of ${key}`);
    }
  }, 300_000);

  test('more than a hundred comments before ours: the forge answers with all of them on each page', async () => {
    const event = await openPullRequest('crowded');
    for (let i = 0; i < 105; i++)
      await call('POST', `/repos/${owner}/${repo}/issues/${event.pullRequest?.number ?? 0}/comments`, { body: `comment ${i}` });
    expect((await deliver(event, section('first'))).status).toBe('created');
    expect((await deliver(event, section('second'))).status).toBe('updated');
    expect(await comments(event)).toHaveLength(106);
  }, 300_000);

  test('a token that is not valid, and a pull request that is not there', async () => {
    const event = await openPullRequest('refused');
    expect((await deliver(event, section('x'), { token: '0'.repeat(40) })).status).toBe('skipped');
    const { pullRequest } = event;
    if (pullRequest === undefined) throw new Error('no pull request');
    const gone = await deliver({ ...event, pullRequest: { ...pullRequest, number: 999 } }, section('x'));
    expect(gone.status).toBe('skipped');
    expect(gone.reason).toMatch(/not there/);
  }, 120_000);

  test('a locked conversation, for somebody who may not write to the repository', async () => {
    const event = await openPullRequest('locked');
    await call('PUT', `/repos/${owner}/${repo}/issues/${event.pullRequest?.number ?? 0}/lock`, { lock_reason: 'spam' });
    const basic = `Basic ${Buffer.from(`${stranger}:${password}`).toString('base64')}`;
    const issued = await call(
      'POST',
      `/users/${stranger}/tokens`,
      { name: 'comment', scopes: ['write:issue', 'write:repository', 'read:user'] },
      basic,
    );
    const result = await deliver(event, section('x'), { token: String(issued['sha1']) });
    expect(result.status).toBe('skipped');
    expect(result.reason).toMatch(/permissions: pull-requests: write|locked/);
    expect(await comments(event)).toEqual([]);
  }, 120_000);
});
