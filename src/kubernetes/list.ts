import * as z from 'zod/mini';
import { NotAvailable } from '../model/errors.js';
import type { Api, ApiRequest } from '../model/ports.js';
import { isAccepted, parseBody, parseItem, refusal } from './answers.js';
import { pageSchema, type Page } from './list-schema.js';
import { isSelected, queryOf, type Selector } from './selector.js';

/** Objects per page: measured as the best of memory and time for large nodes. */
const pageSize = 250;
/** A page of 250 objects that is too large is asked for again in smaller ones: an object may have 1.5 MB. */
const smallPageSize = 10;
/** No list of a cluster within Kubernetes' own limits (5,000 nodes, 150,000 pods) is longer. */
const maxObjects = 250_000;
const maxPages = 1_000;
/** What is kept of the objects of all lists that are being read at one time, as JSON; 5,000 nodes take 3 MB. */
const maxKept = 32 * 1024 * 1024;
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
  if (!isAccepted(response)) throw refusal(request, response);
  // Not the items: of 100,000 that are wrong each would be an error of its own.
  return parseBody(request, response, pageSchema);
};

/** One listing on its way: what was found, and where the next page begins. */
class Listing<R, T> {
  readonly found: T[] = [];
  #next = '';
  #limit = pageSize;
  /** Bytes that this listing keeps. */
  #own = 0;
  #isSecond = false;

  constructor(
    private readonly api: Api,
    private readonly path: string,
    private readonly item: z.ZodMiniType<R>,
    private readonly trim: (raw: R) => T,
    private readonly selector: Selector,
  ) {}

  /** Reads the next page. @returns true where it was the last one */
  async page(): Promise<boolean> {
    const follows = this.#next && `continue=${encodeURIComponent(this.#next)}`;
    const request = { path: `${this.path}?${[queryOf(this.selector), `limit=${this.#limit}`, follows].filter(Boolean).join('&')}` };
    const answer = await askPage(this.api, request, this.#next !== '' && !this.#isSecond).catch((error: unknown) => {
      if (this.#limit === pageSize && error instanceof NotAvailable && error.reason === 'too-large') return undefined;
      throw error;
    });
    if (answer === undefined) {
      this.#limit = smallPageSize;
      return false;
    }
    // Tokens are good for some minutes. The pages of two states are no list, so it begins again, once: a list that is too slow stays so.
    // https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
    if (answer === 'expired') {
      this.found.length = 0;
      this.release();
      [this.#next, this.#isSecond] = ['', true];
      return false;
    }
    if (this.found.length + answer.items.length > maxObjects) throw tooLarge(this.path, `more than ${maxObjects} objects`);
    for (const [i, raw] of answer.items.entries()) this.#take(request, raw, i);
    if (!answer.next) return true;
    if (answer.next === this.#next)
      throw new NotAvailable('malformed', `GET ${this.path}: every page is said to be followed by the same one`);
    this.#next = answer.next;
    return false;
  }

  /** Gives back what this listing takes of the bytes that all may keep. */
  release(): void {
    kept -= this.#own;
    this.#own = 0;
  }

  #take(request: { readonly path: string }, raw: unknown, i: number): void {
    if (!isSelected(this.selector, raw)) {
      // What is no object at all is not one that the selector leaves out.
      parseItem(request, raw, anyObject, i);
      return;
    }
    const trimmed = this.trim(parseItem(request, raw, this.item, i));
    const size = JSON.stringify([trimmed]).length;
    this.#own += size;
    kept += size;
    this.found.push(trimmed);
    if (kept > maxKept) throw tooLarge(this.path, `more than ${maxKept} bytes are left of the objects after trimming`);
  }
}

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
  const listing = new Listing(api, path, item, trim, selector);
  try {
    for (let pages = 0; pages < maxPages; pages++) if (await listing.page()) return listing.found;
    throw tooLarge(path, `more than ${maxPages} pages`);
  } finally {
    listing.release();
  }
};
