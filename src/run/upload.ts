import type { MonitorInputs } from '../inputs/monitor.js';
import { UserError } from '../model/errors.js';
import { texts } from '../model/outcome.js';
import { likelySecrets, pemLines } from '../text/likely-secrets.js';
import { loginKind, readAccount, secretsOfAccount } from '../compliance-monitor/account.js';
import type { Upload, UploadOptions } from '../compliance-monitor/upload.js';
import { keyKind, readKey } from '../compliance-monitor/key.js';
import { readPathOrText } from '../system/path-or-text.js';
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
type Read<K extends 'account' | 'key'> = Pick<UploadOptions, K> & {
  readonly problem?: string | undefined;
  readonly note?: string | undefined;
};

const readMonitorAccount = async (given: string, secret: Secret): Promise<Read<'account'>> => {
  const read = await readPathOrText(given, loginKind, secret);
  if ('problem' in read) return { problem: `Input "monitor-token" ${read.problem}; see docs/upload.md.` };
  const account = readAccount(read.text);
  if ('problem' in account) {
    likelySecrets(read.text).forEach(secret);
    return { problem: `Input "monitor-token": ${account.problem}.` };
  }
  secretsOfAccount(account).forEach(secret);
  return { account };
};

const readSigningKey = async (given: string, secret: Secret): Promise<Read<'key'>> => {
  const text = await readPathOrText(given, keyKind, secret);
  if ('problem' in text) return { problem: `Input "monitor-key" ${text.problem}; see docs/upload.md.` };
  likelySecrets(text.text).forEach(secret);
  const read = readKey(text.text);
  if ('problem' in read) return { problem: `Input "monitor-key": ${read.problem}.` };
  pemLines(read.key).forEach(secret);
  // A final line break is lost in every secret, and nothing to talk about.
  const mended = read.key.trim() !== given.trim() && read.key.trim() !== text.text.trim();
  const note = mended ? 'monitor-key: its line ends or its form had been lost on the way, and were mended' : undefined;
  return { key: read.key, note };
};

/**
 * Reads the secrets that handing in takes, before a cluster is looked at, and registers them.
 * @param secret told of every text that nobody may see
 * @throws {UserError} with everything that is wrong with them
 */
export const prepareUpload = async (monitor: MonitorInputs, subject: string | undefined, secret: Secret): Promise<Prepared> => {
  const { url, token, key, dryRun, leaveOut } = monitor;
  const login: Read<'account'> = token === undefined ? {} : await readMonitorAccount(token, secret);
  const signing: Read<'key'> = key === undefined ? {} : await readSigningKey(key, secret);
  const problems = texts(login.problem, signing.problem);
  if (problems.length > 0) throw new UserError(problems);
  const empty = texts(key === undefined && 'monitor-key', token === undefined && !dryRun && 'monitor-token');
  return {
    options: { url, account: login.account, key: signing.key, dryRun, leaveOut, subject },
    notes: texts(signing.note),
    missing: empty.length === 0 ? undefined : `${empty.join(' and ')} ${empty.length === 1 ? 'is' : 'are'} empty`,
  };
};

/** What an upload uses of the runtime. */
export type UploadRuntime = Pick<Runtime, 'directory' | 'env' | 'signal' | 'now' | 'secret'>;

/** Hands a report in, over the connections of this machine. */
export const upload = async (text: string, { options }: Prepared, runtime: UploadRuntime): Promise<Upload> => {
  // Few runs upload: the others load neither the connection nor what runs programs.
  const [{ uploadReport }, { createOutward }] = await Promise.all([
    import(/* webpackMode: "eager" */ '../compliance-monitor/upload.js'),
    import(/* webpackMode: "eager" */ '../kubernetes/outward.js'),
  ]);
  return uploadReport(text, options, { ...runtime, send: createOutward(runtime.env, runtime.secret) });
};
