import { networkPolicyMatrix, type MatrixCell, type NetworkPolicyMatrix } from '../../facts/network-policy-matrix.js';
import { nodes as nodesFact } from '../../facts/nodes.js';
import { NotAvailable } from '../../model/errors.js';
import { count, listed } from '../../model/outcome.js';
import type { Ports } from '../../model/fact.js';
import { withSandbox, type ProbeContext, type Sandbox, type Probe } from '../sandbox/sandbox.js';
import { eligibleNodes, sampleNodes, type EligibleNode, type NodeChoice } from '../sandbox/nodes.js';
import { formatTrouble } from '../sandbox/patience.js';
import { imageAdvice } from '../image.js';
import { dimensions } from './cells.js';
import { foreignPolicies, widePolicies, type ForeignPolicy } from './foreign.js';
import { ClientLog } from './observe.js';
import { blockAddresses, familiesOf, ordersFor, podsOf, spaceLabels, type CellAt, type Found } from './plan.js';
import type { Space } from './policies.js';
import { openEverything, runPhases, type CellSeen } from './run-phases.js';
import { giveOrders, remind, setUp, type Setup } from './setup.js';
import { Watch } from './watch.js';

/** How long traffic may take to flow at first: addresses of Services and names come to be known one after the other. */
const flowMs = 30_000;
const startLogMs = 15_000;
const reminderMs = 4_000;
/** With everything else flowing, SCTP gets so long: a network that does not carry it never will. */
const sctpMs = 5_000;

/** Whether pods may have addresses of both families, by the ranges of the nodes; also where these do not tell. */
const mayBeDual = async (fact: Ports['fact']): Promise<boolean> => {
  const all = await fact(nodesFact);
  return !all.every(({ podFamilies = [] }) => podFamilies.length === 1 && podFamilies[0] === 'IPv4');
};

const clientsOf = ({ pods, namespaces, found }: Setup, orders: ReadonlyMap<string, string>) =>
  pods
    .filter(({ name }) => found.addresses.has(name))
    .map(({ name, space }) => ({
      namespace: namespaces[space],
      name,
      // The order to itself does not count.
      log: new ClientLog(Math.max(0, (orders.get(name) ?? '').split('\n').length - 2)),
    }));

const toCell = ({ cell, view }: CellSeen, nodes: readonly EligibleNode[], setup: Setup): MatrixCell => {
  const placed = (pod: string): string => {
    const found = setup.pods.find(({ name }) => name === pod);
    return `${pod} on ${nodes[found?.node ?? 0]?.name ?? ''}`;
  };
  const { spec } = cell;
  const trouble = setup.problems.get(cell.client) ?? setup.problems.get(cell.server);
  const why = trouble === undefined ? undefined : `${formatTrouble(trouble)}${trouble.image ? `. ${imageAdvice}` : ''}`;
  return {
    id: spec.id,
    title: spec.title,
    dimension: dimensions[spec.dimension],
    direction: spec.direction,
    via: spec.via,
    path: cell.path,
    node: nodes[cell.node]?.name ?? '',
    from: spec.via === 'node' ? `the kubelet of ${nodes[cell.node]?.name ?? ''}` : placed(cell.client),
    to: placed(cell.server),
    port: `${spec.protocol} ${spec.port}`,
    family: cell.family,
    expected: spec.expected,
    observed: view.observed,
    lateMs: view.lateMs,
    note: view.observed === 'not-probed' && why !== undefined ? `${view.note}: ${why}` : view.note,
  };
};

/** Whether SCTP is spoken by every node's kernel, and carried by the network: the latter is optional, and off in many. */
type Sctp = 'carried' | 'not carried' | 'not spoken';
const sctpTexts: Readonly<Record<Sctp, readonly string[]>> = {
  carried: [],
  'not carried': ['SCTP: the nodes speak it, and the network does not carry it'],
  'not spoken': ['SCTP: the kernel of a node has not loaded it'],
};

/** What could not be shown on this cluster, one sentence each. */
const notShownOf = (
  nodes: readonly EligibleNode[],
  sctp: Sctp,
  flowing: ReadonlySet<CellAt>,
  cells: readonly CellAt[],
): readonly string[] => {
  const unnamed = cells.filter(({ spec }) => spec.via === 'name').every((cell) => !flowing.has(cell));
  return [
    ...(nodes.length === 1 ? ['traffic across nodes: one node alone takes pods'] : []),
    ...sctpTexts[sctp],
    ...(unnamed ? ['DNS: no name of the cluster could be resolved before there was any policy'] : []),
  ];
};

/** The nodes from whose pods the metadata service of a cloud was tried. */
const metadataSeen = (nodes: readonly EligibleNode[], setup: Setup, watches: readonly Watch[]): NetworkPolicyMatrix['metadataService'] => {
  const seen = new Map(watches.flatMap((watch) => [...watch.metadata]));
  const nodesWhere = (reached: boolean): readonly string[] =>
    setup.pods.filter(({ name }) => seen.get(name) === reached).map(({ node }) => nodes[node]?.name ?? '');
  return { reached: nodesWhere(true), silent: nodesWhere(false) };
};

interface Ground {
  readonly nodes: readonly EligibleNode[];
  readonly choice: NodeChoice;
  readonly wide: readonly string[];
  readonly dual: boolean;
}

