import { join } from 'node:path';
import { deliverComment } from '../github/comment.js';
import { deliver, type Delivered, type Sinks } from '../github/deliver.js';
import type { RunEvent } from '../github/event.js';
import type { Delivery } from '../model/delivery.js';
import type { Runtime } from '../run/runtime.js';
import { readTextFile } from '../system/text-file.js';
import { markdownText } from '../text/escape.js';
import type { Runner } from './runner.js';

/** Events are some ten kilobytes; the platform cuts them at 25 MB. @throws with the reason, without the path */
export const readEventFile = async (path: string): Promise<string> => {
  const read = await readTextFile(path, { maxBytes: 32 * 1_048_576 });
  if ('text' in read) return read.text;
  throw new Error(read.problem);
};

/** What the inputs say about where deliveries go. */
export interface Places {
  /** Names the section in the comment. */
  readonly key: string;
  readonly token?: string | undefined;
  readonly outputDirectory?: string | undefined;
}

/** Where the deliveries of this job go. */
export const sinksOf = ({ key, token, outputDirectory }: Places, event: RunEvent, runner: Runner, runtime: Runtime): Sinks => {
  const { env, redactor, signal, log, secret } = runtime;
  return {
    core: runner,
    env,
    directory: outputDirectory ?? join(runtime.directory, 'reports'),
    redactor,
    print: log,
    comment: (content) => deliverComment(content, { event, key, signal, hide: redactor.redact, token, env, secret }),
  };
};

/** Adds to the job summary what came about after the report; what breaks is a warning. */
const addToSummary = async (markdown: string, sinks: Sinks): Promise<void> => {
  const { failures } = await deliver([{ kind: 'summary', markdown }], sinks);
  for (const failure of failures) sinks.core.warning(failure);
};

/** Whether the job summary is written: one that failed once is reported once. */
const hasSummary = (deliveries: readonly Delivery[], { failures }: Delivered): boolean =>
  deliveries.some(({ kind }) => kind === 'summary') && !failures.some((failure) => failure.startsWith('job summary failed'));

/** Reports what became of the comment: a skipped one is logged, in the summary too if there is a pull request, and fails nothing. */
export const logComment = async (delivered: Delivered, deliveries: readonly Delivery[], event: RunEvent, sinks: Sinks): Promise<void> => {
  const { comment } = delivered;
  if (comment === undefined) return;
  const text = `pull request comment ${comment.status}${comment.reason === undefined ? '' : `: ${comment.reason}`}`;
  // One that failed is among the failures of the delivery.
  if (comment.status !== 'failed') sinks.print(text);
  const worthIt = event.pullRequest !== undefined && ['skipped', 'failed'].includes(comment.status);
  if (worthIt && hasSummary(deliveries, delivered)) await addToSummary(`ℹ️ ${markdownText(text)}\n`, sinks);
};
