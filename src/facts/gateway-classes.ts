import * as z from 'zod/mini';
import { defineFact } from '../model/fact.js';
import { readRight } from '../model/permission.js';
import { apiGroups, servedVersions } from './api-groups.js';
import { listAll } from '../kubernetes/list.js';
import { bounded } from '../text/bounded.js';

const group = 'gateway.networking.k8s.io';

const gatewayClassSchema = z.object({
  name: z.string(),
  /** `spec.controllerName`. */
  controller: z.string(),
  /** By the condition `Accepted`, which the controller sets. */
  accepted: z.boolean(),
});
type GatewayClass = z.infer<typeof gatewayClassSchema>;

const rawGatewayClass = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({ controllerName: z.string() }),
  status: z.optional(z.object({ conditions: z.optional(z.array(z.object({ type: z.string(), status: z.string() }))) })),
});

/** Trims one GatewayClass of the Gateway API to what is shown. */
const toGatewayClass = (raw: z.infer<typeof rawGatewayClass>): GatewayClass => ({
  name: bounded(raw.metadata.name),
  controller: bounded(raw.spec.controllerName),
  accepted: (raw.status?.conditions ?? []).some((c) => c.type === 'Accepted' && c.status === 'True'),
});

/** The Gateway API's classes, sorted by name, and whether that API is served at all. */
export const gatewayClasses = defineFact({
  name: 'gateway-classes',
  schema: z.object({ served: z.boolean(), classes: z.readonly(z.array(gatewayClassSchema)) }),
  permissions: [readRight('list', group, 'gatewayclasses', 'Gateway API classes, shown in the description of the cluster')],
  collect: async ({ api, fact }) => {
    const version = servedVersions(await fact(apiGroups), group, 'GatewayClass')[0];
    if (version === undefined) return { served: false, classes: [] };
    const classes = await listAll(api, `/apis/${group}/${encodeURIComponent(version)}/gatewayclasses`, rawGatewayClass, toGatewayClass);
    return { served: true, classes: classes.sort((a, b) => (a.name < b.name ? -1 : 1)) };
  },
});
