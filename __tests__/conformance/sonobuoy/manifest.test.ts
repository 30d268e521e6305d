import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { e2eLabels, focusOfSettings, type RunSettings } from '../../../src/conformance/sonobuoy/identity.js';
import { generateArguments, collectionPath, registryList, testVersion, parseManifest } from '../../../src/conformance/sonobuoy/manifest.js';
import { generated } from '../../helpers/fake-sonobuoy.js';

const settings: RunSettings = { suites: ['conformance', 'network-policy'], focus: '', skip: 'SCTP', processes: 0, flakeAttempts: 2 };
const environment = (given: Partial<RunSettings>): Record<string, string> => {
  const args = generateArguments({ ...settings, ...given }, {}, 'v1.36.3', '0.57.5');
  return Object.fromEntries(
    args.filter((arg) => arg.startsWith('e2e.')).map((arg) => [arg.slice(4, arg.indexOf('=')), arg.slice(arg.indexOf('=') + 1)]),
  );
};
const after = (args: readonly string[], flag: string): string | undefined => args[args.indexOf(flag) + 1];

describe('what Sonobuoy is asked for', () => {
  test('both suites in one run, in parallel, as upstream’s scope has it', () => {
    expect(environment({})).toMatchObject({ E2E_FOCUS: '\\[Conformance\\]|NetworkPolicy', E2E_SKIP: 'SCTP', E2E_PARALLEL: 'true' });
    expect(environment({})['E2E_EXTRA_ARGS']).toContain('--ginkgo.flake-attempts=2');
  });
  test('that progress is still reported, which other arguments would switch off', () => {
    expect(environment({})['E2E_EXTRA_ARGS']).toContain('--progress-report-url=http://localhost:8099/progress');
  });
  test.each([
    [1, 'false', '--v --no-color'],
    [4, 'true', '--v --no-color --procs=4'],
  ])('%d tests at once', (processes, parallel, ginkgo) => {
    expect(environment({ processes })).toMatchObject({ E2E_PARALLEL: parallel, E2E_EXTRA_GINKGO_ARGS: ginkgo });
  });
  test('nothing is left out by an empty pattern, for which the image would leave out all that is [Serial]', () => {
    const skip = environment({ skip: '' })['E2E_SKIP'] ?? '';
    expect(skip).not.toBe('');
    expect('[It] [sig-apps] Daemon set [Serial] should rollback [Conformance]').not.toMatch(new RegExp(skip));
  });
  test('a focus goes before the suites', () => {
    expect(focusOfSettings({ ...settings, focus: 'Pods should' })).toBe('Pods should');
  });
  test('only the plugin e2e, and the images of the versions', () => {
    const args = generateArguments(settings, {}, 'v1.36.3', '0.57.5');
    expect(args.filter((arg) => arg === '--plugin')).toHaveLength(1);
    expect(after(args, '--plugin')).toBe('e2e');
    expect(after(args, '--sonobuoy-image')).toBe('sonobuoy/sonobuoy:v0.57.5');
    expect(after(args, '--kube-conformance-image')).toBe('registry.k8s.io/conformance:v1.36.3');
  });
  test('images of a mirror, for the tests’ own pods too', () => {
    const args = generateArguments(
      settings,
      { registry: 'mirror.example/k8s', sonobuoy: 'mirror.example/sonobuoy@sha256:1' },
      'v1.36.3',
      '0.57.5',
      '/run/registries.yaml',
    );
    expect(after(args, '--sonobuoy-image')).toBe('mirror.example/sonobuoy@sha256:1');
    expect(after(args, '--kube-conformance-image')).toBe('mirror.example/k8s/conformance:v1.36.3');
    expect(after(args, '--e2e-repo-config')).toBe('/run/registries.yaml');
    // It would want all images in one repository, under tags that hold hashes.
    expect(args.join(' ')).not.toContain('KUBE_TEST_REPO=');
  });
  test('no list of registries without a mirror', () => {
    expect(generateArguments(settings, {}, 'v1.36.3', '0.57.5')).not.toContain('--e2e-repo-config');
  });
  test.each(['mirror.example', 'mirror.example:5000/k8s'])('the mirror %s has the paths of registry.k8s.io', (mirror) => {
    expect(parse(registryList(mirror))).toEqual({
      promoterE2eRegistry: `${mirror}/e2e-test-images`,
      buildImageRegistry: `${mirror}/build-image`,
      gcEtcdRegistry: mirror,
      gcRegistry: mirror,
      sigStorageRegistry: `${mirror}/sig-storage`,
      cloudProviderGcpRegistry: `${mirror}/cloud-provider-gcp`,
    });
  });
});

test.each([
  ['v1.36.3', 'v1.36.3'],
  ['v1.33.1+k3s1', 'v1.33.1'],
  ['v1.31.4-gke.1256000', 'v1.31.4'],
  ['v1.30.8-eks-2d5f260', 'v1.30.8'],
  ['v1.37.0-rc.1', 'v1.37.0-rc.1'],
  ['v1.37.0-alpha.2.13+1234', 'v1.37.0-alpha.2'],
  ['1.36', undefined],
  ['', undefined],
])('the tests for a server of %j are those of %s', (server, tests) => expect(testVersion(server)).toBe(tests));

describe('what Sonobuoy prints', () => {
  test('is made in order, the namespace first and the pod last, and all of it is marked', () => {
    const objects = parseManifest(generated());
    expect(objects.map(({ kind }) => kind)).toEqual([
      'Namespace',
      'ServiceAccount',
      'ClusterRole',
      'ClusterRoleBinding',
      'ConfigMap',
      'Service',
      'Pod',
    ]);
    for (const { metadata } of objects) expect(metadata.labels).toMatchObject(e2eLabels);
    expect(objects.map(collectionPath)).toContain('/apis/rbac.authorization.k8s.io/v1/clusterroles');
  });
  const more = (object: object): string => `${generated()}\n---\n${JSON.stringify(object)}`;
  test.each([
    ['nothing', ''],
    ['a warning', 'level=warning msg="no such plugin"'],
    ['no YAML', 'a: b: c'],
    ['aliases', `${generated()}\n---\na: &a {}\nb: *a`],
    ['an object of another kind', more({ kind: 'DaemonSet', metadata: { name: 'x', namespace: 'scs-kaas-sonobuoy' } })],
    ['an object in somebody else’s namespace', more({ kind: 'ConfigMap', metadata: { name: 'x', namespace: 'kube-system' } })],
    ['an object in no namespace', more({ kind: 'ConfigMap', metadata: { name: 'x' } })],
    ['another namespace', generated('sonobuoy')],
    ['a second pod', more({ kind: 'Pod', metadata: { name: 'other', namespace: 'scs-kaas-sonobuoy' } })],
    ['no pod', generated().replace('"kind":"Pod"', '"kind":"ConfigMap"')],
  ])('is refused: %s', (_, text) => expect(() => parseManifest(text)).toThrow(/What "sonobuoy gen" prints cannot be used/));
});
