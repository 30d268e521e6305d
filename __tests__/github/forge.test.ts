import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readServer } from '../../src/github/forge.js';

const urlOf = (env: Readonly<Record<string, string>>): string | undefined => {
  const { api } = readServer(env);
  return 'url' in api ? api.url : undefined;
};
const problemOf = (env: Readonly<Record<string, string>>): string => {
  const { api } = readServer(env);
  return 'problem' in api ? api.problem : '';
};

describe('which forge', () => {
  test.each([
    [{ GITEA_ACTIONS: 'true', GITHUB_SERVER_URL: 'https://git.example' }, 'gitea'],
    [{ FORGEJO_ACTIONS: 'true' }, 'gitea'],
    [{ GITEA_ACTIONS_RUNNER_VERSION: 'v0.2.11' }, 'gitea'],
    [{ GITHUB_API_URL: 'https://codeberg.example/api/v1' }, 'gitea'],
    [{ GITHUB_API_URL: 'https://codeberg.example/api/v1/' }, 'gitea'],
    [{ GITHUB_API_URL: 'https://ghe.example/api/v3' }, 'github'],
    [{ GITEA_ACTIONS: 'false' }, 'github'],
    // A workflow of GitHub may set what it likes.
    [{ GITEA_ACTIONS: 'true', GITHUB_SERVER_URL: 'https://github.com' }, 'github'],
    [{ GITEA_ACTIONS: 'true', GITHUB_API_URL: 'https://api.octo.ghe.com' }, 'github'],
    [{ GITHUB_SERVER_URL: 'https://github.com', GITHUB_API_URL: 'http://127.0.0.1:3000/api/v1' }, 'gitea'],
    [{ GITHUB_SERVER_URL: 'https://github.com', GITHUB_API_URL: 'http://127.0.0.1:3000' }, 'github'],
    [{}, 'github'],
  ])('%j: %s', (env, kind) => {
    const { forge } = readServer(env);
    expect(forge).toBe(kind);
  });
});

