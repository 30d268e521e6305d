import { didYouMean, nearest } from '../text/did-you-mean.js';
import { readYaml } from '../text/read-yaml.js';
import { clip, plainText } from '../text/escape.js';
import type { RawInputs } from './layers.js';
import { inputSpecs } from './list.js';
import { configSpecs } from './list-config.js';
import type { Setting } from './spec.js';

/** The inputs that no config file holds: two may be secrets, and one names the file itself. */
const elsewhere: readonly string[] = ['kubeconfig', 'github-token', 'config'];

/** Everything that a config file may hold, by its key. */
export const configSettings: readonly Setting[] = [...inputSpecs.filter(({ name }) => !elsewhere.includes(name)), ...configSpecs];
const keys = configSettings.map(({ name }) => name);

/** A key for a message: whoever wrote the file may mean harm. */
const shown = (key: string): string => `"${clip(plainText(key), 80)}"`;

/** Why a key is none, as a sentence; undefined if it is one. */
export const keyProblem = (key: string): string | undefined => {
  if (keys.includes(key)) return undefined;
  if (elsewhere.includes(key))
    return `${shown(key)} cannot be set there${key === 'config' ? '' : ', since it may be a secret'}; set the input or option "${key}".`;
  return `There is no key ${shown(key)}.${didYouMean(key, keys)}`;
};

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isGroup = (path: string): boolean => keys.some((key) => key.startsWith(`${path}.`));

type Read = { readonly values: Record<string, string>; readonly problems: string[] };

const readValue = (key: string, value: unknown, { values, problems }: Read): void => {
  const spec = configSettings.find(({ name }) => name === key);
  if (typeof value === 'string') values[key] = value;
  else if (spec?.takes === 'list' && Array.isArray(value) && value.every((one) => typeof one === 'string')) values[key] = value.join(', ');
  else problems.push(`${shown(key)} takes ${spec?.takes === 'list' ? 'one value or a list of them' : 'one value'}.`);
};

/** Reads a mapping and what is below it. @param path of the mapping; `''` for the whole */
const readMapping = (mapping: Readonly<Record<string, unknown>>, path: string, read: Read): void => {
  for (const [key, value] of Object.entries(mapping)) {
    const full = path === '' ? key : `${path}.${key}`;
    if (isGroup(full) && !key.includes('.')) {
      if (isMapping(value)) readMapping(value, full, read);
      else if (value !== '')
        read.problems.push(`${shown(full)} takes a mapping, e.g. "${keys.find((one) => one.startsWith(`${full}.`)) ?? ''}".`);
      continue;
    }
    const problem = key.includes('.') ? `There is no key ${shown(full)}; write a mapping for each part.` : keyProblem(full);
    if (problem === undefined) readValue(full, value, read);
    else read.problems.push(problem);
  }
};

/**
 * Reads a config file: YAML in which every scalar is text. An empty one says nothing.
 * @param text of the file
 * @returns the values by their keys, or sentences about every problem, which name the file nowhere
 */
export const parseConfig = (text: string): { readonly values: RawInputs } | { readonly problems: readonly string[] } => {
  const yaml = readYaml(text, { allText: true });
  if ('problems' in yaml) return { problems: yaml.problems.map((problem) => `${problem.charAt(0).toUpperCase()}${problem.slice(1)}.`) };
  const [document, ...more] = yaml.documents;
  if (more.length > 0) return { problems: ['It holds several YAML documents; keep one.'] };
  if (document === undefined || document === null || document === '') return { values: {} };
  if (!isMapping(document)) return { problems: ['It holds no mapping; write one setting per line, e.g. "tier: active".'] };
  const read: Read = { values: {}, problems: [] };
  readMapping(document, '', read);
  return read.problems.length > 0 ? { problems: read.problems } : { values: read.values };
};

/** A key for messages: a word that is like none may be a secret. */
const repeatable = (key: string): string =>
  nearest(key, keys) !== undefined || /^[a-z][a-zA-Z.-]{0,39}$/.test(key) ? key : '(not repeated: it may be a secret)';

/**
 * Reads the values of `--set KEY=VALUE`.
 * @returns the values by their keys, and sentences about every problem
 */
export const parseSet = (words: readonly string[]): { readonly values: RawInputs; readonly problems: readonly string[] } => {
  const read: Read = { values: {}, problems: [] };
  for (const word of words) {
    const at = word.indexOf('=');
    const key = word.slice(0, at);
    if (at < 1) read.problems.push(`Option "--set" takes KEY=VALUE, e.g. --set probe.patience=60s; "=" is missing.`);
    else if (Object.hasOwn(read.values, key)) read.problems.push(`Option "--set" gives ${shown(key)} twice; give it once.`);
    else {
      const problem = keyProblem(repeatable(key));
      if (problem === undefined) read.values[key] = word.slice(at + 1);
      else read.problems.push(`Option "--set": ${problem}`);
    }
  }
  return read;
};
