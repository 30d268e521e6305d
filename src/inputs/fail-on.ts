import type { Rule } from '../model/fail-on.js';
import { categories, levels } from '../model/outcome.js';
import { didYouMean } from '../text/did-you-mean.js';
import { splitWords, type Reader } from './reader.js';

const readRule = (reader: Reader<'fail-on'>, word: string): readonly Rule[] => {
  const outcomes = ['fail', 'abort', 'missing'] as const;
  const [outcome = '', level = '', category = 'certificate', ...rest] = word.toLowerCase().split(':');
  const found = outcomes.find((o) => o === outcome);
  const someLevels = level === 'any' ? levels : levels.filter((l) => l.toLowerCase() === level);
  const someCategories = category === 'any' ? categories : categories.filter((c) => c === category);
  if (found !== undefined && someLevels.length > 0 && someCategories.length > 0 && rest.length === 0)
    return [{ outcome: found, levels: someLevels, categories: someCategories }];
  const examples = ['never', ...outcomes.flatMap((o) => ['must', 'should', 'may', 'any'].map((l) => `${o}:${l}`))];
  reader.problems.push(
    `${reader.nameOf('fail-on')} holds "${word}"; it takes never or OUTCOME:LEVEL[:CATEGORY], e.g. fail:must or abort:must:certificate.${didYouMean(word, examples)}`,
  );
  return [];
};

/** Reads which outcomes fail the step; empty where nothing does. */
export const readFailOn = (reader: Reader<'fail-on'>): readonly Rule[] => {
  const words = splitWords(reader.text('fail-on'));
  if (!words.includes('never')) return words.flatMap((word) => readRule(reader, word));
  if (words.length > 1) reader.problems.push(`${reader.nameOf('fail-on')} holds "never" beside other words; give one or the other.`);
  return [];
};
