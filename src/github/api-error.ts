import * as z from 'zod/mini';
import { clip, plainText } from '../model/escape.js';
import { reasonOf } from '../model/errors.js';

/** Why a call had no success. */
export type ApiProblem =
  | 'unauthorized'
  | 'forbidden'
  | 'locked'
  | 'not-found'
  | 'too-long'
  | 'rejected'
  | 'rate-limited'
  | 'server-error'
  | 'unreachable'
  | 'malformed';

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
}

const failureSchema = z.object({
  status: z.number(),
  response: z.optional(z.object({ headers: z.record(z.string(), z.optional(z.union([z.string(), z.number()]))), data: z.unknown() })),
});
type Failure = z.infer<typeof failureSchema>;

/** What the server answered, in one line. */
const saidBy = ({ response }: Failure): string => {
  const data = z.safeParse(z.object({ message: z.string(), errors: z.optional(z.unknown()) }), response?.data);
  if (!data.success) return 'no explanation';
  return clip(plainText(`${data.data.message}${data.data.errors === undefined ? '' : ` ${JSON.stringify(data.data.errors)}`}`), 300);
};

/** https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately */
const retryAfter = ({ response }: Failure): number | undefined => {
  const after = response?.headers['retry-after'];
  if (after !== undefined)
    return /^\d+$/.test(String(after)) ? Number(after) * 1_000 : Math.max(0, Date.parse(String(after)) - Date.now()) || 60_000;
  if (String(response?.headers['x-ratelimit-remaining']) !== '0') return undefined;
  return Math.max(1_000, Number(response?.headers['x-ratelimit-reset']) * 1_000 - Date.now()) || 60_000;
};

const problemOf = (failure: Failure, said: string): ApiProblem => {
  const { status } = failure;
  if (status === 429 || (status === 403 && (retryAfter(failure) !== undefined || /rate limit/i.test(said)))) return 'rate-limited';
  if (status === 401) return 'unauthorized';
  if (status === 403) return /\blocked\b/i.test(said) ? 'locked' : 'forbidden';
  // Gitea answers 500 for an issue that is not there.
  if (status === 404 || status === 410 || (status === 500 && /does not exist/.test(said))) return 'not-found';
  if (status === 422 && /too long/i.test(said)) return 'too-long';
  return status >= 500 ? 'server-error' : 'rejected';
};

/**
 * What went wrong, in our words.
 * @param route as in GitHub's documentation, e.g. `GET /user`
 * @param error as thrown by Octokit
 */
export const toApiError = (route: string, error: unknown): ApiError => {
  if (error instanceof ApiError) return error;
  const parsed = z.safeParse(failureSchema, error);
  if (!parsed.success || parsed.data.response === undefined)
    return new ApiError('unreachable', `${route}: ${clip(plainText(reasonOf(error)), 300)}`, undefined, { cause: error });
  const said = saidBy(parsed.data);
  const problem = problemOf(parsed.data, said);
  const after = problem === 'rate-limited' ? (retryAfter(parsed.data) ?? 60_000) : undefined;
  return new ApiError(problem, `${route}: ${parsed.data.status}: ${said}`, after, { cause: error });
};
