import type { V1CSIDriver } from '@kubernetes/client-node';
import * as z from 'zod/mini';
import { ofKind } from '../kubernetes/api-types.js';
import { defineFact } from '../model/fact.js';
import { readRight } from '../model/permission.js';
import { listAll } from '../kubernetes/list.js';
import { bounded } from '../text/bounded.js';

const rawDriver = ofKind<V1CSIDriver>()(z.object({ metadata: z.object({ name: z.string() }) }));

/**
 * The names of the cluster's CSIDriver objects (`storage.k8s.io/v1`), sorted; an empty list means that there is none.
 * The makers of a CSI driver install this object with it (kubernetes-csi.github.io/docs/csi-driver-object.html). A StorageClass whose driver
 * has none makes no volumes.
 */
export const csiDrivers = defineFact({
  name: 'csi-drivers',
  schema: z.readonly(z.array(z.string())),
  permissions: [readRight('list', 'storage.k8s.io', 'csidrivers', 'whether the driver of the default storage class is there')],
  collect: async ({ api }) => {
    const found = await listAll(api, '/apis/storage.k8s.io/v1/csidrivers', rawDriver, ({ metadata }) => bounded(metadata.name));
    return found.sort();
  },
});
