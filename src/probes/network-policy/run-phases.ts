import { NotAvailable, reasonOf } from '../../model/errors.js';
import type { ProbeContext } from '../sandbox/sandbox.js';
import { create, mergePatch, remove, replaceSpec, type Patience } from '../../kubernetes/objects.js';
import { phases, type Via } from './cells.js';
import type { CellView } from './observe.js';
import type { CellAt, MatrixPod } from './plan.js';
import { labels, openPolicy, policyBody, policyChanges, type Addresses, type PolicyChange, type Space } from './policies.js';
import type { Watch } from './watch.js';

/** How long to wait where an earlier change has come out wrong already: what follows tells more of it, and decides nothing. */
const brokenPatienceMs = 8_000;

/** A cell with what was seen of it. */
export interface CellSeen {
  readonly cell: CellAt;
  readonly view: CellView;
}

export interface Stage {
  readonly context: ProbeContext;
  readonly namespaces: Readonly<Record<Space, string>>;
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

const apply = ({ context, namespaces }: Stage, { how, space, name, spec = {} }: PolicyChange, patience: Patience): Promise<unknown> => {
  const path = policiesPath(namespaces[space]);
  switch (how) {
    case 'create':
      return create(context.api, path, policyBody(context.run, name, spec), patience);
    case 'replace':
      return replaceSpec(context.api, `${path}/${name}`, spec, patience);
    case 'remove':
      return remove(context.api, `${path}/${name}`, patience);
  }
};

/** The roles of the peers beside the pods under test change places. */
const relabelPods = ({ context, namespaces, pods }: Stage, patience: Patience): Promise<unknown> =>
  Promise.all(
    pods
      .filter(({ kind }) => kind === 'a' || kind === 'b')
      .map(({ name, kind }) =>
        mergePatch(
          context.api,
          `/api/v1/namespaces/${namespaces.x}/pods/${name}`,
          { metadata: { labels: { [labels.role]: kind === 'a' ? 'b' : 'a' } } },
          patience,
        ),
      ),
  );

const relabelNamespace = ({ context, namespaces }: Stage, patience: Patience): Promise<unknown> =>
  mergePatch(context.api, `/api/v1/namespaces/${namespaces.y}`, { metadata: { labels: { [labels.team]: 'z' } } }, patience);

const underTest = { matchExpressions: [{ key: labels.subject, operator: 'Exists' }] };
const openTo = (how: PolicyChange['how'], space: Space, name: string, spec?: object): PolicyChange => ({
  how,
  space,
  name,
  spec,
});

/** Where others deny everything: what the policies under test leave open has to be let through by policies beside them. */
const openings: readonly (readonly PolicyChange[])[] = [
  [
    openTo(
      'create',
      'x',
      'open-peers',
      openPolicy({ matchExpressions: [{ key: labels.role, operator: 'Exists' }] }, ['Ingress', 'Egress']),
    ),
    openTo('create', 'y', 'open-peers', openPolicy({}, ['Ingress', 'Egress'])),
    openTo('create', 'x', 'open-tested', openPolicy(underTest, ['Ingress', 'Egress'])),
    openTo('create', 'z', 'open-tested', openPolicy({}, ['Ingress', 'Egress'])),
  ],
  [openTo('remove', 'x', 'open-tested'), openTo('remove', 'z', 'open-tested')],
  [openTo('create', 'z', 'open-tested', openPolicy({}, ['Egress']))],
  [openTo('replace', 'z', 'open-tested', openPolicy({}, ['Ingress']))],
  [openTo('replace', 'z', 'open-tested', openPolicy({}, ['Ingress', 'Egress']))],
];

/** Lets everything through before the first phase, where others deny it. */
export const openEverything = async (stage: Pick<Stage, 'context' | 'namespaces'>): Promise<void> => {
  const patience = { signal: stage.context.signal };
  await Promise.all(
    (openings[0] ?? []).map(({ space, name, spec = {} }) =>
      create(stage.context.api, policiesPath(stage.namespaces[space]), policyBody(stage.context.run, name, spec), patience),
    ),
  );
};

const changesOf = (stage: Stage, phase: number): readonly PolicyChange[] => [
  ...(policyChanges(stage.addresses, stage.sctp)[phase] ?? []),
  ...(stage.closedByOthers ? (openings[phase] ?? []) : []),
];

/** Makes the changes of one phase, all at once. */
const change = async (stage: Stage, phase: number): Promise<void> => {
  const patience = { signal: stage.context.signal };
  await Promise.all([
    ...changesOf(stage, phase).map((one) => apply(stage, one, patience)),
    ...(phase === 2 ? [relabelPods(stage, patience)] : []),
    ...(phase === 4 ? [relabelNamespace(stage, patience)] : []),
  ]);
};

const notProbed = (cells: readonly CellAt[], why: string): readonly CellSeen[] =>
  cells.map((cell) => ({
    cell,
    view: { observed: 'not-probed', settled: false, lateMs: 0, note: cell.hindrance === '' ? why : cell.hindrance },
  }));

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
  const all = stage.cells.filter(({ spec }) => spec.phase === phase);
  const cells = all.filter((cell) => stage.flowing.has(cell));
  const silent = all.filter((cell) => !stage.flowing.has(cell)).flatMap((cell) => notProbed([cell], noTraffic[cell.spec.via]));
  await change(stage, phase);
  const changedAt = performance.now();
  let views: readonly CellView[] = [];
  const look = (enough: (view: CellView, i: number) => boolean) => (): boolean => {
    views = watch.views(cells, changedAt);
    return views.every((view, i) => view.settled || enough(view, i));
  };
  const done = await watch.until(
    look(() => false),
    maxMs,
    context.signal,
  );
  // What should come through and does not may be a machine that is busy: it gets as long again. What comes through and should not is no matter of load.
  if (!done)
    await watch.until(
      look((_, i) => cells[i]?.spec.expected === 'denied'),
      maxMs,
      context.signal,
    );
  if (context.signal.aborted) return [...notProbed(cells, 'the run ended before'), ...silent];
  const odd = views.filter(({ settled }) => !settled).length;
  context.log(
    `policy matrix: ${phases[phase] ?? ''}: ${cells.length - odd} of ${cells.length} cells as expected after ${((performance.now() - changedAt) / 1_000).toFixed(1)} s (enforced within ${(lateOf(views) / 1_000).toFixed(1)} s)`,
  );
  return [
    ...cells.map((cell, i) => ({ cell, view: views[i] ?? { observed: 'not-probed', settled: false, lateMs: 0, note: '' } }) as const),
    ...silent,
  ];
};

