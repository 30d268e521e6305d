import { describe, expect, test } from '@jest/globals';
import type { ClusterNetworkPolicies } from '../../src/facts/cluster-network-policies.js';
import { scs0219v1 } from '../../src/standards/scs-0219-v1.js';
import { admin, cni, forbidden, served, workload, settleNetworking as settle, type Seen } from '../helpers/networking.js';

describe('what only a higher tier settles', () => {
  test('network-policy is missing, whichever network plugin runs', () => {
    const result = settle('network-policy', { workloads: [cni('cilium'), cni('calico-node')], groups: [admin] });
    expect(result).toMatchObject({ outcome: 'missing', how: expect.stringContaining('e2e-suites: network-policy') });
    expect(scs0219v1.requirements.find((r) => r.id === 'network-policy')?.settledBy?.tier).toBe('heavy');
  });

  test('only the upstream focus counts for the official testcase', () => {
    expect(scs0219v1.requirements.filter((r) => r.testcase !== undefined).map((r) => [r.id, r.testcase])).toEqual([
      ['network-policy', 'kaas-networking-check'],
    ]);
  });
});

describe('admin-network-policy', () => {
  const rows: readonly (readonly [string, Seen, string, string])[] = [
    ['the API is served, and the plugin implements it', { groups: [admin], workloads: [cni('antrea-agent')] }, 'pass', 'Antrea implements'],
    [
      'the API is served, and the plugin is not known for it',
      { groups: [admin], workloads: [cni('kindnet')] },
      'pass',
      'kindnet is not known to implement it: only the API is there',
    ],
    ['the API is served, and the plugin is not recognised', { groups: [admin] }, 'pass', 'whether one implements it is not known'],
    [
      'the newer kind is served',
      { groups: [served('policy.networking.k8s.io', 'v1alpha2', ['ClusterNetworkPolicy'])] },
      'pass',
      'ClusterNetworkPolicy v1alpha2',
    ],
    [
      'a group of that name without its kinds',
      { groups: [served('policy.networking.k8s.io', 'v1', ['Widget'])], workloads: [cni('kindnet')] },
      'fail',
      'not served',
    ],
    [
      'the kinds in a group of another name',
      { groups: [served('crd.antrea.io', 'v1beta1', ['ClusterNetworkPolicy'])], workloads: [cni('kindnet')] },
      'fail',
      'not served',
    ],
    ['no API, and a plugin that works on it', { workloads: [cni('kube-ovn-cni')] }, 'pass', 'Kube-OVN works on it'],
    ['no API, and Calico', { workloads: [cni('calico-node')] }, 'pass', 'Calico implements'],
    ['no API, and Cilium without a ready pod', { workloads: [cni('cilium', 0)] }, 'abort', 'Cilium has no ready pod'],
    ['no API, and kindnet', { workloads: [cni('kindnet')] }, 'fail', 'kindnet is not known to support it'],
    ['no API, and Flannel', { workloads: [cni('kube-flannel-ds')] }, 'fail', 'Flannel'],
    ['no API, and Canal', { workloads: [cni('canal')] }, 'abort', 'not documented'],
    ['no API, and no plugin that is known here', {}, 'abort', 'no network plugin is recognised'],
    [
      'an API whose server does not answer',
      { groups: [served('policy.networking.k8s.io', 'v1', [], false)], workloads: [cni('kindnet')] },
      'abort',
      'did not answer',
    ],
    ['the API, and workloads that may not be listed', { groups: [admin], workloads: forbidden }, 'pass', 'is not known'],
    ['no API, and workloads that may not be listed', { workloads: forbidden }, 'abort', '403'],
    ['discovery that fails', { groups: forbidden, workloads: [cni('antrea-agent')] }, 'abort', '403'],
  ];
  test.each(rows)('%s', (_, seen, outcome, because) => {
    expect(settle('admin-network-policy', seen)).toMatchObject({ outcome, because: expect.stringContaining(because) });
  });

  test('the versions that are served are named', () => {
    expect(settle('admin-network-policy', { groups: [admin] }).because).toContain(
      'AdminNetworkPolicy v1alpha1, BaselineAdminNetworkPolicy v1alpha1',
    );
  });
});

describe('default-restrictions', () => {
  const policy = (kind: string, count: number): ClusterNetworkPolicies[number] => ({
    group: 'policy.networking.k8s.io',
    version: 'v1alpha1',
    kind,
    count,
    names: Array.from({ length: Math.min(count, 20) }, (_, i) => `p${i}`),
  });
  const rows: readonly (readonly [string, Seen, string, string])[] = [
    ['a policy in place', { policies: [policy('AdminNetworkPolicy', 2)] }, 'pass', '2 AdminNetworkPolicy'],
    [
      'a policy operator that runs',
      { workloads: [workload('Deployment', 'kyverno-background-controller')] },
      'pass',
      'Kyverno runs; which policies it sets is not looked at',
    ],
    [
      'a policy operator that does not run',
      { workloads: [workload('Deployment', 'kyverno-background-controller', 0)] },
      'fail',
      'no policy operator',
    ],
    [
      'only the API: the means are offered, and nothing is in place',
      { policies: [policy('AdminNetworkPolicy', 0)] },
      'pass',
      '0 policies are in place: nothing is restricted by default',
    ],
    ['nothing of the kind', { workloads: [cni('kindnet')] }, 'fail', 'no cluster-wide network policy API'],
    [
      'policies that may not be listed',
      { policies: forbidden, groups: [admin] },
      'abort',
      'whether policies are in place could not be read',
    ],
    [
      'policies that may not be listed, beside an operator that runs',
      { policies: forbidden, groups: [admin], workloads: [workload('Deployment', 'gatekeeper-controller-manager')] },
      'pass',
      'Gatekeeper',
    ],
    ['workloads that may not be listed', { policies: [policy('AdminNetworkPolicy', 0)], workloads: forbidden }, 'abort', '403'],
    ['discovery that fails', { policies: forbidden, groups: forbidden }, 'abort', '403'],
  ];
  test.each(rows)('%s', (_, seen, outcome, because) => {
    expect(settle('default-restrictions', seen)).toMatchObject({ outcome, because: expect.stringContaining(because) });
  });
});

test('each requirement has its level, and none is left without a remedy', () => {
  expect(scs0219v1.requirements.map((r) => [r.id, r.level])).toEqual([
    ['network-policy', 'MUST'],
    ['admin-network-policy', 'SHOULD'],
    ['managed-ingress', 'SHOULD'],
    ['default-ingress-class', 'SHOULD'],
    ['default-restrictions', 'MAY'],
  ]);
  for (const r of scs0219v1.requirements) expect(r.remediation.length).toBeGreaterThan(20);
});
