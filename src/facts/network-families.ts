import type { V1Service, V1ServiceCIDR } from '@kubernetes/client-node';
import * as z from 'zod/mini';
import { ofKind } from '../kubernetes/api-types.js';
import { NotAvailable } from '../model/errors.js';
import { defineFact } from '../model/fact.js';
import { readRight } from '../model/permission.js';
import { ask } from '../kubernetes/answers.js';
import { familiesOf, ipFamilies } from './support/ip-family.js';
import { listAll } from '../kubernetes/list.js';
import { partOr } from './support/parts.js';

const schema = z.object({
  services: z.readonly(z.array(z.enum(ipFamilies))),
  /** `ServiceCIDR`: all families. `Service`: at least these, for the Service `kubernetes` has one family even where both are there. */
  by: z.enum(['ServiceCIDR', 'Service']),
});

const rawServiceCidr = ofKind<V1ServiceCIDR>()(z.object({ spec: z.optional(z.object({ cidrs: z.optional(z.array(z.string())) })) }));
const rawService = ofKind<V1Service>()(
  z.object({
    spec: z.object({
      ipFamilies: z.optional(z.array(z.string())),
      clusterIPs: z.optional(z.array(z.string())),
      clusterIP: z.optional(z.string()),
    }),
  }),
);

/**
 * The IP families of the Service network: by ServiceCIDR objects (stable since 1.33, KEP-1880), else by the Service `kubernetes`.
 * Those of the pod network stand in the nodes' pod CIDRs.
 */
export const networkFamilies = defineFact({
  name: 'network-families',
  schema,
  permissions: [
    readRight('list', 'networking.k8s.io', 'servicecidrs', 'IP families of the Service network, shown in the description of the cluster'),
    readRight('get', '', 'services', 'one IP family of the Service network, where ServiceCIDR objects cannot be read', {
      names: ['kubernetes'],
      namespace: 'default',
    }),
  ],
  collect: async ({ api }): Promise<z.infer<typeof schema>> => {
    const listing = listAll(api, '/apis/networking.k8s.io/v1/servicecidrs', rawServiceCidr, (raw) => raw.spec?.cidrs ?? []);
    // Older servers have no such API, and narrower rights do not show it: the Service tells less, and that much is still true.
    const cidrs = await partOr(listing, [], 'not-found', 'forbidden');
    const all = familiesOf(cidrs.flat());
    if (all.length > 0) return { services: all, by: 'ServiceCIDR' };
    const { spec } = await ask(api, { path: '/api/v1/namespaces/default/services/kubernetes' }, rawService);
    const some = familiesOf(spec.clusterIPs ?? (spec.clusterIP === undefined ? [] : [spec.clusterIP]));
    const named = ipFamilies.filter((family) => spec.ipFamilies?.includes(family));
    const services = some.length > 0 ? some : named;
    if (services.length === 0)
      throw new NotAvailable('malformed', 'GET /api/v1/namespaces/default/services/kubernetes: it names no IP family and no address');
    return { services, by: 'Service' };
  },
});
