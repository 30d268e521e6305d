import { exitCodes, type ExitCode } from '../exit.js';
import { UserError } from '../model/errors.js';
import { didYouMean } from '../model/nearest.js';
import { explainRequirement, listStandards } from '../reporters/catalogue.js';
import { selectStandards } from '../select.js';
import { standards } from '../standards/index.js';
import type { Arguments } from './arguments.js';
import { inputsOf } from './inputs.js';
import { coloured, width, write } from './screen.js';

/** The command `list`. */
export const list = (args: Arguments): ExitCode => {
  const some = args.raw['standards']?.trim() ? selectStandards(standards, inputsOf(args.raw).standards) : standards;
  write(listStandards(some, { colour: coloured(args), width }));
  return exitCodes.fine;
};

/** The command `explain`. @throws {UserError} where there is no such requirement */
export const explain = (args: Arguments): ExitCode => {
  const id = args.positionals[0] ?? '';
  const text = explainRequirement(standards, id, { colour: coloured(args), width });
  if (text !== undefined) {
    write(text);
    return exitCodes.fine;
  }
  const known = standards.flatMap((s) => s.requirements.map((r) => `${s.id}/${r.id}`));
  throw new UserError([`There is no requirement "${id}".${didYouMean(id, known)} "scs-kaas list" shows all.`]);
};
