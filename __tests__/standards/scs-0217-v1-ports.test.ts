import { describe, expect, test } from '@jest/globals';
import { clusterPorts, type OpenPorts } from '../../src/facts/open-ports.js';
import type { Facts } from '../../src/model/fact.js';
import { scs0217v1 } from '../../src/standards/scs-0217-v1.js';
import { apiServer, etcdMember, nodeAt } from '../helpers/control-plane.js';
import { direct, doubtful, proxied, proxySentence } from '../helpers/front.js';
import { endpointHost, nobodyHost, probesOf, seenPorts, unusedOn, workerHost } from '../helpers/ports.js';
import { forbidden, settleOne } from '../helpers/settle.js';

const expectRow = (id: string, facts: Facts, outcome: string, message: RegExp): void => {
  const seen = settleOne(scs0217v1.requirements, id, facts);
  expect([seen.outcome, seen.message]).toEqual([outcome, expect.stringMatching(message)]);
};
const seen = (changes: Partial<OpenPorts> = {}): OpenPorts => ({ ...seenPorts(), ...changes });
const from = (vantage: OpenPorts['vantage']): OpenPorts => seen({ vantage, controls: [], apiPort: [], probes: [] });
const outside = (ports: unknown, facts: Facts = direct): Facts => ({ ...facts, 'open-ports': ports });
const [refusedBoth, silentBoth] = (['refused', 'timeout'] as const).map((answer) => [
  ...probesOf(endpointHost, answer),
  ...probesOf(workerHost, answer),
]);
const silentControls = [...probesOf(nobodyHost, 'timeout'), unusedOn(endpointHost, 'timeout'), unusedOn(workerHost, 'timeout')];

test('the ports of the catalogue', () => {
  expect(clusterPorts).toEqual([2379, 2380, 2381, 10248, 10249, 10250, 10255, 10256, 10257, 10259]);
});

