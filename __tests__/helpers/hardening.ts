import { apiServer, flagz } from './control-plane.js';

const dryRun = (request: string, status: number, message = '', fields: readonly string[] = [], warnings: readonly string[] = []) => ({
  request: `POST ${request} (dry run)`,
  status,
  message,
  fields,
  warnings,
});

/** Answers to a privileged pod in `default`. */
export const pod = (status: number, message = '', warnings: readonly string[] = []) =>
  dryRun('/api/v1/namespaces/default/pods', status, message, [], warnings);
/** The plugin's own words (1.36.3). */
export const podRefused = (level: string) =>
  pod(
    403,
    `pods "scs-kaas-probe-dry-run" is forbidden: violates PodSecurity "${level}:latest": privileged (container "probe" must not set securityContext.privileged=true)`,
  );

export const levelField = 'metadata.labels[pod-security.kubernetes.io/enforce]';
/** Answers to a namespace with a level that does not exist. */
export const namespace = (status: number, message = '', fields: readonly string[] = []) =>
  dryRun('/api/v1/namespaces', status, message, fields);
export const levelRefused = namespace(
  422,
  `Namespace "scs-kaas-probe-dry-run" is invalid: ${levelField}: Invalid value: "scs-kaas-no-such-level": must be one of privileged, baseline, restricted`,
  [levelField],
);

export const nodeRefused = {
  node: 'worker-1',
  status: 403,
  message: 'nodes "worker-1" is forbidden: node "scs-probe" is not allowed to modify node "worker-1"',
  impersonated: true,
};

/** What an authorizer answered. */
export const decided = (allowed: boolean, ...reasons: readonly string[]) => ({ allowed, denied: false, reasons });
export const noRelationship = "no relationship found between node 'scs-probe' and this object";
export const rbacAllows =
  'RBAC: allowed by ClusterRoleBinding "system:controller:replicaset-controller" of ClusterRole "system:controller:replicaset-controller" to ServiceAccount "replicaset-controller/kube-system"';

export const metrics = (changes: Readonly<Record<string, unknown>> = {}) => ({
  admissionPlugins: ['NamespaceLifecycle', 'NodeRestriction', 'PodSecurity'],
  admissionCounted: true,
  authorizers: ['Node', 'RBAC'],
  flowControlSeats: 602,
  ...changes,
});

/** Facts of a cluster as kubeadm 1.36.3 makes it, with nothing hidden and nothing forbidden. */
export const kubeadm = {
  'kube-apiserver-pods': [apiServer()],
  'api-server-flagz': flagz({
    'authorization-config': '',
    'authentication-config': '',
    'authentication-token-webhook-config-file': '',
    'oidc-issuer-url': '',
    'token-auth-file': '',
    'requestheader-client-ca-file': '/etc/kubernetes/pki/front-proxy-ca.crt',
  }),
  'api-server-metrics': metrics(),
  'node-restriction': nodeRefused,
  'pod-security-admission': levelRefused,
  'pod-security-default': pod(201),
  'pod-security-restricted': pod(201),
  namespaces: [
    { name: 'default', enforce: null, warn: null, audit: null },
    { name: 'kube-system', enforce: null, warn: null, audit: null },
  ],
  'authorizer-answers': { node: decided(false, noRelationship), serviceAccount: decided(true, rbacAllows) },
  'service-account-token': { accepted: true, by: 'self-subject-review' },
  'own-identity': { login: 'certificate' },
  'authentication-config': { clientCa: true, requestHeaderCa: true },
} as const;

/** The same without what pods of the control plane show, as managed offers have it. */
export const hidden = { ...kubeadm, 'kube-apiserver-pods': [] } as const;
