import type { ApiRequest, ApiResponse } from '../../model/ports.js';
import type { ExchangeFailed } from './exchange.js';
import { codeOf } from '../../system/system-error.js';

/** How one try ended. */
export type Tried = { readonly response: ApiResponse } | { readonly failure: ExchangeFailed };

const maxTries = 3;
const firstPauseMs = 250;
/** A kubelet that has no serving certificate yet, or is gone, answers so for minutes: waiting longer is no use. */
const kubeletPauseMs = 200;

const passingCodes = new Set([
  'ECONNRESET',
  'EPIPE',
  'ECONNREFUSED',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const overloaded = new Set([500, 502, 503, 504]);

/**
 * How long the server asks to be left alone (RFC 9110, section 10.2.3: seconds or a date).
 * @param now in milliseconds since the epoch
 * @returns milliseconds, or undefined where it does not say
 */
export const retryAfterMs = (value: string | undefined, now: number): number | undefined => {
  if (value === undefined) return undefined;
  if (/^\d{1,7}$/.test(value.trim())) return Number(value) * 1_000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
};

const worthAnother = (request: ApiRequest, tried: Tried): boolean => {
  const reads = (request.method ?? 'GET') === 'GET';
  if ('failure' in tried) {
    const { kind, phase, cause } = tried.failure;
    // What may have reached the server is not sent again, unless it only reads.
    return kind === 'connection' && passingCodes.has(codeOf(cause)) && (reads || phase === 'connecting');
  }
  const { status, headers } = tried.response;
  if (status === 429) return reads || headers['retry-after'] !== undefined;
  return reads && overloaded.has(status);
};

const throughKubelet = (request: ApiRequest, tried: Tried): boolean =>
  'response' in tried && tried.response.status !== 429 && /\/proxy(\/|$)/.test(request.path.split('?')[0] ?? '');

/**
 * Decides about another try.
 * @param tries that were made, at least 1
 * @param now in milliseconds since the epoch
 * @param random in [0, 1)
 * @returns the pause before it in milliseconds, or undefined where the outcome stands
 */
export const pauseBeforeRetry = (request: ApiRequest, tries: number, tried: Tried, now: number, random: number): number | undefined => {
  if (!worthAnother(request, tried)) return undefined;
  if (throughKubelet(request, tried)) return tries === 1 ? kubeletPauseMs : undefined;
  if (tries >= maxTries) return undefined;
  const pause = firstPauseMs * 2 ** (tries - 1) * (0.5 + random / 2);
  const asked = 'response' in tried ? retryAfterMs(tried.response.headers['retry-after'], now) : undefined;
  return Math.round(Math.max(pause, asked ?? 0));
};
