import type * as z from 'zod/mini';
import { didYouMean } from './did-you-mean.js';
import { readJson } from './read-json.js';

/** A text as data of a shape; undefined where it is no JSON, or of another shape: it tells nothing then. */
export const jsonOf = <T>(text: string, schema: z.ZodMiniType<T>): T | undefined => {
  let raw: unknown;
  try {
    raw = readJson(text);
  } catch {
    return undefined;
  }
  const parsed = schema.safeParse(raw);
  return parsed.success ? parsed.data : undefined;
};

/** An object without the members that are undefined, for those that know only members that are there. */
export const definedOf = <T extends object>(members: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: NonNullable<T[K]> };

/** Names that a list gives more than once. */
export const duplicatesOf = (names: readonly string[]): readonly string[] => [
  ...new Set(names.filter((name, i) => names.indexOf(name) !== i)),
];

/** More is no help for the one who has to mend them. */
const maxProblems = 30;

/** `[0].name` for the path of a part. */
export const formatPropertyPath = (path: readonly PropertyKey[]): string =>
  path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step).slice(0, 80)}`))
    .join('')
    .replace(/^\./, '');

const issueText = (issue: z.core.$ZodIssue, keys: readonly string[]): string => {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys
        .slice(0, 5)
        .map(
          (key) =>
            `holds the unknown key "${key.slice(0, 80)}"; leave it out.${didYouMean(
              key,
              keys.filter((known) => known !== key),
            )}`,
        )
        .join(' It ');
    case 'invalid_type':
      return issue.input === undefined ? 'is missing.' : `must be of type ${issue.expected}.`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}.`;
    case 'too_big':
      return `is too long: at most ${String(issue.maximum)}.`;
    default:
      return `is not as it must be: ${issue.message}.`;
  }
};

/**
 * What is wrong with the shape of a file, one sentence each, with the place.
 * @param keys every key that the file may hold, for the nearest valid name
 */
export const shapeProblems = (error: z.core.$ZodError, keys: readonly string[]): readonly string[] =>
  error.issues.map((issue) => {
    const inner = issue.code === 'invalid_union' ? (issue.errors.map((some) => some[0]).find((one) => one !== undefined) ?? issue) : issue;
    const path = formatPropertyPath(issue === inner ? issue.path : [...issue.path, ...inner.path]);
    return `${path === '' ? 'it' : path} ${issueText(inner, keys)}`;
  });

/**
 * Puts the name of the file before each problem, and leaves out what would be too many.
 * @param file as the user calls it, e.g. `The scope file scope.yaml`
 */
export const problemsOfFile = (file: string, problems: readonly string[]): readonly string[] => [
  ...problems.slice(0, maxProblems).map((problem) => `${file}: ${problem}`),
  ...(problems.length > maxProblems ? [`${file}: and ${problems.length - maxProblems} more problems.`] : []),
];
