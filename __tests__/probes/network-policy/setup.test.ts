import { describe, expect, test } from '@jest/globals';
import type { Api } from '../../../src/model/ports.js';
import type { ProbeContext } from '../../../src/probes/sandbox/sandbox.js';
import { setUp } from '../../../src/probes/network-policy/setup.js';

const image = 'registry.invalid/nothing:1';
const namespaces = { x: 'scs-kaas-r-x', y: 'scs-kaas-r-y', z: 'scs-kaas-r-z' };

interface Pod {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly node: string;
  looks: number;
}

/** A cluster that starts pods at once, but for those of some nodes. @param stuck how a pod of a node is, by how often it was looked at */
const cluster = (stuck: (node: string, nth: number) => object | undefined) => {
  const pods = new Map<string, Pod>();
  let made = 0;
  const running = (ip: number): object => ({
    phase: 'Running',
    podIPs: [{ ip: `10.0.0.${ip}` }],
    containerStatuses: [{ image, state: { running: {} } }],
  });
  const api: Api = {
    request: ({ method = 'GET', path, body }) => {
      const [, , , , namespace = '', resource = ''] = path.split('?')[0]!.split('/');
      const answer = (status: number, content: unknown) => Promise.resolve({ status, headers: {}, text: JSON.stringify(content) });
      if (method === 'POST' && resource === 'pods') {
        const { metadata, spec } = body as {
          metadata: Pod['metadata'];
          spec: {
            affinity: {
              nodeAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: { matchFields: { values: string[] }[] }[] };
              };
            };
          };
        };
        const [term] = spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms;
        pods.set(`${namespace}/${metadata.name}`, { metadata, node: term?.matchFields[0]?.values[0] ?? '', looks: 0 });
      }
      if (method === 'POST') return answer(201, body);
      if (resource === 'services') return answer(200, { metadata: {}, items: [] });
      const items = [...pods.values()]
        .filter(({ metadata }) => metadata.namespace === namespace)
        .map((pod) => ({
          metadata: pod.metadata,
          spec: { nodeName: pod.node },
          status: stuck(pod.node, ++pod.looks) ?? running(++made),
        }));
      return answer(200, { metadata: {}, items });
    },
  };
  const steps: string[] = [];
  const context = {
    api,
    lasting: api,
    signal: new AbortController().signal,
    run: 'r',
    image,
    nodes: 10,
    patienceMs: 1_000,
    log: () => undefined,
    step: (text: string) => steps.push(text),
    onActing: () => undefined,
    warn: () => undefined,
  } as unknown as ProbeContext;
  const nodes = ['worker-1', 'worker-2'].map((name) => ({ name, zone: '', hasImage: false }));
  return { setUp: () => setUp(context, { namespaces, pod: { image } }, nodes, false), pods };
};

const status = (reason: string, message: string): object => ({
  phase: 'Pending',
  containerStatuses: [{ image, state: { waiting: { reason, message } } }],
});
const unpulled = (nth: number): object => (nth % 2 === 0 ? status('ImagePullBackOff', 'Back-off') : status('ErrImagePull', 'no such host'));

describe('an image that cannot be pulled', () => {
  test('on no node: the image, the nodes and the inputs that help are named, and one pod of each node was enough', async () => {
    const { setUp: work, pods } = cluster((_, nth) => unpulled(nth));
    await expect(work()).rejects.toMatchObject({
      reason: 'not-started',
      message: expect.stringMatching(
        /^None of 16 pods started within \d+ s: .* on worker-1, worker-2: the image "registry\.invalid\/nothing:1" cannot be pulled \(ErrImagePull\): no such host\. Set `probe.registry` .*`probe.image` .*`probe.pullSecretFrom`/,
      ),
    });
    expect(pods.size).toBe(2);
  });

  test('on one node: its pods alone are in trouble, by its name, and those of the other run', async () => {
    const { setUp: work } = cluster((node, nth) => (node === 'worker-2' ? unpulled(nth) : undefined));
    const { problems, found } = await work();
    expect(found.addresses.size).toBe(8);
    expect(problems.size).toBe(8);
    expect([...new Set([...problems.values()].map(({ node, image: byImage }) => `${node} ${byImage}`))]).toEqual(['worker-2 true']);
  });

  test('a name that is none is an answer at once', async () => {
    const begin = performance.now();
    await expect(cluster(() => status('InvalidImageName', 'couldn’t parse')).setUp()).rejects.toThrow(
      /has no valid name \(InvalidImageName\)/,
    );
    expect(performance.now() - begin).toBeLessThan(5_000);
  });

  test('one failure, and then it runs', async () => {
    const { problems } = await cluster((_, nth) => (nth === 1 ? unpulled(nth) : undefined)).setUp();
    expect(problems.size).toBe(0);
  });
});
