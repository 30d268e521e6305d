import { describe, expect, test } from '@jest/globals';
import { clusterPorts, openPorts } from '../../src/facts/open-ports.js';
import { attachedNetwork, isPublic } from '../../src/facts/support/addresses.js';
import { NotAvailable } from '../../src/model/errors.js';
import type { Network } from '../../src/model/ports.js';
import { asking, cannot, outcomeOf } from '../helpers/asked.js';

const node = (name: string, internal: string, external?: string): unknown => ({
  metadata: { name },
  status: {
    addresses: [{ type: 'InternalIP', address: internal }, ...(external === undefined ? [] : [{ type: 'ExternalIP', address: external }])],
  },
});

const inCluster = (nodes: readonly unknown[], network: Partial<Network> = {}) => {
  const connects: string[] = [];
  const { ports } = asking(() => ({ status: 200, body: { kind: 'NodeList', metadata: {}, items: nodes } }), {
    ...network,
    connect: (host, port, timeoutMs) => {
      connects.push(`${host}:${port}`);
      return network.connect?.(host, port, timeoutMs) ?? Promise.resolve(port === 6443 ? 'open' : 'timeout');
    },
  });
  return { ports, connects };
};

describe('places from which nothing is tried', () => {
  test.each([
    [
      'kind on this machine',
      { resolve: () => Promise.resolve(['127.0.0.1']), ownAddresses: () => ['127.0.0.1/8', '172.18.0.1/16'] },
      'inside',
    ],
    [
      'the endpoint in our own network',
      { resolve: () => Promise.resolve(['172.18.0.3']), ownAddresses: () => ['172.18.0.1/16'] },
      'inside',
    ],
    [
      'the endpoint beside us, by IPv6',
      { resolve: () => Promise.resolve(['2001:db8:1::10']), ownAddresses: () => ['2001:db8:1::4/64'] },
      'inside',
    ],
    ['a private network with the address of a node, the endpoint public', { ownAddresses: () => ['10.0.0.9/24'] }, 'overlapping'],
    ['a wide private network with the address of a node', { ownAddresses: () => ['192.168.1.2/24', '10.200.0.1/8'] }, 'overlapping'],
    [
      'private addresses like those of a node, beside its public network',
      { ownAddresses: () => ['10.0.0.9/24', '198.51.100.77/24'] },
      'inside',
    ],
    ['the private address of a node itself', { ownAddresses: () => ['10.0.0.5/32'] }, 'overlapping'],
    ["a node's external address in our own network", { ownAddresses: () => ['198.51.100.77/24'] }, 'inside'],
    ['the endpoint in an internal network that we are not attached to', { resolve: () => Promise.resolve(['10.96.0.1']) }, 'internal'],
    ['a proxy', { proxied: true }, 'proxied'],
  ])('%s', async (_, network, vantage) => {
    const { ports, connects } = inCluster([node('worker-1', '10.0.0.5', '198.51.100.7')], network);
    expect(await openPorts.collect(ports)).toMatchObject({ vantage, probes: [] });
    expect(connects).toEqual([]);
  });
});

test.each([
  ["Docker's network on both sides", '172.17.0.1/16', '172.17.0.9'],
  ['carrier-grade addresses (RFC 6598)', '100.64.0.2/10', '100.70.1.1'],
  ['unique local IPv6 addresses (RFC 4193)', 'fd00:1::2/64', 'fd00:1::9'],
])('private addresses are not unique: %s', async (_, own, address) => {
  const { ports, connects } = inCluster([node('far-away', '203.0.113.5'), node('worker-1', address)], { ownAddresses: () => [own] });
  const seen = await openPorts.collect(ports);
  expect([seen.vantage, seen.vantageBy]).toEqual(['overlapping', `node worker-1 (${address}) and this machine's address ${own}`]);
  expect(connects).toEqual([]);
});

