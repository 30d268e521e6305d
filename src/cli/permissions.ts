import { exitCodes, type ExitCode } from '../evaluation/exit-code.js';
import { factsToCollect } from '../evaluation/build-report.js';
import { permissionsOf, formatManifest } from '../standards/permissions.js';
import { selectStandards } from '../standards/select.js';
import { standards } from '../standards/index.js';
import type { Arguments } from './arguments.js';
import { inputsOf } from './inputs.js';
import { write } from './screen.js';

/** The command `permissions`. */
export const permissions = (args: Arguments): ExitCode => {
  const { checks } = inputsOf(args);
  const all = permissionsOf(factsToCollect(selectStandards(standards, checks.standards), checks.tier));
  write(formatManifest(args.role === undefined ? all : all.filter((p) => p.role === args.role)));
  return exitCodes.fine;
};
