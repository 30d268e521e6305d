/** `/configz` of a kubelet 1.36.3 (kind), with the keys that are not judged cut down to a few. */
export const configz = (changes: Readonly<Record<string, unknown>> = {}): { kubeletconfig: Record<string, unknown> } => {
  const config: Record<string, unknown> = {
    kind: 'KubeletConfiguration',
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    enableServer: true,
    staticPodPath: '/etc/kubernetes/manifests',
    address: '0.0.0.0',
    port: 10250,
    tlsCertFile: '/var/lib/kubelet/pki/kubelet.crt',
    tlsPrivateKeyFile: '/var/lib/kubelet/pki/kubelet.key',
    rotateCertificates: true,
    authentication: {
      x509: { clientCAFile: '/etc/kubernetes/pki/ca.crt' },
      webhook: { enabled: true, cacheTTL: '2m0s' },
      anonymous: { enabled: false },
    },
    authorization: { mode: 'Webhook', webhook: { cacheAuthorizedTTL: '5m0s', cacheUnauthorizedTTL: '30s' } },
    clusterDomain: 'cluster.local',
    ...changes,
  };
  return { kubeletconfig: Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined)) };
};
