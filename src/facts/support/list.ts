import * as z from 'zod/mini';
import { NotAvailable } from '../../model/errors.js';
import type { Api } from '../../model/ports.js';
import { ask, parseItem } from './answers.js';
import { pageSchema } from './list-schema.js';
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
  let [next, limit, own] = ['', pageSize, 0];
  try {
    for (let pages = 0; pages < mostPages; pages++) {
      const query = [selection, `limit=${limit}`, next && `continue=${encodeURIComponent(next)}`].filter(Boolean).join('&');
      const request = { path: `${path}?${query}` };
      // Not the items: of 100,000 that are wrong each would be an error of its own.
      const answer = await ask(api, request, pageSchema).catch((error: unknown) => {
        if (limit === pageSize && error instanceof NotAvailable && error.reason === 'too-large') return undefined;
        throw error;
      });
      if (answer === undefined) {
        limit = smallPageSize;
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
