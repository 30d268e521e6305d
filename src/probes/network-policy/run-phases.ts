import type { V1LabelSelector } from '@kubernetes/client-node';
import type { Sent } from '../../kubernetes/api-types.js';
import { NotAvailable, reasonOf } from '../../model/errors.js';
import type { ProbeContext } from '../sandbox/sandbox.js';
import { create, mergePatch, remove, replaceSpec } from '../../kubernetes/objects.js';
import { phases, type Via } from './cells.js';
import { notProbed, type CellView } from './observe.js';
import type { CellAt, MatrixPod } from './plan.js';
import { change, labels, openPolicy, policyBody, policyChanges, type Addresses, type PolicyChange, type Space } from './policies.js';
import { atTheEnd, mostPatience, waitedEnough, type Waiting } from './waiting.js';
import type { Watch } from './watch.js';

/** How long to wait where an earlier change has come out wrong already: what follows tells more of it, and decides nothing. */
const brokenPatienceMs = 8_000;

/** A cell with what was seen of it. */
export interface CellSeen {
  readonly cell: CellAt;
  readonly view: CellView;
}

interface Ground {
  readonly context: ProbeContext;
  readonly namespaces: Readonly<Record<Space, string>>;
}

export interface Stage extends Ground {
  readonly pods: readonly MatrixPod[];
  readonly cells: readonly CellAt[];
  /** The cells that could be probed without any policy. */
  readonly flowing: ReadonlySet<CellAt>;
  readonly watch: Watch;
  readonly addresses: Addresses;
  readonly sctp: boolean;
  /** True where somebody denies everything in new namespaces, so that everything that is to be open has to be let through. */
  readonly closedByOthers: boolean;
}

const policiesPath = (namespace: string): string => `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`;

const apply = ({ context, namespaces }: Ground, { how, space, name, spec = {} }: PolicyChange): Promise<void> => {
  const { api, run, signal } = context;
  const path = policiesPath(namespaces[space]);
  switch (how) {
    case 'create':
      return create(api, path, policyBody(run, name, spec), { signal });
    case 'replace':
      return replaceSpec(api, `${path}/${name}`, spec, { signal });
    case 'remove':
      return remove(api, `${path}/${name}`, { signal });
  }
};

const relabel = ({ api, signal }: ProbeContext, path: string, label: Readonly<Record<string, string>>): Promise<boolean> =>
  mergePatch(api, `/api/v1/namespaces/${path}`, { metadata: { labels: label } }, { signal });

/** What is relabelled in a phase: the roles of the peers beside the pods under test change places; a namespace changes its team. */
const relabellings: Readonly<Record<number, (stage: Stage) => readonly Promise<boolean>[]>> = {
  2: ({ context, namespaces, pods }) =>
    pods
      .filter(({ kind }) => kind === 'a' || kind === 'b')
      .map(({ name, kind }) => relabel(context, `${namespaces.x}/pods/${name}`, { [labels.role]: kind === 'a' ? 'b' : 'a' })),
  4: ({ context, namespaces }) => [relabel(context, namespaces.y, { [labels.team]: 'z' })],
};

const having = (key: string): Sent<V1LabelSelector> => ({ matchExpressions: [{ key, operator: 'Exists' }] });

/** Where others deny everything: what the policies under test leave open has to be let through by policies beside them. */
const openings: readonly (readonly PolicyChange[])[] = [
  [
    change('create', 'x', 'open-peers', openPolicy(having(labels.role), ['Ingress', 'Egress'])),
    change('create', 'y', 'open-peers', openPolicy({}, ['Ingress', 'Egress'])),
    change('create', 'x', 'open-tested', openPolicy(having(labels.subject), ['Ingress', 'Egress'])),
    change('create', 'z', 'open-tested', openPolicy({}, ['Ingress', 'Egress'])),
  ],
  [change('remove', 'x', 'open-tested'), change('remove', 'z', 'open-tested')],
  [change('create', 'z', 'open-tested', openPolicy({}, ['Egress']))],
  [change('replace', 'z', 'open-tested', openPolicy({}, ['Ingress']))],
  [change('replace', 'z', 'open-tested', openPolicy({}, ['Ingress', 'Egress']))],
];

/** Lets everything through before the first phase, where others deny it. */
export const openEverything = async (ground: Ground): Promise<void> => {
  await Promise.all((openings[0] ?? []).map((one) => apply(ground, one)));
};

