import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RawInputs } from '../../src/inputs/layers.js';
import { check } from '../../src/run/check.js';
import { UserError } from '../../src/model/errors.js';
import type { Report, RequirementReport } from '../../src/model/report.js';
import { standards } from '../../src/standards/index.js';
import { freshReleaseData } from './fresh-release-data.js';
import { parseSettings } from './settings.js';
import { testRuntime, type TestRuntime } from './runtime.js';

/** A run from the inputs to the report, as the entries make it, but for delivering. */
export interface WholeRun {
  readonly report: Report;
  readonly snapshot: string;
  readonly interrupted: boolean;
  readonly told: readonly string[];
  readonly ms: number;
}

/** A run that found no cluster to judge. */
export interface RefusedRun {
  readonly error: UserError;
  readonly told: readonly string[];
  readonly ms: number;
}

/**
 * Runs the main job over every standard, deprecated ones too, with a runtime of its own. Release data are made up for the moment, and nothing
 * but the cluster is asked.
 * @param raw inputs by name, beside those
 * @throws whatever is no `UserError`: a run throws nothing else
 */
export const wholeRun = async (
  raw: RawInputs,
  use: (runtime: TestRuntime) => void = () => undefined,
  env: Readonly<Record<string, string>> = {},
): Promise<WholeRun | RefusedRun> => {
  const it = await testRuntime({ env });
  const begun = performance.now();
  const ms = (): number => performance.now() - begun;
  try {
    const releaseData = join(it.directory, 'release-data.json');
    await writeFile(releaseData, freshReleaseData(it.runtime.now()));
    const inputs = parseSettings({
      standards: standards.map((s) => s.id).join(),
      'data.releases': releaseData,
      offline: 'true',
      'requests.timeout': '20s',
      ...raw,
    });
    use(it);
    const { report, snapshot, interrupted, close } = await check(inputs, it.runtime);
    const warnings = await close();
    return { report, snapshot, interrupted, told: [...it.told, ...warnings], ms: ms() };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { error, told: it.told, ms: ms() };
  } finally {
    await it.remove();
  }
};

/** The report of a run that has one. */
export const reported = (run: WholeRun | RefusedRun): WholeRun => {
  if ('error' in run) throw new Error(`the run gave no report: ${run.error.message}`, { cause: run.error });
  return run;
};

/** The error of a run that has none. */
export const refusedRun = (run: WholeRun | RefusedRun): RefusedRun => {
  if ('report' in run) throw new Error(`the run gave a report: ${run.report.headline}`);
  return run;
};

export const outcomesOf = (report: Report): Readonly<Record<string, string>> =>
  Object.fromEntries(report.requirements.map((r) => [r.id, r.outcome]));

/** Requirements that pass in a report and not in the other one: there must be none, whatever went wrong. */
export const newPasses = (report: Report, baseline: Report): readonly string[] => {
  const before = outcomesOf(baseline);
  return report.requirements.filter((r) => r.outcome === 'pass' && before[r.id] !== 'pass').map((r) => r.id);
};

/** Requirements whose outcome differs from another report's. */
export const changed = (report: Report, baseline: Report): readonly RequirementReport[] => {
  const before = outcomesOf(baseline);
  return report.requirements.filter((r) => r.outcome !== before[r.id]);
};

/** Works on many things, some at a time. */
export const inTurns = async <T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> => {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
};
