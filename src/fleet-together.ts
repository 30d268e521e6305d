import { listed } from './model/outcome.js';
import type { Report, RequirementReport } from './model/report.js';

/** What several clusters show together of a requirement about the whole offer. */
interface Together {
  readonly id: string;
  readonly needs: readonly string[];
  readonly lacking: readonly string[];
}

const unique = (all: readonly string[]): readonly string[] => [...new Set(all)];

/** Only what was looked at, and not settled otherwise, is settled by others. */
const isOpen = (r: RequirementReport): boolean => r.outcome === 'abort' && r.fleet !== undefined;

const togetherOf = (reports: readonly Report[]): readonly Together[] => {
  const rows = reports.flatMap(({ requirements }) => requirements.filter(({ fleet }) => fleet !== undefined));
  return unique(rows.map(({ id }) => id)).map((id) => {
    const own = rows.filter((r) => r.id === id).flatMap(({ fleet }) => fleet ?? []);
    // Reports of several days may need different things: all of it then.
    const needs = unique(own.flatMap((one) => one.needs));
    const shown = own.flatMap((one) => one.shows);
    return { id, needs, lacking: needs.filter((one) => !shown.includes(one)) };
  });
};

/**
 * Settles by all reports together what no single cluster can tell, e.g. that every branch is offered. A cluster that is not among the
 * reports proves nothing, neither that something is offered nor that it is not: what is lacking stays open.
 * @param counting the reports that count
 * @returns what to do with each report, and a sentence for each requirement that stays open
 */
export const settleTogether = (
  counting: readonly Report[],
): { readonly settle: (report: Report) => Report['requirements']; readonly notes: readonly string[] } => {
  const all = togetherOf(counting);
  const settled = new Map(all.filter(({ needs, lacking }) => needs.length > 0 && lacking.length === 0).map((one) => [one.id, one]));
  return {
    settle: ({ requirements }) =>
      requirements.map((r) => {
        const together = settled.get(r.id);
        return together === undefined || !isOpen(r)
          ? r
          : { ...r, outcome: 'pass', because: `the reports show together: ${listed(together.needs)}` };
      }),
    notes: all
      .filter(
        ({ id, lacking }) => lacking.length > 0 && counting.some((report) => report.requirements.some((r) => r.id === id && isOpen(r))),
      )
      .map(({ id, lacking }) => `${id} stays open: no report shows ${listed(lacking)}.`),
  };
};