describe('the address of the API', () => {
  test.each([
    ['GitHub', { GITHUB_SERVER_URL: 'https://github.com' }, 'https://api.github.com'],
    ['GitHub, of a runner that says http', { GITHUB_SERVER_URL: 'http://github.com' }, 'https://api.github.com'],
    ['an enterprise on GitHub', { GITHUB_SERVER_URL: 'https://octo.ghe.com' }, 'https://api.octo.ghe.com'],
    ['a server of one’s own', { GITHUB_SERVER_URL: 'https://git.example/' }, 'https://git.example/api/v3'],
    ['a name that looks like GitHub', { GITHUB_SERVER_URL: 'https://github.com.evil.example' }, 'https://github.com.evil.example/api/v3'],
    ['a name that ends as GitHub', { GITHUB_SERVER_URL: 'https://notgithub.com' }, 'https://notgithub.com/api/v3'],
    ['Gitea', { GITHUB_SERVER_URL: 'https://git.example', GITEA_ACTIONS: 'true' }, 'https://git.example/api/v1'],
    ['Gitea below a path', { GITHUB_SERVER_URL: 'https://example.org/git/', GITEA_ACTIONS: 'true' }, 'https://example.org/git/api/v1'],
    ['Gitea in a net of containers', { GITHUB_SERVER_URL: 'http://gitea:3000', GITEA_ACTIONS: 'true' }, 'http://gitea:3000/api/v1'],
  ])('without GITHUB_API_URL: %s', (_, env, url) => {
    expect(urlOf(env as Record<string, string>)).toBe(url);
    expect(urlOf({ ...(env as Record<string, string>), GITHUB_API_URL: ' ' })).toBe(url);
  });

  test.each([
    ['GitHub', 'https://github.com', 'https://api.github.com'],
    ['an enterprise on GitHub', 'https://octo.ghe.com', 'https://api.octo.ghe.com'],
    ['a server of one’s own', 'https://git.example', 'https://git.example/api/v3'],
    ['a server with its API on a host of its own', 'https://git.example', 'https://api.git.example'],
    ['Gitea', 'http://gitea:3000/', 'http://gitea:3000/api/v1'],
    ['a server that moved to https', 'http://git.example', 'https://git.example/api/v1'],
    ['a double', 'http://127.0.0.1:1234', 'http://127.0.0.1:1234'],
    ['a double for a local runner', 'https://github.com', 'http://127.0.0.1:1234'],
    ['Gitea on this machine for a local runner', 'https://github.com', 'http://localhost:3000/api/v1'],
  ])('both, as the runner sets them: %s', (_, server, api) => {
    expect(urlOf({ GITHUB_SERVER_URL: server, GITHUB_API_URL: api })).toBe(api);
  });

  test.each([
    ['another host', 'https://git.example', 'https://evil.example/api/v3'],
    ['GitHub’s API with a server of one’s own', 'https://git.example', 'https://api.github.com'],
    ['a foreign API for GitHub', 'https://github.com', 'https://git.example/api/v3'],
    ['GitHub’s pages in the place of its API', 'https://github.com', 'https://github.com/api/v3'],
    ['GitHub’s API on another port', 'https://github.com', 'https://api.github.com:8443'],
    ['GitHub’s API without encryption', 'https://github.com', 'http://api.github.com'],
    ['the API of another enterprise', 'https://octo.ghe.com', 'https://api.other.ghe.com'],
    ['a host that ends the same', 'https://git.example', 'https://evilgit.example/api/v3'],
    ['a host that begins the same', 'https://git.example', 'https://git.example.evil.example/api/v3'],
    ['another port', 'https://git.example', 'https://git.example:8443/api/v3'],
    ['less encryption', 'https://git.example', 'http://git.example/api/v3'],
  ])('both, and they contradict each other: %s', (_, GITHUB_SERVER_URL, GITHUB_API_URL) => {
    expect(urlOf({ GITHUB_SERVER_URL, GITHUB_API_URL })).toBeUndefined();
    expect(problemOf({ GITHUB_SERVER_URL, GITHUB_API_URL })).toMatch(/GITHUB_(?:API|SERVER)_URL.*the token is sent to neither/);
  });

  test.each([
    'https://keeper:hunter22@git.example/api/v1',
    'https://hunter22@git.example',
    'https://git.example/api/v1?token=hunter22',
    'https://git.example/#hunter22',
    'file:///etc/hunter22',
    'ftp://git.example/hunter22',
    'javascript:alert("hunter22")',
    'hunter22',
    '//git.example/hunter22',
  ])('an address that is none, in either variable: nothing is sent, and it is not repeated: %s', (text) => {
    const good = 'https://git.example/api/v1';
    for (const env of [
      { GITHUB_API_URL: text },
      { GITHUB_SERVER_URL: text },
      { GITHUB_API_URL: text, GITHUB_SERVER_URL: 'https://git.example' },
      { GITHUB_API_URL: good, GITHUB_SERVER_URL: text },
    ]) {
      expect(urlOf(env)).toBeUndefined();
      expect(problemOf(env)).toMatch(/^GITHUB_(?:API|SERVER)_URL /);
      expect(JSON.stringify(readServer(env))).not.toContain('hunter22');
    }
  });

  test('one alone', () => {
    expect(urlOf({ GITHUB_API_URL: 'https://git.example/api/v1' })).toBe('https://git.example/api/v1');
    expect(urlOf({ GITHUB_API_URL: 'http://[::1]:80/api/v1' })).toBe('http://[::1]/api/v1');
    expect(problemOf({ GITHUB_API_URL: 'http://git.example/api/v1' })).toMatch(/readable on the way/);
    expect(problemOf({})).toMatch(/neither .* nor .* is set/);
  });

  test('whatever the two say: the address is of the server that is named, or none', () => {
    const host = fc.constantFrom(
      'github.com',
      'api.github.com',
      'octo.ghe.com',
      'api.octo.ghe.com',
      'git.example',
      'api.git.example',
      'localhost',
    );
    const address = fc
      .tuple(fc.constantFrom('http', 'https'), host, fc.constantFrom('', ':3000'), fc.constantFrom('', '/', '/api/v1', '/api/v3'))
      .map((parts) => `${parts[0]}://${parts.slice(1).join('')}`);
    const marker = fc.constantFrom({}, { GITEA_ACTIONS: 'true' }, { FORGEJO_ACTIONS: 'true' });
    fc.assert(
      fc.property(address, fc.option(address, { nil: undefined }), marker, (server, api, more) => {
        const url = urlOf({ GITHUB_SERVER_URL: server, ...(api === undefined ? {} : { GITHUB_API_URL: api }), ...more });
        if (url === undefined) return api !== undefined;
        const [asked, named] = [new URL(url), new URL(server)];
        return (
          asked.hostname === 'localhost' ||
          ([named.hostname, `api.${named.hostname}`].includes(asked.hostname) &&
            (asked.protocol === 'https:' || named.protocol === 'http:') &&
            (asked.protocol === 'https:' || !/github|ghe\.com/.test(asked.hostname) || asked.hostname !== `api.${named.hostname}`))
        );
      }),
      { numRuns: 2_000 },
    );
  });
});
