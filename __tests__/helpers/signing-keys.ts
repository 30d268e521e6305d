import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { accessSync, constants, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { readKey } from '../../src/monitor/key.js';

/** Whether this machine has `ssh-keygen` (package openssh-client): without it nothing can be signed, and the tests that sign are skipped. */
export const hasKeygen = (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
  try {
    accessSync(join(folder, 'ssh-keygen'), constants.X_OK);
    return true;
  } catch {
    return false;
  }
});

export interface SigningKey {
  /** The text of the private key's file. */
  readonly text: string;
  /** `type base64`, as an account has it; `''` where the key is closed. */
  readonly open: string;
}

/** A key as `ssh-keygen` makes it. Made anew for each test run; nothing of it is ever stored. */
export const madeKey = (...args: readonly string[]): SigningKey => {
  const directory = mkdtempSync(join(tmpdir(), 'scs-kaas-keys-'));
  try {
    const file = join(directory, 'key');
    const passphrase = args.includes('-N') ? [] : ['-N', ''];
    execFileSync('ssh-keygen', [
      '-q',
      '-C',
      'a test',
      '-f',
      file,
      ...passphrase,
      ...(args.includes('-t') ? [] : ['-t', 'ed25519']),
      ...args,
    ]);
    return { text: readFileSync(file, 'utf8'), open: readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' ') };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

/** An ed25519 key, without `ssh-keygen`: as OpenSSL writes it, and as OpenSSH does. */
export const cryptoKey = (): { readonly pkcs8: string; readonly openssh: string } => {
  const pkcs8 = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const read = readKey(pkcs8);
  return { pkcs8, openssh: 'key' in read ? read.key : '' };
};
