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
  readonly debug: (message: string) => void;
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

interface Done {
  readonly file?: readonly [output: string, path: string] | undefined;
  readonly comment?: CommentResult | undefined;
}

/** A warning of the job, without secrets. */
export const warn = ({ core, redactor }: Sinks, text: string): void => core.warning(plainLog(redactor.redact(text)));

const annotate = (annotations: readonly Annotation[], core: Core): void => {
  for (const { severity, title, message, file, line } of annotations)
    core[severity](plainLog(message), {
      title: plainLog(title),
      ...(file === undefined ? {} : { file: plainLog(file), ...(line === undefined ? {} : { startLine: line }) }),
    });
};

/** Without secrets; what steers us (kinds, severities, names of ours) stays, even where somebody's password is the word `warning`. */
const redactDelivery = (delivery: Delivery, { redact }: Redactor): Delivery => {
  switch (delivery.kind) {
    case 'annotations':
      return {
        ...delivery,
        annotations: delivery.annotations.map((a) => ({
          ...a,
          title: redact(a.title),
          message: redact(a.message),
          ...(a.file === undefined ? {} : { file: redact(a.file) }),
        })),
      };
    case 'job-summary':
      return { ...delivery, markdown: redact(delivery.markdown) };
    case 'pull-request-comment':
      return { ...delivery, variants: delivery.variants.map(redact), fingerprint: redact(delivery.fingerprint) };
    case 'file':
    case 'terminal':
      return { ...delivery, text: redact(delivery.text) };
  }
};

const bring = async (delivery: Delivery, sinks: Sinks): Promise<Done> => {
  switch (delivery.kind) {
    case 'annotations':
      annotate(delivery.annotations, sinks.core);
      return {};
    case 'job-summary':
      appendSummary(sinks.env, delivery.markdown);
      return {};
    case 'pull-request-comment':
      return { comment: await sinks.comment?.({ variants: delivery.variants, fingerprint: delivery.fingerprint }) };
    case 'file': {
      const directory = await openDirectory(sinks.directory, sinks.env['GITHUB_WORKSPACE']);
      return { file: [delivery.output, await writeReport(directory, delivery.name, delivery.text)] };
    }
    case 'terminal':
      sinks.print(sinks.env['GITHUB_ACTIONS'] === 'true' ? workflowLog(delivery.text) : delivery.text);
      return {};
  }
};

const deliveryName = (delivery: Delivery): string => {
  switch (delivery.kind) {
    case 'annotations':
      return 'annotations';
    case 'job-summary':
      return 'job summary';
    case 'pull-request-comment':
      return 'pull request comment';
    case 'file':
      return delivery.name;
    case 'terminal':
      return 'output';
  }
};

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
      const done = await bring(redactDelivery(delivery, sinks.redactor), sinks);
      if (done.file !== undefined) files[done.file[0]] = done.file[1];
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
