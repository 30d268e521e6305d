import * as z from 'zod/mini';
import { defineFact, type Fact } from '../model/fact.js';
import { listAll } from './support/list.js';

const rawPod = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    nodeName: z.optional(z.string()),
    hostNetwork: z.optional(z.boolean()),
    containers: z.array(z.object({ command: z.optional(z.array(z.string())), args: z.optional(z.array(z.string())) })),
  }),
  status: z.optional(z.object({ phase: z.optional(z.string()) })),
});

const podSchema = z.object({
  name: z.string(),
  node: z.string(),
  hostNetwork: z.boolean(),
  running: z.boolean(),
  /** Flags that are set, without their dashes; a bare flag is `true`. */
  flags: z.record(z.string(), z.string()),
});
export type ControlPlanePod = z.infer<typeof podSchema>;

/**
 * Reads the flags of a command line, `--name=value`, `--name value` and bare `--name` alike, and keeps those that are judged.
 * @param words command and args of one container
 * @param wanted names without dashes; everything else, paths and tokens among it, stays in the cluster
 */
export const parseFlags = (words: readonly string[], wanted: readonly string[]): Record<string, string> => {
  const flags: Record<string, string> = {};
  words.forEach((word, i) => {
    const match = /^--?([a-z][a-z0-9-]*)(?:=([\s\S]*))?$/i.exec(word);
    const name = match?.[1];
    if (name === undefined || !wanted.includes(name)) return;
    const following = words[i + 1];
    flags[name] = match?.[2] ?? (following !== undefined && !following.startsWith('-') ? following : 'true');
  });
  return flags;
};

const podsOf = (component: 'kube-apiserver' | 'etcd', wanted: readonly string[]): Fact<readonly ControlPlanePod[]> =>
  defineFact({
    name: `${component}-pods`,
    schema: z.readonly(z.array(podSchema)),
    permissions: [{ role: 'read', verb: 'list', group: '', resource: 'pods', namespace: 'kube-system', why: 'flags of the control plane, where its pods can be seen' }],
    collect: async ({ api }) => {
      const path = `/api/v1/namespaces/kube-system/pods?labelSelector=${encodeURIComponent(`component=${component}`)}`;
      const pods = await listAll(api, path, rawPod, (raw): ControlPlanePod => ({
        name: raw.metadata.name,
        node: raw.spec.nodeName ?? '',
        hostNetwork: raw.spec.hostNetwork ?? false,
        running: raw.status?.phase === 'Running',
        flags: parseFlags(raw.spec.containers.flatMap((c) => [...(c.command ?? []), ...(c.args ?? [])]), wanted),
      }));
      return pods.sort((a, b) => (a.name < b.name ? -1 : 1));
    },
  });

/** Flags of the API server that any standard judges. */
export const apiServerFlagNames = [
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
  'max-mutating-requests-inflight',
  'max-requests-inflight',
  'min-request-timeout',
  'oidc-issuer-url',
  'requestheader-client-ca-file',
  'token-auth-file',
] as const;

const etcdFlagNames = [
  'auto-compaction-mode',
  'auto-compaction-retention',
  'cert-file',
  'client-cert-auth',
  'key-file',
  'listen-client-urls',
  'listen-peer-urls',
  'peer-cert-file',
  'peer-client-cert-auth',
  'peer-key-file',
  'peer-trusted-ca-file',
  'trusted-ca-file',
] as const;

/** The API server's pods, sorted by name; empty where the control plane is hosted outside of the cluster. */
export const apiServerPods = podsOf('kube-apiserver', apiServerFlagNames);
/** etcd's pods, sorted by name; empty where etcd is not run in the cluster or is hidden. */
export const etcdPods = podsOf('etcd', etcdFlagNames);
