import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readEvent } from '../../src/github/event.js';
import { readTrustedFile, trustedRef, type TrustedFileOptions } from '../../src/github/trusted-file.js';
import { UserError } from '../../src/model/errors.js';
import { GitHubDouble } from '../helpers/github-api.js';
import { runEvent } from '../helpers/run-event.js';
import { rejection } from '../helpers/shown.js';

describe('where settings are read from, by the event', () => {
  const ours = 'octo-org/clusters';
  const base = 'b'.repeat(40);
  const pull = (headRepository: string | null, more: object = {}): object => ({
    pull_request: {
      number: 7,
      head: { sha: 'a'.repeat(40), repo: headRepository === null ? null : { full_name: headRepository } },
      base: { sha: base, repo: { full_name: ours } },
    },
    ...more,
  });
  const workflowRun = (headRepository: string | null, pulls: readonly object[] = []): object => ({
    repository: { id: 1, full_name: ours },
    workflow_run: {
      head_sha: 'a'.repeat(40),
      head_branch: 'topic',
      head_repository: headRepository === null ? null : { full_name: headRepository },
      pull_requests: pulls,
    },
  });
  const listed = [{ number: 7, head: { sha: 'a'.repeat(40) }, base: { repo: { id: 1 } } }];
  const checked = (pulls: readonly object[]): object => ({
    repository: { id: 1, full_name: ours },
    check_run: { head_sha: 'a'.repeat(40), pull_requests: pulls },
  });
  const group = { merge_group: { head_ref: `refs/heads/gh-readonly-queue/main/pr-7-${'c'.repeat(40)}` } };
  const comment = { issue: { number: 7, pull_request: { url: 'x' } }, comment: {} };
  const newest = 'd'.repeat(40);
  const workTree = undefined;

  test.each<[string, string, unknown, Readonly<Record<string, string>>, string | undefined]>([
    ['a push', 'push', {}, {}, workTree],
    ['a schedule', 'schedule', {}, {}, workTree],
    ['a call by hand', 'workflow_dispatch', {}, {}, workTree],
    ['a pull request of a branch', 'pull_request', pull(ours), {}, workTree],
    ['the same with other letters', 'pull_request', pull('Octo-Org/Clusters'), {}, workTree],
    ['a pull request of a fork', 'pull_request', pull('eve/clusters'), {}, base],
    ['a pull request of a fork that was deleted', 'pull_request', pull(null), {}, base],
    ['a review of a pull request of a fork', 'pull_request_review', pull('eve/clusters'), {}, base],
    ['pull_request_target of a fork', 'pull_request_target', pull('eve/clusters'), {}, base],
    ['pull_request_target of a branch', 'pull_request_target', pull(ours), {}, workTree],
    ['a run after one of ours', 'workflow_run', workflowRun(ours), {}, workTree],
    ['a run after one of our pull requests', 'workflow_run', workflowRun(ours, listed), {}, workTree],
    ['a run after one of a fork', 'workflow_run', workflowRun('eve/clusters'), {}, newest],
    ['a run after one of a fork that was deleted', 'workflow_run', workflowRun(null), {}, newest],
    ['a comment on a pull request, of which the fork is not known', 'issue_comment', comment, {}, newest],
    ['a comment on an issue: a job may check out any pull request', 'issue_comment', { issue: { number: 7 } }, {}, newest],
    ['a check run of a pull request', 'check_run', checked(listed), {}, newest],
    ['a check run of a fork, which names none', 'check_run', checked([]), {}, newest],
    ['a merge queue', 'merge_group', group, {}, workTree],
    ['a merge queue with a damaged event', 'merge_group', '{', {}, workTree],
    ['a called workflow of Gitea, for a fork', 'workflow_call', pull('eve/clusters'), {}, base],
    ['a called workflow of Gitea, for a branch', 'workflow_call', pull(ours), {}, workTree],
    ['a called workflow of Gitea, after a push', 'workflow_call', { ref: 'refs/heads/main' }, {}, workTree],
    ['a called workflow of Gitea, after a run of a fork', 'workflow_call', workflowRun('eve/clusters'), {}, ''],
    ['a called workflow of Gitea with a comment', 'workflow_call', comment, {}, ''],
    ['an event file that is no JSON', 'pull_request', '{', { GITHUB_BASE_REF: 'main', GITHUB_HEAD_REF: 'x' }, 'main'],
    ['the same without a base', 'pull_request', '{', {}, ''],
    ['the same in a called workflow of Gitea', 'workflow_call', '{', { GITHUB_BASE_REF: 'main', GITHUB_HEAD_REF: 'x' }, 'main'],
    ['an event file that is no JSON, after a run', 'workflow_run', '{', {}, newest],
    ['an event of another repository', 'pull_request', pull('eve/clusters', { repository: { full_name: 'eve/clusters' } }), {}, ''],
    [
      'an event without the commit of the base',
      'pull_request',
      { pull_request: { number: 7, head: { sha: 'a', repo: null }, base: {} } },
      {},
      '',
    ],
    [
      'the same with the branch of the base',
      'pull_request',
      { pull_request: { number: 7, head: { sha: 'a', repo: null }, base: {} } },
      { GITHUB_BASE_REF: 'release' },
      'release',
    ],
  ])('%s', async (_, name, payload, env, ref) => {
    const all = { GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: 'e', GITHUB_REPOSITORY: ours, GITHUB_SHA: newest, ...env };
    const event = await readEvent(all, () => Promise.resolve(typeof payload === 'string' ? payload : JSON.stringify(payload)));
    expect(trustedRef(event, all)).toBe(ref);
  });

  test('a terminal', async () => {
    expect(trustedRef(await readEvent({}, () => Promise.reject(new Error('never read'))), {})).toBeUndefined();
  });

  test('an event file that is not there', async () => {
    const env = { GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: 'gone', GITHUB_REPOSITORY: ours, GITHUB_SHA: newest };
    expect(trustedRef(await readEvent(env, () => Promise.reject(new Error('ENOENT'))), env)).toBe('');
  });
});

