import type { V1IngressClass } from '@kubernetes/client-node';
import * as z from 'zod/mini';
import { ofKind } from '../kubernetes/api-types.js';
import { listFact } from './support/list-fact.js';
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

const rawIngressClass = ofKind<V1IngressClass>()(
  z.object({
    metadata: z.object({
      name: z.string(),
      creationTimestamp: z.optional(z.string()),
      annotations: z.optional(z.record(z.string(), z.string())),
    }),
    spec: z.optional(z.object({ controller: z.optional(z.string()) })),
  }),
);

/** Trims one IngressClass of `networking.k8s.io/v1` to what is judged. */
const toIngressClass = (raw: z.infer<typeof rawIngressClass>): IngressClass => ({
  name: bounded(raw.metadata.name),
  controller: bounded(raw.spec?.controller ?? ''),
  isDefault: raw.metadata.annotations?.['ingressclass.kubernetes.io/is-default-class'] === 'true',
  ...(typeof raw.metadata.creationTimestamp === 'string' ? { createdAt: bounded(raw.metadata.creationTimestamp, 40) } : {}),
});

/** The cluster's ingress classes, sorted by name; an empty list means that there is none. */
export const ingressClasses = listFact({
  name: 'ingress-classes',
  api: 'networking.k8s.io/v1',
  resource: 'ingressclasses',
  why: 'ingress classes, their controllers and the default one',
  schema: ingressClassSchema,
  raw: rawIngressClass,
  trim: toIngressClass,
});
