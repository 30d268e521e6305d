import type { CommandFiles } from '../github/command-files.js';
import type { Delivered } from '../github/deliver.js';
import { reporters } from '../reporters/index.js';
import type { Checked } from '../run/check.js';
import { terminalText } from '../text/escape.js';

/**
 * Sets the outputs of the main step.
 * @param code the exit code
 * @param kubeconfig for later steps, if the cluster is there for them
 */
export const setOutputs = (
  runner: Pick<CommandFiles, 'setOutput'>,
  checked: Checked,
  delivered: Delivered,
  code: number,
  kubeconfig: string | undefined,
): void => {
  const { report } = checked;
  const outputs: Record<string, string | undefined> = {
    verdict: report.verdict,
    'official-verdict': report.official?.verdict,
    headline: terminalText(report.headline),
    counts: JSON.stringify(report.counts),
    'exit-code': String(code),
    'comment-url': delivered.comment?.url,
    kubeconfig,
    'e2e-state': checked.e2e?.state,
    'e2e-archive-file': checked.e2e?.archive,
    'cluster-name': terminalText(report.cluster.name),
    ...Object.fromEntries(
      reporters.flatMap((r) => (r.medium === 'file' && r.output !== undefined ? [[r.output, delivered.files[r.name]]] : [])),
    ),
    'report-files': JSON.stringify(delivered.files),
  };
  for (const [name, value] of Object.entries(outputs)) if (value !== undefined) runner.setOutput(name, value);
};
