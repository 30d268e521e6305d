import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import type { RawInputs } from '../inputs/parse.js';
import { decodeText } from '../text/decode-text.js';
import { reasonOf } from '../model/errors.js';
import { readAccount } from '../compliance-monitor/account.js';
import { readTextFile } from '../system/text-file.js';
import { secretInputs, variableOf, type Command } from './arguments.js';

type Env = Readonly<Record<string, string | undefined>>;

/** Stands for standard input. */
const standardInput = '-';
/** Kubeconfigs are the largest, and have at most a few hundred kilobytes. */
const maxBytes = 4 * 1_048_576;

/** A variable may be set for other commands: what this one has no use for is left alone, where an option would be refused. */
const isOfUse = (input: string, raw: RawInputs, command: Command | undefined): boolean => {
  if (input.startsWith('monitor-')) return command === 'upload';
  if (input.startsWith('probe-')) return (raw['tier'] ?? 'light') !== 'light';
  if (input === 'kubeconfig') return (raw['cluster'] ?? 'kubeconfig') === 'kubeconfig';
  return true;
};

type Text = { readonly text: string } | { readonly problem: string };

/** All that a program wrote into standard input, as UTF-8 or UTF-16. Whoever types it may take any time. */
const readStandardInput = async (): Promise<Text> => {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of process.stdin as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > maxBytes) return { problem: `it is larger than ${maxBytes} bytes` };
      parts.push(part);
    }
  } catch (error) {
    return { problem: reasonOf(error) };
  }
  const text = decodeText(Buffer.concat(parts));
  return text === undefined ? { problem: 'it is neither UTF-8 nor UTF-16 text' } : { text };
};

const absolute = (path: string): string => path.replace(/^~(?=\/|$)/, () => homedir());
/** Only a kubeconfig may be several files, of which some may be missing. */
const namesFile = (input: string, value: string): boolean =>
  [value, ...(input === 'kubeconfig' ? value.split(':') : [])].some((path) => path !== '' && existsSync(absolute(path)));

/** A path by its form, where a text would have another one: whoever reads it says what is wrong with it, and which it is. */
const hasFormOfPath = (input: string, value: string): boolean => {
  if (!['kubeconfig', 'probe-pull-secret'].includes(input) || !/^[a-z0-9._/:~-]+$/.test(value) || /[a-z0-9]{20}/.test(value)) return false;
  const isPath = (part: string): boolean => /^(?:~|\.{1,2})?\//.test(part);
  return value.split(':').every(isPath) || /^[^:]+\.(?:ya?ml|json|conf|config|kubeconfig)$/.test(value);
};

/** Whether the value of an option names a file, or standard input. */
const isNoText = (input: string, value: string): boolean =>
  value === standardInput || namesFile(input, value) || hasFormOfPath(input, value);

/**
 * What the reader of a kubeconfig must know who put its text into an argument. It is read all the same: scripts of the field do that, as they do
 * with the input of the action.
 */
export const warningsOf = (given: ReadonlyMap<string, string>): readonly string[] => {
  const kubeconfig = given.get('kubeconfig');
  return kubeconfig === undefined || kubeconfig === '' || isNoText('kubeconfig', kubeconfig)
    ? []
    : [
        `warning: The value of "--kubeconfig" stands in the list of processes and in the history of the shell. Give the text in the environment, as ${variableOf('kubeconfig')}, or give the path of a file.`,
      ];
};

/**
 * What is wrong with a secret on the command line. The value is repeated nowhere: it may be the secret.
 * @returns undefined where it names a file, or standard input, and for a kubeconfig, whose reader says more about it
 */
const secretProblem = (input: string, value: string): string | undefined => {
  const isLogin = input === 'monitor-token' && !('problem' in readAccount(value));
  if (input === 'kubeconfig' || (isNoText(input, value) && !isLogin)) return undefined;
  return (
    `Option "--${input}" takes the path of a file or "-" for standard input, and its value names no file that is there. ` +
    `Give the text itself in the environment, as ${variableOf(input)}. ` +
    'If the value was the secret, replace the secret: it now stands in the history of the shell, and stood in the list of processes.'
  );
};

/** By path. Standard input and pipes are read once: the second reader would find nothing. */
export type SecretTexts = ReadonlyMap<string, Text>;

/** Reads what nobody else reads: standard input, and the file of a token. */
export const readSecretTexts = async (given: ReadonlyMap<string, string>): Promise<SecretTexts> => {
  const texts = new Map<string, Text>();
  const token = given.get('token');
  if (token !== undefined && namesFile('token', token)) texts.set(token, await readTextFile(absolute(token), { maxBytes }));
  if (secretInputs.some(({ name }) => given.get(name) === standardInput)) texts.set(standardInput, await readStandardInput());
  return texts;
};

/** Raw inputs with the secrets in them, and what is wrong with these. */
export interface WithSecrets {
  readonly raw: RawInputs;
  readonly problems: readonly string[];
}

/**
 * Brings the secrets of a command line together: paths and standard input out of options, texts and paths out of the environment.
 * @param given raw inputs as the options give them
 * @param from.texts as `readSecretTexts` gave them
 * @param from.secret told of every text that nobody may see; a kubeconfig, a login and a key are taken apart by who reads them
 */
export const withSecrets = (
  given: RawInputs,
  command: Command | undefined,
  { env, texts, secret }: { readonly env: Env; readonly texts: SecretTexts; readonly secret: (value: string) => void },
): WithSecrets => {
  const raw: Record<string, string | undefined> = { ...given };
  const problems: string[] = [];
  const fromInput = secretInputs.filter((s) => given[s.name] === standardInput).map((s) => `"--${s.name}"`);
  if (fromInput.length > 1) problems.push(`Options ${fromInput.join(' and ')} are both "-"; standard input can hold one of them.`);
  for (const { name } of secretInputs) {
    const option = given[name];
    const problem = option === undefined ? undefined : secretProblem(name, option);
    if (problem !== undefined) {
      problems.push(problem);
      // Neither shown by who complains about other things, nor missed by who wants one.
      secret(option ?? '');
      raw[name] = standardInput;
      continue;
    }
    raw[name] = option ?? (isOfUse(name, given, command) ? env[variableOf(name)] : undefined);
    const read = option === undefined ? undefined : texts.get(option);
    if (read !== undefined && 'problem' in read)
      problems.push(`Cannot read ${option === standardInput ? 'standard input' : 'the file'} of the option "--${name}": ${read.problem}.`);
    // A kubeconfig, a login and a key are read out of their files by who takes them apart.
    if (read !== undefined && 'text' in read && (name === 'token' || option === standardInput)) raw[name] = read.text.trim();
    if (name === 'token' && raw[name]) secret(raw[name]);
    if (option === standardInput && raw[name]?.trim() === '') problems.push(`Option "--${name}" is "-", and standard input is empty.`);
  }
  return { raw, problems };
};
