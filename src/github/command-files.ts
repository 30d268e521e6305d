import { randomUUID } from 'node:crypto';
import { closeSync, constants, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { reasonOf } from '../model/errors.js';

type Env = Readonly<Record<string, string | undefined>>;

/** The files by which a step hands something to its runner. */
export type CommandFile = 'GITHUB_OUTPUT' | 'GITHUB_STATE' | 'GITHUB_STEP_SUMMARY';

const effects: Readonly<Record<CommandFile, string>> = {
  GITHUB_OUTPUT: 'The outputs of this step cannot be written, so later steps do not see them',
  GITHUB_STATE: 'The state of this step cannot be saved, so the post step removes nothing if this step is killed',
  GITHUB_STEP_SUMMARY: 'The job summary cannot be written',
};

const adviceOn = (reason: string): string =>
  /ENOSPC|EDQUOT|EFBIG/.test(reason)
    ? 'Free some space there.'
    : 'Let the user of this step write that file; in a job with "container:", set this user with "options: --user".';

/** The text does not fit. */
class TooLarge extends Error {}

/** Appends to an open file, whole or not at all: half an entry would make the runner fail the step. */
const appendWhole = (descriptor: number, bytes: Buffer, maxBytes: number): void => {
  const found = fstatSync(descriptor);
  if (!found.isFile() && !found.isCharacterDevice()) throw new Error('it is not a file');
  if (found.size + bytes.length > maxBytes)
    throw new TooLarge(`${bytes.length} bytes in addition to ${found.size} are more than the limit of ${maxBytes}; nothing was written`);
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
  } catch (error) {
    if (found.isFile()) ftruncateSync(descriptor, found.size);
    throw error;
  }
};

/**
 * Appends a text to a file of the runner. It never waits: a named pipe that nobody reads is a problem.
 * The file must exist: the runner makes it, and nobody would read one that is made here.
 * @param maxBytes the limit of the whole file
 * @returns what happened and what to do, if the text is not written
 */
export const appendToCommandFile = (env: Env, file: CommandFile, text: string, maxBytes = Infinity): string | undefined => {
  const path = env[file];
  if (!path) return `${effects[file]}: ${file} is not set. Use a runner that sets it.`;
  try {
    const descriptor = openSync(path, constants.O_WRONLY | constants.O_APPEND | constants.O_NONBLOCK);
    try {
      appendWhole(descriptor, Buffer.from(text), maxBytes);
    } finally {
      closeSync(descriptor);
    }
    return undefined;
  } catch (error) {
    const reason = reasonOf(error);
    return `${effects[file]}: ${file} is ${path}: ${reason}.${error instanceof TooLarge ? '' : ` ${adviceOn(reason)}`}`;
  }
};

/** One value in the form of the runner: a delimiter that no value can know, and the value between two of it. */
const entry = (name: string, value: string): string => {
  const delimiter = `ghadelimiter_${randomUUID()}`;
  return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
};

/** Outputs and state of a step. Neither function throws; each says whether the value is written. */
export interface CommandFiles {
  readonly setOutput: (name: string, value: string) => boolean;
  readonly saveState: (name: string, value: string) => boolean;
}

/**
 * What a step hands to its runner. The functions of `@actions/core` throw where the file is missing, and wait for ever for the reader of a named pipe.
 * @param warn is given one warning for each file that cannot be written, however many values are lost
 */
export const commandFiles = (env: Env, warn: (message: string) => void): CommandFiles => {
  const warned = new Set<CommandFile>();
  const write =
    (file: CommandFile) =>
    (name: string, value: string): boolean => {
      const problem = appendToCommandFile(env, file, entry(name, value));
      if (problem === undefined) return true;
      if (!warned.has(file)) warn(problem);
      warned.add(file);
      return false;
    };
  return { setOutput: write('GITHUB_OUTPUT'), saveState: write('GITHUB_STATE') };
};