describe('ports-closed', () => {
  test.each<[string, unknown, string, RegExp]>([
    ['all refused', seen(), 'pass', /answers from outside on 2 hosts\.$/],
    ['some filtered, which is said', seen({ probes: probesOf(endpointHost, 'timeout') }), 'pass', /10 connects had no answer at all/],
    ['filtered, but for an unused port that is refused', seen({ probes: silentBoth! }), 'pass', /20 connects had no answer/],
    [
      'nobody answers but the API itself: a filter here, or a firewall there',
      seen({ probes: silentBoth!, controls: silentControls }),
      'abort',
      /Every connect but that to the API's own port got no answer/,
    ],
    [
      'the same, with a router that says so',
      seen({
        probes: [
          ...probesOf(endpointHost, 'timeout'),
          ...probesOf(workerHost, 'timeout').slice(1),
          { ...workerHost, port: 2379, answer: 'unreachable' },
        ],
        controls: silentControls,
      }),
      'abort',
      /got no answer/,
    ],
    [
      'one refusal shows that connects get out',
      seen({
        probes: [
          { ...workerHost, port: 2379, answer: 'refused' },
          ...silentBoth!.filter((p) => p.of !== 'node worker-1' || p.port !== 2379),
        ],
        controls: silentControls,
      }),
      'pass',
      /19 connects/,
    ],
    [
      'every connect times out, also that to the API',
      seen({ apiPort: [{ ...endpointHost, port: 6443, answer: 'timeout' }], probes: silentBoth!, controls: silentControls }),
      'abort',
      /Direct connects do not work from here/,
    ],
    ['a sample of many hosts', seen({ hosts: { all: 501, tried: 20 } }), 'pass', /20 hosts, a sample of 501/],
    [
      'nodes without an ExternalIP',
      seen({ probes: probesOf(endpointHost, 'refused'), hosts: { all: 1, tried: 1 }, nodesWithExternalIP: 0 }),
      'pass',
      /only the API endpoint/,
    ],
    ...clusterPorts.map((port): [string, unknown, string, RegExp] => [
      `port ${port} is open`,
      seenPorts({ open: [port] }),
      'fail',
      new RegExp(`node worker-1 \\(198\\.51\\.100\\.7\\): ${port}\\.$`),
    ]),
    ['inside of the cluster’s network', from('inside'), 'not-applicable', /inside of the cluster's network/],
    ['private addresses like those of a node', from('overlapping'), 'abort', /may be inside or outside of its network: /],
    ['an internal network', from('internal'), 'abort', /internal network/],
    ['a proxy that the connection goes through', from('proxied'), 'abort', /cannot be tried/],
    [
      'a network that answers every connect',
      seen({ controls: probesOf(nobodyHost, 'open'), probes: probesOf(workerHost, 'open') }),
      'abort',
      /connects that nobody takes/,
    ],
    [
      'a network that answers one port for everybody',
      seen({ controls: [{ ...nobodyHost, port: 2379, answer: 'open' }] }),
      'abort',
      /nobody \(192\.0\.2\.1\): 2379/,
    ],
    [
      'a host that answers everywhere',
      seen({ controls: [unusedOn(workerHost, 'open')], probes: probesOf(workerHost, 'open') }),
      'abort',
      /prove nothing/,
    ],
    [
      'a host that answers everywhere beside one that is really open',
      seen({
        controls: [unusedOn(endpointHost, 'open')],
        probes: [...probesOf(endpointHost, 'open'), ...probesOf(workerHost, 'refused', [10250])],
      }),
      'fail',
      /^[^;]*: node worker-1 [^;]*: 10250\.$/,
    ],
    [
      'no route to a node',
      seen({ probes: [...probesOf(endpointHost, 'refused'), ...probesOf(workerHost, 'unreachable')] }),
      'abort',
      /No route leads from here to node worker-1/,
    ],
    [
      'a firewall that answers "unreachable" for the API host’s other ports',
      seen({ probes: probesOf(endpointHost, 'unreachable') }),
      'pass',
      /None of the ports/,
    ],
    ['nothing was tried', seen({ probes: [] }), 'abort', /No host was tried/],
    [
      'an older recording, of fewer ports',
      seen({ probes: refusedBoth!.filter(({ port }) => port !== 10249) }),
      'abort',
      /Not all of the ports .* were tried on API endpoint .*: record it again/,
    ],
    ['an older recording with an open port', seen({ probes: [{ ...workerHost, port: 10250, answer: 'open' }] }), 'fail', /10250/],
    ['the nodes may not be listed', forbidden('/api/v1/nodes'), 'abort', /grant list nodes/],
  ])('%s', (_, value, outcome, message) => expectRow('ports-closed', outside(value), outcome, message));

  test("the API's own port is one of the cluster's ports, and not tried twice", () => {
    const ports = seen({
      apiPort: [{ ...endpointHost, port: 10250, answer: 'open' }],
      probes: refusedBoth!.filter(({ of, port }) => of !== 'API endpoint' || port !== 10250),
    });
    expectRow('ports-closed', outside(ports), 'pass', /None of the ports/);
  });

  const openAtEndpoint = seen({ probes: [...probesOf(endpointHost, 'refused', [10250]), ...probesOf(workerHost, 'refused')] });
  test.each(Object.keys(proxied(direct)))('a proxy in front, by %s: its host is none of the cluster’s', (mark) => {
    const front = proxied(direct)[mark]!;
    for (const ports of [seen(), openAtEndpoint, from('inside')])
      expectRow('ports-closed', outside(ports, front), 'abort', proxySentence(mark));
    expectRow('ports-closed', outside(seenPorts({ open: [10250] }), front), 'fail', /node worker-1/);
  });
  test.each(Object.keys(doubtful(direct)))('a proxy cannot be ruled out, because %s: neither pass nor not-applicable', (doubt) => {
    const front = doubtful(direct)[doubt]!;
    for (const ports of [seen(), from('inside')]) expectRow('ports-closed', outside(ports, front), 'abort', /cannot be ruled out/);
    expectRow('ports-closed', outside(openAtEndpoint, front), 'fail', /10250/);
  });
});

describe('etcd-access by ports', () => {
  const isolated = { 'kube-apiserver-pods': [apiServer({ 'etcd-servers': 'https://10.9.0.1:2379' })], 'etcd-pods': [] };
  const stacked = { 'kube-apiserver-pods': [apiServer()], 'etcd-pods': [etcdMember()] };
  const base: Facts = { ...direct, nodes: [nodeAt('cp-1', '172.18.0.2')], 'api-server-flagz': forbidden('/flagz') };
  const etcdOpen = seenPorts({ open: [2380] });
  test.each<[string, Facts, string, RegExp]>([
    [
      'isolated, a port of peers open',
      { ...base, ...isolated, 'open-ports': etcdOpen },
      'fail',
      /etcd answers from outside: node worker-1 .* port 2380/,
    ],
    ['isolated, closed: still to be declared', { ...base, ...isolated, 'open-ports': seen() }, 'abort', /declare it/],
    ['isolated, another port open', { ...base, ...isolated, 'open-ports': seenPorts({ open: [2381] }) }, 'abort', /declare it/],
    ['isolated, ports not known', { ...base, ...isolated, 'open-ports': forbidden('nodes') }, 'abort', /declare it/],
    [
      'isolated, open on the host of a proxy',
      { ...base, ...isolated, 'endpoint-url': { path: true }, 'open-ports': seen({ probes: probesOf(endpointHost, 'refused', [2379]) }) },
      'abort',
      /declare it/,
    ],
    ['stacked', { ...base, ...stacked, 'open-ports': etcdOpen }, 'not-applicable', /Applies only if etcd is isolated/],
    [
      'not known where etcd runs',
      { ...base, 'kube-apiserver-pods': [], 'etcd-pods': [], 'open-ports': etcdOpen },
      'abort',
      /No API server pod and no etcd pod can be seen/,
    ],
  ])('%s', (_, facts, outcome, message) => expectRow('etcd-access', facts, outcome, message));
});
