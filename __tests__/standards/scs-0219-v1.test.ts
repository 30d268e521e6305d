import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clusterNetworkPolicies, type ClusterNetworkPolicies } from '../../src/facts/cluster-network-policies.js';
import { networkPolicyMatrix } from '../../src/facts/network-policy-matrix.js';
import { workloads } from '../../src/facts/workloads.js';
import { scs0219v1 } from '../../src/standards/scs-0219-v1.js';
import { admin, cni, forbidden, served, unlisted, workload, settleNetworking as settle, type Seen } from '../helpers/networking.js';
import { settleOne } from '../helpers/settle.js';

describe('what only a higher tier settles', () => {
  test('network-policy is missing, whichever network plugin runs', () => {
    const result = settle('network-policy', { workloads: [cni('cilium'), cni('calico-node')], groups: [admin] });
    expect(result).toMatchObject({ outcome: 'missing', nextStep: expect.stringContaining('e2e.suites: network-policy') });
    expect(scs0219v1.requirements.find((r) => r.id === 'network-policy')?.settledBy?.tier).toBe('heavy');
  });

  test('only the upstream focus counts for the official testcase', () => {
    expect(scs0219v1.requirements.filter((r) => r.testcase !== undefined).map((r) => [r.id, r.testcase])).toEqual([
      ['network-policy', 'kaas-networking-check'],
    ]);
  });
});

/** kind's own network plugin: the one of the same name by others has switches for the API. */
const kindnet = workload('DaemonSet', 'kindnet', 3, { images: ['docker.io/kindest/kindnetd:v20260820-69b56db7'] });

