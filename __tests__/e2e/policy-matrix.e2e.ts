import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { check, down, kubectl, objects, probeImage, up, type JsonReport } from './support.js';

/** The policy matrix on a cluster that takes only pods of the level `restricted`, and whose network is wrong in known ways: `testbed/policy-fault` of the test bed. */

const matrixOf = (report: JsonReport): JsonReport['requirements'][number] =>
  report.requirements.find((r) => r.id === 'scs-0219-v1/network-policy')!;

const probed = async (kubeconfig: string, ...words: readonly string[]): Promise<JsonReport['requirements'][number]> =>
  matrixOf(await check(kubeconfig, '--tier', 'active', '--set', `probe.image=${probeImage}`, '--standards', 'scs-0219-v1', ...words));

const secondsOf = (requirement: JsonReport['requirements'][number]): number =>
  Number(/in (\d+\.\d) s/.exec(requirement.evidence.find((e) => e.source === 'policy matrix')?.observed ?? '')?.[1]);

/** Each fault, and cells that it has to break: a fault that breaks others as well (by ports that are ignored, by rules that add up) is no error. */
const faults: Readonly<Record<string, readonly string[]>> = {
  off: [
    'ingress/default-deny/tcp',
    'egress/default-deny/udp',
    'ingress/pod-label/other-label',
    'egress/block-except/exception',
    'ingress/policy-removed/closes',
  ],
  'no-egress': [
    'egress/default-deny/tcp',
    'egress/namespace-label/other-label',
    'egress/service/other-label',
    'egress/protocol/alone-other',
  ],
  'no-ingress': [
    'ingress/default-deny/tcp',
    'ingress/namespace-label/other-label',
    'ingress/service/other-label',
    'ingress/protocol/alone-other',
  ],
  'no-default-deny': [
    'ingress/default-deny/tcp',
    'egress/default-deny/udp',
    'ingress/one-direction/ingress-alone-denied',
    'egress/one-direction/egress-alone-denied',
  ],
  'no-ports': [
    'ingress/port-number/other-port',
    'egress/port-range/beyond',
    'ingress/named-port/other-port',
    'egress/protocol/alone-other',
  ],
  'no-namespaces': ['ingress/namespace-label/other-label', 'egress/both-labels/pod-alone'],
  'no-except': ['ingress/block-except/exception', 'egress/block-except/exception'],
  'no-udp': ['ingress/default-deny/udp', 'egress/pod-label/other-label-udp', 'ingress/protocol/other-udp'],
  'labels-not-live': [
    'ingress/pod-relabelled/gains',
    'egress/pod-relabelled/loses',
    'ingress/namespace-relabelled/loses',
    'egress/namespace-relabelled/gains',
  ],
  'named-ports-unset': ['ingress/named-port/port', 'egress/named-port/port'],
};

/** By itself a part of them, each of another kind: all take half an hour. `SCS_KAAS_E2E=full` runs every one, on one node and on all. */
const full = process.env['SCS_KAAS_E2E'] === 'full';
const quick = ['no-egress', 'no-ports', 'no-udp', 'labels-not-live', 'named-ports-unset'];
const chosen = Object.entries(faults).filter(([fault]) => full || quick.includes(fault));
/** The test bed enforces within a second: what takes longer than this is wrong. */
const patience = ['--set', 'probe.patience=8s'];

const brokenIn = (requirement: JsonReport['requirements'][number]): readonly string[] =>
  (requirement.table?.rows ?? []).filter((row) => row[5] !== row[6]).map((row) => row[0] ?? '');

const settle = (): Promise<void> => new Promise((done) => setTimeout(done, 3_000));

let kubeconfig = '';
beforeAll(() => {
  kubeconfig = up('strict');
});
afterAll(() => {
  if (process.env['TESTBED_KEEP'] !== '1') down('strict');
});

