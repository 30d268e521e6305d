import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram, type Ended } from '../system/run-program.js';
import { findOnPath } from '../tools/find.js';
import { withoutValues } from '../text/without-values.js';

/** What the monitor verifies for: a signature of another purpose is none for it. */
const namespace = 'report';
const signer = 'scs-kaas';
const longestMs = 20_000;
const armour = /^-----BEGIN SSH SIGNATURE-----\n[A-Za-z0-9+/=\n]+\n-----END SSH SIGNATURE-----\n$/;

/** Texts could not be signed; the message says why, without anything of the key. */
export class CannotSign extends Error {
  override readonly name = 'CannotSign';
}

/** What signing uses of the runtime. */
export interface Machine {
  /** Private to the run: the key is there for the moments of signing. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

export interface Signed {
  /** One for each text, in armour, with a line end. */
  readonly signatures: readonly string[];
  /** Type and key, as they stand in the account at the monitor. */
  readonly publicKey: string;
  /** e.g. `SHA256:…`, as `ssh-keygen -l` shows it. */
  readonly fingerprint: string;
}

type Keygen = (args: readonly string[], input?: string) => Promise<string>;

const known: readonly (readonly [RegExp, string])[] = [
  [
    /No user exists for uid/,
    'this machine knows no name for the user of this process, without which ssh-keygen does nothing; give the uid an entry in /etc/passwd',
  ],
  [/passphrase/i, 'the key is closed with a passphrase; store a copy without one'],
  [/unknown option|illegal option/i, 'ssh-keygen is too old to sign files; OpenSSH 8.2 or newer does'],
  [/permissions/i, 'the directory for temporary files keeps no file modes; set TMPDIR (in a workflow RUNNER_TEMP) to one that does'],
  [/load (?:public )?key|invalid format|libcrypto/i, 'ssh-keygen does not read the key; store the whole text of its file again'],
];

const keygenFailure = (ended: Ended, directory: string): string => {
  if (ended.how === 'timeout') return `ssh-keygen did not end within ${longestMs / 1_000} s`;
  if (ended.how === 'stopped') return 'the run was stopped';
  const said = withoutValues(ended.tail.join('\n')).replaceAll('\n', ' ').replaceAll(directory, '');
  return known.find(([sign]) => sign.test(said))?.[1] ?? `ssh-keygen ended with ${ended.code ?? 'a signal'}: ${said.slice(0, 200)}`;
};

const keygenOf = async ({ env, signal }: Machine, directory: string): Promise<Keygen> => {
  const file = await findOnPath('ssh-keygen', env);
  if (file === undefined) throw new CannotSign('ssh-keygen is not on the PATH; install OpenSSH’s client (package openssh-client)');
  // Nothing that could lead it to another key: no agent, no program that asks.
  const own = { PATH: env['PATH'], HOME: directory, LC_ALL: 'C' };
  return async (args, input = '') => {
    const ended = await runProgram({ file, args, env: own, timeoutMs: longestMs, stop: signal, input });
    if (ended.how !== 'exit' || ended.code !== 0) throw new CannotSign(keygenFailure(ended, directory));
    return ended.stdout;
  };
};

/** Everything for which the private key is needed. */
const withKey = async (keygen: Keygen, file: string, key: string, texts: readonly string[]): Promise<Omit<Signed, 'fingerprint'>> => {
  try {
    await writeFile(file, key, { mode: 0o600, flag: 'wx' });
    const publicKey = (await keygen(['-y', '-f', file])).trim().split(' ').slice(0, 2).join(' ');
    // Of a key that is not in OpenSSH's own form it reads the public one from here, and from nowhere else.
    await writeFile(`${file}.pub`, `${publicKey}\n`);
    const signatures: string[] = [];
    // From standard input: beside a signature of an earlier run it would keep that one, and say nothing.
    for (const text of texts) signatures.push((await keygen(['-Y', 'sign', '-n', namespace, '-f', file], text)).replaceAll('\r\n', '\n'));
    return { publicKey, signatures };
  } finally {
    await rm(file, { force: true });
  }
};

const signWith = async (keygen: Keygen, directory: string, key: string, texts: readonly string[]): Promise<Signed> => {
  const { publicKey, signatures } = await withKey(keygen, join(directory, 'key'), key, texts);
  const signers = join(directory, 'signers');
  await writeFile(signers, `${signer} ${publicKey}\n`);
  for (const [i, text] of texts.entries()) {
    const signature = signatures[i] ?? '';
    if (!armour.test(signature)) throw new CannotSign('ssh-keygen gave something else than a signature');
    const signatureFile = join(directory, `${i}.sig`);
    await writeFile(signatureFile, signature);
    await keygen(['-Y', 'verify', '-n', namespace, '-I', signer, '-f', signers, '-s', signatureFile], text).catch(() => {
      throw new CannotSign('the signature just made does not fit the report; nothing was sent');
    });
  }
  // Bits, fingerprint, comment, type.
  const [, fingerprint = ''] = (await keygen(['-l', '-E', 'sha256', '-f', '-'], `${publicKey}\n`)).split(' ');
  return { signatures, publicKey, fingerprint };
};

/**
 * Signs texts as the monitor wants it, and verifies each signature against the public key that follows from the private one. The key is in a file
 * (mode 0600, in a directory of its own) while it is needed, and not longer, however this ends.
 * @param key as `readKey` gives it
 * @throws {CannotSign}
 */
export const signAll = async (key: string, texts: readonly string[], machine: Machine): Promise<Signed> => {
  const directory = await mkdtemp(join(machine.directory, 'signing-'));
  try {
    return await signWith(await keygenOf(machine, directory), directory, key, texts);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};
