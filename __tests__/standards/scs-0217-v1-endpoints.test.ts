import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parsePlainAnswer, type ApiEndpoint, type PlainAnswer } from '../../src/facts/api-endpoint.js';
import type { ServingPods } from '../../src/facts/serving-pods.js';
import type { Facts } from '../../src/model/fact.js';
import { scs0217v1 } from '../../src/standards/scs-0217-v1.js';
import { direct, doubtful, proxied, proxySentence } from '../helpers/front.js';
import { improvedByHiding } from '../helpers/hiding.js';
import { kubelets, refusing } from '../helpers/kubelets.js';
import { seenPorts } from '../helpers/ports.js';
import { forbidden, settleOne } from '../helpers/settle.js';

const row = (id: string, facts: Facts) => settleOne(scs0217v1.requirements, id, facts);
const expectRow = (id: string, facts: Facts, outcome: string, message: RegExp): void => {
  const seen = row(id, facts);
  expect([seen.outcome, seen.message]).toEqual([outcome, expect.stringMatching(message)]);
};

const endpoint = (plain: PlainAnswer): ApiEndpoint => ({ scheme: 'https', tls: true, plain });
/** An endpoint that answers plain HTTP in these words. */
const answering = (head: string, body = '', host = 'api.example.org'): ApiEndpoint =>
  endpoint(parsePlainAnswer(`HTTP/1.1 ${head.replaceAll('\n', '\r\n')}\r\n\r\n${body}`, host));
const refusal = answering('400 Bad Request', 'Client sent an HTTP request to an HTTPS server.\n');
const ofKind = (kind: PlainAnswer['kind']): ApiEndpoint => endpoint({ kind, status: null, text: '' });
const plainOnly: ApiEndpoint = { ...ofKind('not-asked'), scheme: 'http', tls: false };

const pod = (component: ServingPods[number]['component'], flags: Readonly<Record<string, string>> = {}): ServingPods[number] => ({
  component,
  name: `${component}-cp-1`,
  flags,
});
const servingPods = (flags: Readonly<Record<string, string>> = {}): ServingPods => [
  pod('kube-controller-manager', flags),
  pod('kube-scheduler', flags),
];

/** A cluster whose endpoints all speak HTTPS, reached directly. */
const good: Facts = {
  ...direct,
  'api-endpoint': refusal,
  'controller-manager-and-scheduler-pods': servingPods(),
  'server-version': { gitVersion: 'v1.36.3' },
  'kubelet-configs': kubelets(refusing, refusing),
  'open-ports': seenPorts(),
};

