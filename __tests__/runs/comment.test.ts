import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GitHubDouble } from '../helpers/github-api.js';
import { hurried } from '../helpers/hurry.js';
import { startProxy } from '../helpers/proxy.js';
import { workflowStep, type Step } from '../helpers/workflow-step.js';

// Each step starts anew, on a busy machine.
jest.setTimeout(120_000);

const token = 'ghs_hunter22TokenOfTheJob';
const sha = 'a'.repeat(40);

let github: GitHubDouble;
let other: GitHubDouble;
let folder: string;
beforeEach(async () => {
  [github, other] = [new GitHubDouble(), new GitHubDouble()];
  for (const double of [github, other]) {
    double.pulls.push({ number: 7, headSha: sha, headRepository: 'octo-org/clusters', headBranch: 'topic' });
    double.token(token);
    await double.start();
  }
  folder = await mkdtemp(join(tmpdir(), 'scs-kaas-comment-'));
});
afterEach(async () => {
  await Promise.all([github.stop(), other.stop(), rm(folder, { recursive: true })]);
  expect(github.violations).toEqual([]);
});

const pull = (head: string, number = 7): object => ({
  pull_request: { number, head: { sha, repo: { full_name: head } }, base: { repo: { full_name: 'octo-org/clusters' } } },
});

/** One step on the recorded example, with an event file where a payload is given. */
const step = async (payload: object | string | undefined, env: Readonly<Record<string, string>>): Promise<Step> => {
  const event = join(folder, 'event.json');
  if (payload !== undefined) await writeFile(event, typeof payload === 'string' ? payload : JSON.stringify(payload));
  const ended = await workflowStep(
    { cluster: 'embedded', offline: 'true', 'fail-on': 'never', 'github-token': token },
    {
      ...{ GITHUB_EVENT_NAME: 'pull_request', GITHUB_REPOSITORY: 'octo-org/clusters', GITHUB_JOB: 'check', GITHUB_SERVER_URL: github.url },
      ...(payload === undefined ? {} : { GITHUB_EVENT_PATH: event }),
      GITHUB_API_URL: github.url,
      ...env,
    },
  );
  const printed = ended.ended.stdout.replace(/^::add-mask::.*$/gm, '') + ended.ended.stderr;
  expect([printed, ended.summary, ended.outputs, ...Object.values(ended.files)].join('\n')).not.toContain('hunter22');
  return ended;
};

test('a review, of a fork whose token may write', async () => {
  const { ended, outputs } = await step(pull('eve/clusters'), { GITHUB_EVENT_NAME: 'pull_request_review' });
  expect([ended.code, ended.stdout]).toEqual([0, expect.stringContaining('pull request comment created')]);
  expect(outputs).toContain('#issuecomment-');
  expect(github.comments).toHaveLength(1);
});

test('a fork whose token may only read: tried once, and the log and the summary say what to do', async () => {
  github.tokens.set(token, { login: 'github-actions[bot]', type: 'Bot', access: 'read' });
  const { ended, summary } = await step(pull('eve/clusters'), {});
  expect(ended.code).toBe(0);
  for (const text of [ended.stdout, summary]) expect(text).toMatch(/comment skipped: the pull request comes from a fork.*workflow/);
  expect(github.writes).toEqual(['POST 403']);
});

test.each<[string, object | string | undefined]>([
  ['no event file', undefined],
  ['a damaged one', '{"pull_request":'],
  ['one of another repository', { ...pull('eve/other', 9), repository: { full_name: 'eve/other' } }],
])('%s: the ref names the pull request', async (_, payload) => {
  const { ended } = await step(payload, { GITHUB_REF: 'refs/pull/7/merge', GITHUB_SHA: sha });
  expect(ended.stdout).toContain('pull request comment created');
  expect(github.comments.map((c) => c.issue)).toEqual([7]);
});

