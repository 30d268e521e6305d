import { isRealDay } from '../text/day.js';
import { didYouMean } from '../text/did-you-mean.js';
import type { Tier } from '../model/outcome.js';
import { splitWords, type Reader } from './reader.js';

/** What is checked, how far it goes, and by which moment it is judged. */
export interface CheckInputs {
  /** Ids; empty for all that are in force. */
  readonly standards: readonly string[];
  readonly tier: Tier;
  /** That of the run without. */
  readonly now?: Date | undefined;
}

const readStandards = (reader: Reader, known: readonly string[]): readonly string[] => {
  const ids = splitWords(reader.text('standards'));
  for (const id of ids)
    if (!known.includes(id))
      reader.problems.push(`Input "standards" holds "${id}", which is not one of ${known.join(', ')}.${didYouMean(id, known)}`);
  return ids;
};

const readNow = (reader: Reader): Date | undefined => {
  const text = reader.optional('now');
  if (text === undefined) return undefined;
  const now = new Date(text);
  if (isRealDay(text) && !Number.isNaN(now.getTime())) return now;
  reader.problems.push(`Input "now" is "${text}"; it takes a date such as 2026-11-23 or 2026-11-23T12:00:00Z.`);
  return undefined;
};

/** Reads what is checked. @param known ids of all standards */
export const readCheckInputs = (reader: Reader, known: readonly string[]): CheckInputs => ({
  standards: readStandards(reader, known),
  tier: reader.choice('tier', ['light', 'active', 'heavy']),
  now: readNow(reader),
});