const status = (code: number, reason: string): string =>
  JSON.stringify({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', reason, code });
const version = JSON.stringify({ major: '1', minor: '36', emulationMajor: '1', gitVersion: 'v1.36.3' }, null, 2);
const gateway = { type: 'error', status: '401', message: 'must authenticate' };

describe('endpoints-https: the API endpoint', () => {
  test.each<[string, ApiEndpoint, string, RegExp]>([
    ["Go's refusal", refusal, 'pass', /refuses plain HTTP/],
    [
      "nginx' refusal",
      answering('400 Bad Request\nServer: nginx', '<html>The plain HTTP request was sent to HTTPS port'),
      'pass',
      /refuses plain HTTP/,
    ],
    [
      "Apache's refusal",
      answering('400 Bad Request', "You're speaking plain HTTP to an SSL-enabled server port."),
      'pass',
      /refuses plain HTTP/,
    ],
    ['a refusal without a reason', answering('400 Bad Request'), 'pass', /status 400 and a page that is no answer of the API/],
    ['an upgrade is asked for', answering('426 Upgrade Required'), 'pass', /status 426/],
    [
      'a page of another program',
      answering('200 OK\nContent-Type: text/html', '<!DOCTYPE html><title>Welcome'),
      'pass',
      /status 200 and a page/,
    ],
    ['not found, in words of another program', answering('404 Not Found', '404 page not found'), 'pass', /status 404 and a page/],
    ['closed without an answer', ofKind('closed'), 'pass', /no answer/],
    ['silence', ofKind('silent'), 'pass', /no answer/],
    ['an alert of TLS', ofKind('tls-alert'), 'pass', /no answer/],
    [
      "nginx' error_page 497 to the same host",
      answering('301 Moved Permanently\nLocation: https://api.example.org:6443/'),
      'pass',
      /redirects plain HTTP to HTTPS/,
    ],
    [
      'a permanent redirect to another name of it',
      answering('308 Permanent Redirect\nlocation: https://k8s.example.org/version'),
      'pass',
      /redirects/,
    ],
    [
      'a temporary redirect to the same host',
      answering('307 Temporary Redirect\nLocation: https://API.example.org/version'),
      'pass',
      /redirects/,
    ],
    [
      'a redirect to a login elsewhere',
      answering('302 Found\nLocation: https://sso.example.org/login'),
      'abort',
      /a redirect to another place/,
    ],
    [
      'a redirect that stays with plain HTTP',
      answering('301 Moved Permanently\nLocation: http://api.example.org/v2'),
      'abort',
      /another place/,
    ],
    ['a redirect within the server', answering('302 Found\nLocation: /login'), 'abort', /another place/],
    ['a redirect to nowhere', answering('301 Moved Permanently'), 'abort', /another place/],
    ['the version of an API', answering('200 OK\nContent-Type: application/json', version), 'fail', /status 200, by a Kubernetes API/],
    [
      'a Status that asks for a login',
      answering('401 Unauthorized', status(401, 'Unauthorized')),
      'fail',
      /status 401, by a Kubernetes API/,
    ],
    ['a Status that forbids', answering('403 Forbidden', status(403, 'Forbidden')), 'fail', /status 403/],
    ['headers of an API, whatever the body', answering('404 Not Found\nAudit-Id: 1-2', 'gone'), 'fail', /status 404/],
    [
      'a Status behind a permanent redirect',
      answering('301 Moved Permanently\nLocation: https://api.example.org/', status(301, 'x')),
      'fail',
      /301/,
    ],
    [
      'a login of a gateway, behind which the API may be',
      answering('401 Unauthorized', JSON.stringify(gateway)),
      'abort',
      /whether the API is behind it/,
    ],
    ['a gateway that fails', answering('502 Bad Gateway'), 'abort', /status 502: it does not show/],
    ['another protocol', ofKind('other'), 'abort', /does not show/],
    [
      'an older recording of Go’s refusal',
      endpoint({ kind: 'http', status: 400, text: 'HTTP/1.0 400 Bad Request Client sent an HTTP request to an HTTPS server.' }),
      'pass',
      /refuses/,
    ],
    ['an older recording of a page', endpoint({ kind: 'http', status: 200, text: 'HTTP/1.1 200 OK' }), 'abort', /is not recorded/],
    ['the endpoint is http', plainOnly, 'fail', /The API endpoint is plain HTTP/],
    ['the endpoint is http, on another host', { ...plainOnly, loopback: false }, 'fail', /The API endpoint is plain HTTP/],
    ['the endpoint is http, on loopback', { ...plainOnly, loopback: true }, 'abort', /a program such as kubectl proxy answers/],
    ['no handshake', { ...ofKind('closed'), tls: false }, 'abort', /No TLS handshake/],
  ])('%s', (_, value, outcome, message) => expectRow('endpoints-https', { ...good, 'api-endpoint': value }, outcome, message));

  test('the endpoint cannot be reached', () => {
    const gone = { unavailable: 'unreachable', detail: 'handshake: connection reset' };
    expectRow('endpoints-https', { ...good, 'api-endpoint': gone }, 'abort', /connection reset/);
  });

  const plain = { ...good, 'api-endpoint': answering('200 OK', version) };
  test.each(Object.keys(proxied(good)))('a proxy in front, by %s: undecided, whatever it answers', (mark) => {
    for (const world of [good, plain]) expectRow('endpoints-https', proxied(world)[mark]!, 'abort', proxySentence(mark));
  });
  test.each(Object.keys(doubtful(good)))('a proxy cannot be ruled out, because %s: never a pass', (doubt) => {
    expectRow('endpoints-https', doubtful(good)[doubt]!, 'abort', /cannot be ruled out/);
    expect(row('endpoints-https', doubtful(plain)[doubt]!).outcome).toBe('fail');
  });
});

describe('endpoints-https: controller manager, scheduler, kubelets', () => {
  const pods = (value: unknown, gitVersion: unknown = 'v1.36.3'): Facts => ({
    ...good,
    'controller-manager-and-scheduler-pods': value,
    'server-version': typeof gitVersion === 'string' ? { gitVersion } : gitVersion,
  });
  test.each<[string, Facts, string, RegExp]>([
    ['no flag, a version without such a port', pods(servingPods()), 'pass', /Kubernetes 1\.36 serve only HTTPS/],
    ['hidden pods, a version without such a port', pods([], 'v1.31.2+k3s1'), 'pass', /Kubernetes 1\.31/],
    ['hidden pods, an old version', pods([], 'v1.22.17'), 'abort', /does not show \(version "v1\.22\.17"\)/],
    ['hidden pods, no version', pods([], forbidden('/version')), 'abort', /GET \/version: 403/],
    ['an old version, port 0', pods(servingPods({ port: '0', 'secure-port': '10259' }), 'v1.22.17'), 'pass', /port is 0/],
    ['an old version, the default port', pods(servingPods(), 'v1.22.17'), 'abort', /does not show/],
    ['an old version, only one of both seen', pods([pod('kube-scheduler', { port: '0' })], 'v1.22.17'), 'abort', /does not show/],
    [
      'an insecure port',
      pods([...servingPods({ port: '0' }), pod('kube-scheduler', { port: '10251' })], 'v1.22.17'),
      'fail',
      /kube-scheduler-cp-1 \(port 10251\)/,
    ],
    ['an insecure port, whatever the version', pods([pod('kube-controller-manager', { port: '10252' })]), 'fail', /port 10252/],
    ['pods forbidden', pods(forbidden('pods')), 'abort', /grant list pods in namespace kube-system/],
    [
      'a read-only port',
      { ...good, 'kubelet-configs': kubelets(refusing, { ...refusing, readOnlyPort: 10255 }) },
      'fail',
      /read-only port, on 1 of 2 nodes: b\.$/,
    ],
    [
      'a kubelet that does not answer',
      { ...good, 'kubelet-configs': kubelets(refusing, undefined) },
      'abort',
      /is not known on 1 of 2 nodes: b/,
    ],
    ['kubelets forbidden', { ...good, 'kubelet-configs': forbidden('configz') }, 'abort', /grant list nodes, get nodes\/proxy/],
    [
      'all that is broken is named at once',
      { ...pods([pod('kube-scheduler', { port: '10251' })]), 'api-endpoint': answering('200 OK', version) },
      'fail',
      /by a Kubernetes API\. Plain HTTP is served by kube-scheduler/,
    ],
  ])('%s', (_, facts, outcome, message) => expectRow('endpoints-https', facts, outcome, message));
});

describe('endpoints-secured', () => {
  const anonymous = { 'kubelet-configs': kubelets(refusing, { ...refusing, anonymous: true }) };
  const inside = { 'open-ports': { ...seenPorts(), vantage: 'inside', controls: [], apiPort: [], probes: [] } };
  test.each<[string, Facts, string, RegExp]>([
    ['every part is met', good, 'pass', /^All endpoints that can be seen are secured: ports-closed: None.*kubelet-webhook-authorization: /],
    ['a kubelet takes anonymous requests', { ...good, ...anonymous }, 'fail', /^kubelet-anonymous-auth: /],
    [
      'the same, and the rest forbidden',
      { ...anonymous, 'open-ports': forbidden('nodes'), 'api-endpoint': forbidden('x') },
      'fail',
      /^kubelet-anonymous-auth: /,
    ],
    ['a port is open', { ...good, 'open-ports': seenPorts({ open: [10250] }) }, 'fail', /^ports-closed: Ports of the cluster/],
    [
      'ports cannot be tried from inside: no proof',
      { ...good, ...inside },
      'abort',
      /^ports-closed: This machine is inside of the cluster's network/,
    ],
    ['kubelets forbidden', { ...good, 'kubelet-configs': forbidden('configz') }, 'abort', /grant list nodes, get nodes\/proxy/],
    [
      'by kubectl proxy of this machine',
      { ...good, 'api-endpoint': { ...plainOnly, loopback: true } },
      'abort',
      /^endpoints-https: The connection goes by plain HTTP to a loopback address/,
    ],
    [
      'behind a proxy',
      { ...good, 'endpoint-url': { path: true } },
      'abort',
      /ports-closed: A proxy answers.*endpoints-https: A proxy answers/,
    ],
    ['nothing is known', {}, 'abort', /open-ports: not part of this snapshot/],
  ])('%s', (_, facts, outcome, message) => expectRow('endpoints-secured', facts, outcome, message));

  test('every row of a kubelet takes part, but for what the standard only allows', () => {
    const takesPart = scs0217v1.requirements.filter(({ id, level }) => id.startsWith('kubelet-') && level !== 'MAY').map(({ id }) => id);
    expect(takesPart.length).toBeGreaterThan(2);
    const { message } = row('endpoints-secured', good);
    for (const id of [...takesPart, 'ports-closed', 'endpoints-https']) expect(message).toContain(`${id}: `);
  });
});

test('less knowledge never makes an endpoint better: each fact hidden in random worlds', () => {
  const ids = ['ports-closed', 'endpoints-https', 'endpoints-secured', 'etcd-access'];
  const rows = scs0217v1.requirements.filter(({ id }) => ids.includes(id));
  const some = <T>(name: string, values: readonly T[]) => fc.constantFrom(...values.map((value) => ({ [name]: value })));
  const world = fc.tuple(
    fc.constantFrom(...[good, ...Object.values(proxied(good)), ...Object.values(doubtful(good))]),
    some('api-endpoint', [refusal, answering('200 OK', version), answering('502 x'), ofKind('silent')]),
    some('controller-manager-and-scheduler-pods', [[], servingPods(), servingPods({ port: '0' })]),
    some('server-version', [{ gitVersion: 'v1.36.3' }, { gitVersion: 'v1.22.1' }]),
    some('kubelet-configs', [kubelets(refusing), kubelets(refusing, undefined), kubelets({ ...refusing, readOnlyPort: 10255 })]),
    some('open-ports', [
      seenPorts(),
      seenPorts({ open: [2379] }),
      { ...seenPorts(), vantage: 'inside' },
      { ...seenPorts({ open: [2379] }), vantage: 'overlapping' },
      { ...seenPorts(), vantage: 'proxied' },
    ]),
  );
  fc.assert(
    fc.property(world, (parts) => {
      expect(improvedByHiding(rows, Object.assign({}, ...parts) as Facts)).toEqual([]);
    }),
    { numRuns: 100 },
  );
});
