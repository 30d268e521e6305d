import { isLoopbackHost } from '../text/loopback.js';
import { trimEndOf } from '../text/trim.js';

export type Env = Readonly<Record<string, string | undefined>>;

/** The platform at hand. */
export type Forge = 'github' | 'gitea';

/** Where the API is, or why no request may be sent: a sentence that repeats no address, which may hold a password. */
type ApiAddress = { readonly url: string } | { readonly problem: string };

export interface Server {
  readonly forge: Forge;
  readonly api: ApiAddress;
  /** Without a slash at its end; absent where the environment does not name it. */
  readonly serverUrl?: string | undefined;
}

const formatUrl = (url: URL): string => trimEndOf(url.href, '/');

/** An address out of a variable; undefined where the variable is not set. */
const addressOf = (name: string, text: string | undefined): URL | { readonly problem: string } | undefined => {
  if (text === undefined || text.trim() === '') return undefined;
  const problem = (what: string): { readonly problem: string } => ({ problem: `${name} ${what}` });
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) return problem('is not an address such as https://git.example.org');
  if (url.username !== '' || url.password !== '') return problem('holds a login; remove it from the address');
  if (url.search !== '' || url.hash !== '') return problem('holds more than host and path; remove what follows "?" or "#"');
  return url;
};

/** The API of GitHub’s own services stands on another host than their pages: https://docs.github.com/en/enterprise-cloud@latest/rest/using-the-rest-api/getting-started-with-the-rest-api */
const ownApiHost = (server: URL): string | undefined =>
  server.hostname === 'github.com' || /^[a-z0-9-]+\.ghe\.com$/.test(server.hostname) ? `api.${server.hostname}` : undefined;

const markers = ['GITEA_ACTIONS', 'FORGEJO_ACTIONS', 'GITEA_ACTIONS_RUNNER_VERSION', 'FORGEJO_ACTIONS_RUNNER_VERSION'];

/** Gitea and Forgejo set markers of their own, and serve their API below `/api/v1`. */
const isGitea = (env: Env, server: URL | undefined, api: URL | undefined): boolean => {
  // What listens on this machine is none of GitHub's services, whatever pages a local runner names.
  if (api !== undefined && isLoopbackHost(api.hostname)) return formatUrl(api).endsWith('/api/v1');
  if ((server !== undefined && ownApiHost(server) !== undefined) || /(?:^api\.|\.)(?:github|ghe)\.com$/.test(api?.hostname ?? ''))
    return false;
  return (
    markers.some((name) => (env[name] ?? '') !== '' && env[name] !== 'false') ||
    formatUrl(api ?? new URL('https://none')).endsWith('/api/v1')
  );
};

/** The API of a server that names none: a runner of an older Gitea, of Forgejo, or a local one. */
const derived = (server: URL, gitea: boolean): string => {
  const host = ownApiHost(server);
  if (host !== undefined) return `https://${host}`;
  return `${formatUrl(server)}/api/${gitea ? 'v1' : 'v3'}`;
};

/** Why a token for the server must not be sent to the API’s address, or undefined. */
const contradiction = (server: URL, api: URL): string | undefined => {
  // A double or a tunnel of the user's own, on this machine; a local runner names github.com all the same.
  if (isLoopbackHost(api.hostname)) return undefined;
  const host = ownApiHost(server);
  if (host !== undefined && api.origin !== `https://${host}`)
    return `GITHUB_SERVER_URL names ${server.hostname}, whose API is https://${host}, and GITHUB_API_URL names ${api.origin}`;
  if (host === undefined && api.host !== server.host && api.hostname !== `api.${server.hostname}` && !isUpgrade(server, api))
    return `GITHUB_API_URL names ${api.host}, and GITHUB_SERVER_URL names ${server.host}`;
  if (server.protocol === 'https:' && api.protocol === 'http:')
    return 'GITHUB_API_URL is http:// and GITHUB_SERVER_URL is https://, so the token would be readable on the way';
  return undefined;
};

/** The same host by its usual ports, and encrypted. */
const isUpgrade = (server: URL, api: URL): boolean =>
  server.hostname === api.hostname && server.protocol === 'http:' && api.protocol === 'https:' && server.port === '' && api.port === '';

/**
 * The address that the token may be sent to. The runner sets both variables from one source, and GitHub lets no workflow change them. Where they
 * contradict each other, one of them comes from somewhere else and nobody knows which: nothing is sent.
 */
const apiOf = (server: ReturnType<typeof addressOf>, api: ReturnType<typeof addressOf>, gitea: boolean): ApiAddress => {
  if (api !== undefined && 'problem' in api) return api;
  if (server !== undefined && 'problem' in server) return server;
  if (api === undefined)
    return server === undefined
      ? { problem: 'neither GITHUB_API_URL nor GITHUB_SERVER_URL is set, so the server of the token is not known; set GITHUB_SERVER_URL' }
      : { url: derived(server, gitea) };
  if (server === undefined)
    return api.protocol === 'http:' && !isLoopbackHost(api.hostname)
      ? { problem: 'GITHUB_API_URL is http:// and GITHUB_SERVER_URL is not set, so the token would be readable on the way; use https://' }
      : { url: formatUrl(api) };
  const problem = contradiction(server, api);
  return problem === undefined
    ? { url: formatUrl(api) }
    : { problem: `${problem}; the token is sent to neither, set both to the same server` };
};

/**
 * Which forge this run is on and where its API is. The token belongs to the server that the environment names, and no address is taken by default.
 * @param env `GITHUB_SERVER_URL`, `GITHUB_API_URL`, and the markers of Gitea and Forgejo
 */
export const readServer = (env: Env): Server => {
  const server = addressOf('GITHUB_SERVER_URL', env['GITHUB_SERVER_URL']);
  const api = addressOf('GITHUB_API_URL', env['GITHUB_API_URL']);
  const [serverAddress, apiAddress] = [server, api].map((a) => (a instanceof URL ? a : undefined));
  const gitea = isGitea(env, serverAddress, apiAddress);
  return {
    forge: gitea ? 'gitea' : 'github',
    api: apiOf(server, api, gitea),
    serverUrl: serverAddress && formatUrl(serverAddress),
  };
};