describe('admin-network-policy', () => {
  const newer = served('policy.networking.k8s.io', 'v1alpha2', ['ClusterNetworkPolicy']);
  const stale = served('policy.networking.k8s.io', 'v1', [], false);
  const rows: readonly (readonly [string, Seen, string, string | RegExp])[] = [
    ['the plugin implements it, and the API is served', { groups: [admin], workloads: [cni('antrea-agent')] }, 'pass', 'Antrea implements'],
    [
      'the plugin works on it, and the API is served',
      { groups: [admin], workloads: [cni('kube-ovn-cni')] },
      'pass',
      'Kube-OVN works on it',
    ],
    ['the newer kind is served', { groups: [newer], workloads: [cni('cilium')] }, 'pass', 'ClusterNetworkPolicy v1alpha2'],
    [
      'Calico beside the plugin of a cloud',
      { groups: [admin], workloads: [cni('aws-node'), cni('calico-node')] },
      'pass',
      'Calico implements',
    ],
    [
      'Flannel with kube-network-policies in its pods',
      {
        groups: [admin],
        workloads: [
          workload('DaemonSet', 'kube-flannel-ds', 3, {
            images: ['ghcr.io/flannel-io/flannel:v0.27.4', 'registry.k8s.io/networking/kube-network-policies:v1.0.0'],
          }),
        ],
      },
      'pass',
      'kube-network-policies is the working group',
    ],
    ['the plugin implements it, and the API is not served', { workloads: [cni('calico-node')] }, 'abort', 'not served in this cluster'],
    ['the plugin works on it, and the API is not served', { workloads: [cni('kube-ovn-cni')] }, 'abort', 'not served in this cluster'],
    [
      'a group of that name without its kinds',
      { groups: [served('policy.networking.k8s.io', 'v1', ['Widget'])], workloads: [cni('antrea-agent')] },
      'abort',
      'not served',
    ],
    [
      'the kinds in a group of another name',
      { groups: [served('crd.antrea.io', 'v1beta1', ['ClusterNetworkPolicy'])], workloads: [cni('antrea-agent')] },
      'abort',
      'not served',
    ],
    ['an API whose server does not answer', { groups: [stale], workloads: [cni('antrea-agent')] }, 'abort', 'did not answer'],
    [
      'Cilium without a ready pod, and the API',
      { groups: [admin], workloads: [cni('cilium', 0)] },
      'abort',
      'The network plugin (Cilium) has no ready pod',
    ],
    [
      'Canal, and the API',
      { groups: [admin], workloads: [cni('canal')] },
      'abort',
      'It is not documented whether the network plugin (Canal)',
    ],
    ['Canal, and no API', { workloads: [cni('canal')] }, 'abort', 'not documented'],
    ['a plugin of a cloud about which nothing is documented', { groups: [admin], workloads: [cni('aws-node')] }, 'abort', 'Amazon VPC CNI'],
    ['a plugin that is not recognised, and the API', { groups: [admin] }, 'abort', 'No network plugin is recognised'],
    ['no plugin that is known here, and no API', {}, 'abort', 'No network plugin is recognised'],
    ['a plugin of the name kindnet that is not that of kind', { workloads: [cni('kindnet')] }, 'abort', 'not documented'],
    [
      'Flannel beside a plugin that is being rolled out',
      { groups: [admin], workloads: [cni('kube-flannel-ds'), cni('cilium', 0)] },
      'abort',
      /^The network plugin \(Flannel\) neither supports policy\.networking\.k8s\.io nor works on it; the network plugin \(Cilium\) has no ready pod; policy/,
    ],
    [
      'a plugin about which nothing is documented, beside one that does without',
      { workloads: [cni('kube-flannel-ds'), cni('aws-node')] },
      'abort',
      /^It is not documented whether the network plugin \(Amazon VPC CNI\) supports policy\.networking\.k8s\.io; the network plugin \(Flannel\) neither/,
    ],
    [
      'an API whose server does not answer, and a plugin about which nothing is documented',
      { groups: [stale], workloads: [cni('canal')] },
      'abort',
      'did not answer',
    ],
    [
      'DaemonSets that may not be listed',
      { groups: [admin], workloads: [unlisted('DaemonSet')] },
      'abort',
      'The network plugin cannot be seen: GET DaemonSet: 403; grant list daemonsets.apps',
    ],
    [
      'DaemonSets that may not be listed, and discovery that fails',
      { groups: forbidden, workloads: [unlisted('DaemonSet')] },
      'abort',
      '403',
    ],
    [
      'other kinds that may not be listed',
      { groups: [admin], workloads: [cni('antrea-agent'), unlisted('Deployment'), unlisted('StatefulSet')] },
      'pass',
      'Antrea implements',
    ],
    ['Flannel without a ready pod', { workloads: [cni('kube-flannel-ds', 0)] }, 'abort', 'has no ready pod'],
    ['the API, and workloads that may not be listed', { groups: [admin], workloads: forbidden }, 'abort', '403'],
    ['no API, and workloads that may not be listed', { workloads: forbidden }, 'abort', '403'],
    ['discovery that fails, and a plugin that implements it', { groups: forbidden, workloads: [cni('antrea-agent')] }, 'abort', '403'],
  ];
  test.each(rows)('%s', (_, seen, outcome, message) => {
    const row = settle('admin-network-policy', seen);
    expect(row.outcome).toBe(outcome);
    expect(row.message).toMatch(message);
  });

  test.each([
    ['Flannel', cni('kube-flannel-ds')],
    ['kindnet of kind', kindnet],
    ['kindnet of kind from a mirror', { ...kindnet, images: ['mirror.example.com:5000/kindest/kindnetd:v1'] }],
    ['kube-router', cni('kube-router')],
    ['Weave Net', cni('weave-net')],
  ])('%s does without, whatever definitions are installed', (_, plugin) => {
    for (const groups of [[], [admin], [newer], [stale], forbidden])
      for (const others of [[], [unlisted('Deployment'), unlisted('StatefulSet')]])
        expect(settle('admin-network-policy', { groups, workloads: [plugin, ...others] })).toMatchObject({
          outcome: 'fail',
          message: expect.stringContaining('neither supports policy.networking.k8s.io nor works on it'),
        });
  });

  test('the versions that are served are named', () => {
    expect(settle('admin-network-policy', { groups: [admin], workloads: [cni('antrea-agent')] }).message).toContain(
      'AdminNetworkPolicy v1alpha1, BaselineAdminNetworkPolicy v1alpha1',
    );
  });

  test('fewer workloads or groups, or none that may be listed, never turn what is open into a pass', () => {
    const plugins = [cni('antrea-agent'), cni('calico-node', 0), cni('canal'), cni('kube-flannel-ds'), kindnet, cni('aws-node')];
    fc.assert(
      fc.property(fc.subarray(plugins), fc.subarray([admin, newer, stale]), fc.nat(), (workloads, groups, i) => {
        if (settle('admin-network-policy', { workloads, groups }).outcome === 'pass') return;
        const without = workloads.filter((_, n) => n !== i % Math.max(1, workloads.length));
        for (const less of [
          { workloads: without, groups },
          { workloads, groups: groups.slice(1) },
          { workloads: forbidden, groups },
          { workloads, groups: forbidden },
        ])
          expect(['fail', 'abort']).toContain(settle('admin-network-policy', less).outcome);
      }),
    );
  });
});

