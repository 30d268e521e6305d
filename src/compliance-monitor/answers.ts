import { clip, plainText } from '../text/escape.js';
import type { ApiResponse } from '../model/ports.js';
import { readJson } from '../text/read-json.js';

/**
 * What an answer of the monitor to an upload means. `stored`: a report with this id is there. `refused`: nothing was stored, and the same again will
 * end the same. `unknown`: only the status tells.
 */
export interface Meaning {
  readonly kind: 'stored' | 'refused' | 'unknown';
  /** What happened. */
  readonly message: string;
  /** What to do; `''` where nothing is to be done. */
  readonly todo: string;
  /** It is about login, key or address, and so about every document of the report. */
  readonly ofAll?: true | undefined;
}

const refused = (message: string, todo: string): Meaning => ({ kind: 'refused', message, todo });
const refusedAll = (message: string, todo: string): Meaning => ({ ...refused(message, todo), ofAll: true });

/** FastAPI's errors are an object with `detail`; `''` for every other text. */
const detailOf = (text: string): string => {
  try {
    const body: unknown = readJson(text);
    return typeof body === 'object' && body !== null && 'detail' in body && typeof body.detail === 'string' ? body.detail : '';
  } catch {
    return '';
  }
};

/** The seven ways of the monitor to say 401: the text alone tells them apart. */
const unauthorized = (detail: string, text: string): Meaning => {
  switch (detail) {
    case 'Not authenticated':
      return refusedAll(
        'the login did not get to the monitor',
        'look whether something between (a proxy) takes the header Authorization away',
      );
    case 'Invalid authentication credentials':
      return refusedAll('the monitor could not read the login', 'make "login" anew: the Base64 of account:password, in ASCII');
    case 'Incorrect username or password':
      return refusedAll(
        'account or password are wrong',
        'check "login": the account is the name that the monitor’s operators gave, the password is the one whose hash they have',
      );
    case 'missing signature':
      return refusedAll(
        'the monitor found no signature in what was sent; this is a fault of this program, and not of the key',
        'please report it',
      );
    case 'verification failed':
      return refusedAll(
        'the signature is by none of the keys of the account',
        'compare the fingerprint of "key" with the public keys that the account has at the monitor; a delegate signs with its own key, and takes its own token',
      );
    // About the subject: a report may hold another one's.
    case 'Permission denied':
      return refused(
        'the account may not upload for this subject',
        'the subject has to be the account’s own name, letter by letter, or the account has to be its delegate',
      );
    case 'delegation problem?':
      return refused(
        'the account uploads for others, and this subject is none of them',
        'check "subject"; ask the monitor’s operators to make the account its delegate',
      );
    default:
      return refusedAll(`the monitor did not let us in (401: ${answerText(text)})`, 'check "login" and "key"');
  }
};

const answerText = (text: string): string => clip(plainText(detailOf(text) || text), 120) || 'without a word';

/** Where an answer sends on to, as host alone: what follows may be anything. */
const redirectTarget = ({ headers }: ApiResponse, asked: URL): string => {
  const location = headers['location'];
  return location !== undefined && URL.canParse(location, asked.href) ? clip(plainText(new URL(location, asked).origin), 100) : 'elsewhere';
};

const success = (text: string): Meaning => {
  if (text.trim() === 'null') return { kind: 'stored', message: '', todo: '' };
  if (detailOf(text) === 'empty reports')
    return refused('the monitor found no report in what was sent; this is a fault of this program', 'please report it');
  return refusedAll('something answered that is no compliance monitor', 'check "url"');
};

/**
 * Explains an answer to `POST /reports`.
 * @param asked the address that was asked
 */
export const meaningOf = (response: ApiResponse, asked: URL): Meaning => {
  const { status, text } = response;
  if (status === 200) return success(text);
  if (status >= 300 && status < 400)
    return refusedAll(
      `the monitor sends on to ${redirectTarget(response, asked)} (${status}), where the login is not taken to: nothing was stored`,
      'give the address at which the monitor itself answers as "url"',
    );
  switch (status) {
    case 401:
      return unauthorized(detailOf(text), text);
    case 404:
    case 405:
      return refusedAll(`there is no monitor at this address (${status})`, 'check the path of "url": what stands before /reports');
    case 409:
      return { kind: 'stored', message: 'a report with this id is there already', todo: '' };
    case 413:
      return refused('the report is too large for what stands before the monitor (413)', 'ask the monitor’s operators');
    case 415:
      return refusedAll(
        'the monitor does not know the type of what was sent (415); this is a fault of this program, or it is another monitor',
        'please report it',
      );
    case 429:
      return { kind: 'unknown', message: 'the monitor is asked too often (429)', todo: 'try again later' };
    case 500:
      return {
        kind: 'unknown',
        message: 'the monitor failed (500), which is how it answers a report that it does not understand, and a database that is down',
        todo: 'try again later; where it stays, ask the monitor’s operators for its log',
      };
    default:
      return status > 500
        ? { kind: 'unknown', message: `what stands before the monitor does not reach it (${status})`, todo: 'try again later' }
        : refused(`the monitor answered ${status}: ${answerText(text)}`, 'ask the monitor’s operators');
  }
};
