import * as z from 'zod/mini';
import { bounded } from '../../text/bounded.js';
import { jsonOf } from '../../text/shape.js';

const number = z.int().check(z.minimum(0));
const progress = z.object({
  total: z.optional(number),
  completed: z.optional(number),
  failures: z.optional(z.nullable(z.array(z.string()))),
});
const statusSchema = z.object({
  status: z.string(),
  plugins: z.array(
    z.object({
      plugin: z.string(),
      status: z.string(),
      'result-status': z.optional(z.string()),
      progress: z.optional(z.nullable(progress)),
    }),
  ),
  'tar-info': z.optional(z.object({ name: z.optional(z.string()), sha256: z.optional(z.string()), size: z.optional(z.int()) })),
});

/** What is known of the archive before it is fetched; each part `undefined` where Sonobuoy does not say it. */
export interface ArchiveInfo {
  readonly name: string | undefined;
  readonly sha256: string | undefined;
  readonly size: number | undefined;
}

/** How far a run is, as Sonobuoy says it on its pod. */
export interface RunStatus {
  readonly phase: 'running' | 'post-processing' | 'complete' | 'failed' | 'unknown';
  /** Of the plugin e2e, in Sonobuoy's words. */
  readonly plugin: string;
  /** Tests in the focus; 0 while that is not known. */
  readonly total: number;
  /** Often 0 to the end, whatever was done. */
  readonly completed: number;
  readonly failed: number;
  readonly archive: ArchiveInfo;
}

const phases = ['running', 'post-processing', 'complete', 'failed'] as const;
const archiveName = /^[\w.-]{1,200}\.tar\.gz$/;

/**
 * Reads the annotation `sonobuoy.hept.io/status` (Sonobuoy's pkg/plugin/aggregation/status.go).
 * @returns undefined where it is not there yet, or has another shape
 */
export const parseRunStatus = (annotation: string | undefined): RunStatus | undefined => {
  const said = jsonOf(annotation ?? '', statusSchema);
  if (said === undefined) return undefined;
  const { status, plugins, 'tar-info': tar } = said;
  const e2e = plugins.find(({ plugin }) => plugin === 'e2e');
  const sha256 = tar?.sha256?.toLowerCase();
  return {
    phase: phases.find((phase) => phase === status) ?? 'unknown',
    plugin: bounded(e2e?.['result-status'] || e2e?.status || '', 40),
    total: e2e?.progress?.total ?? 0,
    completed: e2e?.progress?.completed ?? 0,
    failed: e2e?.progress?.failures?.length ?? 0,
    archive: {
      name: tar?.name !== undefined && archiveName.test(tar.name) ? tar.name : undefined,
      sha256: sha256 !== undefined && /^[0-9a-f]{64}$/.test(sha256) ? sha256 : undefined,
      size: tar?.size !== undefined && tar.size > 0 ? tar.size : undefined,
    },
  };
};

/** What the log of the tests says of their ends. */
export interface LogCount {
  readonly done: number;
  readonly failed: number;
}

// eslint-disable-next-line no-control-regex -- what a terminal shows as colour
const colour = /\u001b\[[\d;]{0,20}m/g;

/** Counts the ends of tests in a piece of Ginkgo's verbose log: each has a line that begins with a bullet. */
export const countEnds = (log: string): LogCount => {
  const ends = log
    .replace(colour, '')
    .split('\n')
    .filter((line) => line.startsWith('• ['));
  return { done: ends.length, failed: ends.filter((line) => /^• \[(FAILED|PANICKED|TIMEDOUT|INTERRUPTED|ABORTED)/.test(line)).length };
};

/** e.g. `12/45 done, 1 failed so far`. */
export const progressInWords = (status: RunStatus | undefined, log: LogCount): string => {
  if (status === undefined) return 'starting';
  const done = Math.max(status.completed, log.done);
  const failed = Math.max(status.failed, log.failed);
  if (status.phase === 'post-processing') return `the tests have ended (${failed} failed so far), their results are being put together`;
  if (status.total === 0) return done === 0 ? 'the tests are being prepared' : `${done} done, ${failed} failed so far`;
  return `${done}/${status.total} done, ${failed} failed so far`;
};

/** A time, for people. */
export const inMinutes = (ms: number): string => (ms < 120_000 ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms / 60_000)} minutes`);

/** Shorter than this is what one request that was lost looks like. */
const outageMs = 30_000;

/**
 * Without an API server tests fail, whatever they test.
 * @param awayMs how long it did not answer while they ran, in milliseconds
 */
export const outageCaveats = (awayMs: number): readonly string[] =>
  awayMs < outageMs
    ? []
    : [
        `The API server did not answer for ${inMinutes(awayMs)} while the end-to-end tests ran: a test that failed then may have failed for that. Run them again.`,
      ];
