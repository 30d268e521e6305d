import type { Annotation, CommentSection } from '../model/delivery.js';
import type { MergedFleet } from '../model/fleet.js';
import type { Report } from '../model/report.js';

/** What a reporter takes beside the report. */
export interface ReporterOptions {
  /** Names this job's section of the pull request comment. */
  readonly commentKey: string;
  /**
   * The run, where there is one: `at` is ISO 8601. Shown in the comment alone and no part of its fingerprint, so that
   * a replay gives the same bytes everywhere else.
   */
  readonly run?: { readonly url?: string | undefined; readonly commit?: string | undefined; readonly at: string } | undefined;
  /** For upstream's report, which is made only with it. */
  readonly upload?:
    | {
        /** The provider's account at upstream's monitor. */
        readonly subject: string;
        /** A UUID of this run, the same for every try to upload it. */
        readonly runId: string;
        /** When the cluster was looked at, ISO 8601 in UTC. */
        readonly checkedAt: string;
      }
    | undefined;
  /** The facts as a snapshot's text: they are not in the report. */
  readonly snapshot?: string | undefined;
  /** Colours on the terminal; nothing is said by colour alone. */
  readonly colour: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  /** Shows on the terminal what is folded otherwise: evidence, and what was not looked at. */
  readonly verbose: boolean;
}

/** Puts results into the form of one place. Chooses words and marks; never sorts, counts or evaluates. */
export interface Renderer<Content> {
  /** kebab-case, unique: the word that users write. */
  readonly name: string;
  /** A noun phrase of at most 140 characters, for help and documentation. */
  readonly description: string;
  /** Renders the report of one cluster; a reporter that has it is offered by `check`. Undefined: there is nothing to deliver. */
  readonly report?: (report: Report, options: ReporterOptions) => Content | undefined;
  /** Renders the reports of several clusters together; a reporter that has it is offered by `merge`. */
  readonly fleet?: (merged: MergedFleet, options: ReporterOptions) => Content | undefined;
}

/** A reporter whose text is a file, or goes to standard output. */
export interface FileReporter extends Renderer<string> {
  readonly medium: 'file';
  /** The default name of the file. */
  readonly file: string;
  /** The output of the step that holds the file's path. */
  readonly output?: string;
  /** What has to be known for it. */
  readonly needs?: 'subject';
}

/** One of the forms in which results are delivered, by the place that it is for. */
export type Reporter =
  | (Renderer<readonly Annotation[]> & { readonly medium: 'annotations' })
  | (Renderer<string> & { readonly medium: 'log' })
  | (Renderer<string> & { readonly medium: 'summary' })
  | (Renderer<CommentSection> & { readonly medium: 'comment' })
  | FileReporter;
