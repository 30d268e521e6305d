import { describe, expect, test } from '@jest/globals';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { isKeyText, readKey } from '../../src/compliance-monitor/key.js';
import { signAll } from '../../src/compliance-monitor/sign.js';
import { cryptoKey, hasKeygen, madeKey } from '../helpers/signing-keys.js';
import { verifySshSignature } from '../helpers/ssh-signature.js';

const problemOf = (text: string): string => {
  const read = readKey(text);
  return 'problem' in read ? read.problem : 'no problem';
};
const { openssh, pkcs8 } = cryptoKey();
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const bodyOf = (key: string): string => key.replace(/-----[^-]+-----/g, '').replace(/\s/g, '');

/** What becomes of a key on its way into a secret and out again. */
const journeys: Readonly<Record<string, (key: string) => string>> = {
  'as it is': (key) => key,
  'without its final line break': (key) => key.trimEnd(),
  'with line ends of Windows': (key) => key.replaceAll('\n', '\r\n'),
  'with line ends of old Macs': (key) => key.replaceAll('\n', '\r'),
  'with \\n written as two characters': (key) => key.trimEnd().replaceAll('\n', '\\n'),
  'with \\r\\n written as four characters': (key) => key.replaceAll('\n', '\\r\\n'),
  'in one line, with blanks': (key) => key.trimEnd().replaceAll('\n', ' '),
  'in one line, without blanks': (key) => key.replaceAll('\n', ''),
  'indented, as in YAML': (key) => key.replace(/^/gm, '    '),
  'with a byte order mark': (key) => `\ufeff${key}`,
  'in quotes': (key) => `"${key.trimEnd().replaceAll('\n', '\\n')}"`,
  'with empty lines': (key) => key.replaceAll('\n', '\n\n'),
  'behind a comment': (key) => `# the key of the account\n${key}`,
  'in Base64 once more': base64,
  'in Base64 once more, wrapped': (key) => base64(key).replace(/.{76}/g, '$&\n'),
};

describe('a key out of a secret', () => {
  test.each(Object.entries(journeys))('%s', (_, travel) => {
    expect(readKey(travel(openssh))).toEqual({ key: openssh });
    expect(isKeyText(travel(openssh))).toBe(true);
  });

  test('without its frame, which is certain for OpenSSH’s own form', () => {
    expect(readKey(bodyOf(openssh))).toEqual({ key: openssh });
  });

  const { privateKey: rsa } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { privateKey: ec } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  test.each([
    ['RSA, PKCS1', rsa.export({ type: 'pkcs1', format: 'pem' })],
    ['RSA, PKCS8', rsa.export({ type: 'pkcs8', format: 'pem' })],
    ['ECDSA, SEC1', ec.export({ type: 'sec1', format: 'pem' })],
    [
      'ECDSA, behind its parameters',
      `-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${ec.export({ type: 'sec1', format: 'pem' }).toString()}`,
    ],
  ])('%s stays what it is', (_, pem) => {
    for (const travel of Object.values(journeys)) expect(readKey(travel(pem.toString()))).toHaveProperty('key');
  });

  test.each([
    [
      'closed with a passphrase, PKCS8',
      rsa.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'word' }),
      'passphrase',
    ],
    [
      'closed with a passphrase, PKCS1',
      rsa.export({ type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'word' }),
      'passphrase',
    ],
    ['a public key', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGhlbGxv me@there', 'public key'],
    ['a public key in PEM', generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }), 'public key'],
    ['a key of PuTTY', 'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n', 'PuTTY'],
    ['cut off', openssh.slice(0, 200), 'cut off'],
    ['a character lost', openssh.replace(/\n[A-Za-z0-9]/, '\n'), 'damaged'],
    ['masked', openssh.replace(/\n[^-]{10}/, '\n***'), 'damaged'],
    ['two keys', openssh + cryptoKey().openssh, 'several private keys'],
    ['a word', 'hunter2', 'no private key'],
    ['empty lines', '\n\n', 'no private key'],
    ['JSON', '{"key": 1}', 'no private key'],
  ])('%s: the cause', (_, text, words) => {
    expect(problemOf(text.toString())).toContain(words);
  });

  test('no cause shows anything of the text', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8, unit: 'grapheme-ascii' }), fc.nat(300), (noise, cut) => {
        for (const text of [noise, openssh.slice(0, cut) + noise, openssh.slice(cut), pkcs8.slice(0, cut) + noise]) {
          const problem = problemOf(text);
          for (const piece of [noise, bodyOf(openssh).slice(40, 60)])
            expect(problem.includes(piece) && piece.trim().length >= 8).toBe(false);
        }
      }),
    );
  });

  test.each(['keys/id_ed25519', '/run/secrets/monitor.key', 'key', 'C3NzaC1lZDI1NTE5', 'ssh-key/private'])('%s is a path', (path) => {
    expect(isKeyText(path)).toBe(false);
  });
});

