import * as z from 'zod/mini';
import { defineFact, type Permission } from '../model/fact.js';
import type { Api } from '../model/ports.js';
import { parseEtcdVariables, parseFlags } from './support/flags.js';
import { listAll } from './support/list.js';
import { bounded } from './support/text.js';

const rawContainer = z.object({
  name: z.optional(z.string()),
  image: z.optional(z.string()),
  command: z.optional(z.array(z.string())),
  args: z.optional(z.array(z.string())),
  env: z.optional(z.array(z.object({ name: z.string(), value: z.optional(z.string()) }))),
});
const rawPod = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    nodeName: z.optional(z.string()),
    hostNetwork: z.optional(z.boolean()),
    restartPolicy: z.optional(z.string()),
    containers: z.array(rawContainer),
  }),
  status: z.optional(z.object({ phase: z.optional(z.string()) })),
});
type RawContainer = z.infer<typeof rawContainer>;
type RawPod = z.infer<typeof rawPod>;

const podSchema = z.object({
  name: z.string(),
  node: z.string(),
  hostNetwork: z.boolean(),
  running: z.boolean(),
  /** Flags that are set, without their dashes; a bare flag is `true`. etcd's environment variables count as flags. */
  flags: z.record(z.string(), z.string()),
});
export type ControlPlanePod = z.infer<typeof podSchema>;
type Component = 'kube-apiserver' | 'etcd';

/** The last part of a path or an image, without tag and digest: `registry.k8s.io/etcd:3.6.8-0` is `etcd`. */
const baseName = (path: string | undefined): string => (path ?? '').split('/').at(-1)?.split(/[:@]/)[0] ?? '';
/** Some makers publish one image for each. */
const architecture = /-(?:amd64|arm64|ppc64le|s390x)$/;
const isComponent = (container: RawContainer, component: Component): boolean =>
  baseName(container.command?.[0]) === component || baseName(container.image).replace(architecture, '') === component;

/** What separates words of a shell's command. */
const betweenWords = /[\s;&|()"'`]+/;

/**
 * Whether a pod runs a component: one of its images, or a word of a command, is that program. The word may stand behind a wrapper
 * (`/go-runner ... kube-apiserver`) or in a line of a shell. A label does not tell: whoever may change the labels of pods could make any pod
 * an API server.
 */
const runs = (raw: RawPod, component: Component): boolean =>
  raw.spec.containers.some(
    (c) =>
      isComponent(c, component) ||
      [...(c.command ?? []), ...(c.args ?? [])].some((text) =>
        text.split(betweenWords).some((word) => !word.startsWith('-') && baseName(word) === component),
      ),
  );

const trimmed = (raw: RawPod, component: Component, wanted: readonly string[]): ControlPlanePod => {
  // A sidecar's flags may have the same names: where the component's own container can be told, only that one speaks.
  const own = raw.spec.containers.filter((c) => c.name === component || isComponent(c, component));
  const containers = own.length > 0 ? own : raw.spec.containers;
  const words = containers.flatMap((c) => [...(c.command ?? []), ...(c.args ?? [])]);
  // etcd reads variables too, and flags win over them (etcd documentation, "Configuration options").
  const variables =
    component === 'etcd'
      ? parseEtcdVariables(
          containers.flatMap((c) => c.env ?? []),
          wanted,
        )
      : {};
  return {
    name: bounded(raw.metadata.name),
    node: bounded(raw.spec.nodeName ?? ''),
    hostNetwork: raw.spec.hostNetwork ?? false,
    running: raw.status?.phase === 'Running',
    flags: { ...variables, ...parseFlags(words, wanted) },
  };
};

const path = '/api/v1/namespaces/kube-system/pods';
const permissions: readonly Permission[] = [
  {
    role: 'read',
    verb: 'list',
    group: '',
    resource: 'pods',
    namespace: 'kube-system',
    why: 'flags of the control plane, where its pods can be seen',
  },
];
const byName = (pods: readonly ControlPlanePod[]): readonly ControlPlanePod[] => [...pods].sort((a, b) => (a.name < b.name ? -1 : 1));
/** The pods with the component's label: kubeadm, and what builds on it, sets it. */
const labelled = async (api: Api, component: Component, wanted: readonly string[]): Promise<readonly ControlPlanePod[]> =>
  (
    await listAll(api, path, rawPod, (raw) => (runs(raw, component) ? trimmed(raw, component, wanted) : undefined), {
      labels: { component },
    })
  ).filter((pod) => pod !== undefined);

/** Flags of the API server that any standard judges. */
export const apiServerFlagNames = [
  'admission-control',
  'authorization-config',
  'authorization-mode',
  'authentication-config',
  'authentication-token-webhook-config-file',
  'client-ca-file',
  'disable-admission-plugins',
  'enable-admission-plugins',
  'enable-priority-and-fairness',
  'etcd-cafile',
  'etcd-certfile',
  'etcd-keyfile',
  'etcd-servers',
  'etcd-servers-overrides',
  'max-mutating-requests-inflight',
  'max-requests-inflight',
  'min-request-timeout',
  'oidc-issuer-url',
  'requestheader-client-ca-file',
  'service-cluster-ip-range',
  'token-auth-file',
] as const;

const etcdFlagNames = [
  'auto-compaction-mode',
  'auto-compaction-retention',
  'auto-tls',
  'cert-file',
  'client-cert-auth',
  'config-file',
  'key-file',
  'listen-client-urls',
  'listen-peer-urls',
  'peer-auto-tls',
  'peer-cert-file',
  'peer-client-cert-auth',
  'peer-key-file',
  'peer-trusted-ca-file',
  'trusted-ca-file',
] as const;

/** The API server's pods, sorted by name; empty where the control plane is hosted outside of the cluster. */
export const apiServerPods = defineFact({
  name: 'kube-apiserver-pods',
  schema: z.readonly(z.array(podSchema)),
  permissions,
  collect: async ({ api }) => byName(await labelled(api, 'kube-apiserver', apiServerFlagNames)),
});

/** No control plane has more nodes; every one costs a request. */
const mostControlPlaneNodes = 20;

/**
 * etcd's pods, sorted by name; empty where etcd is not run in the cluster or is hidden.
 * By label; where no pod has it, by image or command among the pods of the nodes that run an API server: kube-system as a whole may
 * hold tens of thousands of pods. What is to end is no server: a backup runs in etcd's image, too.
 */
export const etcdPods = defineFact({
  name: 'etcd-pods',
  schema: z.readonly(z.array(podSchema)),
  permissions,
  collect: async ({ api, fact }) => {
    const found = await labelled(api, 'etcd', etcdFlagNames);
    if (found.length > 0) return byName(found);
    const hosts = [...new Set((await fact(apiServerPods)).map((pod) => pod.node))]
      .filter((node) => node !== '')
      .slice(0, mostControlPlaneNodes);
    const lists = await Promise.all(
      hosts.map((node) =>
        listAll(
          api,
          path,
          rawPod,
          (raw) =>
            (raw.spec.restartPolicy ?? 'Always') === 'Always' && raw.spec.containers.some((c) => isComponent(c, 'etcd'))
              ? trimmed(raw, 'etcd', etcdFlagNames)
              : undefined,
          { fields: { 'spec.nodeName': node } },
        ),
      ),
    );
    return byName(lists.flat().filter((pod) => pod !== undefined));
  },
});
