import { didYouMean } from '../text/did-you-mean.js';
import { clip, plainText } from '../text/escape.js';
import type { Reporter } from './reporter.js';

/** One report that a user asked for. */
export interface Selected {
  readonly reporter: Reporter;
  /** Where its file is written, as the user gave it; the default name in the output directory without. */
  readonly file?: string | undefined;
}

/** What a user asked for, and what is wrong with it. */
export interface Selection {
  readonly selected: readonly Selected[];
  /** One sentence each. */
  readonly problems: readonly string[];
}

/** The word for no report at all. */
export const noReports = 'none';

/** A word of the user, as far as an error repeats it. */
const quoted = (word: string): string => `"${clip(plainText(word), 100)}"`;

/** Paths that differ only in their form are one: `./a.json`, `a.json`. */
const samePath = (file: string): string =>
  file
    .replace(/[\\/]+/g, '/')
    .replace(/\/(?:\.\/)+/g, '/')
    .replace(/^(?:\.\/)+/, '');

/** Ends with a separator, or is `.` or `..`. */
const isFolder = (file: string): boolean => /(?:^|[\\/])\.{0,2}$/.test(file);

const fileProblem = (reporter: Reporter, word: string, file: string, setting: string): string | undefined => {
  const { name } = reporter;
  if (reporter.medium !== 'file') return `${setting} holds ${quoted(word)}, and "${name}" is no file. Write "${name}".`;
  if (file === '') return `${setting} holds ${quoted(word)} without the name of a file. Write "${name}" or "${name}=FILE".`;
  if (isFolder(file))
    return `${setting} holds ${quoted(word)}, which names a folder. Name the file in it too, e.g. "${name}=${reporter.file}".`;
  return undefined;
};

/** One word: the report that it asks for, or what is wrong with it. */
const parseWord = (word: string, offered: readonly Reporter[], setting: string): Selected | string => {
  const at = word.indexOf('=');
  const format = at < 0 ? word : word.slice(0, at);
  const names = offered.map(({ name }) => name);
  const reporter = offered.find(({ name }) => name === format);
  if (reporter === undefined)
    return `${setting} holds ${quoted(word)}; it takes ${names.join(', ')} or ${noReports}.${didYouMean(format, [...names, noReports])}`;
  if (at < 0) return { reporter };
  const file = word.slice(at + 1);
  return fileProblem(reporter, word, file, setting) ?? { reporter, file };
};

const twiceProblems = (selected: readonly Selected[], setting: string): readonly string[] => [
  ...[...Map.groupBy(selected, ({ reporter }) => reporter.name)].flatMap(([name, some]) =>
    some.length === 1 ? [] : [`${setting} holds "${name}" ${some.length} times. Name each format once.`],
  ),
  ...[...Map.groupBy(selected, ({ file }) => (file === undefined ? undefined : samePath(file)))].flatMap(([file, some]) => {
    const formats = [...new Set(some.map(({ reporter }) => reporter.name))];
    return file === undefined || formats.length === 1
      ? []
      : [`${setting} names the file ${quoted(file)} for ${formats.join(' and ')}. Give each format a file of its own.`];
  }),
];

/**
 * Reads which reports a user asks for.
 * @param words each `FORMAT`, `FORMAT=FILE`, or the only word `none`
 * @param offered the reporters that the command has
 * @param setting how the user named it, as the beginning of a sentence, e.g. `Input "reports"` or `Option "--report"`
 */
export const parseReports = (words: readonly string[], offered: readonly Reporter[], setting: string): Selection => {
  const others = words.filter((word) => word !== noReports);
  const parsed = others.map((word) => parseWord(word, offered, setting));
  const selected = parsed.filter((one) => typeof one !== 'string');
  const none =
    others.length < words.length && others.length > 0
      ? [`${setting} holds "${noReports}" beside other reports. Leave "${noReports}" or the others out.`]
      : [];
  return { selected, problems: [...none, ...parsed.filter((one) => typeof one === 'string'), ...twiceProblems(selected, setting)] };
};

/** What is known of a run, and what some reporters need. */
interface Needs {
  readonly subject: boolean;
}

const needOf = ({ reporter }: Selected): 'subject' | undefined => (reporter.medium === 'file' ? reporter.needs : undefined);

/** Reports that need what is not known, as phrases: `"scs-report", which needs "subject"`. */
export const missingFor = (selected: readonly Selected[], known: Needs): readonly string[] =>
  selected.flatMap((one) => {
    const need = needOf(one);
    return need === undefined || known[need] ? [] : [`"${one.reporter.name}", which needs "${need}"; set it`];
  });

/**
 * The reports of a workflow. One that needs what is known is written without a word, as it is known for nothing else.
 * @param words valid ones
 */
export const selectReports = (words: readonly string[], offered: readonly Reporter[], known: Needs): readonly Selected[] => {
  const { selected } = parseReports(words, offered, '');
  if (words.includes(noReports)) return selected;
  const others = offered
    .map((reporter): Selected => ({ reporter }))
    .filter((one) => {
      const need = needOf(one);
      return need !== undefined && known[need] && !selected.some(({ reporter }) => reporter === one.reporter);
    });
  return [...selected, ...others];
};
