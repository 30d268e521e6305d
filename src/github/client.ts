import { setTimeout as sleep } from 'node:timers/promises';
// It reads the event's file when it is loaded: the entry of the action hides the variable until then.
import { getOctokit } from '@actions/github';
import * as z from 'zod/mini';
import type { ProxyEnvironment } from '../system/pool.js';
import { ApiError, toApiError } from './api-error.js';
import type { Author, Identity } from './author.js';
import { contentsSchema, pathInAddress, textOfContents } from './contents.js';
import type { Forge } from './forge.js';
import type { FollowedRun } from './subject.js';
import { createTransport, type Transport } from './transport.js';

/** One comment, as far as it is used. */
export interface IssueComment extends Author {
  readonly id: number;
  readonly body: string;
  readonly url: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly minimized: boolean;
}

export type Delay = (ms: number, signal?: AbortSignal) => Promise<void>;

export interface ApiOptions extends ProxyEnvironment {
  readonly token: string;
  readonly apiUrl: string;
  readonly repository: { readonly owner: string; readonly repo: string };
  /** Of one request; 10 seconds without. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly delay?: Delay | undefined;
  /** Takes secrets out of what a server said. */
  readonly hide?: ((text: string) => string) | undefined;
}

const nothing = (): void => undefined;
export const wait: Delay = (ms, signal) => sleep(ms, undefined, { signal });

const rawComment = z.object({
  id: z.number(),
  body: z.nullish(z.string()),
  html_url: z.string(),
  user: z.nullish(z.object({ id: z.optional(z.number()), login: z.string(), type: z.nullish(z.string()) })),
  created_at: z.string(),
  updated_at: z.string(),
  minimized: z.optional(z.unknown()),
});

const commentSchema = z.pipe(
  rawComment,
  z.transform((raw): IssueComment => ({
    id: raw.id,
    body: raw.body ?? '',
    url: raw.html_url,
    authorId: raw.user?.id,
    login: raw.user?.login ?? '',
    authorType: raw.user?.type ?? '',
    createdAt: raw.created_at,
    updatedAt: raw.updated_at,
    minimized: typeof raw.minimized === 'object' && raw.minimized !== null,
  })),
);

/**
 * The few calls of GitHub's REST API that the comment takes; Gitea and Forgejo answer the same ones. Waiting and paging are our own: Octokit's
 * plugins wait on after an abort, hold a write back for seconds after the read that it depends on, and repeat writes that may have arrived;
 * `paginate` drops the signal, takes an answer 409 for the end of the list and follows links without end.
 */
export class GitHubApi {
  readonly #octokit: ReturnType<typeof getOctokit>;
  readonly #transport: Transport;
  readonly #delay: Delay;
  readonly #hide: (text: string) => string;
  /** For all waiting for a server that asked for it or stumbled, in milliseconds. */
  #patience = 60_000;

