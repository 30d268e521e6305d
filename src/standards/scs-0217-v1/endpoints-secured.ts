import type { Requirement } from '../../model/requirement.js';
import { together } from '../support/together.js';
import { endpointsHttps } from './endpoints.js';
import { kubeletAnonymousAuth, kubeletHttps, kubeletReadOnlyPort, kubeletWebhookAuthorization } from './kubelet.js';
import { portsClosed } from './ports.js';

/** The rows that settle it; what the standard only allows (MAY) takes no part. */
const rows: readonly Requirement[] = [
  portsClosed,
  endpointsHttps,
  kubeletReadOnlyPort,
  kubeletHttps,
  kubeletAnonymousAuth,
  kubeletWebhookAuthorization,
];

/** The endpoints of Kubernetes as a whole: the worst of their rows. Ports that cannot be tried from here are no proof. */
export const endpointsSecured: Requirement = {
  id: 'endpoints-secured',
  level: 'MUST',
  title: 'The endpoints of Kubernetes are secured',
  clause: '#standard',
  remediation: `Secure all endpoints: see the rows ${rows.map(({ id }) => id).join(', ')} for what to do.`,
  ladder: together(
    rows.map(({ id, ladder }) => ({ name: id, ladder })),
    'All endpoints that can be seen are secured: ',
    'behave',
  ),
  settledBy: { how: "Run it from a machine outside of the cluster's network, without a proxy, with the right to get nodes/proxy." },
};
