import * as z from 'zod/mini';
import { isRealDay } from '../../text/day.js';
import { UserError } from '../../model/errors.js';
import { problemsOfFile, shapeProblems } from '../../text/shape.js';
import { instantSchema } from './data-section.js';
import { parseVersion } from './version.js';

const maxVersions = 500;

const isMoment = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text) &&
  isRealDay(text) &&
  !Number.isNaN(Date.parse(text));
const moment = z.string().check(z.refine(isMoment, 'is no date such as 2026-11-22 or 2026-11-22T10:00:00Z'));
const isVersion = (text: string): boolean => parseVersion(text) !== undefined;
const version = z.string().check(z.maxLength(100), z.refine(isVersion, 'is no version such as 1.36 or 1.36.4'));

const offeredSchema = z.object({
  version: z.string(),
  /** The moment from which on it is not offered any more, ISO 8601; absent where none is set. */
  until: z.optional(z.string()),
});

/** What a provider offers, and on which day. */
export const offerSchema = z.object({
  /** Where it was read, for people. */
  source: z.string().check(z.maxLength(500)),
  /** ISO 8601. */
  date: instantSchema,
  versions: z.readonly(z.array(offeredSchema).check(z.maxLength(maxVersions))),
});
export type Offer = z.infer<typeof offerSchema>;

/** `preview` versions are not offered for production yet; those that are deprecated still are. */
const classifications = ['preview', 'supported', 'deprecated'] as const;

/** One entry, with the keys of a Gardener CloudProfile (https://gardener.cloud/docs/gardener/api-reference/core/#expirableversion). */
const entry = z.strictObject({
  version,
  expirationDate: z.optional(moment),
  classification: z.optional(z.enum(classifications)),
});
const file = z.strictObject({
  date: moment,
  versions: z.array(z.union([version, entry])).check(z.maxLength(maxVersions), z.minLength(1)),
});
const keys = ['date', 'versions', ...Object.keys(entry.shape)];

/**
 * The offer of a list of versions in the input itself; it has no date, so it is as old as the run.
 * @param text e.g. `1.37.2, 1.36`
 * @returns undefined where it is no such list, and so may be the path of a file
 */
export const parseOfferList = (text: string): Omit<Offer, 'date'> | undefined => {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  if (words.length === 0 || words.length > maxVersions || !words.every(isVersion)) return undefined;
  return { source: 'input', versions: words.map((word) => ({ version: word })) };
};

/**
 * Reads a file of offered versions.
 * @param document plain data in which everything is text: an unquoted `1.30` would be another number
 * @param name of the file, for its problems
 * @throws {UserError} with every problem
 */
export const parseOfferFile = (document: unknown, name: string): Offer => {
  const parsed = file.safeParse(document, { reportInput: true });
  if (!parsed.success)
    throw new UserError(problemsOfFile(`The file "${name}" of the input "offered-versions"`, shapeProblems(parsed.error, keys)));
  const { date, versions } = parsed.data;
  return {
    source: name.slice(0, 500),
    date,
    versions: versions.flatMap((one) => {
      if (typeof one === 'string') return [{ version: one }];
      return one.classification === 'preview' ? [] : [{ version: one.version, until: one.expirationDate }];
    }),
  };
};
