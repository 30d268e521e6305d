import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { OpenApi, type Found } from './openapi.js';

/** Who a token is. An installation token (of `GITHUB_TOKEN`, of an app) may not read `/user`. */
export interface Identity {
  readonly login: string;
  readonly type: 'User' | 'Bot';
  readonly access: 'read' | 'write';
  /** False: the repository is not there for this token, as for one without `contents: read` in a private repository. */
  readonly contents?: boolean;
  readonly collaborator?: boolean;
  /** By the login where it is not given. */
  readonly id?: number;
}

/** A number of its own for each login; that of the Actions user of Gitea and Forgejo is in no table. */
const idOf = ({ id, login, type }: Identity): number =>
  id ??
  (type === 'Bot' && /^(?:gitea|forgejo)-actions$/.test(login)
    ? -2
    : 1_000 + Buffer.from(login).reduce((sum, byte) => (sum * 31 + byte) % 1_000_000, 0));

export interface Comment {
  readonly id: number;
  body: string;
  readonly issue: number;
  readonly author: Identity;
  readonly createdAt: string;
  updatedAt: string;
  minimized: boolean;
}

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly status: number;
  readonly login: string;
}

export interface Pull {
  readonly number: number;
  readonly headSha: string;
  readonly headRepository: string;
  readonly headBranch: string;
  locked?: boolean;
}

/** A text, bytes, or a link to another path. */
type RepositoryFile = string | Buffer | { readonly symlink: string };

/** An answer in the place of the right one: to the calls that match, so many times; before the call is carried out, or after it. */
export interface Fault {
  readonly when: (call: { readonly method: string; readonly path: string }) => boolean;
  times: number;
  readonly answer:
    | { readonly status: number; readonly message?: string; readonly headers?: Readonly<Record<string, string>>; readonly html?: string }
    | 'reset'
    | 'cut'
    | 'silence';
  readonly after?: boolean;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const failure = (status: number, message: string, more: object = {}): Answer => ({
  status,
  body: { message, documentation_url: 'https://docs.github.com/rest', status: String(status), ...more },
});
const forbidden = failure(403, 'Resource not accessible by integration');
const notFound = failure(404, 'Not Found');

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
};

/** Compiling the description takes longer than most tests. */
let shared: OpenApi | undefined;

/**
 * GitHub's REST API for one repository, with a state: comments are created, listed in pages, changed and deleted. Each request and each
 * answer is checked against GitHub's OpenAPI description; what that lacks (length of a body, locks, rights) is enforced here.
 */
export class GitHubDouble {
  readonly comments: Comment[] = [];
  readonly calls: Call[] = [];
  /** What was not as GitHub describes it, in requests or in our own answers; a test wants none. */
  readonly violations: string[] = [];
  readonly faults: Fault[] = [];
  readonly pulls: Pull[] = [];
  /** Files of every commit, by their path. */
  readonly files = new Map<string, RepositoryFile>();
  /** Files of single commits or branches (`''` is the default branch), by path; once there are some, no other commit exists. */
  readonly commits: Record<string, Readonly<Record<string, RepositoryFile>>> = {};
  readonly tokens = new Map<string, Identity>();
  /** Milliseconds that a request takes on its way in and out. */
  latency: () => number = () => 0;
  /** False: GraphQL does not know who asks, as on a forge without it. */
  graphql = true;
  /** As Gitea: pages are ignored, authors have no type, a job's own token may read `/user`. */
  gitea = false;
  /** What a list shows of the comments that are there: a cache, or an index that lags behind, shows less, or older ones. */
  listing: (all: readonly Comment[]) => readonly Comment[] = (all) => all;
  readonly #api = (shared ??= new OpenApi());
  readonly #server: Server;
  #nextId = 9_007;
  #clock = Date.parse('2026-11-23T12:00:00Z');
  readonly repository: { readonly owner: string; readonly repo: string };

