import type { V1CSINode } from '@kubernetes/client-node';
import * as z from 'zod/mini';
import { ofKind } from '../kubernetes/api-types.js';
import { defineFact, type Unavailable } from '../model/fact.js';
import { readRight } from '../model/permission.js';
import { listAll } from '../kubernetes/list.js';
import { bounded } from '../text/bounded.js';

const path = '/apis/storage.k8s.io/v1/csinodes';

const rawNode = ofKind<V1CSINode>()(
  z.object({
    spec: z.optional(z.object({ drivers: z.optional(z.array(z.object({ name: z.string() }))) })),
  }),
);

/**
 * The names of the CSI drivers that run on any node, by the CSINode objects (`storage.k8s.io/v1`), sorted, each once. The kubelet writes a driver
 * into the object of its node when the driver registers, and takes it out again. Somebody else installs the CSIDriver object, which says
 * nothing of a running driver: it stays without one, and EKS makes that of EFS in every cluster.
 */
export const csiNodes = defineFact({
  name: 'csi-nodes',
  schema: z.readonly(z.array(z.string())),
  permissions: [readRight('list', 'storage.k8s.io', 'csinodes', 'whether the driver of the default storage class runs on a node')],
  collect: async ({ api }) => {
    const found = await listAll(api, path, rawNode, ({ spec }) => (spec?.drivers ?? []).map(({ name }) => bounded(name)));
    return [...new Set(found.flat())].sort();
  },
});

/**
 * Whether nobody asked for the CSINodes: the snapshot, or the recorded answers that are played, are older than this fact. Every API server
 * serves them and no setting turns them off, so none says of itself that it does not know them.
 */
export const isBeforeCsiNodes = ({ unavailable, detail }: Unavailable): boolean =>
  unavailable === 'not-recorded' || (unavailable === 'not-found' && detail.startsWith(`GET ${path}: 404`));