describe('default-restrictions', () => {
  const unknown = (kind: string): ClusterNetworkPolicies[number] => ({
    group: 'policy.networking.k8s.io',
    kind,
    unavailable: 'forbidden',
    detail: `GET ${kind}: 403`,
  });
  const silent: ClusterNetworkPolicies[number] = {
    group: 'projectcalico.org',
    kind: 'GlobalNetworkPolicy',
    unavailable: 'server-error',
    detail: 'GET /apis: what serves projectcalico.org/v3 does not answer',
  };
  const policy = (kind: string, count: number): ClusterNetworkPolicies[number] => ({
    group: 'policy.networking.k8s.io',
    version: 'v1alpha1',
    kind,
    count,
    names: Array.from({ length: Math.min(count, 20) }, (_, i) => `p${i}`),
  });
  const kyverno = (ready = 1) => workload('Deployment', 'kyverno-background-controller', ready);
  const rows: readonly (readonly [string, Seen, string, string])[] = [
    ['a policy in place', { policies: [policy('AdminNetworkPolicy', 2)] }, 'pass', '2 AdminNetworkPolicy'],
    ['a policy operator that runs', { workloads: [kyverno()] }, 'pass', 'the policy operator Kyverno runs'],
    [
      'Gatekeeper under the names that AKS gives it',
      {
        workloads: [
          workload('Deployment', 'gatekeeper-controller', 2, {
            namespace: 'gatekeeper-system',
            images: ['mcr.microsoft.com/oss/open-policy-agent/gatekeeper:v3.17.1'],
          }),
        ],
      },
      'pass',
      'the policy operator Gatekeeper runs',
    ],
    ['a policy operator that does not run', { workloads: [kyverno(0)] }, 'not-applicable', 'Option not used: .*Kyverno has no ready pod'],
    [
      'only the API: nothing is in place',
      { policies: [policy('AdminNetworkPolicy', 0)] },
      'not-applicable',
      'Option not used: AdminNetworkPolicy .* is served, and 0 policies are in place',
    ],
    ['nothing of the kind', { workloads: [kindnet] }, 'not-applicable', 'Option not used: No API'],
    ['policies that may not be listed', { policies: forbidden, groups: [admin] }, 'abort', '403.*in place is not known'],
    ['policies that may not be listed, beside an operator that runs', { policies: forbidden, workloads: [kyverno()] }, 'pass', 'Kyverno'],
    [
      'a policy in place, and workloads that may not be listed',
      { policies: [policy('AdminNetworkPolicy', 1)], workloads: forbidden },
      'pass',
      '1 AdminNetworkPolicy',
    ],
    ['workloads that may not be listed', { policies: [policy('AdminNetworkPolicy', 0)], workloads: forbidden }, 'abort', '403'],
    ['nothing that may be listed', { policies: forbidden, workloads: forbidden }, 'abort', '403'],
    [
      'a policy in place, beside a kind that may not be listed',
      { policies: [unknown('AdminNetworkPolicy'), policy('ClusterNetworkPolicy', 1)] },
      'pass',
      '1 ClusterNetworkPolicy',
    ],
    [
      'no policy in place, beside a kind that may not be listed',
      { policies: [unknown('AdminNetworkPolicy'), policy('ClusterNetworkPolicy', 0)] },
      'abort',
      'in place is not known: GET AdminNetworkPolicy: 403; grant list adminnetworkpolicies\\.policy\\.networking\\.k8s\\.io$',
    ],
    [
      'an API whose server does not answer',
      { policies: [silent] },
      'abort',
      '^Whether cluster-wide network policies are in place is not known: GET /apis: what serves projectcalico\\.org/v3 does not answer$',
    ],
    ['the same, beside an operator that runs', { policies: [silent], workloads: [kyverno()] }, 'pass', 'Kyverno'],
    ['the same, and workloads that may not be listed', { policies: [silent], workloads: forbidden }, 'abort', '403.*projectcalico'],
    ['an operator that runs, and a kind that may not be listed', { workloads: [kyverno(), unlisted('StatefulSet')] }, 'pass', 'Kyverno'],
    [
      'a policy in place, and a kind of workload that may not be listed',
      { policies: [policy('AdminNetworkPolicy', 1)], workloads: [unlisted('Deployment')] },
      'pass',
      '1 AdminNetworkPolicy',
    ],
    [
      'no operator that is seen, and a kind of workload that may not be listed',
      { policies: [policy('AdminNetworkPolicy', 0)], workloads: [kindnet, unlisted('Deployment')] },
      'abort',
      '^Whether a policy operator runs is not known: GET Deployment: 403; grant list deployments\\.apps$',
    ],
  ];
  test.each(rows)('%s', (_, seen, outcome, message) => {
    expect(settle('default-restrictions', seen)).toMatchObject({ outcome, message: expect.stringMatching(message) });
  });

  test('parts that cannot be had never turn what is open into a pass, nor into an option that is not used', () => {
    const kinds = ['AdminNetworkPolicy', 'BaselineAdminNetworkPolicy', 'ClusterNetworkPolicy'];
    const anyPolicies = fc.array(fc.nat({ max: 1 }), { maxLength: 3 });
    const anyWorkloads = fc.subarray([kyverno(), kyverno(0), kindnet]);
    fc.assert(
      fc.property(anyPolicies, anyWorkloads, fc.nat({ max: 2 }), (counts, workloads, i) => {
        const policies = counts.map((count, n) => policy(kinds[n] ?? '', count));
        const whole = settle('default-restrictions', { policies, workloads }).outcome;
        const hidden = policies.map((one, n) => (n === i ? unknown(kinds[n] ?? '') : one));
        const less = [
          ...(i < policies.length ? [{ policies: hidden, workloads }] : []),
          { policies, workloads: [...workloads.filter(({ kind }) => kind !== 'Deployment'), unlisted('Deployment')] },
        ];
        for (const seen of less) {
          const { outcome } = settle('default-restrictions', seen);
          expect(outcome === whole || outcome === 'abort').toBe(true);
          if (whole === 'not-applicable') expect(outcome).toBe('abort');
        }
      }),
    );
  });

  test.each([
    ['a NetworkPolicy that appears by itself in a new namespace', ['NetworkPolicy scs-kaas-a/default-deny'], 'pass', 'act'],
    [
      'policies for the whole cluster, which are counted anyway',
      ['AdminNetworkPolicy p0', '3 more of AdminNetworkPolicy'],
      'not-applicable',
      'read',
    ],
    ['none', [], 'not-applicable', 'read'],
  ])('the policy matrix sees %s', (_, foreignPolicies, outcome, rung) => {
    const facts = {
      [networkPolicyMatrix.name]: { foreignPolicies },
      [workloads.name]: [],
      [clusterNetworkPolicies.name]: [],
    };
    const own = scs0219v1.requirements.filter((r) => r.id === 'default-restrictions');
    expect(settleOne(own, 'default-restrictions', facts, undefined, 'active')).toMatchObject({ outcome, rung });
  });
});

test.each<[string, object | undefined, readonly string[]]>([
  [
    'answers from some nodes',
    { reached: ['a'], silent: ['b'] },
    ['takes connections of pods on a: metadata of the cloud can be asked for; takes no connection of pods on b'],
  ],
  ['answers from none', { reached: [], silent: ['a', 'b'] }, ['takes no connection of pods on a, b']],
  ['was tried from no pod', { reached: [], silent: [] }, []],
  ['is not in a record of before', undefined, []],
])('the metadata service of a cloud %s: it stands beside the answer, and decides nothing', (_, metadataService, observed) => {
  const facts = {
    [networkPolicyMatrix.name]: { foreignPolicies: [], metadataService },
    [workloads.name]: [],
    [clusterNetworkPolicies.name]: [],
  };
  const own = scs0219v1.requirements.filter((r) => r.id === 'default-restrictions');
  const row = settleOne(own, 'default-restrictions', facts, undefined, 'active');
  expect(row.outcome).toBe('not-applicable');
  expect(row.evidence.filter(({ source }) => source.startsWith('169.254.169.254')).map((e) => e.observed)).toEqual(observed);
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