describe('three nodes, two of which take pods', () => {
  const label = (nodes: readonly string[], fault: string | undefined): void => {
    kubectl(kubeconfig, ['label', 'nodes', '--all', 'testbed/policy-fault-']);
    if (fault !== undefined) kubectl(kubeconfig, ['label', 'nodes', ...nodes, `testbed/policy-fault=${fault}`]);
  };
  afterAll(() => label([], undefined));

  test('a network that enforces is not refuted, and nothing is left behind', async () => {
    const before = objects(kubeconfig);
    const matrix = await probed(kubeconfig);
    expect(matrix).toMatchObject({ outcome: 'missing' });
    expect(matrix.message).toMatch(
      /^the policy matrix held in 448 cells on all 2 nodes that take pods.*only the tests of Kubernetes prove it/,
    );
    expect(objects(kubeconfig)).toEqual(before);
    // The promise is 40 s on a machine that does nothing else; a test must not fail by another's load.
    expect(secondsOf(matrix)).toBeLessThan(120);
  });

  test.each(chosen)('%s on one node: the node is named, and the cells', async (fault, cells) => {
    label(['strict-worker2'], fault);
    await settle();
    const matrix = await probed(kubeconfig, ...patience);
    expect(matrix.outcome).toBe('fail');
    expect(matrix.message).toMatch(/not as expected on strict-worker2: /);
    expect(brokenIn(matrix)).toEqual(expect.arrayContaining([...cells]));
  });

  (full ? test : test.skip).each(chosen)('%s on every node', async (fault, cells) => {
    label(['--all'], fault);
    await settle();
    const matrix = await probed(kubeconfig, ...patience);
    expect(matrix.outcome).toBe('fail');
    expect(matrix.message).toMatch(/not as expected on every node: /);
    expect(brokenIn(matrix)).toEqual(expect.arrayContaining([...cells]));
  });

  test('nothing is enforced on any node, and something answers where clouds have their metadata', async () => {
    label(['--all'], 'off');
    await settle();
    // The node answers in the place of a cloud: what a pod sends to that address comes to kube-proxy's own port.
    const toProxy = ['PREROUTING', '-d', '169.254.169.254', '-p', 'tcp', '--dport', '80', '-j', 'REDIRECT', '--to-ports', '10256'];
    const rule = (how: '-A' | '-D'): void => {
      execFileSync('docker', ['exec', 'strict-worker', 'iptables', '-t', 'nat', how, ...toProxy]);
    };
    rule('-A');
    const words = ['--tier', 'active', '--set', `probe.image=${probeImage}`, '--standards', 'scs-0219-v1', ...patience];
    const report = await check(kubeconfig, ...words).finally(() => rule('-D'));
    const restrictions = report.requirements.find((r) => r.id === 'scs-0219-v1/default-restrictions');
    expect(restrictions?.outcome).toBe('not-applicable');
    expect(restrictions?.evidence.find(({ source }) => source.startsWith('169.254.169.254'))?.observed).toBe(
      'takes connections of pods on strict-worker: metadata of the cloud can be asked for; takes no connection of pods on strict-worker2',
    );
    const matrix = matrixOf(report);
    expect(matrix.outcome).toBe('fail');
    expect(matrix.message).toMatch(/^policy matrix: no policy has any effect: 224 of 448 cells not as expected on every node/);
  });

  test('enforcement that takes five seconds is enforcement, and the report says how late it was', async () => {
    label(['--all'], 'slow');
    await settle();
    const matrix = await probed(kubeconfig);
    expect(matrix.outcome).toBe('missing');
    const late = Number(/takes effect late: after up to (\d+\.\d) s/.exec(matrix.message)?.[1]);
    expect(late).toBeGreaterThan(4);
  });

  test('no node takes pods: abort, and nothing is made', async () => {
    label([], undefined);
    kubectl(kubeconfig, ['cordon', 'strict-worker', 'strict-worker2']);
    try {
      const matrix = await probed(kubeconfig);
      expect(matrix.outcome).toBe('abort');
      expect(matrix.message).toMatch(/no node takes pods: .*strict-worker \(cordoned\), strict-worker2 \(cordoned\)/);
    } finally {
      kubectl(kubeconfig, ['uncordon', 'strict-worker', 'strict-worker2']);
    }
  });

  test('one node of two is cordoned: the other is probed, and the report says what was left out, and what one node cannot show', async () => {
    kubectl(kubeconfig, ['cordon', 'strict-worker2']);
    try {
      const matrix = await probed(kubeconfig);
      expect(matrix.outcome).toBe('missing');
      expect(matrix.message).toMatch(/on its one node that takes pods.*not shown: traffic across nodes/);
      expect(matrix.evidence).toContainEqual({ source: 'node strict-worker2', observed: 'left out: cordoned' });
    } finally {
      kubectl(kubeconfig, ['uncordon', 'strict-worker2']);
    }
  });

  test('an image that cannot be pulled: two failed pulls are an answer, with the image, the nodes and the inputs that help', async () => {
    const matrix = matrixOf(
      await check(kubeconfig, '--tier', 'active', '--set', 'probe.image=127.0.0.1:1/nothing:1', '--standards', 'scs-0219-v1'),
    );
    expect(matrix.outcome).toBe('abort');
    expect(matrix.message).toMatch(
      /None of 16 pods started within \d+ s: .* on strict-worker, strict-worker2: the image "127\.0\.0\.1:1\/nothing:1" cannot be pulled \(ErrImagePull\).*`probe\.registry`.*`probe\.image`/,
    );
    // From the first pod to the answer.
    expect(Number(/started within (\d+) s/.exec(matrix.message)?.[1])).toBeLessThanOrEqual(45);
  });

  test('a cluster without DNS: that cell is open, and so is the whole', async () => {
    kubectl(kubeconfig, ['scale', '-n', 'kube-system', 'deployment/coredns', '--replicas=0']);
    kubectl(kubeconfig, ['wait', '-n', 'kube-system', '--for=delete', 'pod', '-l', 'k8s-app=kube-dns', '--timeout=60s']);
    try {
      const matrix = await probed(kubeconfig);
      expect(matrix.outcome).toBe('abort');
      expect(matrix.message).toMatch(/^policy matrix: 2 of 448 cells could not be probed: egress\/dns\/name \(.*the cluster has no DNS/);
    } finally {
      kubectl(kubeconfig, ['scale', '-n', 'kube-system', 'deployment/coredns', '--replicas=2']);
    }
  });
});

/** Does to every new namespace what some clusters do, until it is stopped. */
const controller = (kubeconfig: string, manifest: (namespace: string) => string): (() => Promise<void>) => {
  const stop = new AbortController();
  const done = new Set<string>();
  const work = (async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const names = kubectl(kubeconfig, ['get', 'namespaces', '-o', 'jsonpath={.items[?(@.status.phase=="Active")].metadata.name}']).split(
        ' ',
      );
      for (const name of names.filter((n) => n.startsWith('scs-kaas-') && !done.has(n))) {
        done.add(name);
        try {
          kubectl(kubeconfig, ['apply', '-n', name, '-f', '-'], manifest(name));
        } catch {
          // It is gone already.
        }
      }
      await new Promise((next) => setTimeout(next, 200));
    }
  })();
  return async () => {
    stop.abort();
    await work;
    expect(done.size).toBeGreaterThan(0);
  };
};

