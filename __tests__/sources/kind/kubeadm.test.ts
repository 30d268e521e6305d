import { describe, expect, test } from '@jest/globals';
import { parseConfig } from '../../../src/sources/kind/config.js';
import { idlePatches } from '../../../src/sources/kind/kubeadm.js';

const v = (n: number): string => `kubeadm.k8s.io/v1beta${n}`;

describe('patches that kind applies to nothing', () => {
  test.each([
    [
      'the map of before, Kubernetes 1.36',
      '0.33.0',
      'kindest/node:v1.36.3',
      [v(3)],
      /for kubeadm\.k8s\.io\/v1beta3 have no effect: kind 0\.33\.0 writes kubeadm\.k8s\.io\/v1beta4 for Kubernetes 1\.36\.3/,
    ],
    [
      'the list of today, Kubernetes 1.35',
      '0.33.0',
      'kindest/node:v1.35.8@sha256:07b2536e30b803ed61d1677a79df6115f798ce64c80f9e22f6ed45afd09323c0',
      [v(4)],
      /writes kubeadm\.k8s\.io\/v1beta3 for Kubernetes 1\.35\.8/,
    ],
    [
      'a kind of before, Kubernetes 1.36',
      '0.31.0',
      'registry.example:5000/kindest/node:v1.36.0',
      [v(4)],
      /kind 0\.31\.0 writes kubeadm\.k8s\.io\/v1beta3/,
    ],
    ['two versions, of which one fits', '0.33.0', 'kindest/node:v1.37.0', [v(2), v(4)], /for kubeadm\.k8s\.io\/v1beta2 have no effect/],
    ['an old Kubernetes', '0.33.0', 'kindest/node:v1.22.17', [v(3)], /writes kubeadm\.k8s\.io\/v1beta2/],
  ])('%s', (_, kind, image, versions, text) => {
    expect(idlePatches(versions, kind, image)).toMatch(text);
  });
  test.each([
    ['they fit', '0.33.0', 'kindest/node:v1.36.3', [v(4)]],
    ['they fit, before', '0.31.0', 'kindest/node:v1.35.0', [v(3)]],
    ['there are none', '0.33.0', 'kindest/node:v1.36.3', []],
    ['the version of Kubernetes is not known', '0.33.0', 'mine.example/image:latest', [v(3)]],
    ['the configuration names the images', '0.33.0', undefined, [v(3)]],
    ['a build between two releases may do either', '0.32.0-alpha', 'kindest/node:v1.36.0', [v(3)]],
  ])('nothing is said: %s', (_, kind, image, versions) => {
    expect(idlePatches(versions, kind, image)).toBeUndefined();
  });
});

test('the versions of all patches of a configuration', () => {
  const text = `
kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
kubeadmConfigPatches:
  - |
    apiVersion: kubeadm.k8s.io/v1beta3
    kind: ClusterConfiguration
    ---
    apiVersion: kubelet.config.k8s.io/v1beta1
    kind: KubeletConfiguration
  - 'kind: InitConfiguration'
  - '{ unreadable'
  - just text
kubeadmConfigPatchesJSON6902:
  - { group: kubeadm.k8s.io, version: v1beta2, kind: ClusterConfiguration, patch: '[]' }
nodes:
  - role: control-plane
    kubeadmConfigPatches: ["kind: JoinConfiguration\\napiVersion: kubeadm.k8s.io/v1beta4"]
  - role: worker
`;
  expect(parseConfig(text, 'x').kubeadmVersions).toEqual([v(3), v(2), v(4)]);
  expect(parseConfig('kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\n', 'x').kubeadmVersions).toEqual([]);
});
