import * as z from 'zod/mini';
import { isRealDay } from '../../text/day.js';
import { NotAvailable, reasonOf, UserError } from '../../model/errors.js';
import type { Documents, FetchedDocument } from '../../model/ports.js';
import { bundledReleaseData, parseReleaseData, type ReleaseData } from './release-data.js';

/** Where outside knowledge comes from. `file`: the user's own; `bundled`: came with this program. */
const origins = ['file', 'live', 'cache', 'bundled'] as const;

/** A moment or a day that can be read, ISO 8601. */
export const instantSchema = z.string().check(
  z.maxLength(40),
  z.refine((text) => isRealDay(text) && !Number.isNaN(Date.parse(text)), 'is no date'),
);

/** What every section of outside knowledge says about itself. */
export const originSchema = {
  origin: z.enum(origins),
  /** Until when it was complete as far as its source knew, ISO 8601; a bare day means its first moment. */
  asOf: instantSchema,
  /** For people. */
  source: z.string(),
  /** Why nothing newer could be had; absent where there was no reason to look further. */
  instead: z.optional(z.string()),
};
export type Section = Readonly<z.infer<z.ZodMiniObject<typeof originSchema>>>;

/** Where fetched documents come from: as old as the oldest of them. */
export const fetchedSection = (documents: readonly FetchedDocument[], source: string): Section & { readonly origin: 'cache' | 'live' } => ({
  origin: documents.some(({ fromCache }) => fromCache) ? 'cache' : 'live',
  asOf: documents.map(({ fetchedAt }) => fetchedAt).sort()[0] ?? '',
  source,
});

/** Fetched data of a shape. @throws {NotAvailable} where they have another one */
export const parseFetched = <T>(url: string, data: unknown, schema: z.ZodMiniType<T>, other = 'has not the expected shape'): T => {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new NotAvailable('malformed', `${url}: the answer ${other}`, { cause: parsed.error });
};

const userFile = (file: { readonly name: string; readonly text: string }): ReleaseData => {
  try {
    return parseReleaseData(file.text, file.name);
  } catch (error) {
    if (error instanceof UserError) throw new NotAvailable('malformed', error.problems.join(' '), { cause: error });
    throw error;
  }
};

/**
 * Takes the best section there is: the user's file, else the newer one of live (or cached) and bundled.
 * @param live fetches and reads; may throw for what a network does
 * @param fromFile takes the section out of a data file
 * @throws {NotAvailable} where the user's file is not in the format: a wrong file is never replaced in silence
 */
export const chooseSection = async <T extends Section>(
  documents: Documents,
  live: (documents: Documents) => Promise<T>,
  fromFile: (origin: 'bundled' | 'file', data: ReleaseData) => T,
): Promise<T> => {
  if (documents.releaseDataFile !== undefined) return fromFile('file', userFile(documents.releaseDataFile));
  const bundled = fromFile('bundled', bundledReleaseData());
  try {
    const fetched = await live(documents);
    return Date.parse(fetched.asOf) >= Date.parse(bundled.asOf)
      ? fetched
      : { ...bundled, instead: `what was cached is older: ${fetched.asOf}` };
  } catch (error) {
    // Its sentence holds the cause already.
    return { ...bundled, instead: error instanceof NotAvailable ? error.message : reasonOf(error) };
  }
};
