import { apiGroups } from '../facts/api-groups.js';
import { apiServerPods } from '../facts/control-plane-pods.js';
import { gatewayClasses } from '../facts/gateway-classes.js';
import { ingressClasses } from '../facts/ingress-classes.js';
import { loadBalancerServices } from '../facts/load-balancer-services.js';
import { networkFamilies } from '../facts/network-families.js';
import { nodes, type Node } from '../facts/nodes.js';
import { serverVersion } from '../facts/server-version.js';
import { storageClasses } from '../facts/storage-classes.js';
import { networkPluginsOf } from '../facts/support/network-plugins.js';
import { workloads } from '../facts/workloads.js';
import { factOf, isUnavailable, type Fact, type Facts } from '../model/fact.js';
import { count, listed } from '../model/outcome.js';
import type { Report } from '../model/report.js';

interface Row {
  readonly label: string;
  readonly facts: readonly Fact<unknown>[];
  readonly value: (facts: Facts) => string;
}

const maxDetail = 300;

/** A row of one fact. It says why it is not known: an absent fact is never an empty row. */
const row = <T>(label: string, fact: Fact<T>, text: (value: T) => string): Row => ({
  label,
  facts: [fact],
  value: (facts) => {
    const value = factOf(facts, fact);
    return isUnavailable(value) ? `not known: ${value.detail.slice(0, maxDetail)}` : text(value);
  },
});

const describeNodes = (all: readonly Node[]): string =>
  all.length === 0 ? 'none seen' : `${all.length}, ${all.filter((node) => node.ready).length} ready`;

const familiesOfPods = (all: readonly Node[]): string => {
  const families = [...new Set(all.flatMap((node) => node.podFamilies ?? []))].sort();
  return families.length > 0
    ? families.join(' and ')
    : 'not known: the nodes carry no pod CIDR, the network plugin hands out addresses by itself';
};

const rows: readonly Row[] = [
  row('Kubernetes', serverVersion, (version) => version.gitVersion),
  row('Nodes', nodes, describeNodes),
  row('Control plane', apiServerPods, (pods) =>
    pods.length > 0
      ? `visible: ${count(pods.length, 'API server pod')}`
      : 'hidden: no API server pod can be seen; it is hosted elsewhere, or does not run as a pod of kube-system',
  ),
  {
    label: 'Network plugin',
    facts: [workloads, apiGroups],
    value: (facts) => networkPluginsOf(factOf(facts, workloads), factOf(facts, apiGroups)).text,
  },
  row('Ingress classes', ingressClasses, (all) =>
    all.length === 0 ? 'none' : listed(all.map((c) => `${c.name}${c.isDefault ? ' (default)' : ''}: ${c.controller || 'no controller'}`)),
  ),
  row('Gateway API classes', gatewayClasses, ({ served, classes }) => {
    if (!served) return 'the Gateway API is not served';
    return classes.length === 0 ? 'none' : listed(classes.map((c) => `${c.name}: ${c.controller}${c.accepted ? '' : ' (not accepted)'}`));
  }),
  row('LoadBalancer support', loadBalancerServices, ({ services, withAddress }) =>
    services === 0
      ? 'not shown: no Service of type LoadBalancer to see it by'
      : `${withAddress} of ${count(services, 'Service')} of type LoadBalancer have an address`,
  ),
  row('Pod network', nodes, familiesOfPods),
  row('Service network', networkFamilies, ({ services, by }) => `${by === 'Service' ? 'at least ' : ''}${services.join(' and ')}`),
  row('Default storage class', storageClasses, (all) => {
    const defaults = all.filter((c) => c.defaultBy !== 'none');
    return defaults.length === 0 ? 'none' : listed(defaults.map((c) => `${c.name}: ${c.provisioner}`));
  }),
];

/** The facts that the description reads; each is collected even where no standard asks for it. */
export const describedFacts: readonly Fact<unknown>[] = rows.flatMap(({ facts }) => facts);

/**
 * What the report shows of the cluster beside the requirements, without a level.
 * @param facts collected or replayed; each absent one makes its row say so
 * @returns the rows in the order of the report, always the same ones
 */
export const describeCluster = (facts: Facts): Report['data'] => rows.map(({ label, value }) => ({ label, value: value(facts) }));
