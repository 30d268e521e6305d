import type { UploadInputs } from '../inputs/parse-upload.js';
import type { Named } from '../inputs/reader.js';
import { UserError } from '../model/errors.js';
import { texts } from '../model/outcome.js';
import { likelySecrets, pemLines } from '../text/likely-secrets.js';
import { loginKind, readAccount, secretsOfAccount } from '../compliance-monitor/account.js';
import type { Upload, UploadOptions } from '../compliance-monitor/upload.js';
import { keyKind, readKey } from '../compliance-monitor/key.js';
import { readPathOrText } from '../system/path-or-text.js';
import type { Runtime } from './runtime.js';

/** What an upload takes, and what is missing for it. */
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

const readMonitorAccount = async ({ value, name }: Named, secret: Secret): Promise<Read<'account'>> => {
  const read = await readPathOrText(value, loginKind, secret);
  if ('problem' in read) return { problem: `${name} ${read.problem}; see docs/upload.md.` };
  const account = readAccount(read.text);
  if ('problem' in account) {
    likelySecrets(read.text).forEach(secret);
    return { problem: `${name}: ${account.problem}.` };
  }
  secretsOfAccount(account).forEach(secret);
  return { account };
};

const readSigningKey = async ({ value, name }: Named, secret: Secret): Promise<Read<'key'>> => {
  const text = await readPathOrText(value, keyKind, secret);
  if ('problem' in text) return { problem: `${name} ${text.problem}; see docs/upload.md.` };
  likelySecrets(text.text).forEach(secret);
  const read = readKey(text.text);
  if ('problem' in read) return { problem: `${name}: ${read.problem}.` };
  pemLines(read.key).forEach(secret);
  // A final line break is lost in every secret, and nothing to talk about.
  const mended = read.key.trim() !== value.trim() && read.key.trim() !== text.text.trim();
  const note = mended ? `${name}: its line ends or its form had been lost on the way, and were restored` : undefined;
  return { key: read.key, note };
};

/**
 * Reads the secrets that an upload takes, and registers them.
 * @param secret called with every text that nobody may see
 * @throws {UserError} with everything that is wrong with them
 */
export const prepareUpload = async ({ url, login, key, dryRun, leaveOut }: UploadInputs, secret: Secret): Promise<Prepared> => {
  const account: Read<'account'> = login === undefined ? {} : await readMonitorAccount(login, secret);
  const signing: Read<'key'> = key === undefined ? {} : await readSigningKey(key, secret);
  const problems = texts(account.problem, signing.problem);
  if (problems.length > 0) throw new UserError(problems);
  const empty = texts(key === undefined && '"key"', login === undefined && !dryRun && '"login"');
  return {
    options: { url, account: account.account, key: signing.key, dryRun, leaveOut },
    notes: texts(signing.note),
    missing: empty.length === 0 ? undefined : `${empty.join(' and ')} ${empty.length === 1 ? 'is' : 'are'} empty`,
  };
};

/** What an upload uses of the runtime. */
export type UploadRuntime = Pick<Runtime, 'directory' | 'env' | 'signal' | 'now' | 'secret'>;

/** Uploads a report, over the connections of this machine. */
export const upload = async (text: string, { options }: Prepared, runtime: UploadRuntime): Promise<Upload> => {
  // Few runs upload: the others load neither the connection nor what runs programs.
  const [{ uploadReport }, { createOutward }] = await Promise.all([
    import(/* webpackMode: "eager" */ '../compliance-monitor/upload.js'),
    import(/* webpackMode: "eager" */ '../kubernetes/outward.js'),
  ]);
  return uploadReport(text, options, { ...runtime, send: createOutward(runtime.env, runtime.secret) });
};