/** Makes the changes of one phase, all at once. */
const makeChanges = async (stage: Stage, phase: number): Promise<void> => {
  const changes = [policyChanges(stage.addresses, stage.sctp), stage.closedByOthers ? openings : []].flatMap((all) => all[phase] ?? []);
  await Promise.all([...changes.map((one) => apply(stage, one)), ...(relabellings[phase]?.(stage) ?? [])]);
};

const allNotProbed = (cells: readonly CellAt[], why: string): readonly CellSeen[] =>
  cells.map((cell) => ({ cell, view: notProbed(cell.hindrance === '' ? why : cell.hindrance) }));

/** Why a cell cannot be probed through which nothing came at first. */
const noTraffic: Readonly<Record<Via, string>> = {
  pod: 'nothing came through before there was any policy',
  service: 'nothing came through by the address of the Service before there was any policy',
  name: 'nothing came through by name before there was any policy: the cluster has no DNS, or it does not answer',
  node: 'the readiness probe of the kubelet did not get through before there was any policy',
};

const lateOf = (views: readonly CellView[]): number => Math.max(0, ...views.filter((v) => v.settled).map((v) => v.lateMs));

/** One phase: changes, then looks until every cell is as expected, or for so long that it will not be. */
const runPhase = async (stage: Stage, phase: number, maxMs: number): Promise<readonly CellSeen[]> => {
  const { watch, context } = stage;
  const { patienceMs } = context;
  const all = stage.cells.filter(({ spec }) => spec.phase === phase);
  const cells = all.filter((cell) => stage.flowing.has(cell));
  const silent = all.filter((cell) => !stage.flowing.has(cell)).flatMap((cell) => allNotProbed([cell], noTraffic[cell.spec.via]));
  await makeChanges(stage, phase);
  const changedAt = performance.now();
  let views: readonly CellView[] = [];
  let watchedMs = 0;
  const waitingFor = (cell: CellAt): Waiting => ({
    expected: cell.spec.expected,
    rounds: watch.roundsOf(cell, changedAt),
    watchedMs,
    patienceMs: maxMs,
  });
  const look = (ms: number): boolean => {
    watchedMs = ms;
    views = watch.views(cells, changedAt);
    const now = performance.now();
    return cells.every((cell, i) => views[i]?.settled === true || waitedEnough(waitingFor(cell), patienceMs, now));
  };
  await watch.until(look, mostPatience * patienceMs, context.signal);
  if (context.signal.aborted) return [...allNotProbed(cells, 'the run ended before'), ...silent];
  const seen = cells.map((cell, i) => ({ cell, view: atTheEnd(views[i] ?? notProbed(''), waitingFor(cell), patienceMs) }));
  const odd = seen.filter(({ view }) => !view.settled).length;
  context.log(
    `policy matrix: ${phases[phase] ?? ''}: ${cells.length - odd} of ${cells.length} cells as expected after ${((performance.now() - changedAt) / 1_000).toFixed(1)} s (enforced within ${(lateOf(seen.map(({ view }) => view)) / 1_000).toFixed(1)} s)`,
  );
  return [...seen, ...silent];
};

/** Whether a cell makes a fail of the whole, whatever follows. One that is open does not, nor one of blocks: lists of tests that may fail tolerate those. */
const isBroken = ({ view: { observed }, cell: { spec } }: CellSeen): boolean =>
  observed !== 'not-probed' && observed !== 'unsteady' && observed !== spec.expected && !spec.dimension.startsWith('block');

/**
 * All phases, one after the other. One that cannot be brought about ends them; what was seen until then stays.
 * @returns every cell, and why it ended early; `''` where it did not
 */
export const runPhases = async (stage: Stage): Promise<{ readonly seen: readonly CellSeen[]; readonly ended: string }> => {
  const { patienceMs, signal } = stage.context;
  const early = 'the run was ended before the matrix was complete';
  const seen: CellSeen[] = [];
  let ended = '';
  for (let phase = 1; phase < phases.length; phase++) {
    if (ended === '' && signal.aborted) ended = early;
    try {
      if (ended === '') {
        seen.push(...(await runPhase(stage, phase, seen.some(isBroken) ? Math.min(brokenPatienceMs, patienceMs) : patienceMs)));
        continue;
      }
    } catch (error) {
      if (!(error instanceof NotAvailable) && !signal.aborted) throw error;
      ended = signal.aborted ? early : reasonOf(error);
    }
    const cells = stage.cells.filter(({ spec }) => spec.phase === phase);
    seen.push(...allNotProbed(cells, ended));
  }
  return { seen, ended };
};
