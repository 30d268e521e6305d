import { describe, expect, test } from '@jest/globals';
import { createSecrets, fromBase64 } from '../../src/text/connection-secrets.js';

const hiddenBy = (...values: readonly (string | undefined)[]): string[] => {
  const hidden: string[] = [];
  const secrets = createSecrets((value) => void hidden.push(value));
  values.forEach(secrets.add);
  return hidden;
};
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const lines = ['MIIBVgIBADANBgkq', 'hkiG9w0BAQEFAASC'];
const pem = ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n');

describe('what is hidden', () => {
  test.each<[string, readonly (string | undefined)[], readonly string[]]>([
    ['a value, once', ['tok-en-1', 'tok-en-1'], ['tok-en-1']],
    ['nothing for what is absent or too short to hide', [undefined, '', 'admin'], []],
    ['a value without the blanks around it', [' token-1\n'], ['token-1']],
    [
      'a value that was broken into lines: each, and as a message folds it',
      ['token-1\ntoken-2'],
      ['token-1', 'token-2', 'token-1 token-2'],
    ],
    ['of a key the lines between the frames', [pem], lines],
    ['of a key in base64 also that', [base64(pem)], [base64(pem), ...lines]],
    [
      'of a key none of its headers and nothing of the text around it',
      [`Version: 3 (0x2)\n${pem.replace('\n', '\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n')}`],
      lines,
    ],
    ['a token in base64, which should not be in base64', [base64('a1b2C3d4e5F6g7H8')], [base64('a1b2C3d4e5F6g7H8'), 'a1b2C3d4e5F6g7H8']],
    ['of a text in base64 no ordinary line', [base64('kind: Config\nusers:\n')], [base64('kind: Config\nusers:\n')]],
    ['none of the words that stand for no secret', ['REDACTED', 'DATA+OMITTED', 'default', 'true', '******'], []],
  ])('%s', (_, values, expected) => {
    expect(hiddenBy(...values)).toEqual(expected);
  });
});

describe('blanking', () => {
  test('the longest first, so that no rest of one stays', () => {
    const secrets = createSecrets(() => undefined);
    secrets.add('secret');
    secrets.add('secret-and-more');
    expect(secrets.blank('a secret-and-more b secret c')).toBe('a *** b *** c');
  });
});

describe('base64', () => {
  test.each<[string, string | undefined]>([
    ['aGVsbG8=', 'hello'],
    ['aGVs\nbG8=', 'hello'],
    ['aGVsbG8', 'hello'],
    ['', undefined],
    ['not base64!', undefined],
    ['AAEC', undefined],
    ['/////w==', undefined],
  ])('%j stands for %j', (value, expected) => {
    expect(fromBase64(value)).toBe(expected);
  });
});
