import type { MatrixCell, NetworkPolicyMatrix } from '../../facts/network-policy-matrix.js';
import { count, fail, insufficient, listed, undecided } from '../../model/outcome.js';
import type { Answer, Evidence, Grid, GridMark, Insufficient, Table } from '../../model/outcome.js';
import type { Tolerance } from './e2e-tests.js';
import { testsOfCell } from './policy-tests.js';

/** How one cell came out. A cell that let through now and then what it should let through may be a loaded machine: it tells nothing. */
const markOf = ({ expected, observed }: MatrixCell): Exclude<GridMark, 'none'> =>
  observed === 'not-probed' || observed === 'unsteady' ? 'open' : observed === expected ? 'met' : 'broken';

const blockOf = ({ id }: MatrixCell): string => /^(?:in|e)gress\/(block(?:-except)?)\//.exec(id)?.[1] ?? '';

/** The reason for which the effective list lets all of some tests fail; undefined where one of them has to pass, and where there is none. */
const reasonFor = (tests: readonly string[], tolerance: Tolerance): string | undefined => {
  const found = tests.map((name) => tolerance(name));
  const reasons = found.flatMap((one) => (one !== undefined && 'reason' in one ? [one.reason] : []));
  return found.length > 0 && reasons.length === found.length ? reasons[0] : undefined;
};

const blockNote =
  'denied: this network does not take the addresses of pods for addresses of a block, as some do not (cilium/cilium#9209), and others were not probed';

/** The cells by blocks of a direction that lets through no pod at all. */
const closedBlocks = (cells: readonly MatrixCell[]): readonly MatrixCell[] =>
  (['ingress', 'egress', 'both'] as const).flatMap((direction) => {
    const own = cells.filter(
      (cell) => cell.direction === direction && cell.expected === 'allowed' && blockOf(cell) !== '' && cell.observed !== 'not-probed',
    );
    return own.every(({ observed }) => observed === 'denied') ? own : [];
  });

/**
 * What the list of tests that may fail tolerates: a cell that is not as expected, or not steadily, and for which every test of Kubernetes that asks the
 * same may fail. A cell for which there is no test is never tolerated.
 *
 * A block is meant for addresses outside of the cluster (API reference of IPBlock); whether it takes in pods is left to the network, and those that
 * know pods by their labels alone let none through. Where one direction lets through no pod at all, the list decides: tolerated, or broken where
 * Kubernetes has a test for it that must pass. What is let through against an exception of a block is never tolerated.
 */
