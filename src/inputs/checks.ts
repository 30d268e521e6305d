import { isRealDay } from '../text/day.js';
import { didYouMean } from '../text/did-you-mean.js';
import type { Tier } from '../model/outcome.js';
import { splitWords, type Reader } from './reader.js';

/** What is checked, how far it goes, and at which moment it is evaluated. */
export interface CheckInputs {
  /** Ids; empty for all that are in force. */
  readonly standards: readonly string[];
  readonly tier: Tier;
  /** The moment to evaluate at; that of the run without. */
  readonly now?: Date | undefined;
}

const readStandards = (reader: Reader, known: readonly string[]): readonly string[] => {
  const ids = splitWords(reader.text('standards'));
  for (const id of ids)
    if (!known.includes(id))
      reader.problems.push(`${reader.nameOf('standards')} holds "${id}", which is not one of ${known.join(', ')}.${didYouMean(id, known)}`);
  return ids;
};

/** The moment to evaluate at; undefined without one. */
export const readEffectiveTime = (reader: Reader<'effective-time'>): Date | undefined => {
  const text = reader.optional('effective-time');
  if (text === undefined) return undefined;
  const now = new Date(text);
  if (isRealDay(text) && !Number.isNaN(now.getTime())) return now;
  reader.problems.push(`${reader.nameOf('effective-time')} is "${text}"; it takes a date such as 2026-11-23 or 2026-11-23T12:00:00Z.`);
  return undefined;
};

/** Reads what is checked. @param known ids of all standards */
export const readCheckInputs = (reader: Reader, known: readonly string[]): CheckInputs => ({
  standards: readStandards(reader, known),
  tier: reader.choice('tier', ['light', 'active', 'heavy']),
  now: readEffectiveTime(reader),
});
