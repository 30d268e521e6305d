import { exitCodes, type ExitCode } from '../exit.js';
import { readText } from '../input-files.js';
import { UserError } from '../model/errors.js';
import { handInLines } from '../monitor/words.js';
import { prepareHandIn, upload } from '../upload.js';
import type { Arguments } from './arguments.js';
import { inWorld } from './in-world.js';
import { inputsOf } from './inputs.js';
import { printable, secret, write } from './screen.js';

/** The command `upload`: hands in a report that was written before; a copy that is there already is no failure. */
export const runUpload = async (args: Arguments): Promise<ExitCode> => {
  const { monitor, subject } = inputsOf(args);
  if (monitor === undefined) throw new UserError(['The command "upload" needs "--monitor-url", "--monitor-token" and "--monitor-key".']);
  const text = await readText('FILE', args.positionals[0] ?? '');
  const prepared = await prepareHandIn(monitor, subject, secret);
  return inWorld(async ({ world, say, settle }) => {
    prepared.notes.forEach(say);
    world.step('handing in');
    const handed = await upload(text, prepared, world);
    settle();
    for (const line of handInLines(handed)) write(`${printable(line)}\n`);
    return ['counted', 'stored', 'dry-run'].includes(handed.status) ? exitCodes.fine : exitCodes.notJudged;
  });
};
