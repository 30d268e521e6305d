import { basename, dirname, resolve } from 'node:path';
import type { Annotation, CommentSection, Delivery, FileDelivery } from '../model/delivery.js';
import { reasonOf } from '../model/errors.js';
import { count } from '../model/outcome.js';
import type { Redactor } from '../text/redact.js';
import type { CommentResult } from './synchroniser.js';
import type { Env } from './forge.js';
import { appendSummary, assertNoSpecialFile, openDirectory, writeReport } from './files.js';
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
  /** What is printed until `endGroup` is folded in the log. */
  readonly startGroup: (name: string) => void;
  readonly endGroup: () => void;
}

/** Where deliveries go. */
export interface Sinks {
  readonly core: Core;
  readonly env: Env;
  /** Where files are written that have no path of their own. */
  readonly directory: string;
  readonly redactor: Redactor;
  /** Writes the comment; absent where none is wanted. It never throws. */
  readonly comment?: ((content: CommentSection) => Promise<CommentResult>) | undefined;
  /** Standard output. */
  readonly print: (text: string) => void;
}

/** What was brought where. */
export interface Delivered {
  /** Absolute paths of the files that were written, by format. */
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

/**
 * Writes a file: into the output directory, or where the user wants it.
 * @param written paths of this delivery: a report never replaces another one
 */
const writeFile = async (
  { name, path, text }: FileDelivery,
  { directory, env, redactor }: Sinks,
  written: readonly string[],
): Promise<string> => {
  const asked = path === undefined ? undefined : resolve(path);
  const folder = await openDirectory(asked === undefined ? directory : dirname(asked), env['GITHUB_WORKSPACE']);
  const target = resolve(folder, asked === undefined ? name : basename(asked));
  if (written.includes(target)) throw new Error(`another report is written to ${target}; give each report a file of its own`);
  if (asked !== undefined) await assertNoSpecialFile(target);
  return writeReport(folder, asked === undefined ? name : basename(asked), redactor.redact(text));
};

/** Prints a text into the log, folded in a workflow. What stands around it works; nothing in it is a command. */
const printLog = (text: string, { core, env, print }: Sinks): void => {
  if (env['GITHUB_ACTIONS'] !== 'true') {
    print(text);
    return;
  }
  core.startGroup('Result');
  print(workflowLog(text));
  core.endGroup();
};

/** Brings one delivery to its place, without secrets. */
const bring = async (
  delivery: Delivery,
  sinks: Sinks,
  written: readonly string[],
): Promise<Partial<Pick<Delivered, 'files' | 'comment'>>> => {
  const { redact } = sinks.redactor;
  switch (delivery.kind) {
    case 'annotations':
      annotate(delivery.annotations, sinks.core, redact);
      return {};
    case 'summary':
      appendSummary(sinks.env, redact(delivery.markdown));
      return {};
    case 'comment': {
      const content = { variants: delivery.variants.map(redact), fingerprint: redact(delivery.fingerprint) };
      const comment = await sinks.comment?.(content);
      return { comment: comment && { ...comment, reason: comment.reason && redact(comment.reason) } };
    }
    case 'file':
      return { files: { [delivery.format]: await writeFile(delivery, sinks, written) } };
    case 'log':
      printLog(redact(delivery.text), sinks);
      return {};
  }
};

const names = {
  annotations: 'annotations',
  log: 'log',
  summary: 'job summary',
  comment: 'pull request comment',
} as const;

const deliveryName = (delivery: Delivery): string => (delivery.kind === 'file' ? (delivery.path ?? delivery.name) : names[delivery.kind]);

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
      const done = await bring(delivery, sinks, Object.values(files));
      Object.assign(files, done.files);
      comment = done.comment ?? comment;
      if (done.comment?.status === 'failed') failures.push(`${deliveryName(delivery)} failed: ${done.comment.reason ?? 'no reason given'}`);
    } catch (error) {
      failures.push(`${deliveryName(delivery)} failed: ${reasonOf(error)}`);
      if (delivery.kind === 'file' && delivery.path === undefined)
        advice = '. Set "output-directory" to a directory that this step can write';
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
