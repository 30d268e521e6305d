import type { MonitorInputs } from '../inputs/monitor.js';
import { UserError } from '../model/errors.js';
import { likelySecrets, pemLines } from '../text/likely-secrets.js';
import { loginKind, readAccount, secretsOfAccount } from '../compliance-monitor/account.js';
import { uploadReport, type Upload, type UploadOptions } from '../compliance-monitor/upload.js';
import { keyKind, readKey } from '../compliance-monitor/key.js';
import { readPathOrText } from '../system/path-or-text.js';
import { createOutward } from '../kubernetes/outward.js';
import type { Runtime } from './runtime.js';

/** What can be handed in with, and what is missing for it. */
export interface Prepared {
  readonly options: UploadOptions;
  /** Sentences for the log. */
  readonly notes: readonly string[];
  /** Why nothing can be sent, where secrets are empty. */
  readonly missing?: string | undefined;
}

type Secret = (value: string) => void;

/** What a secret gives to the options, or what is wrong with it. */
interface Read {
  readonly options: Pick<UploadOptions, 'account' | 'key'>;
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

const wrong = (problem: string): Read => ({ options: {}, problems: [problem], notes: [] });
const absent: Read = { options: {}, problems: [], notes: [] };

const readMonitorAccount = async (given: string, secret: Secret): Promise<Read> => {
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

const readSigningKey = async (given: string, secret: Secret): Promise<Read> => {
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
export const prepareUpload = async (monitor: MonitorInputs, subject: string | undefined, secret: Secret): Promise<Prepared> => {
  const { url, token, key, dryRun, leaveOut } = monitor;
  const account = token === undefined ? absent : await readMonitorAccount(token, secret);
  const signing = key === undefined ? absent : await readSigningKey(key, secret);
  const problems = [...account.problems, ...signing.problems];
  if (problems.length > 0) throw new UserError(problems);
  const empty = [...(key === undefined ? ['monitor-key'] : []), ...(token === undefined && !dryRun ? ['monitor-token'] : [])];
  return {
    options: {
      url,
      ...account.options,
      ...signing.options,
      dryRun,
      leaveOut,
      subject,
    },
    notes: [...account.notes, ...signing.notes],
    ...(empty.length === 0 ? {} : { missing: `${empty.join(' and ')} ${empty.length === 1 ? 'is' : 'are'} empty` }),
  };
};

/** What an upload uses of the runtime. */
export type UploadRuntime = Pick<Runtime, 'directory' | 'env' | 'signal' | 'now' | 'secret'>;

/** Hands a report in, over the connections of this machine. */
export const upload = (text: string, { options }: Prepared, { directory, env, signal, now, secret }: UploadRuntime): Promise<Upload> => {
  return uploadReport(text, options, {
    directory,
    env,
    signal,
    now,
    send: createOutward(env, secret),
  });
};
