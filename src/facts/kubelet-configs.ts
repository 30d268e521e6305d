import * as z from 'zod/mini';
import { NotAvailable } from '../model/errors.js';
import { defineFact, unavailableReasons } from '../model/fact.js';
import type { Api } from '../model/ports.js';
import { nodes, type Node } from './nodes.js';
import { ask } from './support/answers.js';

/** From here on a sample is asked: every question goes through the API server to one kubelet. */
export const mostKubelets = 50;

const configSchema = z.object({
  /** The kubelet renews its client certificate. */
  rotateCertificates: z.boolean(),
  /** The kubelet asks the cluster for its serving certificate, and renews it. */
  serverTLSBootstrap: z.boolean(),
  /** 0: closed. */
  readOnlyPort: z.number(),
  /** `authentication.anonymous.enabled`; null where the answer does not show it, which proves nothing. */
  anonymous: z.nullable(z.boolean()),
  /** `authorization.mode`; null where the answer does not show it. */
  authorizationMode: z.nullable(z.string()),
  /** True where `tlsCertFile` is set; the path stays in the cluster. */
  tlsCertFile: z.boolean(),
});
export type KubeletConfig = z.infer<typeof configSchema>;

const schema = z.object({
  /** How many nodes the cluster has. */
  total: z.number(),
  /** Names of the nodes that were asked, sorted. */
  asked: z.readonly(z.array(z.string())),
  /** True where not all were asked. */
  sampled: z.boolean(),
  /** One entry per asked node, sorted by name: its configuration, or why it could not be read. */
  nodes: z.readonly(
    z.array(
      z.object({
        node: z.string(),
        config: z.optional(configSchema),
        unavailable: z.optional(z.object({ unavailable: z.enum(unavailableReasons), detail: z.string() })),
      }),
    ),
  ),
});
export type KubeletConfigs = z.infer<typeof schema>;

/**
 * `KubeletConfiguration` of kubelet.config.k8s.io/v1beta1, as `/configz` shows it: defaults are filled in, and fields whose Go zero value is
 * omitted (`false`, `0`, `''`) are absent keys. The two structs are never omitted, nor is the port, which cannot be 0: an answer without
 * them is cut, filtered or something else's, and its absent keys mean nothing.
 */
const rawConfig = z.object({
  port: z.number().check(z.minimum(1)),
  rotateCertificates: z.optional(z.boolean()),
  serverTLSBootstrap: z.optional(z.boolean()),
  readOnlyPort: z.optional(z.number()),
  authentication: z.object({ anonymous: z.optional(z.object({ enabled: z.optional(z.boolean()) })) }),
  authorization: z.object({ mode: z.optional(z.string()) }),
  tlsCertFile: z.optional(z.string()),
});
const rawConfigz = z.object({ kubeletconfig: rawConfig });

/** Trims one kubelet's configuration to what is judged. `anonymous.enabled` is a pointer in Go: absent is unknown, not false. */
export const toKubeletConfig = (raw: z.infer<typeof rawConfig>): KubeletConfig => ({
  rotateCertificates: raw.rotateCertificates ?? false,
  serverTLSBootstrap: raw.serverTLSBootstrap ?? false,
  readOnlyPort: raw.readOnlyPort ?? 0,
  anonymous: raw.authentication.anonymous?.enabled ?? null,
  authorizationMode: raw.authorization.mode || null,
  tlsCertFile: Boolean(raw.tlsCertFile),
});

/** At most `most` items, evenly spread over the list; the same ones every time. */
const spread = <T>(items: readonly T[], most: number): readonly T[] =>
  items.length <= most
    ? items
    : items.filter((_, i) => Math.floor((i * most) / items.length) !== Math.floor(((i - 1) * most) / items.length));

const hasControlPlaneRole = (node: Node): boolean =>
  'node-role.kubernetes.io/control-plane' in node.labels || 'node-role.kubernetes.io/master' in node.labels;

/**
 * The nodes whose kubelets are asked: all of them, or a sample of `mostKubelets`.
 * The sample holds the control plane's nodes (up to half of it: the label can be put on any node), the rest is spread over the
 * names in order, so that every pool whose nodes share a prefix has its part.
 */
export const kubeletSample = (all: readonly Node[]): readonly string[] => {
  if (all.length <= mostKubelets) return all.map((node) => node.name);
  const others = all.filter((node) => !hasControlPlaneRole(node));
  const first = spread(all.filter(hasControlPlaneRole), Math.max(mostKubelets / 2, mostKubelets - others.length));
  return [...first, ...spread(others, mostKubelets - first.length)].map((node) => node.name).sort();
};

const configOf = async (api: Api, node: string): Promise<KubeletConfigs['nodes'][number]> => {
  try {
    const path = `/api/v1/nodes/${encodeURIComponent(node)}/proxy/configz`;
    const { kubeletconfig } = await ask(api, { path }, rawConfigz);
    return { node, config: toKubeletConfig(kubeletconfig) };
  } catch (error) {
    if (error instanceof NotAvailable) return { node, unavailable: error.toUnavailable() };
    throw error;
  }
};

/**
 * The kubelets' configuration in effect, files and drop-ins merged, node by node: nodes of one cluster may differ.
 * Through the API server, which wants the full right `get nodes/proxy` even in 1.36: `nodes/configz` (KEP-2862) counts only at the
 * kubelet's own port. Never the kubelet's `/flagz`, which shows the defaults of flags and not the file.
 * @throws {NotAvailable} where the nodes cannot be listed, or every kubelet is refused for want of the right
 */
export const kubeletConfigs = defineFact({
  name: 'kubelet-configs',
  schema,
  permissions: [
    ...nodes.permissions,
    {
      role: 'read',
      verb: 'get',
      group: '',
      resource: 'nodes/proxy',
      why: 'configuration in effect of the kubelets (configz); the narrower nodes/configz is not enough through the API server. This right reaches every path of a kubelet: leave it out where that is too much, and what only kubelets can answer is not determined',
    },
  ],
  collect: async ({ api, fact }) => {
    const all = await fact(nodes);
    const asked = kubeletSample(all);
    const answers = await Promise.all(asked.map((node) => configOf(api, node)));
    const refused = answers.filter((a) => a.unavailable?.unavailable === 'forbidden' || a.unavailable?.unavailable === 'unauthorized');
    const first = refused[0]?.unavailable;
    // A right is granted for all nodes or for none: one sentence instead of fifty.
    if (first !== undefined && refused.length === answers.length) throw new NotAvailable(first.unavailable, first.detail);
    return { total: all.length, asked, sampled: asked.length < all.length, nodes: answers };
  },
});
