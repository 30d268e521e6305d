import { didYouMean } from '../text/did-you-mean.js';
import { readCheckInputs, type CheckInputs } from './checks.js';
import { readClusterInputs, type ClusterInputs } from './cluster.js';
import { readE2eInputs, type E2eInputs } from './e2e.js';
import { readFileInputs, type FileInputs } from './file-inputs.js';
import { layersOf, type GivenLayers, type RawInputs } from './layers.js';
import { inputSpecs } from './list.js';
import { assertNone } from './problems.js';
import { readProbeInputs, type ProbeInputs } from './probes.js';
import { Reader, settings } from './reader.js';
import { readReportInputs, type CheckReports, type ReportInputs } from './reports.js';
import type { Setting } from './spec.js';

export type { RawInputs } from './layers.js';

/** How far the run may go beyond the cluster. */
interface DocumentInputs {
  /** True if only the cluster is contacted. */
  readonly offline: boolean;
}

/** How long the run may take. */
interface Limits {
  /** All of it but for the end-to-end tests, in milliseconds. */
  readonly timeoutMs: number;
}

/** What a user asked for, valid as a whole, in the slices that are used together. */
export interface Inputs {
  readonly cluster: ClusterInputs;
  readonly checks: CheckInputs;
  readonly probes: ProbeInputs;
  readonly e2e: E2eInputs;
  readonly files: FileInputs;
  readonly documents: DocumentInputs;
  readonly reports: ReportInputs;
  /** For the comment and for release data. */
  readonly token?: string | undefined;
  readonly limits: Limits;
}

/** What the inputs may name: it stands in rooms that this one does not know. */
export interface Known {
  /** Ids of all standards. */
  readonly standards: readonly string[];
  readonly reports: CheckReports;
}

/** Names that are no input, as problems. A variable of a workflow may not be for this step. */
export const unknownInputs = (raw: RawInputs, specs: readonly Setting[], surface: 'action' | 'terminal'): readonly string[] => {
  const names = specs.map((spec) => spec.name);
  return Object.keys(raw)
    .filter((name) => !names.includes(name))
    .map((name) => {
      const foreign =
        surface === 'action' ? ` If INPUT_${name.toUpperCase()} is not for this step, set it to '' in the "env" of the step.` : '';
      return `There is no input "${name}".${didYouMean(name, names)}${foreign}`;
    });
};

/** The values of raw inputs. */
export const valuesOf = (given: readonly RawInputs[]): readonly string[] =>
  given.flatMap((raw) => Object.values(raw).flatMap((value) => value ?? []));

/**
 * Reads what a user asked for. What an input or option says counts first, then `--set`, then the config file, then the default.
 * @param raw texts by input name, from the environment of the action or the options of the command line
 * @param surface whose defaults hold, and whose words name the settings: a terminal annotates and comments nothing by itself
 * @throws {UserError} with every problem at once, each with the nearest valid word
 */
export const parseInputs = (raw: RawInputs, known: Known, surface: 'action' | 'terminal', others: GivenLayers = {}): Inputs => {
  const reader = new Reader(settings, layersOf(raw, surface, others), surface);
  reader.problems.push(...unknownInputs(raw, inputSpecs, surface));
  const cluster = readClusterInputs(reader);
  const inputs: Inputs = {
    cluster,
    checks: readCheckInputs(reader, known.standards),
    probes: readProbeInputs(reader),
    files: readFileInputs(reader),
    reports: readReportInputs(reader, cluster.from, known.reports),
    e2e: readE2eInputs(reader),
    documents: { offline: reader.flag('offline') },
    token: reader.optional('github-token'),
    limits: { timeoutMs: reader.duration('timeout') },
  };
  assertNone(reader.problems, valuesOf([raw, others.set ?? {}, others.config?.values ?? {}]));
  return inputs;
};
