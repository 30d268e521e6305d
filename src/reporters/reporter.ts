import type { Delivery } from '../model/delivery.js';
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
  /** Colours on the terminal; nothing is said by colour alone. */
  readonly colour: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  /** Shows on the terminal what is folded otherwise: evidence, and what was not looked at. */
  readonly verbose: boolean;
}

/** Puts a report into the form of one place. Chooses words and marks; never sorts, counts or judges. */
export interface Reporter {
  /** kebab-case, unique. */
  readonly name: string;
  readonly report: (report: Report, options: ReporterOptions) => readonly Delivery[];
}
