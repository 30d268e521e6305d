import * as z from 'zod/mini';
import { NotAvailable } from '../model/errors.js';
import { defineFact, isRefusal, isUnavailable, type UnavailableReason } from '../model/fact.js';
import { readRight } from '../model/permission.js';
import type { Api } from '../model/ports.js';
import { nodes, type Node, type StandIn } from './nodes.js';
import { allOf } from './support/all-of.js';
import { ask } from '../kubernetes/answers.js';
import { partOf, unavailablePart } from './support/parts.js';
import { hasControlPlaneRole } from './support/node-roles.js';

/** From here on a sample is asked: every question goes through the API server to one kubelet. */
export const maxKubelets = 50;

/** How many kubelets are asked at a time, and how long each, in milliseconds; the connection's own deadline without. */
interface Round {
  readonly width: number;
  readonly timeoutMs?: number | undefined;
}
const readyRound: Round = { width: 8 };
/** The kubelet of a node that is NotReady may answer all the same, e.g. where only the pod network is missing; most are gone. */
const notReadyRound: Round = { width: 4, timeoutMs: 2_000 };

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
  /** True where `authentication.x509.clientCAFile` is set; null where the answer does not show it. Absent in older snapshots. */
  clientCa: z.optional(z.nullable(z.boolean())),
  /** `authentication.webhook.enabled`, bearer tokens; null where the answer does not show it. Absent in older snapshots. */
  tokenWebhook: z.optional(z.nullable(z.boolean())),
});
export type KubeletConfig = z.infer<typeof configSchema>;

