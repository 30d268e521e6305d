import type { V1ConfigMap } from '@kubernetes/client-node';
import * as z from 'zod/mini';
import { ofKind } from '../kubernetes/api-types.js';
import { defineFact } from '../model/fact.js';
import { readRight } from '../model/permission.js';
import { ask } from '../kubernetes/answers.js';

const schema = z.object({
  /** Client certificates of a CA let users in (X.509). */
  clientCa: z.boolean(),
  /** A proxy that shows a certificate of a CA may name users in request headers. */
  requestHeaderCa: z.boolean(),
});
export type AuthenticationConfig = z.infer<typeof schema>;

const raw = ofKind<V1ConfigMap>()(z.object({ data: z.optional(z.record(z.string(), z.string())) }));
const name = 'extension-apiserver-authentication';

/**
 * What the API server publishes of its own authentication for extension servers; the certificates stay in the cluster.
 * https://kubernetes.io/docs/tasks/extend-kubernetes/configure-aggregation-layer/
 */
export const authenticationConfig = defineFact({
  name: 'authentication-config',
  schema,
  permissions: [
    readRight('get', '', 'configmaps', 'whether the API server lets users in by client certificates or an authenticating proxy', {
      names: [name],
      namespace: 'kube-system',
    }),
  ],
  collect: async ({ api }): Promise<AuthenticationConfig> => {
    const { data = {} } = await ask(api, { path: `/api/v1/namespaces/kube-system/configmaps/${name}` }, raw);
    const holds = (key: string): boolean => (data[key] ?? '').includes('-----BEGIN CERTIFICATE-----');
    return { clientCa: holds('client-ca-file'), requestHeaderCa: holds('requestheader-client-ca-file') };
  },
});
