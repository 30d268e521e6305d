import * as z from 'zod/mini';
import { isRealDay } from '../../text/day.js';
import { UserError } from '../../model/errors.js';
import { readJson, TooMuchJson } from '../../text/read-json.js';
import { formatPropertyPath } from '../../text/shape.js';
import bundledFile from '../data/kubernetes-releases.json' with { type: 'json' };

const isDate = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z)?$/.test(text) && isRealDay(text) && !Number.isNaN(Date.parse(text));
/** A day (`2026-11-22`) or a moment in UTC (`2026-11-22T10:00:00Z`). */
const date = z.string().check(z.refine(isDate, 'is no date such as 2026-11-22 or 2026-11-22T10:00:00Z'));
const minor = z.string().check(z.regex(/^(0|[1-9]\d{0,4})\.(0|[1-9]\d{0,4})$/, 'is no branch such as 1.36'));
const version = z
  .string()
  .check(z.regex(/^(0|[1-9]\d{0,4})(\.(0|[1-9]\d{0,4})){2}(-(alpha|beta|rc)\.\d{1,6})?$/, 'is no version such as 1.36.4'));
const cveId = z.string().check(z.regex(/^CVE-\d{4}-\d{4,9}$/, 'is no CVE id'));
const boundedArray = <T>(item: z.ZodMiniType<T>) => z.readonly(z.array(item).check(z.maxLength(10_000)));

export const minorSchema = z.strictObject({
  minor,
  /** Of the branch's `.0`; null where unknown. */
  released: z.nullable(date),
  /** The first day without support; null where upstream has not set it yet. */
  endOfLife: z.nullable(date),
});
export const patchSchema = z.strictObject({ version, released: date });
const rangeSchema = z.strictObject({ introduced: version, fixed: z.optional(version), lastAffected: z.optional(version) });
export const cveSchema = z.strictObject({
  id: cveId,
  /** CVSS base score of the original record; null where it gives none that can be read. One below 8.0 is not judged. */
  score: z.nullable(z.number().check(z.minimum(0), z.maximum(10))),
  ranges: boundedArray(rangeSchema),
});
export type SupportWindow = z.infer<typeof minorSchema>;
export type PatchRelease = z.infer<typeof patchSchema>;
export type Cve = z.infer<typeof cveSchema>;

/** The format of the bundled file and of the user's own: docs/release-data.md. */
export const releaseDataSchema = z.strictObject({
  schemaVersion: z.literal('1'),
  releases: z.strictObject({
    asOf: date,
    source: z.string().check(z.maxLength(500)),
    minors: boundedArray(minorSchema),
    patches: boundedArray(patchSchema),
    /** Branches of which a patch may be missing here: nothing can be concluded from the absence of one. */
    incomplete: boundedArray(minor),
  }),
  cves: z.strictObject({
    asOf: date,
    source: z.string().check(z.maxLength(500)),
    /** Every CVE that was looked at, the less severe ones too: live sources are asked for the others alone. */
    reviewed: boundedArray(cveId),
    /** Those with a base score of 8.0 or more, or an unknown one. */
    critical: boundedArray(cveSchema),
  }),
});
export type ReleaseData = z.infer<typeof releaseDataSchema>;

/** From this CVSS base score on a CVE is critical: scs-0210-v2, Decision. */
export const criticalScore = 8;
/** Whether a CVE is critical, or may be: a score that nobody knows may be any. */
export const mayBeCritical = ({ score }: Pick<Cve, 'score'>): boolean => score === null || score >= criticalScore;

/**
 * Reads release data in the format of the bundled file.
 * @param name the file's name, for the error
 * @throws {UserError} with every place that is not as it must be (the first 20 of them)
 */
export const parseReleaseData = (text: string, name: string): ReleaseData => {
  let raw: unknown;
  try {
    raw = readJson(text);
  } catch (cause) {
    if (cause instanceof TooMuchJson) throw new UserError([`The release data file "${name}" cannot be used: ${cause.message}.`], { cause });
    throw new UserError([`The release data file "${name}" is no JSON; docs/release-data.md has its format.`], { cause });
  }
  const parsed = releaseDataSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    (issue) => `The release data file "${name}": ${formatPropertyPath(issue.path) || 'the whole'}: ${issue.message}.`,
  );
  const rest = problems.length - 20;
  throw new UserError(rest > 0 ? [...problems.slice(0, 20), `The release data file "${name}": ${rest} more of these.`] : problems, {
    cause: parsed.error,
  });
};

/** The dated data that comes with this program; `node scripts/refresh-release-data.ts` renews it, and a test holds it against the format. */
export const bundledReleaseData = (): ReleaseData => bundledFile as ReleaseData;
