import type { V1CertificateSigningRequest } from '@kubernetes/client-node';
import * as z from 'zod/mini';
import { ofKind } from '../kubernetes/api-types.js';
import { listFact } from './support/list-fact.js';
import { bounded } from '../text/bounded.js';

const schema = z.object({
  name: z.string(),
  /** The user that asks, for a kubelet `system:node:NAME`. */
  requestor: z.string(),
  /** ISO 8601. */
  created: z.string(),
});

const rawRequest = ofKind<V1CertificateSigningRequest>()(
  z.object({
    metadata: z.object({ name: z.string(), creationTimestamp: z.optional(z.string()) }),
    spec: z.object({ username: z.optional(z.string()) }),
    status: z.optional(z.object({ conditions: z.optional(z.array(z.object({ type: z.string() }))) })),
  }),
);

/**
 * Kubelets that wait for their serving certificate to be approved, sorted by name. Kubernetes approves none of these itself
 * (Kubernetes documentation, "TLS bootstrapping": serving certificates); without an approver they stay pending, and nothing can be
 * asked through that kubelet. Of the requests only names and times leave the cluster.
 */
export const pendingServingRequests = listFact({
  name: 'pending-kubelet-serving-requests',
  api: 'certificates.k8s.io/v1',
  resource: 'certificatesigningrequests',
  why: 'kubelets whose serving certificate waits for approval',
  schema,
  raw: rawRequest,
  trim: ({ metadata, spec, status }) =>
    status?.conditions?.some(({ type }) => ['Approved', 'Denied', 'Failed'].includes(type)) === true
      ? undefined
      : {
          name: bounded(metadata.name),
          requestor: bounded(spec.username ?? '', 300),
          created: bounded(metadata.creationTimestamp ?? '', 40),
        },
  selector: { fields: { 'spec.signerName': 'kubernetes.io/kubelet-serving' } },
});
