import { openPorts } from '../../facts/open-ports.js';
import { factOf, isUnavailable } from '../../model/fact.js';
import { fail, listed, unrelated } from '../../model/outcome.js';
import type { Requirement, Rung } from '../../model/requirement.js';
import { frontFacts, frontIn } from '../support/front.js';
import { climb } from '../support/together.js';
import { openFromOutside } from './ports.js';

/** Of etcd: for its clients, and for its peers. */
const etcdPorts: readonly number[] = [2379, 2380];

/**
 * A port of etcd that answers from outside breaks `etcd-access`, if etcd is isolated. Closed ports prove nothing: the machines of an isolated etcd
 * are no nodes, and nobody tried them.
 */
const byConnects = (isolated: Requirement): Rung => ({
  rung: 'behave',
  facts: [...new Set([openPorts, ...Object.values(frontFacts), ...isolated.ladder.flatMap(({ facts }) => facts)])],
  answer: (facts, now) => {
    const seen = factOf(facts, openPorts);
    if (isUnavailable(seen) || climb(isolated.ladder, facts, now).judgement?.outcome !== 'pass')
      return unrelated('no port of an isolated etcd was seen');
    const open = openFromOutside(seen, frontIn(facts)).filter(({ port }) => etcdPorts.includes(port));
    if (open.length === 0) return unrelated('no port of etcd answers from outside');
    const where = open.map(({ of, host, port }) => `${of} (${host}) port ${port}`);
    return fail(
      `A port of etcd answers from outside: ${listed(where)}.`,
      where.map((source) => ({ source: `TCP connect to ${source}`, observed: 'open' })),
    );
  },
});

/** The requirements on etcd, `etcd-access` with what connects from outside show. */
export const withOpenPorts = (requirements: readonly Requirement[]): readonly Requirement[] => {
  const isolated = requirements.find(({ id }) => id === 'etcd-isolated');
  return requirements.map((one) =>
    one.id === 'etcd-access' && isolated !== undefined ? { ...one, ladder: [byConnects(isolated), ...one.ladder] } : one,
  );
};
