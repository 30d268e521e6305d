import * as z from 'zod/mini';
import { clip, plainText } from '../text/escape.js';
import { reasonOf } from '../model/errors.js';
import type { ApiProblem } from './api-problems.js';
import { RedirectedAway } from './transport.js';

/** A call that had no success; the message says which, and what the server said. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    readonly problem: ApiProblem,
    message: string,
    /** How long the server wants to be left alone, in milliseconds. */
    readonly retryAfterMs?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
  /** True where the same call may do better later. A stream that was cut shows as a malformed answer. */
  get passing(): boolean {
    return ['rate-limited', 'server-error', 'unreachable', 'malformed'].includes(this.problem);
  }
  /** True where a write may have been carried out all the same: no answer, half of one, or one of somebody in between. */
  get doubtful(): boolean {
    return ['server-error', 'malformed'].includes(this.problem) || (this.problem === 'unreachable' && !wasNeverSent(this.cause));
  }
}

const header = z.optional(z.union([z.string(), z.number()]));
const failureSchema = z.object({
  status: z.number(),
  response: z.optional(z.object({ headers: z.record(z.string(), header), data: z.unknown() })),
});
type Failure = z.infer<typeof failureSchema>;

/** No connection came about, so nothing was sent over it. */
const noConnection =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_)/;
const wasNeverSent = (error: unknown, depth = 0): boolean => {
  if (typeof error !== 'object' || error === null || depth > 5) return false;
  const code = 'code' in error ? String(error.code) : '';
  return noConnection.test(code) || ('cause' in error && wasNeverSent(error.cause, depth + 1));
};

const messageSchema = z.object({ message: z.string(), errors: z.optional(z.unknown()) });

/** What the server answered, in one line; undefined where it is no answer of an API. */
const responseMessage = ({ response }: Failure, hide: (text: string) => string): string | undefined => {
  const data = z.safeParse(messageSchema, response?.data);
  if (!data.success) return undefined;
  const more = data.data.errors === undefined ? '' : ` ${JSON.stringify(data.data.errors)}`;
  // Half of a secret is recognised by nobody: what is hidden is hidden before the text is cut.
  return clip(plainText(hide(clip(`${data.data.message}${more}`, 20_000))), 300);
};

/** https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately */
const retryAfter = ({ response }: Failure): number | undefined => {
  const after = response?.headers['retry-after'];
  if (after !== undefined)
    return /^\d+$/.test(String(after)) ? Number(after) * 1_000 : Math.max(0, Date.parse(String(after)) - Date.now()) || 60_000;
  if (String(response?.headers['x-ratelimit-remaining']) !== '0') return undefined;
  return Math.max(1_000, Number(response?.headers['x-ratelimit-reset']) * 1_000 - Date.now()) || 60_000;
};

/** What a refusal is about, by the words of GitHub, Gitea and Forgejo; the first that fits. Only a reason depends on it, never a verdict. */
const refusals: readonly (readonly [ApiProblem, RegExp])[] = [
  ['rate-limited', /rate limit|abuse detection|submitted too quickly|too many requests|temporarily blocked/i],
  ['sso', /\bSAML\b|single sign-on/i],
  ['ip-blocked', /\bIP (?:allow ?list|address)/i],
  [
    'policy',
    /forbids access via|enterprise managed user|OAuth App access restrictions|conditional access|token's lifetime|administrative rules/i,
  ],
  ['legal', /\baccess blocked|\bDMCA\b|terms of service/i],
  [
    'account',
    /suspended|\bbilling\b|\blicen[cs]e\b|account (?:is |was |has been )?(?:disabled|locked|flagged)|change your password|prohibited|two-factor/i,
  ],
  ['archived', /\barchived\b/i],
  ['disabled', /issues (?:are|is|has been|have been) disabled/i],
  ['locked', /\blocked\b/i],
  ['user-blocked', /\bblocked\b|limited (?:the ability|interactions?)|interactions? (?:limit|on this repository)|restricted to/i],
  ['too-long', /too long/i],
  ['forbidden', /not accessible by|required scope|must have|permission|access/i],
];

const byStatus: Readonly<Record<number, ApiProblem>> = {
  407: 'intercepted',
  410: 'disabled',
  429: 'rate-limited',
  451: 'legal',
  511: 'intercepted',
};

const toApiProblem = (failure: Failure, said: string | undefined): ApiProblem => {
  const { status } = failure;
  const refusal = said === undefined ? undefined : refusals.find(([, words]) => words.test(said))?.[0];
  switch (status) {
    case 401:
      return refusal === 'account' || refusal === 'sso' || refusal === 'policy' ? refusal : 'unauthorized';
    case 403:
      if (refusal !== undefined) return refusal === 'too-long' ? 'forbidden' : refusal;
      if (failure.response?.headers['x-github-sso'] !== undefined) return 'sso';
      if (retryAfter(failure) !== undefined) return 'rate-limited';
      // Gitea answers some refusals with nothing at all; a page is of a proxy or a firewall.
      return said === undefined && failure.response?.data !== '' && failure.response?.data !== undefined ? 'intercepted' : 'forbidden';
    case 404:
      return refusal === 'sso' ? 'sso' : 'not-found';
    case 422:
      return refusal === undefined || refusal === 'forbidden' ? 'rejected' : refusal;
    // As Gitea answers for an archived repository.
    case 423:
      return refusal === 'locked' ? 'locked' : 'archived';
    default:
      // Gitea answers 500 for an issue that is not there.
      if (status === 500 && /does not exist/.test(said ?? '')) return 'not-found';
      return byStatus[status] ?? (status >= 500 ? 'server-error' : 'rejected');
  }
};

const isRedirect = (error: unknown, depth = 0): error is Error =>
  error instanceof Error && (error instanceof RedirectedAway || (depth < 5 && isRedirect(error.cause, depth + 1)));

/**
 * What went wrong, in our words.
 * @param route as in GitHub's documentation, e.g. `GET /user`
 * @param error as thrown by Octokit
 * @param hide takes secrets out of what the server said: one that is in pain repeats what it was sent
 */
export const toApiError = (route: string, error: unknown, hide: (text: string) => string): ApiError => {
  if (error instanceof ApiError) return error;
  const parsed = z.safeParse(failureSchema, error);
  if (!parsed.success || parsed.data.response === undefined)
    return new ApiError(
      isRedirect(error) ? 'redirected' : 'unreachable',
      `${route}: ${clip(plainText(hide(reasonOf(error))), 300)}`,
      undefined,
      { cause: error },
    );
  const said = responseMessage(parsed.data, hide);
  const problem = toApiProblem(parsed.data, said);
  const after = problem === 'rate-limited' ? (retryAfter(parsed.data) ?? 60_000) : undefined;
  return new ApiError(problem, `${route}: ${parsed.data.status}: ${said ?? 'no explanation'}`, after, { cause: error });
};
