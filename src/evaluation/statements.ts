import * as z from 'zod/mini';
import { UserError } from '../model/errors.js';
import { isRealDay } from '../text/day.js';
import { didYouMean } from '../text/did-you-mean.js';
import { listed, texts } from '../model/outcome.js';
import type { Report } from '../model/report.js';
import { problemsOfFile, shapeProblems } from '../text/shape.js';
import { statementKinds, type Statement } from '../model/statement.js';

const day = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/, 'a date is written YYYY-MM-DD'), z.refine(isRealDay, 'there is no such date'));
const boundedWords = (most: number) =>
  z.string().check(z.maxLength(most), z.regex(/\S/, 'it is empty'), z.regex(/^[^\p{Cc}\p{Cf}]*$/u, 'it must be one line of plain text'));
const entry = z.strictObject({
  requirement: z.string().check(z.maxLength(200)),
  kind: z.enum(statementKinds),
  author: boundedWords(200),
  date: day,
  expires: day,
  reason: boundedWords(1_000),
});
const file = z.strictObject({ statements: z.array(entry).check(z.maxLength(1_000)) });
const keys = ['statements', ...Object.keys(entry.shape)];

/** What there is to say something about: by id, whether a statement of the provider is evidence for it. */
export type Declarable = ReadonlyMap<string, boolean>;

const entryProblems = (statements: readonly Statement[], known: Declarable): readonly string[] =>
  statements.flatMap(({ requirement, kind, date, expires }, i) => {
    const where = `statements[${i}]`;
    const declarable = known.get(requirement);
    return texts(
      declarable === undefined &&
        `${where}.requirement "${requirement.slice(0, 100)}" is no requirement.${didYouMean(requirement, [...known.keys()])}`,
      declarable === false &&
        kind === 'declared' &&
        `${where} declares ${requirement}, which evidence alone settles; waive it, or leave it out.`,
      statements.findIndex((other) => other.requirement === requirement) < i &&
        `${where} is about ${requirement} again; there is one statement for each.`,
      expires <= date && `${where} expires on ${expires}, which is not after its date ${date}.`,
    );
  });

/**
 * Reads a statements file.
 * @param document plain data; dates are texts
 * @param name of the file, for its problems
 * @param known every requirement that there is, deprecated ones too
 * @throws {UserError} with every problem, unknown ids with the nearest valid one
 */
export const parseStatements = (document: unknown, name: string, known: Declarable): readonly Statement[] => {
  const parsed = file.safeParse(document, { reportInput: true });
  const problems = parsed.success ? entryProblems(parsed.data.statements, known) : shapeProblems(parsed.error, keys);
  if (!parsed.success || problems.length > 0) throw new UserError(problemsOfFile(`The statements file "${name}"`, problems));
  return parsed.data.statements;
};

/**
 * The statements that hold on a day.
 * @param date `YYYY-MM-DD`
 */
export const inForce = (statements: readonly Statement[], date: string): readonly Statement[] =>
  statements.filter((s) => s.date <= date && date < s.expires);

/**
 * What the reader must know of the statements: which failures are waived, which entries have expired, and which changed nothing.
 * @param statements all of the file
 * @param report for which those in force were used
 * @returns a sentence each; none without statements
 */
export const statementCaveats = (
  statements: readonly Statement[],
  report: Pick<Report, 'requirements'>,
  date: string,
): readonly string[] => {
  const used = report.requirements.filter((r) => r.statement !== undefined);
  const valid = inForce(statements, date);
  const ids = (some: readonly Statement[]): string => listed(some.map((s) => s.requirement));
  const waived = used.filter((r) => r.statement?.instead === 'fail').map((r) => `${r.id} (until ${r.statement?.expires ?? ''})`);
  const expired = statements.filter((s) => s.expires <= date);
  const early = statements.filter((s) => s.date > date);
  const unused = valid.filter((s) => !used.some((r) => r.id === s.requirement));
  return texts(
    waived.length > 0 && `Failed, and waived by a statement: ${listed(waived)}.`,
    expired.length > 0 && `Statements that have expired and count nothing: ${ids(expired)}.`,
    early.length > 0 && `Statements that are dated later than ${date} and count nothing yet: ${ids(early)}.`,
    unused.length > 0 && `Statements that changed nothing in this run: ${ids(unused)}.`,
  );
};
