import * as z from 'zod/mini';
import { defineFact } from '../model/fact.js';
import { apiServerPods } from './control-plane-pods.js';
import { parseFlags } from './support/flags.js';
import { listAll } from './support/list.js';
import { bounded } from './support/text.js';

/** Components of the control plane that serve HTTP beside the API server and etcd. */
export const servingComponents = ['kube-controller-manager', 'kube-scheduler'] as const;

/** Where they serve: by HTTPS, and by plain HTTP in versions before 1.24. */
const flagNames = ['port', 'secure-port'] as const;

const schema = z.readonly(
  z.array(
    z.object({
      component: z.enum(servingComponents),
      name: z.string(),
      /** `port` and `secure-port`, where they are set. */
      flags: z.record(z.string(), z.string()),
    }),
  ),
);
export type ServingPods = z.infer<typeof schema>;

const rawPod = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    containers: z.array(
      z.object({ image: z.optional(z.string()), command: z.optional(z.array(z.string())), args: z.optional(z.array(z.string())) }),
    ),
  }),
});
type Container = z.infer<typeof rawPod>['spec']['containers'][number];

/** The last part of a path or an image, without tag, digest and architecture. */
const baseName = (path: string): string => (path.split('/').at(-1)?.split(/[:@]/)[0] ?? '').replace(/-(?:amd64|arm64|ppc64le|s390x)$/, '');

/** Which of them a container runs, by its image or a word of its command: behind a wrapper the program is not the first word. */
const componentOf = ({ image = '', command = [], args = [] }: Container): (typeof servingComponents)[number] | undefined => {
  const words = [image, ...command, ...args].flatMap((text) => text.slice(0, 4_000).split(/[\s;&|()"'`]+/));
  return servingComponents.find((component) => words.some((word) => !word.startsWith('-') && baseName(word) === component));
};

const trimmed = (raw: z.infer<typeof rawPod>): ServingPods[number] | undefined => {
  for (const container of raw.spec.containers) {
    const component = componentOf(container);
    if (component === undefined) continue;
    const { command = [], args = [] } = container;
    return {
      component,
      name: bounded(raw.metadata.name),
      flags: parseFlags([...command, ...args], flagNames),
    };
  }
  return undefined;
};

const path = '/api/v1/namespaces/kube-system/pods';
/** No control plane has more nodes; every one costs a request. */
const mostControlPlaneNodes = 20;

/**
 * The pods of the controller manager and the scheduler on the nodes that run an API server, sorted by name; empty if no API server pod
 * can be seen. By node and not by label: makers label them differently.
 */
export const servingPods = defineFact({
  name: 'controller-manager-and-scheduler-pods',
  schema,
  permissions: apiServerPods.permissions,
  collect: async ({ api, fact }): Promise<ServingPods> => {
    const hosts = [...new Set((await fact(apiServerPods)).map((pod) => pod.node))].filter((node) => node !== '');
    const lists = await Promise.all(
      hosts.slice(0, mostControlPlaneNodes).map((node) => listAll(api, path, rawPod, trimmed, { fields: { 'spec.nodeName': node } })),
    );
    return lists
      .flat()
      .filter((pod) => pod !== undefined)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  },
});
