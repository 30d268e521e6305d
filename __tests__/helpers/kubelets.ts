import type { KubeletConfig, KubeletConfigs } from '../../src/facts/kubelet-configs.js';

/** What `configz` shows of a kubelet that refuses whatever it should refuse. */
export const refusing: KubeletConfig = {
  rotateCertificates: true,
  serverTLSBootstrap: false,
  readOnlyPort: 0,
  anonymous: false,
  authorizationMode: 'Webhook',
  tlsCertFile: true,
};

/** The kubelets of nodes a, b, c, …; undefined for one that does not answer. */
export const kubelets = (...configs: readonly (KubeletConfig | undefined)[]): KubeletConfigs => {
  const names = configs.map((_, i) => String.fromCharCode(97 + i));
  return {
    total: configs.length,
    asked: names,
    sampled: false,
    nodes: names.map((node, i) => {
      const config = configs[i];
      return config === undefined
        ? { node, unavailable: { unavailable: 'server-error', detail: '503 tls: internal error' } }
        : { node, config };
    }),
  };
};
