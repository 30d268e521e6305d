import { listed } from '../model/outcome.js';
import type { Report, RequirementReport } from '../model/report.js';

/** What several clusters show together of a requirement about the whole offer. */
interface Together {
  readonly id: string;
  readonly needs: readonly string[];
  readonly lacking: readonly string[];
}

const unique = (all: readonly string[]): readonly string[] => [...new Set(all)];

/** Only what was looked at, and not settled otherwise, is settled by others. */
const isOpen = (r: RequirementReport): boolean => r.outcome === 'abort' && r.fleet !== undefined;

const checkedMs = ({ checkedAt, now }: Report): number => Date.parse(checkedAt ?? now);

/** Two reports that are about one cluster, or may be: where one of them lacks the UID of its cluster, only the name tells. */
const maySame = ({ cluster: a }: Report, { cluster: b }: Report): boolean =>
  a.uid === undefined || b.uid === undefined ? a.name === b.name : a.uid === b.uid;

/** What a report shows of a requirement: a cluster that was upgraded does not show its branch of before, so all newer reports of it have to show the same. */
const branchesShown = (report: Report, id: string, all: readonly Report[]): readonly string[] => {
  const showsOf = ({ requirements }: Report): readonly string[] => requirements.find((r) => r.id === id)?.fleet?.shows ?? [];
  const newer = all.filter((other) => maySame(other, report) && checkedMs(other) >= checkedMs(report));
  return showsOf(report).filter((one) => newer.every((other) => showsOf(other).includes(one)));
};

const togetherOf = (reports: readonly Report[], all: readonly Report[]): readonly Together[] => {
  const rows = reports.flatMap(({ requirements }) => requirements.filter(({ fleet }) => fleet !== undefined));
  return unique(rows.map(({ id }) => id)).map((id) => {
    const own = rows.filter((r) => r.id === id).flatMap(({ fleet }) => fleet ?? []);
    // Reports of several days may need different things: all of it then.
    const needs = unique(own.flatMap((one) => one.needs));
    const shown = reports.flatMap((report) => branchesShown(report, id, all));
    return { id, needs, lacking: needs.filter((one) => !shown.includes(one)) };
  });
};

/**
 * Settles by all reports together what no single cluster can tell, e.g. that every branch is offered. A cluster that is not among the
 * reports proves nothing, neither that something is offered nor that it is not: what is lacking stays open.
 * @param counting the reports that count
 * @param read all that were read: a newer one that does not count shows all the same that an older one is none of today
 * @returns what to do with each report, and a sentence for each requirement that stays open
 */
export const settleTogether = (
  counting: readonly Report[],
  read: readonly Report[],
): { readonly settle: (report: Report) => Report['requirements']; readonly notes: readonly string[] } => {
  const all = togetherOf(counting, read);
  const settled = new Map(all.filter(({ needs, lacking }) => needs.length > 0 && lacking.length === 0).map((one) => [one.id, one]));
  return {
    settle: ({ requirements }) =>
      requirements.map((r) => {
        const together = settled.get(r.id);
        return together === undefined || !isOpen(r)
          ? r
          : { ...r, outcome: 'pass', message: `the reports show together: ${listed(together.needs)}`, nextStep: undefined };
      }),
    notes: all
      .filter(
        ({ id, lacking }) => lacking.length > 0 && counting.some((report) => report.requirements.some((r) => r.id === id && isOpen(r))),
      )
      .map(({ id, lacking }) => `${id} stays open: no report shows ${listed(lacking)}.`),
  };
};