const denials = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: default-deny }
spec: { podSelector: {}, policyTypes: [Ingress, Egress] }
`;
const quota = `
apiVersion: v1
kind: ResourceQuota
metadata: { name: quota }
spec: { hard: { requests.cpu: '1', limits.cpu: '4', requests.memory: 1Gi, limits.memory: 2Gi, pods: '20', services: '10' } }
---
apiVersion: v1
kind: LimitRange
metadata: { name: range }
spec: { limits: [{ type: Container, default: { cpu: 500m, memory: 256Mi }, defaultRequest: { cpu: 100m, memory: 64Mi }, max: { cpu: '1', memory: 1Gi } }] }
`;
const opening = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: allow-same-namespace }
spec: { podSelector: {}, policyTypes: [Ingress], ingress: [{ from: [{ podSelector: {} }] }] }
`;

const refusal = `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: no-guests }
spec:
  failurePolicy: Fail
  matchConstraints: { resourceRules: [{ apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods] }] }
  validations: [{ expression: '!object.metadata.?namespace.orValue("").startsWith("scs-kaas-")', message: no guests in this cluster }]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: no-guests }
spec: { policyName: no-guests, validationActions: [Deny] }
`;
const webhook = (url: string): string => `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: { name: hangs }
webhooks:
  - name: hangs.example.com
    clientConfig: { url: '${url}' }
    rules: [{ apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods] }]
    failurePolicy: Fail
    sideEffects: None
    timeoutSeconds: 10
    admissionReviewVersions: [v1]
`;

describe('a cluster with further rules of its own', () => {
  test('with a quota, limits, and a policy that denies everything in every new namespace', async () => {
    const stop = controller(kubeconfig, () => `${quota}---${denials}`);
    const matrix = await probed(kubeconfig).finally(stop);
    expect(matrix.message).toMatch(/^the policy matrix held in 448 cells/);
    expect(matrix.outcome).toBe('missing');
    expect(matrix.evidence.some((e) => e.source === 'policy of others' && e.observed.includes('default-deny'))).toBe(true);
  });

  test('with a policy that lets something through in every new namespace: what is seen would be its doing', async () => {
    const stop = controller(kubeconfig, () => opening);
    const matrix = await probed(kubeconfig).finally(stop);
    expect(matrix.outcome).toBe('abort');
    expect(matrix.message).toMatch(/somebody puts policies with rules into every new namespace.*allow-same-namespace/);
  });

  test('admission that refuses our pods: its own reason, at once', async () => {
    kubectl(kubeconfig, ['apply', '-f', '-'], refusal);
    await settle();
    const began = Date.now();
    try {
      const matrix = await probed(kubeconfig);
      expect(matrix.outcome).toBe('abort');
      expect(matrix.message).toMatch(/(403|422) .*no guests in this cluster/);
      expect(Date.now() - began).toBeLessThan(60_000);
    } finally {
      kubectl(kubeconfig, ['delete', '-f', '-'], refusal);
    }
  });

  test('an admission webhook that hangs: its own reason within a minute and a half', async () => {
    // It takes every connection, and never says a word.
    const server = createServer(() => undefined);
    const gateway = execFileSync('docker', ['network', 'inspect', 'kind', '-f', '{{range .IPAM.Config}}{{.Gateway}} {{end}}'], {
      encoding: 'utf8',
    })
      .split(/\s+/)
      .find((address) => address.includes('.'))!;
    await new Promise<void>((done) => server.listen(0, gateway, done));
    const { port } = server.address() as AddressInfo;
    const hanging = webhook(`https://${gateway}:${port}/`);
    kubectl(kubeconfig, ['apply', '-f', '-'], hanging);
    await settle();
    const began = Date.now();
    try {
      const matrix = await probed(kubeconfig);
      expect(matrix.outcome).toBe('abort');
      expect(matrix.message).toMatch(/failed calling webhook "hangs\.example\.com".*an admission webhook does not answer/);
      expect(Date.now() - began).toBeLessThan(90_000);
    } finally {
      kubectl(kubeconfig, ['delete', '-f', '-'], hanging);
      server.close();
    }
  });
});