test('neither file nor ref: nothing is asked of the pull request, and the reason is true', async () => {
  const { ended } = await step(undefined, { GITHUB_EVENT_NAME: 'pull_request_target', GITHUB_REF: 'refs/heads/main' });
  expect(ended.stdout).toMatch(/comment skipped: The event file of this pull_request_target run .* the pull request is not known/);
  // The head may be that of a fork: settings come from the default branch.
  expect([...new Set(github.calls.map(({ path }) => path))]).toEqual([
    '/repos/octo-org/clusters/contents/.github/scs-kaas.yaml',
    '/repos/octo-org/clusters/contents',
  ]);
});

describe('which server', () => {
  test('a Gitea that does not name its API', async () => {
    github.gitea = true;
    const { ended } = await step(pull('octo-org/clusters'), {
      ...{ GITHUB_API_URL: '', GITEA_ACTIONS: 'true', GITHUB_SERVER_URL: new URL(github.url).origin },
    });
    expect(ended.stdout).toContain('pull request comment created');
    expect(github.comments).toHaveLength(1);
  });

  test.each<[string, () => Record<string, string>, RegExp]>([
    [
      'API and server contradict each other',
      () => ({ GITHUB_API_URL: 'https://git.example/api/v3', GITHUB_SERVER_URL: new URL(other.url).origin }),
      /sent to neither/,
    ],
    ['neither is named', () => ({ GITHUB_API_URL: '', GITHUB_SERVER_URL: '' }), /neither GITHUB_API_URL nor GITHUB_SERVER_URL/],
    ['the API is no URL', () => ({ GITHUB_API_URL: 'api' }), /GITHUB_API_URL/],
    ['the API is no address', () => ({ GITHUB_API_URL: `http://octo:hunter22@${new URL(other.url).host}` }), /holds a login/],
  ])('%s: nothing is sent to anybody', async (_, env, reason) => {
    const { ended } = await step(pull('octo-org/clusters'), env());
    expect([ended.code, ended.stdout]).toEqual([0, expect.stringMatching(reason)]);
    expect([github.calls, other.calls]).toEqual([[], []]);
  });

  test('a server that sends everybody on to another one', async () => {
    github.fault(() => true, { status: 307, headers: { location: `${other.url}/repos/octo-org/clusters/issues/7/comments` } }, 99);
    const { ended } = await step(pull('octo-org/clusters'), {});
    expect(ended.stdout).toMatch(/the API redirects to another server/);
    expect(other.calls).toEqual([]);
  });

  test('a server that repeats the token', async () => {
    github.fault(() => true, { status: 400, message: `${'x'.repeat(280)} bad token ${token}` }, 99);
    expect((await step(pull('octo-org/clusters'), {})).ended.stdout).toContain('did not take the comment');
  });

  test.each([
    ['through it', {}, true],
    ['but not where NO_PROXY names the server', { NO_PROXY: 'git.example.invalid' }, false],
  ])('a proxy, for a server whose API was derived: %s', async (_, more, through) => {
    const proxy = await startProxy();
    const env = { GITHUB_API_URL: '', GITHUB_SERVER_URL: 'https://git.example.invalid', HTTPS_PROXY: proxy.url, ...hurried(10), ...more };
    const { ended } = await step(pull('octo-org/clusters'), env);
    expect(ended.stdout).toMatch(/the API could not be reached/);
    expect(proxy.tunnels.includes('git.example.invalid:443')).toBe(through);
    expect(proxy.tunnels.filter((target) => !target.startsWith('git.example.invalid'))).toEqual([]);
    await proxy.close();
  });

  test.each(['socks4://octo:hunter22@127.0.0.1:1', 'http://octo:hunter22@[', '127.0.0.1:80%zz'])(
    'a proxy that cannot be used (%s): the run goes on, and the reason names the variable',
    async (HTTPS_PROXY) => {
      const env = { GITHUB_API_URL: '', GITHUB_SERVER_URL: 'https://git.example.invalid', HTTPS_PROXY, ...hurried(10) };
      const { ended } = await step(pull('octo-org/clusters'), env);
      expect(ended.stdout).toMatch(/the API could not be reached.*The proxy in HTTPS_PROXY /);
    },
  );
});
