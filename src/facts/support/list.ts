import * as z from 'zod/mini';
import { NotAvailable } from '../../model/errors.js';
import type { Api } from '../../model/ports.js';
import { ask } from './answers.js';
import { queryOf, selectedItems, type Selector } from './selector.js';

/** Objects per page: measured as the best of memory and time for large nodes. */
const pageSize = 250;
/** No list of a cluster within Kubernetes' own limits (5,000 nodes, 150,000 pods) is longer. */
const mostPages = 1_000;

/**
 * Lists all objects of a collection, page by page, each trimmed at once so that no page stays in memory.
 * @param path of the collection, without a query
 * @param selector which of its objects; it is compared on this side as well
 * @throws {NotAvailable} where a page cannot be had: half a list is no list
 */
export const listAll = async <R, T>(
  api: Api,
  path: string,
  item: z.ZodMiniType<R>,
  trim: (raw: R) => T,
  selector: Selector = {},
): Promise<T[]> => {
  const page = z.object({ metadata: z.object({ continue: z.optional(z.string()) }), items: selectedItems(selector, item) });
  const selection = queryOf(selector);
  const found: T[] = [];
  let next = '';
  for (let pages = 0; pages < mostPages; pages++) {
    const terms = [selection, `limit=${pageSize}`, next && `continue=${encodeURIComponent(next)}`];
    const answer = await ask(api, { path: `${path}?${terms.filter(Boolean).join('&')}` }, page);
    for (const raw of answer.items) found.push(trim(raw));
    const following = answer.metadata.continue ?? '';
    if (!following) return found;
    if (following === next) throw new NotAvailable('malformed', `GET ${path}: every page is said to be followed by the same one`);
    next = following;
  }
  throw new NotAvailable('too-large', `GET ${path}: more than ${mostPages * pageSize} objects`);
};
