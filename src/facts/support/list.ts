import * as z from 'zod/mini';
import { NotAvailable } from '../../model/errors.js';
import type { Api, ApiRequest } from '../../model/ports.js';
import { parseBody, parseItem, refusal } from './answers.js';
import { pageSchema, type Page } from './list-schema.js';
import { isSelected, queryOf, type Selector } from './selector.js';

/** Objects per page: measured as the best of memory and time for large nodes. */
const pageSize = 250;
/** A page of 250 objects that is too large is asked for again in smaller ones: an object may have 1.5 MB. */
const smallPageSize = 10;
/** No list of a cluster within Kubernetes' own limits (5,000 nodes, 150,000 pods) is longer. */
const mostObjects = 250_000;
const mostPages = 1_000;
/** What is kept of the objects of all lists that are being read at one time, as JSON; 5,000 nodes take 3 MB. */
const mostKept = 32 * 1024 * 1024;
let kept = 0;

const tooLarge = (path: string, what: string): NotAvailable => new NotAvailable('too-large', `GET ${path.split('?')[0] ?? ''}: ${what}`);

const anyObject = z.object({ metadata: z.object({ name: z.string() }) });

/**
 * Asks for one page.
 * @param mayExpire whether it is asked for by a token that the API server may have forgotten
 * @returns `expired` where it has: the state of the cluster that the list began with is not kept any more
 */
const askPage = async (api: Api, request: ApiRequest, mayExpire: boolean): Promise<Page<unknown> | 'expired'> => {
  const response = await api.request(request);
  if (response.status === 410 && mayExpire) return 'expired';
  if (response.status < 200 || response.status > 299) throw refusal(request, response);
  // Not the items: of 100,000 that are wrong each would be an error of its own.
  return parseBody(request, response, pageSchema);
};

/**
 * Lists all objects of a collection, page by page, each trimmed at once so that no page stays in memory.
 * @param path of the collection, without a query
 * @param selector which of its objects; what comes back is compared with it on this side as well
 * @throws {NotAvailable} where a page cannot be had, or there is more than is read: half a list is no list
 */
export const listAll = async <R, T>(
  api: Api,
  path: string,
  item: z.ZodMiniType<R>,
  trim: (raw: R) => T,
  selector: Selector = {},
): Promise<T[]> => {
  const selection = queryOf(selector);
  const found: T[] = [];
  let [next, limit, own, isSecond] = ['', pageSize, 0, false];
  try {
    for (let pages = 0; pages < mostPages; pages++) {
      const query = [selection, `limit=${limit}`, next && `continue=${encodeURIComponent(next)}`].filter(Boolean).join('&');
      const request = { path: `${path}?${query}` };
      const answer = await askPage(api, request, next !== '' && !isSecond).catch((error: unknown) => {
        if (limit === pageSize && error instanceof NotAvailable && error.reason === 'too-large') return undefined;
        throw error;
      });
      if (answer === undefined) {
        limit = smallPageSize;
        continue;
      }
      // Tokens are good for some minutes. The pages of two states are no list, so it begins again, once: a list that is too slow stays so.
      // https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
      if (answer === 'expired') {
        found.length = 0;
        kept -= own;
        [next, own, isSecond] = ['', 0, true];
        continue;
      }
      if (found.length + answer.items.length > mostObjects) throw tooLarge(path, `more than ${mostObjects} objects`);
      for (const [i, raw] of answer.items.entries()) {
        if (!isSelected(selector, raw)) {
          // What is no object at all is not one that the selector leaves out.
          parseItem(request, raw, anyObject, i);
          continue;
        }
        const trimmed = trim(parseItem(request, raw, item, i));
        const size = JSON.stringify([trimmed]).length;
        own += size;
        kept += size;
        found.push(trimmed);
        if (kept > mostKept) throw tooLarge(path, `more than ${mostKept} bytes are left of the objects after trimming`);
      }
      const following = answer.next;
      if (!following) return found;
      if (following === next) throw new NotAvailable('malformed', `GET ${path}: every page is said to be followed by the same one`);
      next = following;
    }
    throw tooLarge(path, `more than ${mostPages} pages`);
  } finally {
    kept -= own;
  }
};
