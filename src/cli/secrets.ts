import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import type { RawInputs } from '../inputs/layers.js';
import { decodeText } from '../text/decode-text.js';
import { reasonOf } from '../model/errors.js';
import { readAccount } from '../compliance-monitor/account.js';
import { readTextFile } from '../system/text-file.js';

type Env = Readonly<Record<string, string | undefined>>;

/** Stands for standard input. */
const standardInput = '-';
/** Kubeconfigs are the largest, and have at most a few hundred kilobytes. */
const maxBytes = 4 * 1_048_576;

/** The options that hold a secret: no argument does. */
const secretInputs = ['kubeconfig', 'github-token', 'login', 'key'] as const;

/** The variable of the environment that a secret is read from if its option is not given. */
export const variableOf = (input: string): string => `SCS_KAAS_${input.toUpperCase().replaceAll('-', '_')}`;

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

/** Whether a value has the form of a path to a kubeconfig: whoever reads it says what is wrong with it, and which it is. */
const hasFormOfPath = (input: string, value: string): boolean => {
  if (input !== 'kubeconfig' || !/^[a-z0-9._/:~-]+$/.test(value) || /[a-z0-9]{20}/.test(value)) return false;
  const isPath = (part: string): boolean => /^(?:~|\.{1,2})?\//.test(part);
  return value.split(':').every(isPath) || /^[^:]+\.(?:ya?ml|json|conf|config|kubeconfig)$/.test(value);
};

/** What is wrong with a secret on the command line. The value is repeated nowhere: it may be the secret. */
const secretProblem = (input: string, value: string): string | undefined => {
  const isLogin = input === 'login' && !('problem' in readAccount(value));
  if ((value === standardInput || namesFile(input, value) || hasFormOfPath(input, value)) && !isLogin) return undefined;
  return (
    `Option "--${input}" takes the path of a file or "-" for standard input, and its value names no file that is there. ` +
    `Give the text itself in the environment, as ${variableOf(input)}. ` +
    'If the value was the secret, replace the secret: it now stands in the history of the shell, and stood in the list of processes.'
  );
};

/** By path. Standard input and pipes are read once: the second reader would find nothing. */
export type SecretTexts = ReadonlyMap<string, Text>;

/** Reads what nobody else reads: standard input, and the file of a token. @param given options by their names */
export const readSecretTexts = async (given: RawInputs): Promise<SecretTexts> => {
  const texts = new Map<string, Text>();
  const token = given['github-token'];
  if (token !== undefined && namesFile('github-token', token)) texts.set(token, await readTextFile(absolute(token), { maxBytes }));
  if (secretInputs.some((name) => given[name] === standardInput)) texts.set(standardInput, await readStandardInput());
  return texts;
};

/** Raw inputs with the secrets in them, and what is wrong with these. */
export interface WithSecrets {
  readonly raw: RawInputs;
  readonly problems: readonly string[];
}

interface Sources {
  readonly env: Env;
  /** As `readSecretTexts` gave them. */
  readonly texts: SecretTexts;
  /** Called with every text that nobody may see; a kubeconfig, a login and a key are taken apart by who reads them. */
  readonly secret: (value: string) => void;
}

/** The secret of one option, or what is wrong with it. */
const readSecret = (
  name: string,
  option: string,
  { texts, secret }: Sources,
): { readonly value: string; readonly problems: readonly string[] } => {
  const problem = secretProblem(name, option);
  if (problem !== undefined) {
    secret(option);
    // Neither shown by who complains about other things, nor missed by who wants one.
    return { value: standardInput, problems: [problem] };
  }
  const read = texts.get(option);
  if (read === undefined) return { value: option, problems: [] };
  const where = option === standardInput ? 'standard input' : 'the file';
  if ('problem' in read) return { value: option, problems: [`Cannot read ${where} of the option "--${name}": ${read.problem}.`] };
  const text = read.text.trim();
  const empty = option === standardInput && text === '' ? [`Option "--${name}" is "-", and standard input is empty.`] : [];
  // A kubeconfig, a login and a key are read out of their files by who takes them apart.
  return { value: name === 'github-token' || option === standardInput ? text : option, problems: empty };
};

/**
 * Brings the secrets of a command line together: paths and standard input out of options, texts and paths out of the environment.
 * @param given raw inputs as the options give them
 * @param names of the secrets that this run can use
 */
export const withSecrets = (given: RawInputs, names: readonly string[], sources: Sources): WithSecrets => {
  const raw: Record<string, string | undefined> = { ...given };
  const problems: string[] = [];
  const fromInput = secretInputs.filter((name) => given[name] === standardInput).map((name) => `"--${name}"`);
  if (fromInput.length > 1) problems.push(`Options ${fromInput.join(' and ')} are both "-"; standard input can hold one of them.`);
  for (const name of secretInputs) {
    const option = given[name];
    if (option === undefined) {
      if (names.includes(name)) raw[name] = sources.env[variableOf(name)];
    } else {
      const read = readSecret(name, option, sources);
      raw[name] = read.value;
      problems.push(...read.problems);
    }
    if (name === 'github-token' && raw[name]) sources.secret(raw[name]);
  }
  return { raw, problems };
};
