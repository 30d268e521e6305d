import { exitCodes, type ExitCode } from '../evaluation/exit-code.js';
import { readInputFile } from '../inputs/files.js';
import { formatUpload } from '../compliance-monitor/format.js';
import { workflowLog } from '../github/log.js';
import { prepareUpload, upload } from '../run/upload.js';
import type { Arguments } from './arguments.js';
import { withRuntime } from './with-runtime.js';
import { uploadInputsOf } from './inputs.js';
import { secret, write } from './screen.js';

/** The command `upload`: uploads a report that was written before; a copy that is there already is no failure. */
export const runUpload = async (args: Arguments): Promise<ExitCode> => {
  const inputs = await uploadInputsOf(args);
  const text = await readInputFile({ name: 'The argument FILE', value: args.positionals[0] ?? '' });
  const prepared = await prepareUpload(inputs, secret);
  return withRuntime(async ({ runtime, say, settle }) => {
    prepared.notes.forEach(say);
    runtime.step('uploading');
    const uploaded = await upload(text, prepared, runtime);
    settle();
    for (const line of formatUpload(uploaded)) write(`${workflowLog(line)}\n`);
    return ['counted', 'stored', 'dry-run'].includes(uploaded.status) ? exitCodes.fine : exitCodes.notJudged;
  });
};