/** @throws {NotAvailable} where somebody's policies let through what ours are to deny */
const assertOnlyDenials = (foreign: readonly ForeignPolicy[]): void => {
  const opening = foreign.filter(({ denies }) => !denies);
  if (opening.length > 0)
    throw new NotAvailable(
      'refused',
      `somebody puts policies with rules into every new namespace, so that what is seen would be theirs: ${listed(
        opening.map(({ name }) => name),
        4,
      )}; except namespaces with the label app.kubernetes.io/managed-by=scs-kaas from it`,
    );
};

const bySctp = ({ spec }: CellAt): boolean => spec.protocol === 'SCTP';

/** Waits until every cell has let traffic through, and for SCTP not for long where there is none of it. @returns those that have */
const untilFlowing = async (context: ProbeContext, setup: Setup, watch: Watch, cells: readonly CellAt[]): Promise<ReadonlySet<CellAt>> => {
  let flowing: ReadonlySet<CellAt> = new Set();
  const probed = cells.filter(({ hindrance }) => hindrance === '');
  const others = probed.filter((cell) => !bySctp(cell));
  const end = performance.now() + flowMs;
  let since: number | undefined;
  const enough = (): boolean => {
    flowing = watch.answered(cells);
    if (flowing.size === probed.length) return true;
    if (!others.every((cell) => flowing.has(cell)) || [...flowing].some(bySctp)) return false;
    since ??= performance.now();
    return performance.now() - since > sctpMs;
  };
  for (let again = 1; performance.now() < end && !context.signal.aborted; again++) {
    if (await watch.until(enough, reminderMs, context.signal)) break;
    await remind(context, setup, watch.silent.keys(), again);
  }
  for (const [name, line] of watch.silent)
    context.log(`policy matrix: the pod ${name} has not begun to probe; its log ends with "${line}"`);
  context.log(`policy matrix: ${flowing.size} of ${probed.length} cells let traffic through without a policy`);
  return flowing;
};

const probeAll = async (context: ProbeContext, sandbox: Sandbox<Space>, ground: Ground, begin: number): Promise<NetworkPolicyMatrix> => {
  const { nodes, choice, wide, dual } = ground;
  const setup = await setUp(context, sandbox, nodes, dual);
  const foreign = await foreignPolicies(context.api, Object.values(setup.namespaces));
  assertOnlyDenials(foreign);
  const closedByOthers = foreign.length > 0;
  // Whether SCTP can be probed decides about the orders: the pods say it first.
  const first = new Watch(context.api, clientsOf(setup, new Map()), setup.namespaces.z);
  await first.until(() => first.sctp !== undefined, startLogMs, context.signal);
  const found: Found = { ...setup.found, sctp: first.sctp === true };
  const { cells: all, orders } = ordersFor(nodes.length, found);
  const bare = {
    context,
    namespaces: setup.namespaces,
    pods: setup.pods,
    addresses: blockAddresses(found),
    closedByOthers,
  };
  if (closedByOthers) await openEverything(bare);
  await giveOrders(context, setup, orders);
  const watch = new Watch(context.api, clientsOf(setup, orders), setup.namespaces.z);
  const flowing = await untilFlowing(context, setup, watch, all);
  const sctp: Sctp = !found.sctp ? 'not spoken' : [...flowing].some(bySctp) ? 'carried' : 'not carried';
  const cells = sctp === 'carried' ? all : all.filter((cell) => !bySctp(cell));
  const { seen, ended } = await runPhases({ ...bare, sctp: sctp === 'carried', cells, flowing, watch });
  const tookMs = Math.round(performance.now() - begin);
  context.log(`policy matrix: ${seen.length} cells on ${count(nodes.length, 'node')} in ${(tookMs / 1_000).toFixed(1)} s`);
  return {
    image: context.image,
    nodes: nodes.map(({ name }) => name),
    eligible: choice.eligible.length,
    leftOut: choice.leftOut,
    families: familiesOf(found.addresses),
    notShown: notShownOf(nodes, sctp, flowing, cells),
    metadataService: metadataSeen(nodes, setup, [first, watch]),
    foreignPolicies: [...foreign.map(({ name }) => `NetworkPolicy ${name}`), ...wide],
    ended,
    tookMs,
    cells: seen.map((one) => toCell(one, nodes, setup)),
  };
};

/** The policy matrix: docs/policy-matrix.md. */
export const networkPolicyMatrixProbe: Probe = {
  fact: networkPolicyMatrix,
  run: async (context, fact) => {
    const choice = await eligibleNodes(context.api, context.image);
    const nodes = sampleNodes(choice.eligible, context.nodes);
    if (nodes.length === 0)
      throw new NotAvailable(
        'not-found',
        `no node takes pods: ${listed(choice.leftOut.map(({ node, why }) => `${node} (${why})`)) || 'the cluster shows none'}`,
      );
    const ground: Ground = { nodes, choice, wide: await widePolicies(fact), dual: await mayBeDual(fact) };
    const begin = performance.now();
    context.log(
      `policy matrix: makes ${podsOf(nodes.length).length} pods on ${listed(nodes.map(({ name }) => name))}, 3 namespaces, ${nodes.length * 3} Services and some policies, for about a minute`,
    );
    return withSandbox(context, networkPolicyMatrix.permissions, spaceLabels, { volumes: false }, (sandbox) =>
      probeAll(context, sandbox, ground, begin),
    );
  },
};
