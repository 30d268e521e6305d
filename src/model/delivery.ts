import type { Severity } from './report.js';

/** One annotation of a workflow step. Texts are plain: the sink escapes. */
export interface Annotation {
  readonly severity: Exclude<Severity, 'none'>;
  readonly title: string;
  readonly message: string;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
}

/** Mark a part of a comment that may be dropped to make space for the sections of other jobs; each on a line of its own. */
export const foldStart = '<!-- scs-kaas:fold -->';
export const foldEnd = '<!-- /scs-kaas:fold -->';

/** One job's section of the pull request comment. */
export interface CommentSection {
  /** The section's text in falling size; the first that fits beside the other sections is used. */
  readonly variants: readonly string[];
  /** What counts as a change: the text without the time and the commit of the run. */
  readonly fingerprint: string;
}

/** A report as a file. */
export interface FileDelivery {
  readonly kind: 'file';
  /** The name of its reporter, e.g. `json`. */
  readonly format: string;
  /** The file's name in the output directory, if no path is given. */
  readonly name: string;
  /** As the user gave it; relative to the current directory. */
  readonly path?: string | undefined;
  readonly text: string;
}

/** What a reporter wants brought somewhere; `github/deliver.ts` carries it out. */
export type Delivery =
  | { readonly kind: 'annotations'; readonly annotations: readonly Annotation[] }
  | { readonly kind: 'log'; readonly text: string }
  | { readonly kind: 'summary'; readonly markdown: string }
  | ({ readonly kind: 'comment' } & CommentSection)
  | FileDelivery;
