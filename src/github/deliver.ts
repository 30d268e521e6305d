import type { Annotation, Delivery } from '../model/delivery.js';
import { reasonOf } from '../model/errors.js';
import { count } from '../model/outcome.js';
import type { Redactor } from '../text/redact.js';
import type { CommentContent } from './comment.js';
import type { CommentResult } from './synchroniser.js';
import type { Env } from './forge.js';
import { appendSummary, openDirectory, writeReport } from './files.js';
import { plainLog, workflowLog } from './log.js';

/** As `@actions/core` declares it: absent, never undefined. */
interface Place {
  readonly title?: string;
  readonly file?: string;
  readonly startLine?: number;
}
type Say = (message: string, place?: Place) => void;

/** Of `@actions/core`, what is used. It escapes a command's data and properties. */
export interface Core {
  readonly error: Say;
  readonly warning: Say;
  readonly notice: Say;
  readonly info: (message: string) => void;
}

/** Where deliveries go. */
export interface Sinks {
  readonly core: Core;
  readonly env: Env;
  /** Where files are written. */
  readonly directory: string;
  readonly redactor: Redactor;
  /** Writes the comment; absent where none is wanted. It never throws. */
  readonly comment?: ((content: CommentContent) => Promise<CommentResult>) | undefined;
  /** Standard output. */
  readonly print: (text: string) => void;
}

/** What was brought where. */
export interface Delivered {
  /** Paths of the files that were written, by the name of the output that holds them. */
  readonly files: Readonly<Record<string, string>>;
  readonly comment?: CommentResult | undefined;
  /** One sentence for each delivery that broke; empty where all went well. */
  readonly failures: readonly string[];
  /** e.g. `wrote 4 of 5 reports; job summary failed: EACCES: permission denied`. */
  readonly message: string;
}

/** A warning of the job, without secrets. */
export const warn = ({ core, redactor }: Sinks, text: string): void => core.warning(plainLog(redactor.redact(text)));

/** What steers us (kinds, severities, names of ours) stays, even where somebody's password is the word `warning`. */
const annotate = (annotations: readonly Annotation[], core: Core, redact: (text: string) => string): void => {
  const shown = (text: string): string => plainLog(redact(text));
  for (const { severity, title, message, file, line } of annotations)
    core[severity](shown(message), {
      title: shown(title),
      ...(file === undefined ? {} : { file: shown(file), ...(line === undefined ? {} : { startLine: line }) }),
    });
};

/** Brings one delivery to its place, without secrets. */
const bring = async (delivery: Delivery, sinks: Sinks): Promise<Partial<Pick<Delivered, 'files' | 'comment'>>> => {
  const { redact } = sinks.redactor;
  switch (delivery.kind) {
    case 'annotations':
      annotate(delivery.annotations, sinks.core, redact);
      return {};
    case 'job-summary':
      appendSummary(sinks.env, redact(delivery.markdown));
      return {};
    case 'pull-request-comment': {
      const content = { variants: delivery.variants.map(redact), fingerprint: redact(delivery.fingerprint) };
      const comment = await sinks.comment?.(content);
      return { comment: comment && { ...comment, reason: comment.reason && redact(comment.reason) } };
    }
    case 'file': {
      const directory = await openDirectory(sinks.directory, sinks.env['GITHUB_WORKSPACE']);
      return { files: { [delivery.output]: await writeReport(directory, delivery.name, redact(delivery.text)) } };
    }
    case 'terminal': {
      const text = redact(delivery.text);
      sinks.print(sinks.env['GITHUB_ACTIONS'] === 'true' ? workflowLog(text) : text);
      return {};
    }
  }
};

const names = {
  annotations: 'annotations',
  'job-summary': 'job summary',
  'pull-request-comment': 'pull request comment',
  terminal: 'output',
} as const;

const deliveryName = (delivery: Delivery): string => (delivery.kind === 'file' ? delivery.name : names[delivery.kind]);

/**
 * Brings every delivery to its place, without secrets. One that breaks silences no other.
 * @param deliveries as the reporters gave them, in the order in which they are brought
 */
export const deliver = async (deliveries: readonly Delivery[], sinks: Sinks): Promise<Delivered> => {
  const files: Record<string, string> = {};
  const failures: string[] = [];
  let advice = '';
  let comment: CommentResult | undefined;
  for (const delivery of deliveries) {
    try {
      const done = await bring(delivery, sinks);
      Object.assign(files, done.files);
      comment = done.comment ?? comment;
      if (done.comment?.status === 'failed') failures.push(`${deliveryName(delivery)} failed: ${done.comment.reason ?? 'no reason given'}`);
    } catch (error) {
      failures.push(`${deliveryName(delivery)} failed: ${reasonOf(error)}`);
      if (delivery.kind === 'file') advice = '. Set "output-directory" to a directory that this step can write';
    }
  }
  const toLine = (text: string): string => plainLog(sinks.redactor.redact(text));
  const wrote = `wrote ${deliveries.length - failures.length} of ${count(deliveries.length, 'report')}`;
  return {
    files,
    comment,
    failures: failures.map(toLine),
    message: toLine(`${[wrote, ...failures].join('; ')}${advice}`),
  };
};
