import * as z from 'zod/mini';
import { isSelected, type Selector } from './selector.js';

const rawList = z
  .object({
    kind: z.optional(z.string()),
    metadata: z.optional(z.nullable(z.object({ continue: z.optional(z.nullable(z.string())) }))),
    items: z.optional(z.nullable(z.array(z.unknown()))),
  })
  .check(
    z.refine(({ kind, items }) => Array.isArray(items) || (kind === undefined ? items === null : kind.endsWith('List')), {
      path: ['items'],
    }),
  );

/** One page of a collection. */
export interface Page<T> {
  readonly items: T[];
  /** What the next page is asked for by; `''` on the last one. */
  readonly next: string;
}

/**
 * A list of the API as Go clients read it: `items: null`, no `items` and `metadata: null` are an empty list. Filtering proxies, aggregated API
 * servers and Kubernetes 1.30.0 answer so (kube-rs/kube#1491, kubernetes/kubernetes#39822). Something else than a list is none.
 */
export const pageSchema = z.pipe(
  rawList,
  z.transform(({ metadata, items }): Page<unknown> => ({ items: items ?? [], next: metadata?.continue ?? '' })),
);

/**
 * The same, with the shape of its items.
 * @param selector by which it was asked for. What does not match is left out: a proxy that drops the query of a request gets every object of the
 *   collection, and none of them may be taken for one of those that were meant.
 */
export const listSchema = <T>(item: z.ZodMiniType<T>, selector: Selector = {}) =>
  z.pipe(
    z.pipe(
      pageSchema,
      z.transform(({ items }) => ({ items: items.filter((raw) => isSelected(selector, raw)) })),
    ),
    z.object({ items: z.array(item) }),
  );
