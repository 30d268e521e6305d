import * as z from 'zod/mini';
import { defineFact } from '../model/fact.js';
import { listAll } from '../kubernetes/list.js';
import { bounded } from '../text/bounded.js';

const schema = z.readonly(
  z.array(
    z.object({
      name: z.string(),
      /** The user that asks, for a kubelet `system:node:NAME`. */
      requestor: z.string(),
      /** ISO 8601. */
      created: z.string(),
    }),
  ),
);

const rawRequest = z.object({
  metadata: z.object({ name: z.string(), creationTimestamp: z.optional(z.string()) }),
  spec: z.object({ username: z.optional(z.string()) }),
  status: z.optional(z.object({ conditions: z.optional(z.array(z.object({ type: z.string() }))) })),
});

const signer = 'kubernetes.io/kubelet-serving';

/**
 * Kubelets that wait for their serving certificate to be approved, sorted by name. Kubernetes approves none of these itself
 * (Kubernetes documentation, "TLS bootstrapping": serving certificates); without an approver they stay pending, and nothing can be
 * asked through that kubelet. Of the requests only names and times leave the cluster.
 */
export const pendingServingRequests = defineFact({
  name: 'pending-kubelet-serving-requests',
  schema,
  permissions: [
    {
      role: 'read',
      verb: 'list',
      group: 'certificates.k8s.io',
      resource: 'certificatesigningrequests',
      why: 'kubelets whose serving certificate waits for approval',
    },
  ],
  collect: async ({ api }) => {
    const path = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
    const toPending = (raw: z.infer<typeof rawRequest>) =>
      !(raw.status?.conditions ?? []).some((c) => c.type === 'Approved' || c.type === 'Denied' || c.type === 'Failed')
        ? {
            name: bounded(raw.metadata.name),
            requestor: bounded(raw.spec.username ?? '', 300),
            created: bounded(raw.metadata.creationTimestamp ?? '', 40),
          }
        : undefined;
    const found = await listAll(api, path, rawRequest, toPending, { fields: { 'spec.signerName': signer } });
    return found.filter((request) => request !== undefined).sort((a, b) => (a.name < b.name ? -1 : 1));
  },
});
