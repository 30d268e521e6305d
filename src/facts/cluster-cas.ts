import type { V1ConfigMap } from '@kubernetes/client-node';
import * as z from 'zod/mini';
import { ofKind } from '../kubernetes/api-types.js';
import { NotAvailable, reasonOf } from '../model/errors.js';
import { defineFact } from '../model/fact.js';
import { readRight } from '../model/permission.js';
import type { Network } from '../model/ports.js';
import { ask } from '../kubernetes/answers.js';
import { certificateSchema, toCertificate } from './support/certificate.js';

/** All of a bundle: one that is left out may be the one that has expired, or the one that signs. What is too large for the parser is not to be had. */
const schema = z.readonly(z.array(certificateSchema));

/** The CAs by which the connection trusts the API endpoint, from the kubeconfig; empty where it trusts the system's or none. */
export const kubeconfigCas = defineFact({
  name: 'kubeconfig-cas',
  schema,
  permissions: [],
  collect: ({ network }) => Promise.resolve(network.trustedCas().map(toCertificate)),
});

const configMap = ofKind<V1ConfigMap>()(z.object({ data: z.object({ 'ca.crt': z.string() }) }));

const parsed = (network: Network, pem: string): z.infer<typeof schema> => {
  try {
    return network.parseCertificates(pem).map(toCertificate);
  } catch (cause) {
    const reason = cause instanceof NotAvailable ? cause.reason : 'malformed';
    throw new NotAvailable(reason, `ConfigMap default/kube-root-ca.crt: its ca.crt cannot be read: ${reasonOf(cause)}`, { cause });
  }
};

/**
 * The CAs by which pods trust the API server: the ConfigMap that the controller manager publishes into every namespace
 * (Kubernetes documentation, "Certificates in kube-root-ca.crt"). Never empty.
 */
export const rootCas = defineFact({
  name: 'root-cas',
  schema,
  permissions: [
    readRight('get', '', 'configmaps', 'the CA that the cluster itself trusts (a public certificate)', {
      names: ['kube-root-ca.crt'],
      namespace: 'default',
    }),
  ],
  collect: async ({ api, network }) => {
    const { data } = await ask(api, { path: '/api/v1/namespaces/default/configmaps/kube-root-ca.crt' }, configMap);
    const cas = parsed(network, data['ca.crt']);
    if (cas.length === 0) throw new NotAvailable('malformed', 'ConfigMap default/kube-root-ca.crt: its ca.crt holds no certificate');
    return cas;
  },
});
