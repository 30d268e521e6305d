import * as z from 'zod/mini';
import { UserError } from '../../model/errors.js';
import { printablePath } from '../../text/path-or-text.js';
import { readYaml } from '../../text/read-yaml.js';
import { readTextFile } from '../../system/text-file.js';

/** A kind configuration, and what the source has to know of it. */
export interface KindConfig {
  readonly text: string;
  readonly nodes: number;
  /** Whether a node names its image, so that kind's default is not wanted. */
  readonly namesImages: boolean;
  /** False where the nodes get no pod network from kind and so do not become ready by themselves. */
  readonly podNetwork: boolean;
  /** The versions of kubeadm's configuration that patches are written for, e.g. `kubeadm.k8s.io/v1beta3`. */
  readonly kubeadmVersions: readonly string[];
}

const maxBytes = 1_048_576;
const region = 'region-1';
const zones = ['zone-1', 'zone-2', 'zone-3'] as const;

/** One control plane and two workers, each in a zone of its own. `nodes[].labels` needs no kubeadm patch, whose format changes with Kubernetes. */
export const defaultConfig: KindConfig = {
  text: [
    'kind: Cluster',
    'apiVersion: kind.x-k8s.io/v1alpha4',
    'nodes:',
    ...zones.flatMap((zone, i) => [
      `  - role: ${i === 0 ? 'control-plane' : 'worker'}`,
      '    labels:',
      `      topology.kubernetes.io/region: ${region}`,
      `      topology.kubernetes.io/zone: ${zone}`,
    ]),
    '',
  ].join('\n'),
  nodes: zones.length,
  namesImages: false,
  podNetwork: true,
  kubeadmVersions: [],
};

const patches = {
  kubeadmConfigPatches: z.nullish(z.array(z.string())),
  kubeadmConfigPatchesJSON6902: z.nullish(z.array(z.object({ group: z.nullish(z.string()), version: z.nullish(z.string()) }))),
};

/** Of `kind.x-k8s.io/v1alpha4` only what is looked at here; kind itself refuses unknown fields. */
const shape = z.object({
  kind: z.literal('Cluster'),
  apiVersion: z.literal('kind.x-k8s.io/v1alpha4'),
  ...patches,
  nodes: z.nullish(z.array(z.object({ image: z.nullish(z.string()), ...patches })).check(z.maxLength(1_000))),
  networking: z.nullish(z.object({ disableDefaultCNI: z.nullish(z.boolean()) })),
});

type Patched = Pick<z.infer<typeof shape>, keyof typeof patches>;

const versioned = z.object({ apiVersion: z.string() });

/** The versions that patches name. A patch that is no YAML is kind's to refuse. */
const versionsIn = ({ kubeadmConfigPatches, kubeadmConfigPatchesJSON6902 }: Patched): readonly string[] => {
  const merged = (kubeadmConfigPatches ?? []).flatMap((text) => {
    const read = readYaml(text);
    return 'problems' in read ? [] : read.documents.flatMap((document) => versioned.safeParse(document).data?.apiVersion ?? []);
  });
  const json = (kubeadmConfigPatchesJSON6902 ?? []).map(({ group, version }) => `${group ?? ''}/${version ?? ''}`);
  return [...merged, ...json].filter((version) => /^kubeadm\.k8s\.io\/v[0-9a-z]{1,20}$/.test(version));
};

/**
 * Parses a kind configuration. Without nodes it has one, as kind's own default.
 * @param name of the file, for the error
 * @throws {UserError} where it is none; the text itself, which may be anything, is not repeated
 */
export const parseConfig = (text: string, name: string): KindConfig => {
  // Each `<<` copies all keys of the other mapping.
  const read = readYaml(text, { merge: true, aliases: 20 });
  if ('problems' in read) throw new UserError([`The kind configuration ${name} cannot be used: ${read.problems[0] ?? ''}.`]);
  if (read.documents.length === 0) throw new UserError([`The kind configuration ${name} is empty.`]);
  // kind reads the first document only.
  const parsed = shape.safeParse(read.documents[0]);
  if (!parsed.success) {
    const at = parsed.error.issues[0]?.path.join('.') || 'its top level';
    throw new UserError([
      `The kind configuration ${name} has not the expected shape at ${at}; it begins with "kind: Cluster" and "apiVersion: kind.x-k8s.io/v1alpha4" (https://kind.sigs.k8s.io/docs/user/configuration/).`,
    ]);
  }
  const nodes = parsed.data.nodes ?? [];
  return {
    text,
    nodes: Math.max(1, nodes.length),
    namesImages: nodes.some((node) => typeof node.image === 'string' && node.image !== ''),
    podNetwork: parsed.data.networking?.disableDefaultCNI !== true,
    kubeadmVersions: [...new Set([parsed.data, ...nodes].flatMap(versionsIn))],
  };
};

/**
 * Reads the user's kind configuration, once: what was looked at is what kind is given.
 * @throws {UserError} where there is no such file, or it is none
 */
export const readConfig = async (path: string): Promise<KindConfig> => {
  const read = await readTextFile(path, { maxBytes });
  if ('text' in read) return parseConfig(read.text, path);
  throw new UserError([
    `Cannot read the kind configuration at ${printablePath(path)}: ${read.problem}. Set "kind-config" to the path of one, or leave it out.`,
  ]);
};