  constructor(private readonly options: ApiOptions) {
    this.#transport = createTransport(options.apiUrl, options);
    this.#octokit = getOctokit(options.token, {
      userAgent: 'scs-kaas',
      baseUrl: options.apiUrl,
      request: { fetch: this.#transport.fetch },
      log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
    });
    this.#delay = options.delay ?? wait;
    this.#hide = (text) => (options.hide ?? ((same: string) => same))(text.replaceAll(options.token, '***'));
  }

  /** Gives the connections back. */
  async close(): Promise<void> {
    await this.#transport.close();
  }

  #signal(): AbortSignal {
    return AbortSignal.any([AbortSignal.timeout(this.options.timeoutMs ?? 10_000), ...(this.options.signal ? [this.options.signal] : [])]);
  }

  /** Waits out a passing problem. @throws the problem where that takes more than the patience that is left */
  async patiently(problem: ApiError, attempt: number): Promise<void> {
    const ms = problem.retryAfterMs ?? 500 * 2 ** attempt;
    if (!problem.passing || ms > this.#patience) throw problem;
    this.#patience -= ms;
    await this.#delay(ms, this.options.signal);
  }

  async #send(route: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    try {
      // Octokit sends in the query what the route has no place for.
      const where = route.includes('{owner}') ? this.options.repository : {};
      const answer = await this.#octokit.request(route, { ...where, ...parameters, request: { signal: this.#signal() } });
      return answer.data as unknown;
    } catch (error) {
      this.options.signal?.throwIfAborted();
      throw toApiError(route, error, this.#hide);
    }
  }

  async #call<T>(route: string, schema: z.ZodMiniType<T>, parameters?: Readonly<Record<string, unknown>>): Promise<T> {
    const data = z.safeParse(schema, await this.#send(route, parameters));
    if (data.success) return data.data;
    throw new ApiError('malformed', `${route}: the answer is not what GitHub’s API gives; check GITHUB_API_URL and proxies`);
  }

  /** A call that changes nothing: tried up to three times. */
  async #read<T>(route: string, schema: z.ZodMiniType<T>, parameters?: Readonly<Record<string, unknown>>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#call(route, schema, parameters);
      } catch (error) {
        if (!(error instanceof ApiError) || attempt === 2) throw error;
        await this.patiently(error, attempt);
      }
    }
  }

  /** Every comment of a pull request. Gitea ignores pages and answers with all of them each time: what was seen ends the list. */
  async listComments(number: number): Promise<readonly IssueComment[]> {
    const found = new Map<number, IssueComment>();
    for (let page = 1; page <= 100; page++) {
      const before = found.size;
      const some = await this.#read('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', z.array(commentSchema), {
        issue_number: number,
        per_page: 100,
        page,
      });
      for (const comment of some) found.set(comment.id, comment);
      if (some.length < 100 || found.size === before) break;
    }
    return [...found.values()];
  }

  /** One comment; undefined where there is none of this id. */
  async getComment(id: number): Promise<IssueComment | undefined> {
    try {
      return await this.#read('GET /repos/{owner}/{repo}/issues/comments/{comment_id}', commentSchema, { comment_id: id });
    } catch (error) {
      if (error instanceof ApiError && error.problem === 'not-found') return undefined;
      throw error;
    }
  }

  /**
   * The text of a file of the repository.
   * @param ref a commit or a branch; the default branch without
   * @returns undefined if the repository, which can be read, has no such file there
   * @throws {ApiError} also if it is larger than 1 MB, no file or no text
   */
  async getFile(path: string, ref: string | undefined): Promise<string | undefined> {
    const at = ref === undefined ? {} : { ref };
    try {
      const route = 'GET /repos/{owner}/{repo}/contents/{+path}';
      return textOfContents(await this.#read(route, contentsSchema, { path: pathInAddress(path), ...at }));
    } catch (error) {
      if (!(error instanceof ApiError) || error.problem !== 'not-found') throw error;
      // A token without the right to read gets the same answer: the root is there in any case.
      await this.#read('GET /repos/{owner}/{repo}/contents', z.array(z.unknown()), at);
      return undefined;
    }
  }

  createComment(number: number, body: string): Promise<IssueComment> {
    return this.#call('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', commentSchema, { issue_number: number, body });
  }

  updateComment(id: number, body: string): Promise<IssueComment> {
    return this.#call('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', commentSchema, { comment_id: id, body });
  }

  async deleteComment(id: number): Promise<void> {
    await this.#send('DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}', { comment_id: id });
  }

  /** Who this token is; undefined where the API does not tell. Installation tokens may not read `/user`, but GraphQL tells them. */
  async identity(forge: Forge): Promise<Identity | undefined> {
    try {
      const { id, login } = await this.#read('GET /user', z.object({ id: z.optional(z.number()), login: z.string() }));
      return { id, login, bot: false };
    } catch (error) {
      if (!(error instanceof ApiError) || (error.passing && error.problem !== 'malformed')) throw error;
    }
    // Gitea and Forgejo have none.
    if (forge === 'gitea') return undefined;
    const viewer = z.object({ viewer: z.object({ login: z.string() }) });
    const answer = await this.#octokit
      .graphql<unknown>('query { viewer { login } }', { request: { signal: this.#signal() } })
      .catch(() => undefined);
    this.options.signal?.throwIfAborted();
    const data = z.safeParse(viewer, answer);
    return data.success ? { login: data.data.viewer.login, bot: true } : undefined;
  }

  /** The open pull requests of one commit of one branch, e.g. of a fork. */
  async openPullRequests(head: FollowedRun): Promise<readonly number[]> {
    const owner = head.headRepository.split('/')[0] ?? '';
    const pull = z.object({
      number: z.number(),
      head: z.object({ sha: z.string(), repo: z.nullish(z.object({ full_name: z.string() })) }),
    });
    const some = await this.#read('GET /repos/{owner}/{repo}/pulls', z.array(pull), {
      state: 'open',
      head: `${owner}:${head.headBranch}`,
      per_page: 100,
    });
    return some
      .filter((pr) => pr.head.sha === head.headSha && pr.head.repo?.full_name.toLowerCase() === head.headRepository.toLowerCase())
      .map((pr) => pr.number);
  }
}