  constructor(repository = { owner: 'octo-org', repo: 'clusters' }) {
    this.repository = repository;
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        this.violations.push(`the double failed: ${String(error)}`);
        response.destroy();
      });
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this.url;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${this.gitea ? '/api/v1' : ''}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Registers a token and says who it is. */
  token(token: string, identity: Partial<Identity> = {}): string {
    this.tokens.set(token, { login: 'github-actions[bot]', type: 'Bot', access: 'write', ...identity });
    return token;
  }

  /** A comment that somebody wrote earlier. */
  seed(issue: number, body: string, author: Partial<Identity> = {}): Comment {
    const comment = {
      id: this.#nextId++,
      body,
      issue,
      author: { login: 'github-actions[bot]', type: 'Bot' as const, access: 'write' as const, ...author },
      createdAt: this.#now(),
      updatedAt: this.#now(),
      minimized: false,
    };
    this.comments.push(comment);
    return comment;
  }

  fault(when: Fault['when'], answer: Fault['answer'], times = 1, after = false): void {
    this.faults.push({ when, answer, times, after });
  }

  /** Calls that changed something. */
  get writes(): readonly string[] {
    return this.calls.filter((call) => call.method !== 'GET' && call.path !== '/graphql').map((call) => `${call.method} ${call.status}`);
  }

  /** GitHub counts whole seconds. */
  #now(): string {
    return new Date((this.#clock += 1_000)).toISOString().replace('.000', '');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://double');
    const path = this.gitea ? url.pathname.replace(/^\/api\/v1(?=\/)/, '') : url.pathname;
    const method = request.method ?? 'GET';
    const text = await bodyOf(request);
    const body = text === '' ? undefined : (JSON.parse(text) as unknown);
    await sleep(this.latency());
    const identity = this.tokens.get((request.headers.authorization ?? '').replace(/^(token|bearer) /i, ''));
    const fault = this.faults.find((f) => f.times > 0 && f.when({ method, path }));
    if (fault !== undefined) fault.times--;
    const answer = fault === undefined || fault.after === true ? this.#answer(method, path, url.searchParams, body, identity) : undefined;
    const record = (status: number): unknown =>
      this.calls.push({ method, path, query: Object.fromEntries(url.searchParams), body, status, login: identity?.login ?? '' });
    if (fault !== undefined) {
      record(typeof fault.answer === 'object' ? fault.answer.status : 0);
      this.#break(response, fault.answer);
      return;
    }
    record(answer?.status ?? 0);
    await sleep(this.latency());
    response.writeHead(answer?.status ?? 500, { 'content-type': 'application/json; charset=utf-8', ...answer?.headers });
    response.end(answer?.body === undefined ? undefined : JSON.stringify(answer.body));
  }

  #break(response: ServerResponse, answer: Fault['answer']): void {
    if (answer === 'silence') return;
    if (answer === 'reset') {
      response.destroy();
      return;
    }
    if (answer === 'cut') {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('[{"id": 1, "bo');
      setTimeout(() => response.destroy(), 20);
      return;
    }
    const json = JSON.stringify(failure(answer.status, answer.message ?? 'fault').body);
    response.writeHead(answer.status, {
      'content-type': answer.html === undefined ? 'application/json' : 'text/html; charset=utf-8',
      ...answer.headers,
    });
    response.end(answer.html ?? json);
  }

  #answer(method: string, path: string, query: URLSearchParams, body: unknown, identity: Identity | undefined): Answer {
    if (identity === undefined) return failure(401, 'Bad credentials');
    if (method === 'POST' && path === '/graphql')
      return this.graphql && !this.gitea ? { status: 200, body: { data: { viewer: { login: identity.login } } } } : notFound;
    const found = this.#api.find(method, path);
    if (found === undefined) {
      this.violations.push(`${method} ${path}: GitHub has no such call, or the fixture does not hold it`);
      return notFound;
    }
    const problems = this.#api.request(found, query, body);
    this.violations.push(...problems.map((p) => `${method} ${path} request: ${p}`));
    const answer =
      problems.length > 0
        ? failure(422, 'Validation Failed', {
            errors: problems.map((message) => ({ message, code: 'invalid', resource: 'IssueComment', field: 'body' })),
          })
        : this.#carryOut(found, query, body, identity);
    // Gitea's answers are its own.
    if (!this.gitea)
      this.violations.push(
        ...this.#api.response(found, answer.status, answer.body).map((p) => `${method} ${path} answer ${answer.status}: ${p}`),
      );
    return answer;
  }

  #carryOut(found: Found, query: URLSearchParams, body: unknown, identity: Identity): Answer {
    const { owner, repo } = this.repository;
    if (found.template === '/user')
      return identity.type === 'Bot'
        ? forbidden
        : { status: 200, body: this.#api.sample('public-user', { login: identity.login, id: idOf(identity), type: 'User' }) };
    if (found.path['owner'] !== owner || found.path['repo'] !== repo) return notFound;
    const number = Number(found.path['issue_number'] ?? found.path['pull_number']);
    const comment = this.comments.find((c) => c.id === Number(found.path['comment_id']));
    const text = (body as { body?: string } | undefined)?.body ?? '';
    switch (`${found.method} ${found.template.replace('/repos/{owner}/{repo}', '')}`) {
      case 'get /issues/{issue_number}/comments':
        return this.#list(number, query);
      case 'post /issues/{issue_number}/comments':
        return this.#create(number, text, identity);
      case 'get /issues/comments/{comment_id}':
        return comment === undefined ? notFound : { status: 200, body: this.#shown(comment) };
      case 'patch /issues/comments/{comment_id}':
        return comment === undefined ? notFound : this.#change(comment, text, identity);
      case 'delete /issues/comments/{comment_id}':
        return comment === undefined ? notFound : this.#remove(comment, identity);
      case 'get /contents/{path}':
        return identity.contents === false ? notFound : this.#contents(found.path['path'] ?? '', query.get('ref') ?? '');
      case 'get /pulls':
        return {
          status: 200,
          body: this.pulls
            .filter(
              (p) =>
                (query.get('head') ?? `${p.headRepository.split('/')[0] ?? ''}:${p.headBranch}`) ===
                `${p.headRepository.split('/')[0] ?? ''}:${p.headBranch}`,
            )
            .map((p) => this.#shownPull(p, 'pull-request-simple')),
        };
      default: {
        const pull = this.pulls.find((p) => p.number === number);
        return pull === undefined ? notFound : { status: 200, body: this.#shownPull(pull, 'pull-request') };
      }
    }
  }

  /** A file, a directory, a link that leads out of the repository (others are followed), or nothing. */
  #contents(path: string, ref: string): Answer {
    const files = Object.keys(this.commits).length === 0 ? Object.fromEntries(this.files) : this.commits[ref];
    if (files === undefined) return failure(404, `No commit found for the ref ${ref}`);
    const entry = (at: string, type: string, more: object = {}): object => {
      const url = `${this.url}/repos/${this.repository.owner}/${this.repository.repo}/contents/${encodeURIComponent(at)}?ref=${ref}`;
      const links = { git: null, html: null, self: url };
      const same = {
        name: at.split('/').at(-1),
        path: at,
        sha: 'f'.repeat(40),
        size: 1,
        url,
        git_url: null,
        html_url: null,
        download_url: null,
      };
      return { type, ...same, _links: links, ...more };
    };
    const below = Object.keys(files).filter((file) => path === '' || file.startsWith(`${path}/`));
    if (path === '' || below.length > 0) {
      const names = [...new Set(below.map((file) => file.slice(path === '' ? 0 : path.length + 1).split('/')[0] ?? ''))];
      return { status: 200, body: names.map((name) => entry(path === '' ? name : `${path}/${name}`, 'file')) };
    }
    const file = files[path];
    if (file === undefined) return notFound;
    if (typeof file === 'object' && 'symlink' in file)
      return files[file.symlink] === undefined
        ? { status: 200, body: entry(path, 'symlink', { target: file.symlink }) }
        : this.#contents(file.symlink, ref);
    const bytes = Buffer.from(file as string);
    const content = bytes.toString('base64').replace(/.{60}/g, '$&\n');
    const large = bytes.length > 1_048_576;
    const more = large ? { encoding: 'none', content: '' } : { encoding: 'base64', content };
    return { status: 200, body: entry(path, 'file', { size: bytes.length, ...more }) };
  }

  #list(number: number, query: URLSearchParams): Answer {
    if (!this.pulls.some((p) => p.number === number)) return notFound;
    const all = this.listing(this.comments.filter((c) => c.issue === number)).map((c) => this.#shown(c));
    const size = Math.min(100, Number(query.get('per_page') ?? 30));
    const page = Number(query.get('page') ?? 1);
    if (this.gitea) return { status: 200, body: all };
    const more = all.length > page * size;
    const link = `<${this.url}/repositories/1/issues/${number}/comments?per_page=${size}&page=${page + 1}>; rel="next"`;
    return { status: 200, body: all.slice((page - 1) * size, page * size), ...(more ? { headers: { link } } : {}) };
  }

  #mayWrite(issue: number, text: string, identity: Identity): Answer | undefined {
    if (identity.access === 'read') return forbidden;
    const locked = this.pulls.find((p) => p.number === issue)?.locked === true && identity.collaborator !== true;
    if (locked) return failure(403, 'Unable to create comment because issue is locked.');
    if (text === '')
      return failure(422, 'Validation Failed', { errors: [{ resource: 'IssueComment', code: 'missing_field', field: 'body' }] });
    return text.length > 65_536
      ? failure(422, 'Validation Failed', {
          errors: [
            { resource: 'IssueComment', code: 'unprocessable', field: 'data', message: 'Body is too long (maximum is 65536 characters)' },
          ],
        })
      : undefined;
  }

  #create(number: number, text: string, identity: Identity): Answer {
    if (!this.pulls.some((p) => p.number === number)) return notFound;
    const refusal = this.#mayWrite(number, text, identity);
    if (refusal !== undefined) return refusal;
    return { status: 201, body: this.#shown(this.seed(number, text, identity)) };
  }

  #change(comment: Comment, text: string, identity: Identity): Answer {
    const refusal = this.#mayWrite(comment.issue, text, identity);
    if (refusal !== undefined) return refusal;
    comment.body = text;
    comment.updatedAt = this.#now();
    return { status: 200, body: this.#shown(comment) };
  }

  #remove(comment: Comment, identity: Identity): Answer {
    if (identity.access === 'read') return forbidden;
    this.comments.splice(this.comments.indexOf(comment), 1);
    return { status: 204 };
  }

  #shown(comment: Comment): object {
    const { owner, repo } = this.repository;
    const user = this.#api.sample('simple-user', { login: comment.author.login, id: idOf(comment.author), type: comment.author.type });
    if (this.gitea) delete user['type'];
    return this.#api.sample('issue-comment', {
      id: comment.id,
      body: comment.body,
      html_url: `https://github.example/${owner}/${repo}/pull/${comment.issue}#issuecomment-${comment.id}`,
      user,
      created_at: comment.createdAt,
      updated_at: comment.updatedAt,
      ...(comment.minimized ? { minimized: { reason: 'outdated' } } : {}),
    });
  }

  #shownPull(pull: Pull, schema: string): object {
    const side = (sha: string, name: string, ref: string): object => ({
      label: `${name.split('/')[0] ?? ''}:${ref}`,
      ref,
      sha,
      user: this.#api.sample('simple-user'),
      repo: this.#api.sample('repository', { full_name: name }),
    });
    const { owner, repo } = this.repository;
    return this.#api.sample(schema, {
      number: pull.number,
      locked: pull.locked ?? false,
      head: side(pull.headSha, pull.headRepository, pull.headBranch),
      base: side('b'.repeat(40), `${owner}/${repo}`, 'main'),
    });
  }
}
