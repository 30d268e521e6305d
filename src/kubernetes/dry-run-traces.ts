import * as z from 'zod/mini';
import { NotAvailable } from '../model/errors.js';
import type { Api, ApiRequest, DryRunObject } from '../model/ports.js';
import { parseBody, refusal } from './answers.js';
import { listAll } from './list.js';

/** What a dry run would leave behind if it were stored: how to see it, and how to remove it. */
export interface Trace {
  /** In words, e.g. `the pod default/scs-kaas-probe-1f0c…`. */
  readonly what: string;
  /** The request that looks for it, for a reason. */
  readonly lookedFor: string;
  /** For a person. */
  readonly command: string;
  /** @returns the UID of the object that holds it, or undefined where it is not there. @throws {NotAvailable} where that cannot be seen */
  readonly find: (api: Api) => Promise<string | undefined>;
  /** Removes it from the object of that UID, and from no other. */
  readonly removal: (uid: string) => ApiRequest;
}

const found = z.object({ kind: z.string(), metadata: z.object({ name: z.string(), uid: z.string() }) });

/** The trace of a create. @param path of the collection */
export const traceOfObject = (path: string, { kind, metadata: { name } }: DryRunObject): Trace => {
  const namespace = /^\/api\/v1\/namespaces\/([^/]+)\//.exec(path)?.[1];
  const noun = kind.toLowerCase();
  return {
    what: `the ${noun} ${namespace === undefined ? '' : `${namespace}/`}${name}`,
    lookedFor: `GET ${path}/${name}`,
    command: `kubectl delete ${noun} ${name}${namespace === undefined ? '' : ` --namespace ${namespace}`}`,
    find: async (api) => {
      const request: ApiRequest = { path: `${path}/${name}` };
      const response = await api.request(request);
      if (response.status === 404) return undefined;
      if (response.status !== 200) throw refusal(request, response);
      const { kind: itsKind, metadata } = parseBody(request, response, found);
      return itsKind === kind && metadata.name === name ? metadata.uid : undefined;
    },
    removal: (uid) => ({
      method: 'DELETE',
      path: `${path}/${name}`,
      body: { apiVersion: 'v1', kind: 'DeleteOptions', gracePeriodSeconds: 0, propagationPolicy: 'Background', preconditions: { uid } },
    }),
  };
};

const labelled = z.object({
  metadata: z.object({ name: z.string(), uid: z.string(), labels: z.optional(z.record(z.string(), z.string())) }),
});

/** The trace of a label. @param collection path of the collection that the object is in */
export const traceOfLabel = (collection: string, name: string, label: string): Trace => {
  const noun = (collection.split('/').at(-1) ?? '').replace(/s$/, '');
  return {
    what: `the label ${label} of the ${noun} ${name}`,
    lookedFor: `GET ${collection}`,
    command: `kubectl label ${noun} ${name} ${label}-`,
    // All of them: whoever may list them need not have the right to get one, and no selector is there to be dropped.
    find: async (api) =>
      (
        await listAll(api, collection, labelled, ({ metadata: { name: its, uid, labels } }) =>
          its === name && Object.hasOwn(labels ?? {}, label) ? uid : undefined,
        )
      ).find((uid) => uid !== undefined),
    removal: (uid) => ({
      method: 'PATCH',
      path: `${collection}/${encodeURIComponent(name)}`,
      headers: { 'content-type': 'application/merge-patch+json' },
      body: { metadata: { uid, labels: { [label]: null } } },
    }),
  };
};

/** Whether it is known to be there; a cluster that does not show it leaves that open. */
export const isThere = async (api: Api, trace: Trace): Promise<{ readonly uid: string } | 'absent' | 'unknown'> => {
  try {
    const uid = await trace.find(api);
    return uid === undefined ? 'absent' : { uid };
  } catch (error) {
    if (error instanceof NotAvailable) return 'unknown';
    throw error;
  }
};
