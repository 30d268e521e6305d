import * as z from 'zod/mini';
import { NotAvailable } from '../model/errors.js';
import type { UnavailableReason } from '../model/fact.js';
import type { Api, ApiRequest, ApiResponse } from '../model/ports.js';
import { readJson, TooMuchJson } from '../text/read-json.js';
import { bounded } from '../text/bounded.js';
import { jsonOf } from '../text/shape.js';

const statusSchema = z.object({ message: z.optional(z.string()), reason: z.optional(z.string()) });

/** The API server's `metav1.Status`; empty where the answer is none. */
const statusOf = ({ text }: ApiResponse): z.infer<typeof statusSchema> => jsonOf(text, statusSchema) ?? {};

/** A 2xx answer. */
export const isAccepted = ({ status }: Pick<ApiResponse, 'status'>): boolean => status >= 200 && status < 300;

/**
 * The API server's own words about a refusal (`metav1.Status.message`), bounded; `''` where there are none.
 * @param clean takes out what nobody may see, before the words are shortened: half of a token is not recognised any more
 */
export const statusMessage = (response: ApiResponse, clean: (text: string) => string = (text) => text): string =>
  bounded(clean(statusOf(response).message ?? ''), 600);

/** The API server's word for what is wrong (`metav1.Status.reason`), e.g. `AlreadyExists`; `''` where there is none. */
export const statusReason = (response: ApiResponse): string => bounded(statusOf(response).reason ?? '', 100);

/** One request, in words: `GET /api/v1/nodes`. */
export const formatRequest = (request: ApiRequest): string => `${request.method ?? 'GET'} ${request.path.split('?')[0] ?? ''}`;

const reasonOfStatus = (status: number): UnavailableReason => {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 404 || status === 405 || status === 406 || status === 410) return 'not-found';
  if (status === 429) return 'rate-limited';
  if (status === 504 || status === 408) return 'timeout';
  return status >= 500 ? 'server-error' : 'malformed';
};

/** No answer, or one that says that the server cannot answer now: it may be otherwise a moment later. */
export const isPassing = (error: unknown): error is NotAvailable =>
  error instanceof NotAvailable && ['unreachable', 'timeout', 'rate-limited', 'server-error'].includes(error.reason);

/** What an unexpected status means for the fact that asked. */
export const refusal = (request: ApiRequest, response: ApiResponse): NotAvailable => {
  const message = statusMessage(response);
  return new NotAvailable(reasonOfStatus(response.status), `${formatRequest(request)}: ${response.status}${message ? ` ${message}` : ''}`);
};

/** Parses a JSON body; HTML, an empty body or a cut one is `malformed`, never an empty answer. */
export const parseBody = <T>(request: ApiRequest, response: ApiResponse, schema: z.ZodMiniType<T>): T => {
  let body: unknown;
  try {
    body = readJson(response.text);
  } catch (cause) {
    if (cause instanceof TooMuchJson) throw new NotAvailable('too-large', `${formatRequest(request)}: ${cause.message}`, { cause });
    throw new NotAvailable(
      'malformed',
      `${formatRequest(request)}: the answer is not JSON (${response.headers['content-type'] ?? 'no content type'})`,
      { cause },
    );
  }
  return parseItem(request, body, schema);
};

/** Without the members of objects that are null, at any depth; the elements of arrays stay. */
const withoutNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([key, member]) => (member === null ? [] : [[key, withoutNulls(member)]])));
};

/**
 * A part of an answer in the shape that is expected. A member that is null reads as one that is not there, as Go clients read it; where that
 * is not allowed the part is still malformed.
 * @param index of the part in `items`, where it is one of these
 */
export const parseItem = <T>(request: ApiRequest, raw: unknown, schema: z.ZodMiniType<T>, index?: number): T => {
  const asItIs = schema.safeParse(raw);
  // Rare, and costs a walk through the whole object: only where it is needed.
  const parsed = asItIs.success ? asItIs : schema.safeParse(withoutNulls(raw));
  if (parsed.success) return parsed.data;
  const where = [...(index === undefined ? [] : ['items', index]), ...(parsed.error.issues[0]?.path ?? [])].join('.');
  throw new NotAvailable('malformed', `${formatRequest(request)}: the answer has not the expected shape${where ? ` at ${where}` : ''}`, {
    cause: parsed.error,
  });
};

/** GETs (or sends) and parses, where only a 2xx answer is an answer. */
export const ask = async <T>(api: Api, request: ApiRequest, schema: z.ZodMiniType<T>): Promise<T> => {
  const response = await api.request(request);
  if (!isAccepted(response)) throw refusal(request, response);
  return parseBody(request, response, schema);
};
