import { clusterPorts, type OpenPorts, type Probe } from '../../src/facts/open-ports.js';

type Host = Pick<Probe, 'host' | 'of'>;
export const endpointHost: Host = { host: '203.0.113.10', of: 'API endpoint' };
export const workerHost: Host = { host: '198.51.100.7', of: 'node worker-1' };
export const nobodyHost: Host = { host: '192.0.2.1', of: 'nobody' };

/** All ports of the cluster's own parts on one host, with one answer, but for some that are open. */
export const probesOf = (host: Host, answer: Probe['answer'], open: readonly number[] = []): readonly Probe[] =>
  clusterPorts.map((port) => ({ ...host, port, answer: open.includes(port) ? 'open' : answer }));

/** A connect to a port that nothing uses. */
export const unusedOn = (host: Host, answer: Probe['answer']): Probe => ({ ...host, port: 4, answer });

/**
 * What a machine outside of the cluster sees: everything closed on the API endpoint's host and on one node.
 * @param open ports of the node that answer
 */
export const seenPorts = ({ open = [] }: { readonly open?: readonly number[] } = {}): OpenPorts => ({
  vantage: 'outside',
  vantageBy: 'this machine is in no network of the endpoint or of a node',
  controls: [...probesOf(nobodyHost, 'timeout'), unusedOn(endpointHost, 'refused'), unusedOn(workerHost, 'refused')],
  apiPort: [{ ...endpointHost, port: 6443, answer: 'open' }],
  probes: [...probesOf(endpointHost, 'refused'), ...probesOf(workerHost, 'refused', open)],
  hosts: { all: 2, tried: 2 },
  nodesWithExternalIP: 1,
});
