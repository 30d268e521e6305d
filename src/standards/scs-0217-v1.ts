import { defineStandard } from '../model/requirement.js';
import { nodeRestrictionAdmission, podSecurityAdmissionOn } from './scs-0217-v1/admission.js';
import { authenticationMethods } from './scs-0217-v1/authentication.js';
import { authorizationMethods, authorizationRbac } from './scs-0217-v1/authorization.js';
import { endpointsSecured } from './scs-0217-v1/endpoints-secured.js';
import { endpointsHttps } from './scs-0217-v1/endpoints.js';
import { withOpenPorts } from './scs-0217-v1/etcd-ports.js';
import { etcdRequirements } from './scs-0217-v1/etcd.js';
import {
  kubeletAnonymousAuth,
  kubeletAuthentication,
  kubeletHttps,
  kubeletReadOnlyPort,
  kubeletWebhookAuthorization,
} from './scs-0217-v1/kubelet.js';
import { podSecurityBaseline, podSecurityEnforce, podSecurityRestrictedUsed } from './scs-0217-v1/pod-security.js';
import { portsClosed } from './scs-0217-v1/ports.js';
import { regularUpdates } from './scs-0217-v1/updates.js';

/** https://docs.scs.community/standards/scs-0217-v1-cluster-hardening */
export const scs0217v1 = defineStandard({
  id: 'scs-0217-v1',
  title: 'Kubernetes cluster hardening',
  scope: 'info',
  status: 'draft',
  url: 'https://docs.scs.community/standards/scs-0217-v1-cluster-hardening',
  requirements: [
    regularUpdates,
    ...withOpenPorts(etcdRequirements),
    endpointsSecured,
    portsClosed,
    kubeletReadOnlyPort,
    endpointsHttps,
    authenticationMethods,
    authorizationMethods,
    authorizationRbac,
    kubeletHttps,
    kubeletAnonymousAuth,
    kubeletWebhookAuthorization,
    kubeletAuthentication,
    nodeRestrictionAdmission,
    podSecurityAdmissionOn,
    podSecurityBaseline,
    podSecurityRestrictedUsed,
    podSecurityEnforce,
  ],
});
