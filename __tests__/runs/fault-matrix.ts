import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Report, RequirementReport } from '../../src/model/report.js';
import {
  answered,
  recordingOf,
  startRecordedCluster,
  wordsOf,
  type RecordedCluster,
  type Trouble,
  type TroubleMaker,
} from '../helpers/recorded-cluster.js';
import { quickTroubles } from '../helpers/troubles.js';
import { changed, inTurns, newPasses, reported, wholeRun } from '../helpers/whole-run.js';

/** Everything one by one: minutes. Without it endpoints share a run where the kind of trouble is one of many of its like. */
const full = process.env['SCS_KAAS_FULL_MATRIX'] === '1';
const atOnce = 4;
/** The kinds of trouble that a good cluster meets at one endpoint at a time. */
export const oneByOne: readonly string[] = ['403', '404', '503', 'HTML with 200', 'another object with 201'];

type Name = 'good' | 'weak';
const other = (name: Name): string => `GET /api/v1/namespaces/kube-system/pods of spec.nodeName=${name}-control-plane`;
const emptyList = answered({ kind: 'List', metadata: {}, items: [] });

/** Endpoints that a run asks only where something else was odd: that oddity, which the baseline of their runs has too. */
const preconditions = (name: Name): Readonly<Record<string, Readonly<Record<string, Trouble>>>> => ({
  [other(name)]: { 'GET /api/v1/namespaces/kube-system/pods of component=etcd': emptyList },
  'GET /api/v1/namespaces/default/services/kubernetes': { 'GET /apis/networking.k8s.io/v1/servicecidrs': emptyList },
  'POST /apis/authentication.k8s.io/v1/tokenreviews': {
    'POST /apis/authentication.k8s.io/v1/selfsubjectreviews of issued-token': { kind: 'status', status: 401 },
  },
});

/** What an endpoint is asked after: they cannot go wrong together. */
const askedAfter = (name: Name, endpoint: string): readonly string[] => {
  // Dry runs come after the one that proves them, and the PATCH after the review that proves the impersonation.
  const proof = 'POST /api/v1/namespaces/default/pods';
  const review = 'POST /apis/authentication.k8s.io/v1/selfsubjectreviews of other-node';
  if (endpoint.startsWith('PATCH ')) return ['GET /api/v1/nodes', proof, review];
  if (endpoint.endsWith('/proxy/configz')) return ['GET /api/v1/nodes'];
  return endpoint === 'POST /api/v1/namespaces' ? [proof] : Object.keys(preconditions(name)[endpoint] ?? {});
};

/** What goes wrong in one run: the same trouble at one endpoint, or at some. */
interface Case {
  readonly endpoints: readonly string[];
  readonly kind: string;
}

/** Groups of about four endpoints, none of which is asked after another one of its group. */
const groupsOf = (name: Name, endpoints: readonly string[]): readonly (readonly string[])[] => {
  const groups: string[][] = Array.from({ length: Math.ceil(endpoints.length / 4) }, () => []);
  const apart = (a: string, b: string): boolean => !askedAfter(name, a).includes(b) && !askedAfter(name, b).includes(a);
  for (const endpoint of endpoints) {
    const fitting = groups.filter((group) => group.every((other) => apart(endpoint, other)));
    fitting.sort((a, b) => a.length - b.length)[0]?.push(endpoint);
  }
  return groups;
};

/** A changed outcome is an abort that names what could not be asked. */
const isHonest = (r: RequirementReport, endpoints: readonly string[]): boolean =>
  r.outcome === 'abort' && endpoints.some((endpoint) => r.message.includes(wordsOf(endpoint)));

/**
 * Puts every kind of trouble to every endpoint that a run asks, and holds each run against the one without trouble.
 * @param how `single`: one endpoint a run. `grouped`: some, so that it takes less time; `SCS_KAAS_FULL_MATRIX=1` makes it one by one, too
 */
export const matrixOf = (name: Name, how: 'single' | 'grouped', kinds: readonly string[]): void => {
  let cluster: RecordedCluster;
  const baselines = new Map<string, Promise<Report>>();
  beforeAll(async () => {
    cluster = await startRecordedCluster(recordingOf(name));
  });
  afterAll(() => cluster.close());
  const run = (trouble: TroubleMaker) => wholeRun({ kubeconfig: cluster.lane(trouble).kubeconfig() });
  const conditionsOf = (endpoints: readonly string[]): Readonly<Record<string, Trouble>> =>
    Object.assign({}, ...endpoints.map((endpoint) => preconditions(name)[endpoint] ?? {})) as Readonly<Record<string, Trouble>>;
  const baselineOf = (conditions: Readonly<Record<string, Trouble>>): Promise<Report> => {
    const key = JSON.stringify(conditions);
    const known = baselines.get(key) ?? run((endpoint) => conditions[endpoint]).then((it) => reported(it).report);
    baselines.set(key, known);
    return known;
  };

  /** One run, and what is wrong with it. */
  const problemsOf = async ({ endpoints, kind }: Case): Promise<readonly string[]> => {
    const conditions = conditionsOf(endpoints);
    const baseline = await baselineOf(conditions);
    const met = new Set<string>();
    const it = await run((endpoint, nth) => {
      // The first question of a run decides whether there is a cluster at all: a test of its own.
      if (!endpoints.includes(endpoint) || (endpoint === 'GET /version' && nth === 1)) return conditions[endpoint];
      met.add(endpoint);
      return quickTroubles[kind];
    });
    const { report, ms } = reported(it);
    const dishonest = changed(report, baseline).filter((r) => !isHonest(r, endpoints));
    return [
      ...endpoints.filter((endpoint) => !met.has(endpoint)).map((endpoint) => `${endpoint} was not asked`),
      ...newPasses(report, baseline).map((id) => `${id} passes`),
      ...dishonest.map((r) => `${r.id} is ${r.outcome}: ${r.message}`),
      ...(ms > 60_000 ? [`it took ${ms} ms`] : []),
    ].map((problem) => `${kind} at ${endpoints.join(' and ')}: ${problem}`);
  };

  test.each(kinds)(
    '%s at every endpoint: nothing passes for it, and what cannot be told says why',
    async (kind) => {
      const groups = how === 'single' || full ? cluster.endpoints.map((endpoint) => [endpoint]) : groupsOf(name, cluster.endpoints);
      expect(groups.flat().sort()).toEqual([...cluster.endpoints].sort());
      const problems: string[] = [];
      await inTurns(groups, atOnce, async (endpoints) => void problems.push(...(await problemsOf({ endpoints, kind }))));
      expect(problems).toEqual([]);
    },
    300_000,
  );
};
