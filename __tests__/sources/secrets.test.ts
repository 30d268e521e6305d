import { describe, expect, test } from '@jest/globals';
import { createSecrets, fromBase64 } from '../../src/sources/secrets.js';

const hiddenBy = (...values: readonly (string | undefined)[]): string[] => {
  const hidden: string[] = [];
  const secrets = createSecrets((value) => void hidden.push(value));
  values.forEach(secrets.add);
  return hidden;
};

describe('what is hidden', () => {
  test('a value, once', () => {
    expect(hiddenBy('tok-en-1', 'tok-en-1')).toEqual(['tok-en-1']);
  });
  test('nothing for what is absent or too short to hide', () => {
    expect(hiddenBy(undefined, '', 'admin')).toEqual([]);
  });
  test('a key in base64: as it is, decoded, and line by line, but not the lines that frame it', () => {
    const pem = '-----BEGIN PRIVATE KEY-----\nMIIBVgIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n';
    const hidden = hiddenBy(Buffer.from(pem).toString('base64'));
    expect(hidden).toEqual(expect.arrayContaining([Buffer.from(pem).toString('base64'), pem, 'MIIBVgIBADANBgkq', 'hkiG9w0BAQEFAASC']));
    expect(hidden).not.toContain('-----BEGIN PRIVATE KEY-----');
  });
  test('a value with blanks around it, in both forms', () => {
    expect(hiddenBy(' token-1\n')).toEqual([' token-1\n', 'token-1']);
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
    ['', undefined],
    ['not base64!', undefined],
    ['AAEC', undefined],
    ['/////w==', undefined],
  ])('%j stands for %j', (value, expected) => {
    expect(fromBase64(value)).toBe(expected);
  });
});
