import type { V1Service } from '@kubernetes/client-node';
import * as z from 'zod/mini';
import { ofKind } from '../kubernetes/api-types.js';
import { defineFact } from '../model/fact.js';
import { readRight } from '../model/permission.js';
import { listAll } from '../kubernetes/list.js';

const rawService = ofKind<V1Service>()(
  z.object({
    status: z.optional(
      z.object({
        loadBalancer: z.optional(
          z.object({ ingress: z.optional(z.array(z.object({ ip: z.optional(z.string()), hostname: z.optional(z.string()) }))) }),
        ),
      }),
    ),
  }),
);

/** How many Services of type LoadBalancer there are, and how many of them were given an address; neither names nor addresses leave the cluster. */
export const loadBalancerServices = defineFact({
  name: 'load-balancer-services',
  schema: z.object({ services: z.number(), withAddress: z.number() }),
  permissions: [
    readRight('list', '', 'services', 'whether Services of type LoadBalancer get an address, shown in the description of the cluster'),
  ],
  collect: async ({ api }) => {
    const found = await listAll(
      api,
      '/api/v1/services',
      rawService,
      (raw) => (raw.status?.loadBalancer?.ingress ?? []).some((address) => Boolean(address.ip ?? address.hostname)),
      { fields: { 'spec.type': 'LoadBalancer' } },
    );
    return { services: found.length, withAddress: found.filter(Boolean).length };
  },
});
