import { setTimeout as sleep } from 'node:timers/promises';
import type { MonitorInputs } from './inputs-monitor.js';
import { UserError } from './model/errors.js';
import { likelySecrets, pemLines } from './model/likely-secrets.js';
import { loginKind, readAccount, secretsOfAccount } from './monitor/account.js';
import { handIn, type HandedIn, type HandInOptions } from './monitor/hand-in.js';
import { keyKind, readKey } from './monitor/key.js';
import { readPathOrText } from './programs/path-or-text.js';
import { createOutward } from './sources/support/outward.js';
import type { World } from './world.js';

/** What can be handed in with, and what is missing for it. */
export interface Prepared {
  readonly options: HandInOptions;
  /** Sentences for the log. */
  readonly notes: readonly string[];
  /** Why nothing can be sent, where secrets are empty. */
  readonly missing?: string;
}

type Secret = (value: string) => void;

/** What a secret gives to the options, or what is wrong with it. */
interface Read {
  readonly options: Pick<HandInOptions, 'account' | 'key'>;
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

const wrong = (problem: string): Read => ({ options: {}, problems: [problem], notes: [] });
const absent: Read = { options: {}, problems: [], notes: [] };

const accountOf = async (given: string, secret: Secret): Promise<Read> => {
  const read = await readPathOrText(given, loginKind, secret);
  if ('problem' in read) return wrong(`Input "monitor-token" ${read.problem}; see docs/upload.md.`);
  const account = readAccount(read.text);
  if ('problem' in account) {
    likelySecrets(read.text).forEach(secret);
    return wrong(`Input "monitor-token": ${account.problem}.`);
  }
  secretsOfAccount(account).forEach(secret);
  return { ...absent, options: { account } };
};

const keyOf = async (given: string, secret: Secret): Promise<Read> => {
  const text = await readPathOrText(given, keyKind, secret);
  if ('problem' in text) return wrong(`Input "monitor-key" ${text.problem}; see docs/upload.md.`);
  likelySecrets(text.text).forEach(secret);
  const read = readKey(text.text);
  if ('problem' in read) return wrong(`Input "monitor-key": ${read.problem}.`);
  pemLines(read.key).forEach(secret);
  // A final line break is lost in every secret, and nothing to talk about.
  const mended = read.key.trim() !== given.trim() && read.key.trim() !== text.text.trim();
  const notes = mended ? ['monitor-key: its line ends or its form had been lost on the way, and were mended'] : [];
  return { ...absent, options: { key: read.key }, notes };
};

/**
 * Reads the secrets that handing in takes, before a cluster is looked at, and registers them.
 * @param secret told of every text that nobody may see
 * @throws {UserError} with everything that is wrong with them
 */
export const prepareHandIn = async (monitor: MonitorInputs, subject: string | undefined, secret: Secret): Promise<Prepared> => {
  const { url, token, key, dryRun, leaveOut } = monitor;
  const account = token === undefined ? absent : await accountOf(token, secret);
  const signing = key === undefined ? absent : await keyOf(key, secret);
  const problems = [...account.problems, ...signing.problems];
  if (problems.length > 0) throw new UserError(problems);
  const empty = [...(key === undefined ? ['monitor-key'] : []), ...(token === undefined && !dryRun ? ['monitor-token'] : [])];
  return {
    options: {
      ...(url === undefined ? {} : { url }),
      ...account.options,
      ...signing.options,
      dryRun,
      leaveOut,
      ...(subject === undefined ? {} : { subject }),
    },
    notes: [...account.notes, ...signing.notes],
    ...(empty.length === 0 ? {} : { missing: `${empty.join(' and ')} ${empty.length === 1 ? 'is' : 'are'} empty` }),
  };
};

/** Hands a report in, over the connections of this machine. */
export const upload = (text: string, { options }: Prepared, world: World): Promise<HandedIn> => {
  const { directory, env, signal, now } = world;
  return handIn(text, options, {
    directory,
    env,
    signal,
    now,
    send: createOutward(env, world.secret),
    wait: async (ms) => {
      await sleep(ms, undefined, { signal }).catch(() => undefined);
    },
  });
};
