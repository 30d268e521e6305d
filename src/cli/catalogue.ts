import { exitCodes, type ExitCode } from '../evaluation/exit-code.js';
import { splitWords } from '../inputs/reader.js';
import { UserError } from '../model/errors.js';
import { didYouMean } from '../text/did-you-mean.js';
import { explainRequirement, listNotCovered, listStandards } from '../reporters/catalogue.js';
import { selectStandards } from '../standards/select.js';
import { standards } from '../standards/index.js';
import { notCovered } from '../standards/not-covered.js';
import type { Arguments } from './arguments.js';
import { coloured, width, write } from './screen.js';

/** The command `list`. */
export const runList = (args: Arguments): ExitCode => {
  const chosen = splitWords(args.raw['standards'] ?? '');
  const some = chosen.length > 0 ? selectStandards(standards, chosen) : standards;
  const view = { colour: coloured(args), width };
  write(`${listStandards(some, view)}${chosen.length > 0 ? '' : listNotCovered(notCovered, view)}`);
  return exitCodes.fine;
};

/** The command `explain`. @throws {UserError} where there is no such requirement */
export const runExplain = (args: Arguments): ExitCode => {
  const id = args.positionals[0] ?? '';
  const text = explainRequirement(standards, id, { colour: coloured(args), width });
  if (text !== undefined) {
    write(text);
    return exitCodes.fine;
  }
  const known = standards.flatMap((s) => s.requirements.map((r) => `${s.id}/${r.id}`));
  throw new UserError([`There is no requirement "${id}".${didYouMean(id, known)} "scs-kaas list" shows all.`]);
};
