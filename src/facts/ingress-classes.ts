import * as z from 'zod/mini';
import { defineFact } from '../model/fact.js';
import { listAll } from '../kubernetes/list.js';
import { bounded } from '../text/bounded.js';

const ingressClassSchema = z.object({
  name: z.string(),
  /** `spec.controller`, e.g. `k8s.io/ingress-nginx`; `''` where it is not set. */
  controller: z.string(),
  isDefault: z.boolean(),
  /** `metadata.creationTimestamp`, RFC 3339: of several defaults the newest is given to an Ingress without a class; absent in older snapshots. */
  createdAt: z.optional(z.string()),
});
export type IngressClass = z.infer<typeof ingressClassSchema>;

const rawIngressClass = z.object({
  metadata: z.object({
    name: z.string(),
    creationTimestamp: z.optional(z.nullable(z.string())),
    annotations: z.optional(z.record(z.string(), z.string())),
  }),
  spec: z.optional(z.object({ controller: z.optional(z.string()) })),
});

/** Trims one IngressClass of `networking.k8s.io/v1` to what is judged. */
const toIngressClass = (raw: z.infer<typeof rawIngressClass>): IngressClass => ({
  name: bounded(raw.metadata.name),
  controller: bounded(raw.spec?.controller ?? ''),
  isDefault: raw.metadata.annotations?.['ingressclass.kubernetes.io/is-default-class'] === 'true',
  ...(typeof raw.metadata.creationTimestamp === 'string' ? { createdAt: bounded(raw.metadata.creationTimestamp, 40) } : {}),
});

/** The cluster's ingress classes, sorted by name; an empty list means that there is none. */
export const ingressClasses = defineFact({
  name: 'ingress-classes',
  schema: z.readonly(z.array(ingressClassSchema)),
  permissions: [
    {
      role: 'read',
      verb: 'list',
      group: 'networking.k8s.io',
      resource: 'ingressclasses',
      why: 'ingress classes, their controllers and the default one',
    },
  ],
  collect: async ({ api }) => {
    const found = await listAll(api, '/apis/networking.k8s.io/v1/ingressclasses', rawIngressClass, toIngressClass);
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  },
});
