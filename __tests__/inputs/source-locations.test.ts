import { expect, test } from '@jest/globals';
import { locator } from '../../src/inputs/source-locations.js';
import type { Requirement } from '../../src/model/requirement.js';

const configuredBy = (...words: string[]): Requirement => ({
  id: 'x',
  level: 'MUST',
  title: '',
  clause: '',
  remediation: '',
  ladder: [],
  configuredBy: words,
});

const kind = `kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
nodes:
  - role: control-plane
    kubeadmConfigPatches:
      - |
        kind: ClusterConfiguration
        apiServer:
          extraArgs:
            - { name: max-requests-inflight, value: "300" }
  - role: worker
    labels: { topology.kubernetes.io/zone: zone-1 }
`;

test.each([
  [['topology.kubernetes.io/zone', 'nodes'], 12],
  [['topology.kubernetes.io/region', 'nodes'], 3],
  [['max-requests-inflight'], 10],
  [['control-plane'], 4],
])('%j stands on line %d of a kind configuration', (words, line) => {
  expect(locator([{ file: 'kind.yaml', text: kind }])(configuredBy(...words))).toEqual({ file: 'kind.yaml', line });
});

test('a word that stands nowhere has no line', () => {
  expect(locator([{ file: 'kind.yaml', text: kind }])(configuredBy('etcd'))).toBeUndefined();
  expect(locator([])(configuredBy('nodes'))).toBeUndefined();
});

test('several documents in one file, flags of a command line', () => {
  const text = 'a: 1\n---\nspec:\n  command:\n    - kube-apiserver\n    - --max-requests-inflight=300\n';
  expect(locator([{ file: 'm.yaml', text }])(configuredBy('max-requests-inflight'))).toEqual({ file: 'm.yaml', line: 6 });
});

test('a text that is no YAML', () => {
  expect(locator([{ file: 'm', text: '{ [ "' }])(configuredBy('nodes'))).toBeUndefined();
});