describe('reading a file from there', () => {
  const path = '.github/scs-kaas.yaml';
  const ref = 'b'.repeat(40);
  let api: GitHubDouble;
  let waited: number[] = [];
  beforeEach(async () => {
    api = new GitHubDouble();
    await api.start();
    api.token('job-token', { access: 'read' });
    api.commits[ref] = { [path]: 'tier: heavy\n', 'README.md': 'x' };
    waited = [];
  });
  afterEach(async () => {
    await api.stop();
    expect(api.violations).toEqual([]);
    expect(api.writes).toEqual([]);
  });
  const read = (more: Partial<TrustedFileOptions> = {}, file = path): Promise<string | undefined> =>
    readTrustedFile(file, {
      event: runEvent(api.url),
      ref,
      token: 'job-token',
      env: {},
      secret: () => undefined,
      delay: (ms) => {
        waited.push(ms);
        return Promise.resolve();
      },
      ...more,
    });
  const problemOf = async (more: Partial<TrustedFileOptions> = {}, file = path): Promise<string> => {
    const error = await rejection(read(more, file));
    expect(error).toBeInstanceOf(UserError);
    expect(error.message).toMatch(/^This run may be for a pull request of a fork, so \S+ is read from the base, which failed: /);
    expect(error.message).toMatch(
      /\. Let the token read it \("permissions: contents: read"\), or write the settings into the input "config" as YAML text\.$/,
    );
    expect(error.message).not.toContain('job-token');
    return error.message.replace(/^.*which failed: | Let the token.*$/gs, '');
  };

  test('a file of that commit, and of no other', async () => {
    api.commits[''] = { [path]: 'tier: light\n' };
    expect(await read()).toBe('tier: heavy\n');
    expect(await read({ ref: '' })).toBe('tier: light\n');
    expect(api.calls.map(({ path: called, query }) => [called, query['ref']])).toEqual([
      [`/repos/octo-org/clusters/contents/${path}`, ref],
      [`/repos/octo-org/clusters/contents/${path}`, undefined],
    ]);
  });

  test('as it is: line ends, other scripts, a byte order mark, UTF-16', async () => {
    const text = `# ${'ü'.repeat(2_000)} 漢字\r\ntier: heavy\r\n`;
    for (const bytes of [text, `\ufeff${text}`, Buffer.from(`\ufeff${text}`, 'utf16le')]) {
      api.commits[ref] = { [path]: bytes };
      expect(await read()).toBe(text);
    }
  });

  test('a name with signs of addresses is a name', async () => {
    for (const name of ['a?ref=evil&x.yaml', 'a#b.yaml', 'a%2Fb.yaml', 'ä ö/{x}.yaml', '%2e%2e/x']) {
      api.commits[ref] = { [name]: name };
      expect(await read({}, name)).toBe(name);
    }
    expect(api.calls.every(({ query }) => query['ref'] === ref)).toBe(true);
  });

  test('a commit that has no such file', async () => {
    api.commits[ref] = { 'README.md': 'x' };
    expect(await read()).toBeUndefined();
    expect(api.calls.map((call) => `${call.path} ${call.status}`)).toEqual([
      `/repos/octo-org/clusters/contents/${path} 404`,
      '/repos/octo-org/clusters/contents 200',
    ]);
  });

  test('a token that may not read gets the same answer for everything, and that is no missing file', async () => {
    api.token('blind', { contents: false });
    expect(await problemOf({ token: 'blind' })).toMatch(/404: Not Found\.$/);
    expect(await problemOf({ event: runEvent(api.url, { repository: { owner: 'octo-org', repo: 'renamed' } }) })).toMatch(/404/);
    expect(await problemOf({ ref: 'e'.repeat(40) })).toMatch(/404: No commit found/);
  });

  test('a refusal', async () => {
    api.fault(() => true, { status: 403, message: 'Resource not accessible by integration' }, 9);
    expect(await problemOf()).toMatch(/403: Resource not accessible by integration\.$/);
    expect(api.calls).toHaveLength(1);
    expect(await problemOf({ token: 'of nobody' })).toMatch(/40[13]/);
  });

  test.each<[string, GitHubDouble['commits'][string], string]>([
    ['a folder', { [`${path}/x`]: 'y' }, 'it is a directory.'],
    ['a link out of the repository', { [path]: { symlink: '/etc/passwd' } }, 'it is a symbolic link out of the repository.'],
    ['a file of more than 1 MB', { [path]: 'x'.repeat(1_048_577) }, 'it is larger than 1 MB.'],
    ['bytes', { [path]: Buffer.from([0xff, 0xff, 0xc0, 0x80]) }, 'it is neither UTF-8 nor UTF-16 text; save it as UTF-8.'],
  ])('%s, asked for once', async (_, files, why) => {
    api.commits[ref] = files;
    expect(await problemOf()).toBe(why);
    expect(api.calls).toHaveLength(1);
  });

  test('a link to a file of the repository', async () => {
    api.commits[ref] = { [path]: { symlink: 'other.yaml' }, 'other.yaml': 'tier: active' };
    expect(await read()).toBe('tier: active');
  });

  test.each([
    ['an error', { status: 502 }],
    ['a page of a proxy', { status: 503, html: '<html>busy</html>' }],
    ['a cut connection', 'reset'],
    ['half an answer', 'cut'],
    ['a rate limit', { status: 429, headers: { 'retry-after': '2' } }],
  ] as const)('%s passes', async (_, answer) => {
    api.fault(() => true, answer, 2);
    expect(await read()).toBe('tier: heavy\n');
    expect(waited).toHaveLength(2);
  });

  test('one that does not pass', async () => {
    api.fault(() => true, { status: 500, message: 'fault' }, 9);
    expect(await problemOf()).toMatch(/500: fault\.$/);
    expect(api.calls).toHaveLength(3);
  });

  test('what the server says is one plain line without the token', async () => {
    api.fault(() => true, { status: 403, message: 'no\n::error::job-token\u001b[31m' }, 1);
    expect(await problemOf()).not.toMatch(/\p{Cc}|job-token/u);
  });

  test('without a token, an address or a repository nothing is asked', async () => {
    expect(await problemOf({ token: undefined })).toBe('the input "github-token" is empty.');
    expect(await problemOf({ event: runEvent(api.url, { api: { problem: 'GITHUB_API_URL holds a login' } }) })).toBe(
      'GITHUB_API_URL holds a login.',
    );
    expect(await problemOf({ event: runEvent(api.url, { repository: undefined }) })).toBe('GITHUB_REPOSITORY is not set.');
    expect(api.calls).toEqual([]);
  });

  test('a cancelled job waits for nothing', async () => {
    const stop = new AbortController();
    api.fault(() => true, 'silence', 9);
    const reading = read({ signal: stop.signal });
    setTimeout(() => stop.abort(), 100);
    await expect(reading).rejects.toThrow();
  });

  test('Gitea', async () => {
    api.gitea = true;
    expect(await read({ event: runEvent(api.url, { forge: 'gitea' }) })).toBe('tier: heavy\n');
    expect(await read({ event: runEvent(api.url, { forge: 'gitea' }) }, 'nowhere.yaml')).toBeUndefined();
  });
});
