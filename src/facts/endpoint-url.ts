import * as z from 'zod/mini';
import { defineFact } from '../model/fact.js';

/**
 * The shape of the server URL in the kubeconfig. API servers serve their API at the root: a path is that of a proxy, such as Rancher's
 * `/k8s/clusters/…` or Teleport's. The path itself stays where it is: it may hold a secret.
 */
export const endpointUrl = defineFact({
  name: 'endpoint-url',
  schema: z.object({
    /** Whether a path stands before every request. */
    path: z.boolean(),
  }),
  permissions: [],
  collect: ({ network }) => Promise.resolve({ path: network.endpoint.hasPath }),
});
