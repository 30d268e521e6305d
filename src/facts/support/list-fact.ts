import * as z from 'zod/mini';
import { defineFact, type Fact } from '../../model/fact.js';
import { readRight } from '../../model/permission.js';
import { listAll } from '../../kubernetes/list.js';
import type { Selector } from '../../kubernetes/selector.js';

/** The order of names, code unit by code unit. */
export const byName = (a: { readonly name: string }, b: { readonly name: string }): number => (a.name < b.name ? -1 : 1);

interface ListFact<Raw, Kept> {
  readonly name: string;
  readonly first?: boolean | undefined;
  /** API group with its version, e.g. `storage.k8s.io/v1`; `v1` for the core group. */
  readonly api: string;
  readonly resource: string;
  /** Why the right to list them is needed. */
  readonly why: string;
  readonly schema: z.ZodMiniType<Kept>;
  readonly raw: z.ZodMiniType<Raw>;
  /** Trims one object to what is judged; undefined for one that is left out. */
  readonly trim: (raw: Raw) => Kept | undefined;
  readonly selector?: Selector | undefined;
}

/** A fact that is the list of all objects of one kind, in all namespaces, sorted by name; an empty list means that there is none. */
export const listFact = <Raw, Kept extends { readonly name: string }>(list: ListFact<Raw, Kept>): Fact<readonly Kept[]> => {
  const [group = ''] = list.api.split('/').slice(0, -1);
  const path = `/${group === '' ? 'api' : 'apis'}/${list.api}/${list.resource}`;
  return defineFact({
    name: list.name,
    first: list.first,
    schema: z.readonly(z.array(list.schema)),
    permissions: [readRight('list', group, list.resource, list.why)],
    collect: async ({ api }) => {
      const found = await listAll(api, path, list.raw, list.trim, list.selector);
      return found.filter((kept) => kept !== undefined).sort(byName);
    },
  });
};