const withTolerance = (
  cells: readonly MatrixCell[],
  tolerance: Tolerance,
): { readonly cells: readonly MatrixCell[]; readonly tolerated: readonly MatrixCell[] } => {
  const closed = closedBlocks(cells);
  const blocks: MatrixCell[] = [];
  const others: MatrixCell[] = [];
  const changed = cells.map((cell) => {
    const isBlock = blockOf(cell) !== '';
    if (isBlock ? !closed.includes(cell) : markOf(cell) !== 'broken' && cell.observed !== 'unsteady') return cell;
    // Kubernetes has no test by blocks for ingress: those for egress tell what this network makes of them.
    const reason = reasonFor(testsOfCell(isBlock ? cell.id.replace(/^ingress\//, 'egress/') : cell.id), tolerance);
    if (reason === undefined && (!isBlock || cell.direction === 'egress')) return cell;
    const note = reason === undefined ? blockNote : `${cell.observed}, and tolerated: ${reason}`;
    const open = { ...cell, observed: 'not-probed' as const, note };
    if (reason !== undefined) (isBlock ? blocks : others).push(open);
    return open;
  });
  return { cells: changed, tolerated: [...blocks, ...others] };
};

const worstMark = (some: readonly MatrixCell[]): GridMark => {
  const marks = some.map(markOf);
  return marks.includes('broken') ? 'broken' : marks.includes('open') ? 'open' : marks.length > 0 ? 'met' : 'none';
};

const maxRows = 2_000;
/** More nodes than this in one row nobody reads: then the worst of all stands for them. */
const maxNodeColumns = 4;

const distinct = (some: readonly string[]): readonly string[] => [...new Set(some)];

const gridOf = ({ cells, nodes }: NetworkPolicyMatrix): Grid => {
  const directions = ['ingress', 'egress'] as const;
  const places: readonly (string | undefined)[] = nodes.length <= maxNodeColumns && nodes.length > 1 ? nodes : [undefined];
  const columns = directions.flatMap((direction) => places.map((node) => ({ direction, node })));
  return {
    caption: 'The policy matrix: what is enforced in which direction, on which node',
    columns: columns.map(({ direction, node }) => (node === undefined ? direction : `${direction} on ${node}`)),
    rows: distinct(cells.map(({ dimension }) => dimension)).map((dimension) => ({
      label: dimension,
      marks: columns.map(({ direction, node }) =>
        worstMark(cells.filter((c) => c.dimension === dimension && c.direction === direction && (node === undefined || c.node === node))),
      ),
    })),
  };
};

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

/** What is broken first, then what is open: a reader who stops early has seen what matters. */
const inOrder = (cells: readonly MatrixCell[]): readonly MatrixCell[] =>
  (['broken', 'open', 'met'] as const).flatMap((mark) => cells.filter((c) => markOf(c) === mark));

const tableOf = (cells: readonly MatrixCell[]): Table => ({
  caption: 'Every cell of the policy matrix',
  columns: ['Cell', 'What is expected', 'From', 'To', 'Port', 'Expected', 'Observed', 'Last contrary observation'],
  rows: inOrder(cells)
    .slice(0, maxRows)
    .map((c) => [
      c.id,
      c.title,
      c.from,
      `${c.to}${c.via === 'service' ? ' (Service)' : c.via === 'name' ? ' (by name)' : ''}`,
      `${c.port}${c.family === 'IPv6' ? ' (IPv6)' : ''}`,
      c.expected,
      `${c.observed}${c.note === '' ? '' : `: ${c.note}`}`,
      c.lateMs === 0 ? '' : seconds(c.lateMs),
    ]),
});

const matrixEvidence = (matrix: NetworkPolicyMatrix, plugin: string): readonly Evidence[] => {
  const { cells, nodes, eligible, leftOut, notShown, foreignPolicies } = matrix;
  const late = Math.max(0, ...cells.filter((c) => markOf(c) === 'met').map((c) => c.lateMs));
  return [
    ...distinct(cells.filter((c) => markOf(c) === 'broken').map((c) => c.id)).map((id) => {
      const some = cells.filter((c) => c.id === id);
      const broken = some.filter((c) => markOf(c) === 'broken');
      return {
        source: id,
        observed: `${broken[0]?.title ?? ''}: expected ${broken[0]?.expected ?? ''}, observed ${broken[0]?.observed ?? ''} in ${broken.length} of ${some.length}, on ${listed(distinct(broken.map((c) => c.node)), 5)}`,
      };
    }),
    { source: 'policy matrix', observed: `${count(cells.length, 'cell')} in ${seconds(matrix.tookMs)}, image ${matrix.image}` },
    { source: 'network plugin', observed: plugin },
    { source: 'nodes', observed: `${listed(nodes)}${eligible > nodes.length ? `: a sample of ${nodes.length} of ${eligible}` : ''}` },
    { source: 'time until enforced', observed: late === 0 ? 'at once, as far as the probes tell' : `${seconds(late)} at most` },
    ...leftOut.map(({ node, why }) => ({ source: `node ${node}`, observed: `left out: ${why}` })),
    ...notShown.map((what) => ({ source: 'not shown', observed: what })),
    ...foreignPolicies.map((policy) => ({ source: 'policy of others', observed: policy })),
  ];
};

/** Changes that take longer than this are worth a word: users rely on a policy as soon as it is there. */
const lateMs = 2_500;

const lateText = (cells: readonly MatrixCell[]): string => {
  const late = Math.max(0, ...cells.map((c) => c.lateMs));
  return late > lateMs ? `; a change takes effect late: after up to ${seconds(late)}` : '';
};

/** Names the nodes where only some of them are wrong, so that the one that does not enforce is found. */
const whereText = (broken: readonly MatrixCell[], nodes: readonly string[]): string => {
  const where = distinct(broken.map((c) => c.node));
  return where.length === nodes.length && nodes.length > 1 ? ' on every node' : ` on ${listed(where, 5)}`;
};

const brokenText = (broken: readonly MatrixCell[], all: readonly MatrixCell[], nodes: readonly string[]): string => {
  const ids = distinct(broken.map((c) => c.id));
  const half = all.filter((c) => c.expected === 'denied');
  const open = broken.filter((c) => c.expected === 'denied');
  const nothing = half.length > 0 && open.length === half.length ? 'no policy has any effect: ' : '';
  return `${nothing}${broken.length} of ${count(all.length, 'cell')} not as expected${whereText(broken, nodes)}: ${listed(ids, 6)}`;
};

const openText = (open: readonly MatrixCell[], all: readonly MatrixCell[]): string => {
  const reasons = distinct(open.map((c) => c.note).filter((note) => note !== ''));
  return `${open.length} of ${count(all.length, 'cell')} could not be probed: ${listed(distinct(open.map((c) => c.id)), 4)}${reasons.length === 0 ? '' : ` (${listed(reasons, 3)})`}`;
};

const sampleText = ({ nodes, eligible }: NetworkPolicyMatrix): string =>
  nodes.length < eligible
    ? `${nodes.length} of ${eligible} nodes, a sample`
    : nodes.length === 1
      ? 'its one node that takes pods'
      : `all ${nodes.length} nodes that take pods`;

/**
 * What the matrix says of the requirement that the network plugin implements NetworkPolicy: it refutes, and never proves, which the tests of
 * Kubernetes alone do. A cell that could not be probed leaves it open, and where policies of others act upon all namespaces, what is not as expected
 * may be theirs.
 * @param seen what the probe has seen
 * @param plugin which network plugin runs, in words: told, and never judged by
 * @param tolerance which tests of Kubernetes may fail; cells that ask the same may fail too
 */
export const judgePolicyMatrix = (seen: NetworkPolicyMatrix, plugin: string, tolerance: Tolerance): Answer | Insufficient => {
  const { cells, tolerated } = withTolerance(seen.cells, tolerance);
  const matrix = { ...seen, cells };
  const { foreignPolicies, notShown, ended } = matrix;
  const more = { grid: gridOf(matrix), table: tableOf(cells) };
  const evidence = [
    ...matrixEvidence(matrix, plugin),
    ...[...new Map(tolerated.map((cell) => [cell.id, cell])).values()].map((cell) => ({ source: cell.id, observed: cell.note })),
  ];
  const broken = cells.filter((c) => markOf(c) === 'broken');
  const open = cells.filter((c) => markOf(c) === 'open' && !tolerated.includes(c));
  if (broken.length > 0) {
    const what = `policy matrix: ${brokenText(broken, cells, matrix.nodes)}`;
    const doubt = `; but policies of others act upon every namespace, so that this may be their doing: ${listed(foreignPolicies, 4)}`;
    return { ...(foreignPolicies.length === 0 ? fail(what, evidence) : undecided(`${what}${doubt}`, evidence)), ...more };
  }
  if (ended !== '' || open.length > 0) {
    const why = [ended, open.length > 0 ? openText(open, cells) : ''].filter((text) => text !== '').join('; ');
    return { ...undecided(`policy matrix: ${why}`, evidence), ...more };
  }
  // An empty matrix, or one in which nothing was to be denied, shows no enforcement.
  if (!cells.some((c) => c.expected === 'denied')) return undecided('no cell of the policy matrix was probed', evidence);
  const without = notShown.length === 0 ? '' : `; not shown: ${listed(notShown, 3)}`;
  const held = `the policy matrix held in ${count(cells.length - tolerated.length, 'cell')} on ${sampleText(matrix)}`;
  const rest =
    tolerated.length === 0
      ? ''
      : `, and ${count(tolerated.length, 'cell')} ${tolerated.length === 1 ? 'is' : 'are'} tolerated: ${listed(distinct(tolerated.map(({ id }) => id)), 4)}`;
  return { ...insufficient(`${held}${rest}${lateText(cells)}${without}`, evidence), ...more };
};
