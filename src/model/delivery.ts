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

/** What a reporter wants brought somewhere; `github/deliver.ts` and the terminal carry it out. */
export type Delivery =
  | { readonly kind: 'annotations'; readonly annotations: readonly Annotation[] }
  | { readonly kind: 'job-summary'; readonly markdown: string }
  | {
      readonly kind: 'pull-request-comment';
      /** The section's text in falling size; the first that fits beside the other sections is used. */
      readonly variants: readonly string[];
      /** What counts as a change: the text without the time and the commit of the run. */
      readonly fingerprint: string;
    }
  | { readonly kind: 'file'; readonly name: string; readonly text: string; readonly output: string }
  | { readonly kind: 'terminal'; readonly text: string };