const isBroken = ({ view, cell }: CellSeen): boolean => view.observed !== 'not-probed' && view.observed !== cell.spec.expected;

/**
 * All phases, one after the other. One that cannot be brought about ends them; what was seen until then stays.
 * @returns every cell, and why it ended early; `''` where it did not
 */
export const runPhases = async (stage: Stage): Promise<{ readonly seen: readonly CellSeen[]; readonly ended: string }> => {
  const { patienceMs } = stage.context;
  const seen: CellSeen[] = [];
  let ended = '';
  for (let phase = 1; phase < phases.length; phase++) {
    if (ended === '' && stage.context.signal.aborted) ended = 'the run was ended before the matrix was complete';
    try {
      if (ended === '') {
        seen.push(...(await runPhase(stage, phase, seen.some(isBroken) ? Math.min(brokenPatienceMs, patienceMs) : patienceMs)));
        continue;
      }
    } catch (error) {
      if (!(error instanceof NotAvailable) && !stage.context.signal.aborted) throw error;
      ended = stage.context.signal.aborted ? 'the run was ended before the matrix was complete' : reasonOf(error);
    }
    seen.push(
      ...notProbed(
        stage.cells.filter(({ spec }) => spec.phase === phase),
        ended,
      ),
    );
  }
  return { seen, ended };
};
