import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { accessSync, constants, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

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

const field = (value: Buffer | string): Buffer => {
  const bytes = Buffer.from(value as string);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

/** An ed25519 key, without `ssh-keygen`: as OpenSSL writes it, and as OpenSSH does (OpenSSH, PROTOCOL.key). */
export const cryptoKey = (): { readonly pkcs8: string; readonly openssh: string } => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const { x = '', d = '' } = privateKey.export({ format: 'jwk' });
  const [open, secret] = [Buffer.from(x, 'base64url'), Buffer.from(d, 'base64url')];
  const publicKey = Buffer.concat([field('ssh-ed25519'), field(open)]);
  const whole = Buffer.concat([Buffer.alloc(8), publicKey, field(Buffer.concat([secret, open])), field('')]);
  const padding = Buffer.from(Array.from({ length: (8 - (whole.length % 8)) % 8 }, (_, i) => i + 1));
  const ciphers = Buffer.concat([field('none'), field('none'), field(''), Buffer.from([0, 0, 0, 1])]);
  const bytes = Buffer.concat([Buffer.from('openssh-key-v1\0'), ciphers, field(publicKey), field(Buffer.concat([whole, padding]))]);
  const lines = bytes.toString('base64').replace(/.{70}/g, '$&\n');
  return {
    pkcs8: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    openssh: `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines}\n-----END OPENSSH PRIVATE KEY-----\n`,
  };
};
