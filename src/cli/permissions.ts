import { exitCodes, type ExitCode } from '../evaluation/exit-code.js';
import { factsToCollect } from '../evaluation/build-report.js';
import { permissionsOf, formatManifest } from '../standards/permissions.js';
import { selectStandards } from '../standards/select.js';
import { standards } from '../standards/index.js';
import type { Arguments } from './arguments.js';
import { inputsOf } from './inputs.js';
import { write } from './screen.js';

/** The command `permissions`. */
export const runPermissions = async (args: Arguments): Promise<ExitCode> => {
  const { checks } = await inputsOf(args);
  const role = args.options['role'];
  const all = permissionsOf(factsToCollect(selectStandards(standards, checks.standards), checks.tier));
  write(formatManifest(role === undefined ? all : all.filter((permission) => permission.role === role)));
  return exitCodes.fine;
};
