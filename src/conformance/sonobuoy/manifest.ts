import { stringify } from 'yaml';
import * as z from 'zod/mini';
import { UserError } from '../../model/errors.js';
import { readYaml } from '../../text/read-yaml.js';
import { aggregator, e2eLabels, focusOfSettings, runNamespace, type RunSettings } from './identity.js';

/** Images in the place of those that Sonobuoy would take. */
export interface RunImages {
  readonly sonobuoy?: string | undefined;
  readonly conformance?: string | undefined;
  /** A mirror of registry.k8s.io: the same images under the same paths, the tests' own among them. */
  readonly registry?: string | undefined;
}

/** Where the tests report how far they are; Sonobuoy's own default, which other arguments would take out. */
const progressUrl = 'http://localhost:8099/progress';
/**
 * Leaves nothing out. Without any pattern the image of the tests, in parallel, leaves out all that are `[Serial]`, without a word: some of the
 * conformance tests are (Kubernetes' test/conformance/image/go-runner/cmd.go).
 */
const nothingSkipped = 'no test has this name';
/** Sonobuoy ends the tests by itself after so long; it is no limit for those who wait. */
const longestSeconds = 24 * 3_600;

/** The version of the tests for that of a server: `v1.36.3` of `v1.36.3+k3s1` or `v1.36.3-gke.100`; pre-releases keep their suffix. */
export const testVersion = (gitVersion: string): string | undefined => /^v\d+\.\d+\.\d+(?:-(?:alpha|beta|rc)\.\d+)?/.exec(gitVersion)?.[0];

/**
 * Where the tests find the images that they pull, and what each place is below registry.k8s.io (Kubernetes' test/utils/image/manifest.go). What
 * a version does not know it leaves out; the registries that have to be wrong, or to want a password, stay what they are.
 */
const registries = {
  promoterE2eRegistry: '/e2e-test-images',
  buildImageRegistry: '/build-image',
  gcEtcdRegistry: '',
  gcRegistry: '',
  sigStorageRegistry: '/sig-storage',
  cloudProviderGcpRegistry: '/cloud-provider-gcp',
} as const;

/**
 * The list of registries for a mirror, as the tests read it (`KUBE_TEST_REPO_LIST`). Not `KUBE_TEST_REPO`, which wants all images in one
 * repository, under tags that hold hashes.
 * @param mirror of registry.k8s.io, without a slash at the end
 */
export const registryList = (mirror: string): string =>
  stringify(Object.fromEntries(Object.entries(registries).map(([name, path]) => [name, `${mirror}${path}`])));

/**
 * The arguments of `sonobuoy gen` for a run: the plugin e2e alone, and every setting that decides about results said in so many words.
 * @param version of the tests, e.g. `v1.36.3`
 * @param program Sonobuoy's own version, without `v`
 * @param list the file of `registryList`, where there is a mirror; its name goes into the cluster
 */
export const generateArguments = (
  settings: RunSettings,
  images: RunImages,
  version: string,
  program: string,
  list?: string,
): readonly string[] => {
  const { processes, skip, flakeAttempts } = settings;
  const env: Readonly<Record<string, string>> = {
    E2E_FOCUS: focusOfSettings(settings),
    E2E_SKIP: skip === '' ? nothingSkipped : skip,
    E2E_PARALLEL: processes === 1 ? 'false' : 'true',
    E2E_EXTRA_ARGS: `--progress-report-url=${progressUrl} --ginkgo.flake-attempts=${flakeAttempts}`,
    // Verbose: the end of each test is a line of the log, by which progress is told.
    E2E_EXTRA_GINKGO_ARGS: `--v --no-color${processes > 1 ? ` --procs=${processes}` : ''}`,
  };
  return [
    'gen',
    ...['--namespace', runNamespace, '--plugin', 'e2e', '--kubernetes-version', version, '--rbac', 'enable'],
    ...['--image-pull-policy', 'IfNotPresent', '--timeout', String(longestSeconds)],
    ...['--sonobuoy-image', images.sonobuoy ?? `sonobuoy/sonobuoy:v${program}`],
    ...['--kube-conformance-image', images.conformance ?? `${images.registry ?? 'registry.k8s.io'}/conformance:${version}`],
    ...(list === undefined ? [] : ['--e2e-repo-config', list]),
    ...Object.entries(env).flatMap(([name, value]) => ['--plugin-env', `e2e.${name}=${value}`]),
  ];
};

/** Where each kind of object is created. */
const places: Readonly<Record<string, string>> = {
  Namespace: '/api/v1/namespaces',
  ServiceAccount: `/api/v1/namespaces/${runNamespace}/serviceaccounts`,
  ClusterRole: '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  ClusterRoleBinding: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
  ConfigMap: `/api/v1/namespaces/${runNamespace}/configmaps`,
  Service: `/api/v1/namespaces/${runNamespace}/services`,
  Pod: `/api/v1/namespaces/${runNamespace}/pods`,
};
const order = Object.keys(places);

const objectSchema = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.optional(z.string()),
    labels: z.optional(z.record(z.string(), z.string())),
    annotations: z.optional(z.record(z.string(), z.string())),
  }),
});
export type ManifestObject = z.infer<typeof objectSchema>;

const clusterScoped = ['Namespace', 'ClusterRole', 'ClusterRoleBinding'];

const strange = (why: string): UserError =>
  new UserError([`What "sonobuoy gen" prints cannot be used: ${why}. Take another version of Sonobuoy ("e2e.sonobuoy.version").`]);

const readDocuments = (text: string): readonly unknown[] => {
  const read = readYaml(text, { aliases: 0 });
  if ('problems' in read) throw strange(read.problems[0] ?? '');
  if (read.documents.length === 0) throw strange('it is empty');
  return read.documents.filter((value) => value !== null);
};

/**
 * Reads what `sonobuoy gen` prints, and marks its objects as ours.
 * @returns the objects in the order in which they are made: the namespace first, the pod last
 * @throws {UserError} where it holds anything else than it always has held: nothing unknown is made in anyone's cluster
 */
export const parseManifest = (text: string): readonly ManifestObject[] => {
  const raw = readDocuments(text);
  const objects = raw.map((value) => {
    const parsed = objectSchema.safeParse(value);
    if (!parsed.success) throw strange('it holds something that is no object of Kubernetes');
    const { kind, metadata } = parsed.data;
    if (places[kind] === undefined) throw strange(`it holds a ${kind.slice(0, 60)}`);
    const scoped = clusterScoped.includes(kind) ? metadata.namespace === undefined : metadata.namespace === runNamespace;
    if (!scoped || (kind === 'Namespace' && metadata.name !== runNamespace) || (kind === 'Pod' && metadata.name !== aggregator))
      throw strange(`its ${kind} is of another name or namespace`);
    return { ...parsed.data, metadata: { ...metadata, labels: { ...metadata.labels, ...e2eLabels } } };
  });
  for (const kind of ['Namespace', 'Pod'])
    if (objects.filter((object) => object.kind === kind).length !== 1) throw strange(`it holds not one ${kind}`);
  return [...objects].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
};

/** Where an object of a manifest is created. */
export const collectionPath = (object: ManifestObject): string => places[object.kind] ?? '';
