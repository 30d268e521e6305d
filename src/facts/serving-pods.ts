import type { V1Pod } from '@kubernetes/client-node';
import * as z from 'zod/mini';
import { ofKind } from '../kubernetes/api-types.js';
import { defineFact } from '../model/fact.js';
import { apiServerPods } from './control-plane-pods.js';
import { parseFlags } from './support/flags.js';
import { componentContainer, hasWord, imageName, podsOfNodes, type ComponentContainer } from './support/kube-system-pods.js';
import { bounded } from '../text/bounded.js';

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

const rawPod = ofKind<V1Pod>()(
  z.object({ metadata: z.object({ name: z.string() }), spec: z.object({ containers: z.array(componentContainer) }) }),
);

/** Which of them a container runs, by its image or a word of its command: behind a wrapper the program is not the first word. */
const componentOf = (container: ComponentContainer): (typeof servingComponents)[number] | undefined =>
  servingComponents.find((component) => imageName(container.image) === component || hasWord(container, component));

const trimServingPod = (raw: z.infer<typeof rawPod>): ServingPods[number] | undefined => {
  for (const container of raw.spec.containers) {
    const component = componentOf(container);
    if (component === undefined) continue;
    const words = [...(container.command ?? []), ...(container.args ?? [])];
    return { component, name: bounded(raw.metadata.name), flags: parseFlags(words, flagNames) };
  }
  return undefined;
};

/**
 * The pods of the controller manager and the scheduler on the nodes that run an API server, sorted by name; empty if no API server pod
 * can be seen. By node and not by label: makers label them differently.
 */
export const servingPods = defineFact({
  name: 'controller-manager-and-scheduler-pods',
  schema,
  permissions: apiServerPods.permissions,
  collect: async ({ api, fact }): Promise<ServingPods> => {
    const hosts = (await fact(apiServerPods)).map((pod) => pod.node);
    const pods = await podsOfNodes(api, hosts, rawPod, trimServingPod);
    return [...pods].sort((a, b) => (a.name < b.name ? -1 : 1));
  },
});
