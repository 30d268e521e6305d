import { apiEndpoint, type ApiEndpoint } from '../../facts/api-endpoint.js';
import { clusterPorts, openPorts, type OpenPorts, type Probe } from '../../facts/open-ports.js';
import { abort, count, fail, listed, notApplicable, pass, undecided, type Answer, type Evidence } from '../../model/outcome.js';
import { behave, type Requirement } from '../../model/requirement.js';

/** How servers that speak TLS alone word their refusal of plain HTTP: Go, nginx, Apache, HAProxy. */
const wantsTls = /https|\btls\b|\bssl\b/i;

const judgePlain = ({ plain }: ApiEndpoint): Answer => {
  const evidence: readonly Evidence[] = [
    { source: 'TLS handshake with the API endpoint', observed: 'completed' },
    { source: 'plain HTTP request to the same port', observed: plain.text || plain.kind },
  ];
  switch (plain.kind) {
    case 'closed':
    case 'silent':
    case 'tls-alert':
      return pass('the API endpoint speaks TLS and gives plain HTTP no answer', evidence);
    case 'http': {
      const status = plain.status ?? 0;
      if (status === 400 && wantsTls.test(plain.text)) return pass('the API endpoint speaks TLS and refuses plain HTTP', evidence);
      if ((status >= 200 && status < 400) || status === 401 || status === 403)
        return fail(`the API endpoint answers plain HTTP, with status ${status}`, evidence);
      return undecided(
        `plain HTTP to the API endpoint was answered with status ${status}, which does not tell whether it is served`,
        evidence,
      );
    }
    case 'other':
    case 'not-asked':
      return undecided('what the API endpoint answers to plain HTTP could not be told', evidence);
  }
};

const judgeEndpoint = (endpoint: ApiEndpoint): Answer => {
  if (endpoint.scheme === 'http')
    return fail('the API endpoint is plain HTTP', [{ source: 'address of the API endpoint', observed: 'http' }]);
  return endpoint.tls ? judgePlain(endpoint) : undecided('no TLS handshake with the API endpoint was completed');
};

export const endpointsHttps: Requirement = {
  id: 'endpoints-https',
  level: 'MUST',
  title: 'The API endpoint is secured by HTTPS',
  clause: '#standard',
  remediation: 'Serve the Kubernetes API by HTTPS alone, and close plain HTTP on the load balancer in front of it.',
  ladder: [behave({ apiEndpoint }, (facts) => judgeEndpoint(facts.apiEndpoint))],
  settledBy: { how: 'Run it where the API endpoint can be reached directly.' },
};

const place = (host: Pick<Probe, 'host' | 'of'>): string => `${host.of} (${host.host})`;

/** The ports of each host, in the order of the hosts: `node worker-1 (203.0.113.7): 10250, 10256`. */
const byHost = (probes: readonly Probe[]): readonly string[] =>
  [...Map.groupBy(probes, place)].map(([host, some]) => `${host}: ${some.map((p) => p.port).join(', ')}`);

const evidenceOf = (probes: readonly Probe[]): readonly Evidence[] =>
  [...Map.groupBy(probes, place)].map(([host, some]) => ({
    source: `TCP connects to ${host}`,
    observed: some.map((p) => `${p.port} ${p.answer}`).join(', '),
  }));

/** Hosts of which nothing at all was heard, as no route leads there: nobody tried their ports. */
const unreached = (seen: OpenPorts): readonly string[] =>
  [...Map.groupBy([...seen.apiPort, ...seen.probes], place)]
    .filter(([, some]) => some.every((p) => p.answer === 'unreachable'))
    .map(([host]) => host);

const passed = (seen: OpenPorts): Answer => {
  const { all, tried } = seen.hosts;
  const silent = seen.probes.filter((p) => p.answer === 'timeout').length;
  return pass(
    `none of the ports ${clusterPorts.join(', ')} answers from outside on ${count(tried, 'host')}${tried < all ? `, a sample of ${all}` : ''}` +
      (seen.nodesWithExternalIP === 0 ? ' (the API endpoint alone: no node has an address that the internet routes)' : '') +
      (silent > 0
        ? `; ${count(silent, 'connect')} had no answer at all, which a filter on the way from this machine would do as well`
        : ''),
    evidenceOf(seen.probes),
  );
};

const judgeOutside = (seen: OpenPorts): Answer => {
  const answering = seen.controls.filter((c) => c.answer === 'open');
  const everywhere = answering.filter((c) => c.of === 'nobody');
  if (everywhere.length > 0)
    return abort(
      `the network of this machine answers connects that nobody takes (${byHost(everywhere).join('; ')}), so an open port proves nothing`,
      evidenceOf(everywhere),
    );
  if (!seen.apiPort.some((p) => p.answer === 'open'))
    return abort("direct connects do not work from here: the API endpoint's own port did not answer", evidenceOf(seen.apiPort));
  const indifferent = new Set(answering.map((c) => c.host));
  const open = seen.probes.filter((p) => p.answer === 'open' && !indifferent.has(p.host));
  if (open.length > 0) return fail(`ports of the cluster's own parts answer from outside: ${listed(byHost(open))}`, evidenceOf(open));
  if (indifferent.size > 0)
    return abort(
      `${listed(answering.map(place))} answers on a port that nothing uses, so its open ports prove nothing`,
      evidenceOf(answering),
    );
  const far = unreached(seen);
  if (far.length > 0) return abort(`no route leads from here to ${listed(far)}`, evidenceOf(seen.probes));
  return seen.probes.length === 0 ? abort('nothing to judge: no host was tried') : passed(seen);
};

const judgePorts = (seen: OpenPorts): Answer => {
  switch (seen.vantage) {
    case 'inside':
      return notApplicable(`this machine is inside of the cluster's network, where these ports are rightly open: ${seen.vantageBy}`);
    case 'internal':
      return abort(`this machine reaches the cluster through an internal network: ${seen.vantageBy}`);
    case 'proxied':
      return abort(`ports cannot be tried from here: ${seen.vantageBy}`);
    case 'outside':
      return judgeOutside(seen);
  }
};

export const portsClosed: Requirement = {
  id: 'ports-closed',
  level: 'MUST',
  title: "From outside, the API's port and NodePorts alone can be reached",
  clause: '#standard',
  remediation: `Close the ports ${clusterPorts.join(', ')} to the outside by security groups or a firewall on every node and on the load balancer of the API.`,
  ladder: [behave({ openPorts }, (facts) => judgePorts(facts.openPorts))],
  settledBy: { how: "Run it from a machine outside of the cluster's network, without a proxy." },
};
