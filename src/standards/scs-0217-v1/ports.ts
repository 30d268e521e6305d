import { clusterPorts, openPorts, type OpenPorts, type Probe } from '../../facts/open-ports.js';
import { abort, count, fail, listed, notApplicable, pass, undecided, type Answer, type Evidence } from '../../model/outcome.js';
import type { Requirement } from '../../model/requirement.js';
import { behindFront, type Front } from '../support/front.js';

const place = (host: Pick<Probe, 'host' | 'of'>): string => `${host.of} (${host.host})`;

/** The ports of each host, in the order of the hosts: `node worker-1 (203.0.113.7): 10250, 10256`. */
const byHost = (probes: readonly Probe[]): readonly string[] =>
  [...Map.groupBy(probes, place)].map(([host, some]) => `${host}: ${some.map((p) => p.port).join(', ')}`);

const portEvidence = (probes: readonly Probe[]): readonly Evidence[] =>
  [...Map.groupBy(probes, place)].map(([host, some]) => ({
    source: `TCP connects to ${host}`,
    observed: some.map((p) => `${p.port} ${p.answer}`).join(', '),
  }));

const isOpen = ({ answer }: Probe): boolean => answer === 'open';
const ofNobody = ({ of }: Probe): boolean => of === 'nobody';

/** Hosts that answer on a port that nothing uses: their open ports prove nothing. */
const indifferentHosts = ({ controls }: OpenPorts): readonly Probe[] => controls.filter((c) => isOpen(c) && !ofNobody(c));

/** Hosts of which nothing at all was heard, as no route leads there: nobody tried their ports. */
const unreached = (seen: OpenPorts): readonly string[] =>
  [...Map.groupBy([...seen.apiPort, ...seen.probes], place)]
    .filter(([, some]) => some.every((p) => p.answer === 'unreachable'))
    .map(([host]) => host);

/** Hosts of which an older recording shows fewer ports than are asked for. */
const incomplete = ({ probes, apiPort }: OpenPorts): readonly string[] =>
  [...Map.groupBy(probes, place)]
    .filter(([host, some]) => {
      const tried = new Set([...some, ...apiPort.filter((p) => place(p) === host)].map(({ port }) => port));
      return !clusterPorts.every((port) => tried.has(port));
    })
    .map(([host]) => host);

/** Why nothing can be told from this place; undefined if connects from here work, and show something. */
const blindness = (seen: OpenPorts): Answer | undefined => {
  switch (seen.vantage) {
    case 'inside':
      return notApplicable(`This machine is inside of the cluster's network, where these ports are rightly open: ${seen.vantageBy}.`);
    case 'overlapping':
      return abort(
        `This machine uses the same private addresses as the cluster and may be inside or outside of its network: ${seen.vantageBy}.`,
      );
    case 'internal':
      return abort(`This machine reaches the cluster through an internal network: ${seen.vantageBy}.`);
    case 'proxied':
      return abort(`Ports cannot be tried from here: ${seen.vantageBy}.`);
    case 'outside': {
      const everywhere = seen.controls.filter((c) => isOpen(c) && ofNobody(c));
      if (everywhere.length > 0)
        return abort(
          `The network of this machine answers connects that nobody takes (${byHost(everywhere).join('; ')}), so an open port proves nothing.`,
          portEvidence(everywhere),
        );
      return seen.apiPort.some(isOpen)
        ? undefined
        : abort("Direct connects do not work from here: the API endpoint's own port did not answer.", portEvidence(seen.apiPort));
    }
  }
};

/**
 * Ports of the cluster's own parts that answer from outside. The host of a proxy is none of the cluster's, the addresses of nodes are.
 * Empty where this machine cannot tell.
 */
export const openFromOutside = (seen: OpenPorts, front: Front): readonly Probe[] => {
  if (blindness(seen) !== undefined) return [];
  const indifferent = new Set(indifferentHosts(seen).map(({ host }) => host));
  return seen.probes.filter((p) => isOpen(p) && !indifferent.has(p.host) && (front.answers !== 'proxy' || p.of !== 'API endpoint'));
};

/** Why closed ports prove nothing, although connects work from here. */
const portsDoubt = (seen: OpenPorts): Answer | undefined => {
  const indifferent = indifferentHosts(seen);
  if (indifferent.length > 0)
    return abort(
      `${listed(indifferent.map(place))} answers on a port that nothing uses, so its open ports prove nothing.`,
      portEvidence(indifferent),
    );
  if (seen.probes.length === 0) return abort('No host was tried.');
  const far = unreached(seen);
  if (far.length > 0) return abort(`No route leads from here to ${listed(far)}.`, portEvidence(seen.probes));
  const lacking = incomplete(seen);
  if (lacking.length > 0)
    return abort(
      `Not all of the ports ${clusterPorts.join(', ')} were tried on ${listed(lacking)}: record it again.`,
      portEvidence(seen.probes),
    );
  // A filter near this machine that lets it connect to the API alone looks like a firewall around the cluster.
  const heard = [...seen.probes, ...seen.controls.filter((c) => !ofNobody(c))].some((p) => p.answer === 'refused');
  return heard
    ? undefined
    : abort(
        "Every connect but that to the API's own port got no answer, which a filter near this machine would do as well: nothing is proven.",
        portEvidence(seen.probes),
      );
};

const passed = (seen: OpenPorts): Answer => {
  const { all, tried } = seen.hosts;
  const silent = seen.probes.filter((p) => p.answer === 'timeout').length;
  return pass(
    `None of the ports ${clusterPorts.join(', ')} answers from outside on ${count(tried, 'host')}${tried < all ? `, a sample of ${all}` : ''}` +
      (seen.nodesWithExternalIP === 0 ? ' (only the API endpoint: no node has an address that the internet routes)' : '') +
      (silent > 0 ? `; ${count(silent, 'connect')} had no answer at all` : '') +
      '.',
    portEvidence(seen.probes),
  );
};

const judgePorts = (seen: OpenPorts, front: Front): Answer => {
  const open = openFromOutside(seen, front);
  if (open.length > 0) return fail(`Ports of the cluster's own parts answer from outside: ${listed(byHost(open))}.`, portEvidence(open));
  // What is near a proxy need not be near the cluster.
  const blind = blindness(seen);
  if (blind !== undefined && (blind.outcome !== 'not-applicable' || front.answers === 'api-server')) return blind;
  if (front.answers !== 'api-server') return undecided(front.message, portEvidence(seen.probes));
  return portsDoubt(seen) ?? passed(seen);
};

export const portsClosed: Requirement = {
  id: 'ports-closed',
  level: 'MUST',
  title: 'From outside, only the port of the API and NodePorts can be reached',
  clause: '#standard',
  remediation: `Close the ports ${clusterPorts.join(', ')} to the outside by security groups or a firewall on every node and on the load balancer of the API.`,
  ladder: [behindFront(openPorts, judgePorts)],
  settledBy: { nextStep: "Run it from a machine outside of the cluster's network, without a proxy." },
};
