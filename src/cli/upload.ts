import { exitCodes, type ExitCode } from '../evaluation/exit-code.js';
import { readInputFile } from '../inputs/files.js';
import { UserError } from '../model/errors.js';
import { formatUpload } from '../compliance-monitor/format.js';
import { workflowLog } from '../github/log.js';
import { prepareUpload, upload } from '../run/upload.js';
import type { Arguments } from './arguments.js';
import { withRuntime } from './with-runtime.js';
import { inputsOf } from './inputs.js';
import { secret, write } from './screen.js';

/** The command `upload`: hands in a report that was written before; a copy that is there already is no failure. */
export const runUpload = async (args: Arguments): Promise<ExitCode> => {
  const {
    monitor,
    reports: { subject },
  } = inputsOf(args);
  if (monitor === undefined) throw new UserError(['The command "upload" needs "--monitor-url", "--monitor-token" and "--monitor-key".']);
  const text = await readInputFile('FILE', args.positionals[0] ?? '');
  const prepared = await prepareUpload(monitor, subject, secret);
  return withRuntime(async ({ runtime, say, settle }) => {
    prepared.notes.forEach(say);
    runtime.step('handing in');
    const handed = await upload(text, prepared, runtime);
    settle();
    for (const line of formatUpload(handed)) write(`${workflowLog(line)}\n`);
    return ['counted', 'stored', 'dry-run'].includes(handed.status) ? exitCodes.fine : exitCodes.notJudged;
  });
};
