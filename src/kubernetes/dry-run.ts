import * as z from 'zod/mini';
import { NotAvailable } from '../model/errors.js';
import type { ApiRequest, ApiResponse, DryRunObject, DryRuns } from '../model/ports.js';
import { readJson } from '../text/read-json.js';
import { jsonOf } from '../text/shape.js';
import { formatRequest, isAccepted, parseBody, refusal, statusMessage } from './answers.js';
import { probePrefix } from './dry-run-objects.js';

/** What the API server said to a write that it was told not to store. */
export const dryRunAnswerSchema = z.object({
  /** What was sent, without the body, e.g. `POST /api/v1/namespaces (dry run)`. */
  request: z.string(),
  status: z.number(),
  /** The API server's own words on a refusal; `''` where it accepted. */
  message: z.string(),
  /** Field paths of a 422, e.g. `metadata.labels[...]`. */
  fields: z.readonly(z.array(z.string())),
  /** Texts of the `Warning` headers. */
  warnings: z.readonly(z.array(z.string())),
});
export type DryRunAnswer = z.infer<typeof dryRunAnswerSchema>;

const statusWithCauses = z.object({ details: z.object({ causes: z.array(z.object({ field: z.optional(z.string()) })) }) });
const maxTexts = 10;

const fieldsOf = (text: string): string[] =>
  (jsonOf(text, statusWithCauses)?.details.causes ?? []).flatMap(({ field }) => field?.slice(0, 200) ?? []).slice(0, maxTexts);

/**
 * The texts of a `Warning` header as the API server writes it: `299 - "text", 299 - "text"` (RFC 7234 5.5), several headers joined.
 * @returns at most ten, each bounded
 */
export const parseWarnings = (header: string | undefined): string[] =>
  [...(header ?? '').slice(0, 8_000).matchAll(/\b\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)]
    .slice(0, maxTexts)
    .map((m) => (m[1] ?? '').replace(/\\(.)/g, '$1').slice(0, 600));

/**
 * Whether a 403 is the authorizer's: the caller has not the right, and no admission plugin was asked.
 * `User "x" cannot create resource "pods" in API group "" ...`, also `cannot impersonate resource "users"`.
 */
export const isAuthorizerRefusal = (message: string): boolean => /\bUser "[^"]*" cannot [a-z:*-]+ (?:resource|path) "/.test(message);

/** Statuses that say nothing of the object that was sent. */
const noAnswer = (status: number): boolean =>
  status < 200 || (status >= 300 && status < 400) || status === 401 || status === 404 || status === 408 || status === 429 || status >= 500;

const objectSchema = z.object({ kind: z.string(), metadata: z.object({ name: z.string() }) });

/** Whether a part of an object is still in it; what stands beside it does not matter, nor does the order of a list. */
const containsPart = (stored: unknown, part: unknown): boolean => {
  if (typeof part !== 'object' || part === null) return stored === part;
  if (typeof stored !== 'object' || stored === null) return false;
  if (Array.isArray(part)) return Array.isArray(stored) && part.every((item) => stored.some((other) => containsPart(other, item)));
  return Object.entries(part).every(
    ([key, value]) => Object.hasOwn(stored, key) && containsPart((stored as Record<string, unknown>)[key], value),
  );
};

/**
 * Makes sure that a write was let in by an API server: it answers with the object as it would have been stored. A page of a proxy or the
 * answer of another program, with 200 or 201, accepts nothing.
 * @throws {NotAvailable} where the body is another one
 */
export const assertAccepted = (request: ApiRequest, response: ApiResponse, kind: string, isName: (name: string) => boolean): void => {
  const stored = parseBody(request, response, objectSchema);
  if (stored.kind !== kind || !isName(stored.metadata.name))
    throw new NotAvailable('malformed', `${formatRequest(request)}: ${response.status}, but the answer is not the ${kind} that was sent`);
};

/** The API server's own words; a webhook that refuses with the same status names itself first. */
const nameIsTaken = /^[a-z]+ "[^"]*" already exists$/;

/**
 * Whether admission let an object in. That its name is taken is found out after that: every admission plugin has let it pass by then.
 */
export const isAdmitted = (answer: DryRunAnswer): boolean =>
  isAccepted(answer) || (answer.status === 409 && nameIsTaken.test(answer.message));

/** Whether the part of an object that should be refused is still in it. @param offence that part */
export const holding =
  (offence: object) =>
  (stored: unknown): boolean =>
    containsPart(stored, offence);

/**
 * Creates an object as a dry run: every admission plugin sees it, and nothing is stored.
 * @param path of the collection, without a query
 * @param offends whether what would be stored still holds what should be refused: mutating webhooks may mend it, and then its being let in says nothing
 * @returns the answer, whether it accepts or refuses; only the shape of a refusal tells who refused
 * @throws {NotAvailable} where the write was not looked at: no login, no right, too many requests, a server error, another program
 */
export const dryRun = async (
  dryRuns: DryRuns,
  path: string,
  object: DryRunObject,
  offends: (stored: unknown) => boolean,
): Promise<DryRunAnswer> => {
  const request: ApiRequest = { method: 'POST', path };
  const response = await dryRuns.create(path, object);
  if (isAccepted(response)) {
    assertAccepted(request, response, object.kind, (name) => name.startsWith(probePrefix));
    if (!offends(readJson(response.text)))
      throw new NotAvailable(
        'malformed',
        `${formatRequest(request)}: ${response.status}, but an admission webhook changed what was sent, so the answer shows nothing`,
      );
  }
  const message = response.status >= 400 ? statusMessage(response) : '';
  if (noAnswer(response.status) || (response.status === 403 && isAuthorizerRefusal(message))) throw refusal(request, response);
  return {
    request: `${formatRequest(request)} (dry run)`,
    status: response.status,
    message,
    fields: response.status === 422 ? fieldsOf(response.text) : [],
    warnings: parseWarnings(response.headers['warning']),
  };
};
