import type { CommandFiles } from '../github/command-files.js';
import type { Delivered } from '../github/deliver.js';
import type { mergeOutputSpecs, outputSpecs } from '../inputs/outputs.js';
import { reporters } from '../reporters/index.js';
import type { Checked } from '../run/check.js';
import type { Merged } from '../run/merge.js';
import { terminalText } from '../text/escape.js';

type Outputs<Spec extends { readonly name: string }> = Readonly<Record<Spec['name'], string | undefined>>;
type Setter = Pick<CommandFiles, 'setOutput'>;

const setAll = (runner: Setter, outputs: Readonly<Record<string, string | undefined>>): void => {
  for (const [name, value] of Object.entries(outputs)) if (value !== undefined) runner.setOutput(name, value);
};

/** The path of a report file by the output that holds it. */
const fileOf = ({ files }: Delivered, output: string): string | undefined => {
  const reporter = reporters.find((one) => one.medium === 'file' && one.output === output);
  return reporter === undefined ? undefined : files[reporter.name];
};

/**
 * Sets the outputs of the main step; `kind-logs` was set when kind failed.
 * @param code the exit code
 * @param kubeconfig for later steps, if the cluster is there for them
 */
export const setOutputs = (
  runner: Setter,
  { report, e2e }: Checked,
  delivered: Delivered,
  code: number,
  kubeconfig: string | undefined,
): void => {
  const outputs: Omit<Outputs<(typeof outputSpecs)[number]>, 'kind-logs'> = {
    verdict: report.verdict,
    'official-verdict': report.official?.verdict,
    headline: terminalText(report.headline),
    counts: JSON.stringify(report.counts),
    'exit-code': String(code),
    'report-file': fileOf(delivered, 'report-file'),
    'summary-file': fileOf(delivered, 'summary-file'),
    'snapshot-file': fileOf(delivered, 'snapshot-file'),
    'report-files': JSON.stringify(delivered.files),
    'comment-url': delivered.comment?.url,
    'cluster-name': terminalText(report.cluster.name),
    kubeconfig,
    'e2e-state': e2e?.state,
    'e2e-archive-file': e2e?.archive,
  };
  setAll(runner, outputs);
};

/** Sets the outputs of the action `merge`. */
export const setMergeOutputs = (runner: Setter, { fleet, code }: Merged, delivered: Delivered): void => {
  const outputs: Outputs<(typeof mergeOutputSpecs)[number]> = {
    verdict: fleet.verdict,
    headline: terminalText(fleet.headline),
    'exit-code': String(code),
    'report-file': fileOf(delivered, 'report-file'),
    'summary-file': fileOf(delivered, 'summary-file'),
    'report-files': JSON.stringify(delivered.files),
    'comment-url': delivered.comment?.url,
  };
  setAll(runner, outputs);
};
