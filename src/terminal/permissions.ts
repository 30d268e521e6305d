import { exitCodes, type ExitCode } from '../exit.js';
import { factsToCollect } from '../judge.js';
import { permissionsOf, toManifest } from '../rbac.js';
import { selectStandards } from '../select.js';
import { standards } from '../standards/index.js';
import type { Arguments } from './arguments.js';
import { inputsOf } from './inputs.js';
import { write } from './screen.js';

/** The command `permissions`. */
export const permissions = (args: Arguments): ExitCode => {
  const inputs = inputsOf(args);
  const all = permissionsOf(factsToCollect(selectStandards(standards, inputs.standards), inputs.tier));
  write(toManifest(args.role === undefined ? all : all.filter((p) => p.role === args.role)));
  return exitCodes.fine;
};
