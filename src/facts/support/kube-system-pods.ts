import * as z from 'zod/mini';
import type { Api } from '../../model/ports.js';
import { listAll } from '../../kubernetes/list.js';

/** Where the pods of a control plane that runs as pods are, except for OpenShift's. */
export const kubeSystemPods = '/api/v1/namespaces/kube-system/pods';

/** What is read of a container that may run a component of the control plane. */
export const componentContainer = z.object({
  name: z.optional(z.string()),
  image: z.optional(z.string()),
  command: z.optional(z.array(z.string())),
  args: z.optional(z.array(z.string())),
  env: z.optional(z.array(z.object({ name: z.string(), value: z.optional(z.string()), valueFrom: z.optional(z.unknown()) }))),
  envFrom: z.optional(z.array(z.unknown())),
});
export type ComponentContainer = z.infer<typeof componentContainer>;

/** The last part of a path or an image, without tag and digest: `registry.k8s.io/etcd:3.6.8-0` is `etcd`. */
export const baseName = (path: string): string => path.split('/').at(-1)?.split(/[:@]/)[0] ?? '';

/** The last part of an image's name, also of makers that publish one image for each architecture: `kube-apiserver-amd64`. */
export const imageName = (image = ''): string => baseName(image).replace(/-(?:amd64|arm64|ppc64le|s390x)$/, '');

/** What separates words of a shell's command. */
const betweenWords = /[\s;&|()"'`]+/;

/**
 * Whether a word of a container's command is a program. It may stand behind a wrapper (`/go-runner ... kube-apiserver`) or in a line of a
 * shell; a flag's value is no program.
 */
export const hasWord = ({ command, args }: ComponentContainer, program: string): boolean =>
  [...(command ?? []), ...(args ?? [])].some((text) =>
    text.split(betweenWords).some((word) => !word.startsWith('-') && baseName(word) === program),
  );

/** No control plane has more nodes; every one costs a request. */
const maxControlPlaneNodes = 20;

/**
 * What `pick` keeps of the pods of some nodes: kube-system as a whole may hold tens of thousands of pods.
 *
 * @param names names of the nodes; an empty one, of a pod that is not placed, is left out
 */
export const podsOfNodes = async <Raw, Kept>(
  api: Api,
  names: readonly string[],
  schema: z.ZodMiniType<Raw>,
  pick: (raw: Raw) => Kept | undefined,
): Promise<readonly Kept[]> => {
  const hosts = [...new Set(names)].filter((node) => node !== '').slice(0, maxControlPlaneNodes);
  const lists = await Promise.all(hosts.map((node) => listAll(api, kubeSystemPods, schema, pick, { fields: { 'spec.nodeName': node } })));
  return lists.flat().filter((kept) => kept !== undefined);
};
