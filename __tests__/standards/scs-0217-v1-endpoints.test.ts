import { describe, expect, test } from '@jest/globals';
import type { ApiEndpoint } from '../../src/facts/api-endpoint.js';
import { clusterPorts, type OpenPorts, type Probe } from '../../src/facts/open-ports.js';
import { scs0217v1 } from '../../src/standards/scs-0217-v1.js';
import { forbidden, settleOne } from '../helpers/settle.js';

const row = (id: string, fact: string, value: unknown) => settleOne(scs0217v1.requirements, id, { [fact]: value });

describe('endpoints-https', () => {
  const plain = (kind: ApiEndpoint['plain']['kind'], status: number | null = null, text = ''): ApiEndpoint => ({
    scheme: 'https',
    tls: true,
    plain: { kind, status, text },
  });
  const http = (status: number, text: string): ApiEndpoint => plain('http', status, `HTTP/1.1 ${status} ${text}`);
  test.each([
    ["Go's refusal", http(400, 'Bad Request Client sent an HTTP request to an HTTPS server.'), 'pass', /refuses plain HTTP/],
    ["nginx' refusal", http(400, 'Bad Request The plain HTTP request was sent to HTTPS port'), 'pass', /refuses plain HTTP/],
    ['closed without an answer', plain('closed'), 'pass', /no answer/],
    ['silence', plain('silent'), 'pass', /no answer/],
    ['an alert of TLS', plain('tls-alert'), 'pass', /no answer/],
    ['plain HTTP is served', http(200, 'OK'), 'fail', /with status 200/],
    ['plain HTTP is redirected', http(301, 'Moved Permanently https://x/'), 'fail', /with status 301/],
    ['plain HTTP asks for a login', http(401, 'Unauthorized'), 'fail', /with status 401/],
    ['plain HTTP is forbidden', http(403, 'Forbidden'), 'fail', /with status 403/],
    ['a refusal without a reason', http(400, 'Bad Request'), 'abort', /status 400/],
    ['a gateway that fails', http(502, 'Bad Gateway'), 'abort', /status 502/],
    ['another protocol', plain('other', null, 'SSH-2.0'), 'abort', /could not be told/],
    ['the endpoint is http', { scheme: 'http', tls: false, plain: { kind: 'not-asked', status: null, text: '' } }, 'fail', /is plain HTTP/],
    ['no handshake', { unavailable: 'unreachable', detail: 'handshake: connection reset' }, 'abort', /connection reset/],
  ])('%s', (_, value, outcome, because) => {
    const { outcome: seen, because: why } = row('endpoints-https', 'api-endpoint', value);
    expect([seen, why]).toEqual([outcome, expect.stringMatching(because)]);
  });
});

describe('ports-closed', () => {
  type Answer = Probe['answer'];
  const endpoint = { host: '203.0.113.10', of: 'API endpoint' };
  const worker = { host: '198.51.100.7', of: 'node worker-1' };
  const all = (host: { host: string; of: string }, answer: Answer): Probe[] => clusterPorts.map((port) => ({ ...host, port, answer }));
  const nobody = (answer: Answer): Probe[] => all({ host: '203.0.113.1', of: 'nobody' }, answer);
  const unused = (host: { host: string; of: string }, answer: Answer): Probe => ({ ...host, port: 4, answer });
  const seen = (changes: Partial<OpenPorts> = {}): OpenPorts => ({
    vantage: 'outside',
    vantageBy: 'this machine is in no network of the endpoint or of a node',
    controls: [...nobody('timeout'), unused(endpoint, 'refused'), unused(worker, 'refused')],
    apiPort: [{ ...endpoint, port: 6443, answer: 'open' }],
    probes: [...all(endpoint, 'refused'), ...all(worker, 'refused')],
    hosts: { all: 2, tried: 2 },
    nodesWithExternalIP: 1,
    ...changes,
  });
  const opened = (port: number): Probe[] => all(worker, 'refused').map((p) => (p.port === port ? { ...p, answer: 'open' } : p));
  const from = (vantage: OpenPorts['vantage']) => seen({ vantage, controls: [], apiPort: [], probes: [] });

  test.each([
    ['all refused', seen(), 'pass', /answers from outside on 2 hosts$/],
    ['some filtered, which is said', seen({ probes: all(endpoint, 'timeout') }), 'pass', /7 connects had no answer at all/],
    ['a sample of many hosts', seen({ hosts: { all: 501, tried: 20 } }), 'pass', /20 hosts, a sample of 501/],
    [
      'nodes without an ExternalIP',
      seen({ probes: all(endpoint, 'refused'), hosts: { all: 1, tried: 1 }, nodesWithExternalIP: 0 }),
      'pass',
      /the API endpoint alone/,
    ],
    ['a kubelet is open', seen({ probes: opened(10250) }), 'fail', /node worker-1 \(198\.51\.100\.7\): 10250$/],
    ['etcd is open', seen({ probes: opened(2379) }), 'fail', /2379/],
    ['inside of the cluster’s network', from('inside'), 'not-applicable', /inside of the cluster's network/],
    ['an internal network', from('internal'), 'abort', /internal network/],
    ['a proxy', from('proxied'), 'abort', /cannot be tried/],
    [
      'a network that answers every connect',
      seen({ controls: nobody('open'), probes: opened(10250) }),
      'abort',
      /connects that nobody takes/,
    ],
    [
      'a network that answers one port for everybody',
      seen({ controls: [{ ...nobody('open')[0]! }] }),
      'abort',
      /nobody \(203\.0\.113\.1\): 2379/,
    ],
    [
      'the API port does not answer either',
      seen({ apiPort: [{ ...endpoint, port: 6443, answer: 'timeout' }] }),
      'abort',
      /direct connects do not work/,
    ],
    ['a host that answers everywhere', seen({ controls: [unused(worker, 'open')], probes: all(worker, 'open') }), 'abort', /prove nothing/],
    [
      'a host that answers everywhere beside one that is really open',
      seen({ controls: [unused(endpoint, 'open')], probes: [...all(endpoint, 'open'), ...opened(10250)] }),
      'fail',
      /^[^;]*: node worker-1 [^;]*: 10250$/,
    ],
    [
      'no route to a node',
      seen({ probes: [...all(endpoint, 'refused'), ...all(worker, 'unreachable')] }),
      'abort',
      /no route leads from here to node worker-1/,
    ],
    [
      'a firewall that answers "unreachable" for the API host’s other ports',
      seen({ probes: all(endpoint, 'unreachable') }),
      'pass',
      /none of the ports/,
    ],
    ['nothing was tried', seen({ probes: [] }), 'abort', /nothing to judge/],
    ['the nodes may not be listed', forbidden('/api/v1/nodes'), 'abort', /grant list nodes/],
  ])('%s', (_, value, outcome, because) => {
    const { outcome: judged, because: why } = row('ports-closed', 'open-ports', value);
    expect([judged, why]).toEqual([outcome, expect.stringMatching(because)]);
  });
});