const title = `with ssh-keygen${hasKeygen ? '' : ' (skipped: this machine has none; package openssh-client)'}`;
(hasKeygen ? describe : describe.skip)(title, () => {
  const sign = async (key: string, ...texts: readonly string[]) => {
    const directory = mkdtempSync(join(tmpdir(), 'scs-kaas-sign-'));
    try {
      return await signAll(key, texts, { directory, env: process.env, signal: new AbortController().signal });
    } finally {
      // Nothing is left of the key, whatever came of it.
      expect(readdirSync(directory)).toEqual([]);
      rmSync(directory, { recursive: true });
    }
  };
  const keyOf = (text: string): string => {
    const read = readKey(text);
    return 'key' in read ? read.key : read.problem;
  };

  test.each([
    ['ed25519', []],
    ['RSA', ['-t', 'rsa', '-b', '2048']],
    ['RSA in PEM', ['-t', 'rsa', '-b', '2048', '-m', 'PEM']],
  ])(
    '%s signs after every journey, and others can verify it',
    async (_, args) => {
      const { text, open } = madeKey(...args);
      for (const travel of Object.values(journeys)) {
        const { signatures, publicKey } = await sign(keyOf(travel(text)), 'a: 1\n', 'b: é\n');
        expect(publicKey).toBe(open);
        expect(verifySshSignature(signatures[0]!, 'a: 1\n', 'report', [open])).toBe(true);
        expect(verifySshSignature(signatures[1]!, 'b: é\n', 'report', [open])).toBe(true);
        expect(verifySshSignature(signatures[1]!, 'b: é', 'report', [open])).toBe(false);
        expect(verifySshSignature(signatures[0]!, 'a: 1\n', 'file', [open])).toBe(false);
      }
    },
    60_000,
  );

  test('ECDSA signs', async () => {
    expect((await sign(keyOf(madeKey('-t', 'ecdsa').text), 'x\n')).signatures[0]).toContain('BEGIN SSH SIGNATURE');
  });

  test('a key with a passphrase is refused without a question', async () => {
    const { text } = madeKey('-N', 'a passphrase');
    await expect(sign(text, 'x\n')).rejects.toThrow('closed with a passphrase');
  });

  test('a fingerprint as ssh-keygen -l shows it', async () => {
    const { text, open } = madeKey();
    const { fingerprint } = await sign(keyOf(text), 'x\n');
    expect(fingerprint).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
    const digest = createHash('sha256').update(Buffer.from(open.split(' ')[1] ?? '', 'base64'));
    expect(fingerprint).toBe(`SHA256:${digest.digest('base64').replace('=', '')}`);
  });

  test('a key that is none, no ssh-keygen, a run that was stopped: causes, and nothing left', async () => {
    await expect(sign('-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n', 'x')).rejects.toThrow(
      'does not read the key',
    );
    const directory = mkdtempSync(join(tmpdir(), 'scs-kaas-sign-'));
    const none = { directory, env: { PATH: directory }, signal: new AbortController().signal };
    await expect(signAll(openssh, ['x'], none)).rejects.toThrow('not on the PATH');
    await expect(signAll(openssh, ['x'], { ...none, env: process.env, signal: AbortSignal.abort() })).rejects.toThrow('was stopped');
    expect(readdirSync(directory)).toEqual([]);
    rmSync(directory, { recursive: true });
  });
});
