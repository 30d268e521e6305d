import type * as z from 'zod/mini';

/** The name of a member in JSON: client-node renames words that languages reserve, e.g. `from` to `_from`. */
type NameInJson<K> = K extends `_${infer Name}` ? Name : K;

/**
 * An object of the Kubernetes API in JSON, at every depth: nothing may be changed, moments are texts, every member has the name of the API, and what
 * is optional may be undefined.
 * @typeParam T a class of client-node, e.g. `V1Pod`; imported as a type only, because loading client-node takes time
 */
export type Sent<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? readonly Sent<Item>[]
    : T extends object
      ? { readonly [K in keyof T as NameInJson<K>]: Sent<T[K]> | (undefined extends T[K] ? undefined : never) }
      : T;

/** The names by which an object is read; not what a loose object takes in beside them (unknown) and an empty one does not take in (never). */
type NameRead<In, K extends keyof In> = string extends K ? (unknown extends In[K] ? never : [In[K]] extends [never] ? never : K) : K;

/** The same as `Strays`, by member. */
type StraysOfObject<In, Known, Path extends string> = {
  [K in keyof In as NameRead<In, K>]-?: K extends keyof Known
    ? Strays<In[K], NonNullable<Known[K]>, `${Path}.${K & string}`>
    : `${Path}.${K & string}`;
};

/** Paths at which a schema reads something that objects of the API do not have, or have with another type; never if there is none. */
type Strays<In, Known, Path extends string> = unknown extends In
  ? never
  : In extends null | undefined
    ? never
    : In extends readonly (infer Item)[]
      ? Known extends readonly (infer KnownItem)[]
        ? Strays<Item, KnownItem, `${Path}[]`>
        : Path
      : In extends object
        ? [Known] extends [object]
          ? StraysOfObject<In, Known, Path>[keyof StraysOfObject<In, Known, Path>]
          : Path
        : [In] extends [Known]
          ? never
          : Path;

/** What a schema has to be as well so that it is accepted: anything if it reads what is there, else something that no schema is. */
type Reads<S, T> = [Strays<z.input<S>, Sent<T>, ''>] extends [never]
  ? unknown
  : { readonly 'not in the API': Strays<z.input<S>, Sent<T>, ''> };

/**
 * Holds a schema against the kind of object that it reads: a member that objects of the kind do not have, or have with another type, does not compile.
 * A schema may read less than there is, and may be more patient (null, absence), as proxies and old API servers answer so.
 * @typeParam T a class of client-node, e.g. `V1Node`; for a schema that reads several kinds, their intersection
 * @returns a function that returns the schema as it is
 */
export const ofKind =
  <T>() =>
  <S extends z.ZodMiniType>(schema: S & Reads<S, T>): S =>
    schema;