describe('from outside', () => {
  test('the endpoint and the nodes, each address once, and controls beside them', async () => {
    const { ports, connects } = inCluster([node('cp', '10.0.0.4', '203.0.113.10'), node('worker-1', '10.0.0.5', '198.51.100.7')]);
    const seen = await openPorts.collect(ports);
    expect(seen).toMatchObject({ vantage: 'outside', hosts: { all: 2, tried: 2 }, nodesWithExternalIP: 2 });
    expect(seen.apiPort).toEqual([{ host: '203.0.113.10', of: 'API endpoint', port: 6443, answer: 'open' }]);
    expect(seen.probes).toHaveLength(2 * clusterPorts.length);
    expect(seen.controls.filter((c) => c.of === 'nobody').map((c) => c.port)).toEqual([...clusterPorts]);
    expect(seen.controls.filter((c) => c.of !== 'nobody').map((c) => c.host)).toEqual(['203.0.113.10', '198.51.100.7']);
    expect(new Set(connects).size).toBe(connects.length);
  });

  test('a machine whose public address is its InternalIP is tried there', async () => {
    const { ports } = inCluster([node('worker-1', '198.51.100.8'), node('worker-2', '10.0.0.5')]);
    const seen = await openPorts.collect(ports);
    expect(seen).toMatchObject({ hosts: { all: 2, tried: 2 }, nodesWithExternalIP: 1 });
    expect(seen.probes.filter(({ host }) => host === '198.51.100.8').map(({ of }) => of)).toEqual(clusterPorts.map(() => 'node worker-1'));
  });

  test("the API's own port is not counted, where it is one of the cluster's ports", async () => {
    const endpoint = { scheme: 'https', host: 'api.example.org', port: 10250, hasPath: false };
    const { ports } = inCluster([node('worker-1', '10.0.0.5', '198.51.100.7')], { endpoint });
    const { probes } = await openPorts.collect(ports);
    expect(probes.filter((p) => p.port === 10250).map((p) => p.host)).toEqual(['198.51.100.7']);
  });

  test('a machine that is attached to a network for documentation takes another as control', async () => {
    const { ports } = inCluster([], { ownAddresses: () => ['198.51.100.9/24', '203.0.113.200/32'] });
    const { controls } = await openPorts.collect(ports);
    expect(new Set(controls.filter((c) => c.of === 'nobody').map((c) => c.host))).toEqual(new Set(['203.0.113.1']));
  });

  test('addresses that no one outside can mean are left alone: names, loopback, metadata service, internal ones', async () => {
    const { ports, connects } = inCluster(
      ['node.example.org', '127.0.0.1', '169.254.169.254', '10.9.9.9', '::1', 'fd00::1'].map((ip, i) => node(`n${i}`, '10.0.0.5', ip)),
    );
    expect((await openPorts.collect(ports)).hosts.all).toBe(1);
    expect(connects.every((c) => c.startsWith('203.0.113.10:') || c.startsWith('198.51.100.1:'))).toBe(true);
  });

  test('five hundred nodes: twenty hosts are tried, the endpoint among them, all at once', async () => {
    let running = 0;
    let most = 0;
    const connect: Network['connect'] = async () => {
      most = Math.max(most, ++running);
      await new Promise((done) => setTimeout(done, 1));
      running--;
      return 'timeout';
    };
    const all = Array.from({ length: 500 }, (_, i) => node(`n${String(i).padStart(3, '0')}`, '10.0.0.5', `198.18.${i >> 8}.${i & 255}`));
    const { ports, connects } = inCluster(all, { connect });
    const seen = await openPorts.collect(ports);
    expect(seen.hosts).toEqual({ all: 501, tried: 20 });
    expect(seen.apiPort).toHaveLength(1);
    expect(most).toBe(connects.length);
    expect(connects.length).toBeLessThan(20 * (clusterPorts.length + 1) + 15);
  });

  test('the nodes cannot be listed', async () => {
    const { ports } = asking(() => cannot('list', 'nodes'));
    expect(await outcomeOf(openPorts, ports)).toMatchObject({ unavailable: 'forbidden' });
  });

  test("the endpoint's name has no address", async () => {
    const { ports } = inCluster([], { resolve: () => Promise.reject(new NotAvailable('unreachable', 'ENOTFOUND')) });
    expect(await outcomeOf(openPorts, ports)).toMatchObject({ unavailable: 'unreachable' });
  });
});

describe('addresses', () => {
  test.each([
    ['8.8.8.8', true],
    ['172.15.0.1', true],
    ['172.16.0.1', false],
    ['100.64.0.1', false],
    ['2001:db8::1', true],
    ['fe80::1', false],
    ['kubernetes.default.svc', false],
  ])('%s is routed by the internet: %s', (address, expected) => {
    expect(isPublic(address)).toBe(expected);
  });

  test.each([
    ['203.0.113.9', ['203.0.113.4/24'], '203.0.113.4/24'],
    ['203.0.114.9', ['203.0.113.4/24'], undefined],
    ['203.0.113.9', ['203.0.113.4/32'], undefined],
    ['203.0.113.9', ['0.0.0.0/0', '203.0.113.4', 'garbage', '203.0.113.4/99'], undefined],
    ['fd00::9', ['203.0.113.4/24', 'fd00::2/64'], 'fd00::2/64'],
    ['203.0.113.9', ['300.0.113.4/24', 'x:y/64', '203.0.113.4/24'], '203.0.113.4/24'],
    ['not an address', ['203.0.113.4/24'], undefined],
  ])('%s for a machine with %j', (address, own, expected) => {
    expect(attachedNetwork(own)(address)).toBe(expected);
  });
});
