import { formatUpload, formatUploadMarkdown, uploadWarning } from '../compliance-monitor/format.js';
import { notSent, type Upload } from '../compliance-monitor/upload.js';
import { appendSummary } from '../github/files.js';
import { plainLog } from '../github/log.js';
import { readInputFile } from '../inputs/files.js';
import { uploadSpecs } from '../inputs/list-actions.js';
import { parseUploadInputs } from '../inputs/parse-upload.js';
import { reasonOf } from '../model/errors.js';
import { prepareUpload, upload } from '../run/upload.js';
import { errorReporter } from './failure.js';
import { filesRuntime, openStep } from './opening.js';
import type { Runner } from './runner.js';
import type { Step } from './start.js';

/** Writes the result to every place where a person may look. */
const showUpload = (runner: Runner, env: Parameters<Step['run']>[1], uploaded: Upload, log: (text: string) => void): void => {
  formatUpload(uploaded).forEach(log);
  runner.setOutput('status', uploaded.status);
  try {
    appendSummary(env, formatUploadMarkdown(uploaded));
  } catch (cause) {
    runner.warning(plainLog(`job summary failed: ${reasonOf(cause)}`));
  }
};

const run: Step['run'] = async (runner, env, stop) => {
  const opening = openStep(runner, env, uploadSpecs);
  const { raw, redactor, secret, log } = opening;
  const inputs = parseUploadInputs(raw, 'action');
  const prepared = await prepareUpload(inputs, secret);
  prepared.notes.forEach(log);
  const text = await readInputFile({ name: 'Input "report"', value: inputs.report });
  const runtime = await filesRuntime(opening, stop);
  const uploaded =
    prepared.missing === undefined
      ? await upload(text, prepared, runtime)
      : notSent(
          `${prepared.missing}: pull requests of forks and of Dependabot get no secrets`,
          'in other runs check the names of the secrets',
        );
  showUpload(runner, env, uploaded, log);
  const warning = uploadWarning(uploaded);
  if (warning === undefined) return undefined;
  // Without secrets there is nothing that this run can do; what the monitor did not take has to be seen.
  if (prepared.missing === undefined) return warning;
  runner.warning(plainLog(redactor.redact(warning)));
  return undefined;
};

/** The action `upload`. */
export const uploadStep: Step = {
  run,
  reportError: errorReporter(
    'Nothing was uploaded',
    () => true,
    () => ['status', 'not-sent'],
  ),
};
