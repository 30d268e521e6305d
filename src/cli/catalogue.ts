import { exitCodes, type ExitCode } from '../evaluation/exit-code.js';
import { UserError } from '../model/errors.js';
import type { Standard } from '../model/requirement.js';
import { didYouMean } from '../text/did-you-mean.js';
import { clip, terminalText } from '../text/escape.js';
import { explainRequirement, explainStandard, listNotCovered, listStandards } from '../reporters/catalogue.js';
import { catalogueJson } from '../reporters/catalogue-json.js';
import type { View } from '../reporters/catalogue-words.js';
import { standards } from '../standards/index.js';
import { notCovered } from '../standards/not-covered.js';
import { assertWords, type Arguments } from './arguments.js';
import { coloured, width, write } from './screen.js';

/** The ids of all standards. */
export const standardIds: readonly string[] = standards.map((s) => s.id);

/** The ids of all requirements, e.g. `scs-0214-v2/zone-label`. */
export const requirementIds: readonly string[] = standards.flatMap((s) => s.requirements.map((r) => `${s.id}/${r.id}`));

/** @param what `standard`, or what else the word may name */
const unknownId = (what: string, id: string, known: readonly string[]): UserError => {
  const other = notCovered.find((document) => document.id === id);
  return new UserError([
    other === undefined
      ? `There is no ${what} "${clip(terminalText(id), 100)}".${didYouMean(id, known)} Run "scs-kaas list" to see all.`
      : `${other.id} (${other.title}) has no requirements that this program checks. ${other.why}`,
  ]);
};

const listOf = (some: readonly Standard[], format: 'table' | 'json', view: View): string =>
  format === 'json' ? catalogueJson(some) : listStandards(some, view);

/**
 * The requirements of one standard, or of all.
 * @param standard its id; absent for all, and for what is not covered
 * @param format `json` is an array of standards, described by docs/schemas/catalogue-1.0.json
 * @throws {UserError} if there is no such standard
 */
export const listText = (standard: string | undefined, format: 'table' | 'json', view: View): string => {
  if (standard === undefined) return `${listOf(standards, format, view)}${format === 'json' ? '' : listNotCovered(notCovered, view)}`;
  const found = standards.find((s) => s.id === standard);
  if (found === undefined) throw unknownId('standard', standard, standardIds);
  return listOf([found], format, view);
};

/**
 * One standard or one requirement in full.
 * @param id e.g. `scs-0214-v2` or `scs-0214-v2/zone-label`
 * @throws {UserError} if there is neither
 */
export const explainText = (id: string, view: View): string => {
  const standard = standards.find((s) => s.id === id);
  const text = standard === undefined ? explainRequirement(standards, id, view) : explainStandard(standard, view);
  if (text === undefined) throw unknownId('standard or requirement', id, [...standardIds, ...requirementIds]);
  return text;
};

/** The command `list`. @throws {UserError} if there is no such standard */
export const runList = (args: Arguments): ExitCode => {
  assertWords(args);
  const view = { colour: coloured(args), width };
  write(listText(args.positionals[0], args.options['format'] === 'json' ? 'json' : 'table', view));
  return exitCodes.fine;
};

/** The command `explain`. @throws {UserError} if there is no such standard or requirement */
export const runExplain = (args: Arguments): ExitCode => {
  assertWords(args);
  write(explainText(args.positionals[0] ?? '', { colour: coloured(args), width }));
  return exitCodes.fine;
};