const schema = z.object({
  /** How many nodes the cluster has. */
  total: z.number(),
  /** Names of the nodes that were to be asked, sorted. */
  asked: z.readonly(z.array(z.string())),
  /** True where not all were asked. */
  sampled: z.boolean(),
  /** One entry per asked node, sorted by name: its configuration, or why it could not be read. */
  nodes: z.readonly(
    z.array(
      z.object({
        node: z.string(),
        config: z.optional(configSchema),
        unavailable: z.optional(z.object(unavailablePart)),
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
  authentication: z.object({
    anonymous: z.optional(z.object({ enabled: z.optional(z.boolean()) })),
    webhook: z.optional(z.object({ enabled: z.optional(z.boolean()) })),
    x509: z.optional(z.object({ clientCAFile: z.optional(z.string()) })),
  }),
  authorization: z.object({ mode: z.optional(z.string()) }),
  tlsCertFile: z.optional(z.string()),
});
const rawConfigz = z.object({ kubeletconfig: rawConfig });

/**
 * Trims one kubelet's configuration to what is judged. `anonymous.enabled` and `webhook.enabled` are pointers in Go: absent is unknown, not false.
 */
const toKubeletConfig = (raw: z.infer<typeof rawConfig>): KubeletConfig => ({
  rotateCertificates: raw.rotateCertificates ?? false,
  serverTLSBootstrap: raw.serverTLSBootstrap ?? false,
  readOnlyPort: raw.readOnlyPort ?? 0,
  anonymous: raw.authentication.anonymous?.enabled ?? null,
  authorizationMode: raw.authorization.mode || null,
  tlsCertFile: Boolean(raw.tlsCertFile),
  clientCa: raw.authentication.x509 === undefined ? null : Boolean(raw.authentication.x509.clientCAFile),
  tokenWebhook: raw.authentication.webhook?.enabled ?? null,
});

/** At most `most` items, evenly spread over the list; the same ones every time. */
const spread = <T>(items: readonly T[], most: number): readonly T[] =>
  items.length <= most
    ? items
    : items.filter((_, i) => Math.floor((i * most) / items.length) !== Math.floor(((i - 1) * most) / items.length));

const isControlPlane = (node: Node): boolean => hasControlPlaneRole(node.labels);

/**
 * The nodes whose kubelets are asked: all of them, or a sample of `maxKubelets`.
 * The sample holds the control plane's nodes (up to half of it: the label can be put on any node), the rest is spread over the
 * names in order, so that every pool whose nodes share a prefix has its part.
 */
export const kubeletSample = (all: readonly Node[]): readonly string[] => {
  if (all.length <= maxKubelets) return all.map((node) => node.name);
  const others = all.filter((node) => !isControlPlane(node));
  const first = spread(all.filter(isControlPlane), Math.max(maxKubelets / 2, maxKubelets - others.length));
  return [...first, ...spread(others, maxKubelets - first.length)].map((node) => node.name).sort();
};

type Entry = KubeletConfigs['nodes'][number];
const unavailableConfig = (node: string, unavailable: UnavailableReason, detail: string): Entry => ({
  node,
  unavailable: { unavailable, detail },
});

const configOf = async (api: Api, node: string, timeoutMs: number | undefined): Promise<Entry> => {
  const path = `/api/v1/nodes/${encodeURIComponent(node)}/proxy/configz`;
  const answer = await partOf(ask(api, { path, timeoutMs }, rawConfigz));
  return isUnavailable(answer) ? { node, unavailable: answer } : { node, config: toKubeletConfig(answer.kubeletconfig) };
};

const isSilent = ({ unavailable }: Entry): boolean => unavailable?.unavailable === 'timeout';
const isRefused = ({ unavailable }: Entry): boolean => unavailable !== undefined && isRefusal(unavailable);

/**
 * Asks some kubelets, a few at a time. Each that does not answer holds one of the connection's turns until its deadline, and ends its line of
 * questions: the whole takes little more than one deadline, however many are gone. Those that are left are not asked.
 */
const askRound = async (api: Api, names: readonly string[], { width, timeoutMs }: Round): Promise<readonly Entry[]> => {
  const waiting = [...names];
  const answers: Entry[] = [];
  const line = async (): Promise<void> => {
    for (let node = waiting.shift(); node !== undefined; node = waiting.shift()) {
      const answer = await configOf(api, node, timeoutMs);
      answers.push(answer);
      if (isSilent(answer)) return;
    }
  };
  await allOf(Array.from({ length: width }, line));
  return [...answers, ...waiting.map((node) => unavailableConfig(node, 'timeout', `not asked, as ${width} other kubelets did not answer`))];
};

const inWords: Readonly<Record<StandIn, string>> = {
  'virtual-kubelet': 'a virtual kubelet, which has no KubeletConfiguration',
  vcluster: 'a pseudo node of vCluster, which runs no kubelet of its own',
  kwok: 'a fake node of KWOK, which runs no kubelet',
};

/** Of a node that is NotReady, that comes first: it is why its kubelet does not answer. */
const notReady = (entry: Entry): Entry =>
  entry.unavailable === undefined || isRefused(entry)
    ? entry
    : unavailableConfig(entry.node, entry.unavailable.unavailable, `NotReady: ${entry.unavailable.detail}`);

/** A right is granted for all nodes or for none: one sentence instead of fifty. @throws {NotAvailable} where every kubelet was refused */
const assertAllowed = (answers: readonly Entry[]): void => {
  const first = answers[0]?.unavailable;
  if (first !== undefined && answers.every(isRefused)) throw new NotAvailable(first.unavailable, first.detail);
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
    readRight(
      'get',
      '',
      'nodes/proxy',
      'configuration in effect of the kubelets (configz); the narrower nodes/configz is not enough through the API server. This right reaches every path of a kubelet: leave it out where that is too much, and what only kubelets can answer is not determined',
    ),
  ],
  collect: async ({ api, fact }) => {
    const all = await fact(nodes);
    const asked = kubeletSample(all);
    const chosen = all.filter((node) => asked.includes(node.name));
    const standIns = chosen.flatMap(({ name, standIn }) =>
      standIn === undefined ? [] : [unavailableConfig(name, 'not-found', inWords[standIn])],
    );
    const machines = chosen.filter((node) => node.standIn === undefined);
    const namesOf = (ready: boolean): readonly string[] => machines.filter((node) => node.ready === ready).map((node) => node.name);
    const fromReady = await askRound(api, namesOf(true), readyRound);
    assertAllowed(fromReady);
    const fromOthers = (await askRound(api, namesOf(false), notReadyRound)).map(notReady);
    assertAllowed([...fromReady, ...fromOthers]);
    const entries = new Map([...standIns, ...fromReady, ...fromOthers].map((entry) => [entry.node, entry]));
    return { total: all.length, asked, sampled: asked.length < all.length, nodes: asked.flatMap((name) => entries.get(name) ?? []) };
  },
});
