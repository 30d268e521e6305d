import { startApiServer } from '../__tests__/helpers/api-server.js';

/** A node as a busy cluster has it: about 15 kB, most of it images and annotations that nobody judges. */
const node = (i: number): object => ({
  metadata: {
    name: `node-${String(i).padStart(5, '0')}`,
    uid: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
    labels: {
      'topology.kubernetes.io/zone': `zone-${i % 3}`,
      'topology.kubernetes.io/region': 'region-1',
      'kubernetes.io/hostname': `node-${i}`,
    },
    annotations: { 'example.org/inventory': 'x'.repeat(4_000) },
  },
  spec: { podCIDR: `10.${i % 250}.0.0/24` },
  status: {
    addresses: [
      { type: 'InternalIP', address: `10.1.${Math.floor(i / 250)}.${i % 250}` },
      { type: 'Hostname', address: `node-${i}` },
    ],
    conditions: ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'].map((type) => ({
      type,
      status: type === 'Ready' ? 'True' : 'False',
      message: 'kubelet says so',
    })),
    nodeInfo: { kubeletVersion: 'v1.36.3', containerRuntimeVersion: 'containerd://2.3.7' },
    images: Array.from({ length: 50 }, (_, n) => ({
      names: [`registry.example.org/team/image-${n}@sha256:${'0'.repeat(64)}`, `registry.example.org/team/image-${n}:v${n}`],
      sizeBytes: 1_000_000 + n,
    })),
  },
});

/** Serves so many nodes by pages, each page made once. */
const main = async (): Promise<void> => {
  const size = Number(process.argv[2] ?? 5_000);
  const pages = new Map<string, string>();
  const page = (limit: number, from: number): string => {
    const key = `${limit}/${from}`;
    const known = pages.get(key);
    if (known !== undefined) return known;
    const to = Math.min(size, from + limit);
    const items = Array.from({ length: to - from }, (_, n) => node(from + n));
    const text = JSON.stringify({ kind: 'NodeList', apiVersion: 'v1', metadata: to < size ? { continue: String(to) } : {}, items });
    pages.set(key, text);
    return text;
  };
  const server = await startApiServer({
    routes: {
      'GET /api/v1/nodes': (request: { path: string }) => {
        const query = new URL(request.path, 'https://localhost').searchParams;
        return { body: page(Number(query.get('limit') ?? size), Number(query.get('continue') ?? 0)) };
      },
    },
  });
  for (let from = 0; from < size; from += 250) page(250, from);
  process.send?.({ kubeconfig: server.kubeconfig(), url: server.url, ca: server.authority.certificate });
  process.on('disconnect', () => process.exit());
};

void main();
