import type { CommandFiles } from '../github/command-files.js';
import { warn, type Sinks } from '../github/deliver.js';
import type { Delivery } from '../model/delivery.js';
import { reasonOf } from '../model/errors.js';
import type { Report } from '../model/report.js';
import { notSent, type Upload } from '../compliance-monitor/upload.js';
import { formatUpload, formatUploadMarkdown, uploadWarning } from '../compliance-monitor/format.js';
import { upload, type Prepared } from '../run/upload.js';
import type { Runtime } from '../run/runtime.js';

/** Hands upstream's report in; whatever goes wrong is told, and changes neither report nor verdict. */
export const uploadDelivered = async (
  prepared: Prepared,
  deliveries: readonly Delivery[],
  { interrupted, report: { notForMonitor } }: { readonly interrupted: boolean; readonly report: Pick<Report, 'notForMonitor'> },
  runtime: Runtime,
): Promise<Upload> => {
  const report = deliveries.find((d) => d.kind === 'file' && d.format === 'scs-report');
  if (interrupted) return notSent('the run was cut short', 'the report is in its file: look at it, and hand it in with `scs-kaas upload`');
  if (prepared.missing !== undefined)
    return notSent(
      `${prepared.missing}: no secret is given to pull requests of forks and of Dependabot`,
      'in other runs check the names of the secrets',
    );
  if (report?.kind !== 'file')
    return notSent(
      notForMonitor === undefined ? 'there is no report' : `the report is about ${notForMonitor}`,
      notForMonitor === undefined ? '' : 'check a cluster of the offer, as of today',
    );
  return upload(runtime.redactor.redact(report.text), prepared, runtime).catch((error: unknown) =>
    notSent(`this program failed: ${reasonOf(error)}`, 'please report this'),
  );
};

/** Says what came of it at every place where a person may look. */
export const logUpload = async (
  runner: Pick<CommandFiles, 'setOutput'>,
  handed: Upload,
  sinks: Sinks,
  summarise: (markdown: string) => Promise<void>,
): Promise<void> => {
  for (const line of formatUpload(handed)) sinks.print(line);
  runner.setOutput('monitor-status', handed.status);
  await summarise(formatUploadMarkdown(handed));
  const warning = uploadWarning(handed);
  if (warning !== undefined) warn(sinks, warning);
};
