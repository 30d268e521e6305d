import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { htmlText, markdownCode, markdownText } from '../../src/model/escape.js';
import { Redactor } from '../../src/model/redact.js';

const knowing = (...secrets: readonly string[]): Redactor => {
  const redactor = new Redactor();
  secrets.forEach((secret) => redactor.add(secret));
  return redactor;
};

const token = 'k8s-aws_v1.aHR0cHM6Ly9zdHM|x"y/z+==';
const pem = [
  '-----BEGIN RSA PRIVATE KEY-----',
  'MIIEowIBAAKCAQEAu1SU1LfVLPHCozMxH2Mo',
  '4lgOEePzNm0tRgeLezV6ffAt0gunVTLw7onLR',
  '-----END RSA PRIVATE KEY-----',
  '',
].join('\n');

describe('ways of writing a secret', () => {
  test.each([
    ['as it is', token],
    ['twice in a line', `${token} ${token}`],
    ['in JSON', JSON.stringify({ token })],
    ['percent-encoded', encodeURIComponent(token)],
    ['in Markdown', markdownText(token)],
    ['in a code span', markdownCode(token)],
    ['in HTML', htmlText(token)],
    ['in Base64', Buffer.from(token).toString('base64')],
    ['in Base64url', Buffer.from(token).toString('base64url')],
    ['in Base64, behind a user name of 1 letter', Buffer.from(`a:${token}`).toString('base64')],
    ['in Base64, behind a user name of 2 letters', Buffer.from(`ab:${token}!`).toString('base64')],
    ['in Base64, percent-encoded', encodeURIComponent(Buffer.from(token).toString('base64'))],
  ])('%s', (_, text) => {
    const shown = knowing(token).redact(`before ${text} after`);
    expect(shown).toContain('***');
    expect(shown).not.toMatch(/aHR0cHM6Ly9zdHM|YUhSMGNITTZMeTl6ZEhN|FIUjBjSE02THk5emRIT|hSFIwY0hNNkx5OXpkSE/);
    expect(shown).toMatch(/^before .* after$/);
  });
});

test('one line of a private key alone', () => {
  expect(knowing(pem).redact('seen: 4lgOEePzNm0tRgeLezV6ffAt0gunVTLw7onLR.')).toBe('seen: ***.');
});

test('a whole private key, in JSON and folded into one line', () => {
  const redactor = knowing(pem);
  expect(redactor.redact(JSON.stringify(pem))).not.toContain('MIIEow');
  expect(redactor.redact(pem.replaceAll('\n', ' '))).not.toContain('4lgOEe');
});

test('the boundary of a PEM block is no secret', () => {
  const text = 'put the key between -----BEGIN RSA PRIVATE KEY----- and its end';
  expect(knowing(pem).redact(text)).toBe(text);
});

test('a value of five characters is left alone', () => {
  expect(knowing('admin').redact('kubernetes-admin')).toBe('kubernetes-admin');
});

test('a secret that begins another one', () => {
  expect(knowing('secret-a', 'secret-abcdef').redact('secret-abcdef and secret-a')).toBe('*** and ***');
});

test('JSON stays JSON', () => {
  const values = ['"quoted-secret"', '\\back-slash', '_under_score'];
  const text = JSON.stringify(values.map((v) => `\\${v}\\`));
  const shown = knowing(...values).redact(text);
  expect(() => JSON.parse(shown) as unknown).not.toThrow();
  expect(shown).not.toMatch(/quoted-secret|back-slash|under_score/);
});

test('every string of a report, however deep', () => {
  const report = { a: ['x secret-value', { b: 'secret-value' }], n: 3, u: undefined, f: false };
  expect(knowing('secret-value').redactAll(report)).toEqual({ a: ['x ***', { b: '***' }], n: 3, u: undefined, f: false });
});

test('no secret survives in any text, whatever stands around it', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 6, maxLength: 40, unit: 'grapheme' }), fc.string(), fc.string(), (secret, before, after) => {
      fc.pre(secret.trim().length >= 6 && !/^[\s*]*$/.test(secret));
      const redactor = knowing(secret);
      for (const form of [secret, encodeURIComponent(secret.toWellFormed()), JSON.stringify(secret).slice(1, -1)]) {
        const shown = redactor.redact(before + form + after);
        if (shown.includes(secret.trim())) return false;
      }
      return redactor.redact(Buffer.from(`${before}${secret}${after}`).toString('base64')).includes('***');
    }),
    { numRuns: 500 },
  );
});

test('four hundred lines of keys over a report of a megabyte take less than two seconds', () => {
  const lines = Array.from({ length: 100 }, (_, i) => Buffer.from(`line ${i} `.repeat(5)).toString('base64'));
  const redactor = knowing(lines.join('\n'));
  const text = 'a node name, ready, in zone one\n'.repeat(33_000);
  const start = performance.now();
  expect(redactor.redact(text)).toBe(text);
  expect(performance.now() - start).toBeLessThan(2_000);
});

describe('a secret that the end of a text has cut off', () => {
  const long = 'kubeconfig-token/with+odd=characters-and-much-more-behind';
  test.each([
    ['in the middle', `before ${long.slice(0, 30)}`, 'before ***'],
    ['with an ellipsis', `before ${long.slice(0, 30)}…`, 'before ***…'],
    ['after a whole one', `${long} ${long.slice(0, 14)}`, '*** ***'],
    ['in Base64', `before ${Buffer.from(long).toString('base64').slice(0, 20)}`, 'before ***'],
    ['percent-encoded', `before ${encodeURIComponent(long.slice(0, 30))}`, 'before ***'],
    ['percent-encoded, in the middle of an escape', `before ${encodeURIComponent(long.slice(0, 17)).slice(0, -1)}`, 'before ***'],
    ['escaped as Markdown', `before ${markdownText(long.slice(0, 30))}`, 'before ***'],
    ['escaped as HTML', `before ${htmlText(long.slice(0, 30)).replaceAll('=', '&#x3d;')}`, 'before ***'],
    ['before an ellipsis in the middle', `it says (${long.slice(0, 30)}…) and more`, 'it says (***…) and more'],
    ['so early that it may be an accident', `before ${long.slice(0, 11)}`, `before ${long.slice(0, 11)}`],
    ['not at its end', `${long.slice(0, 30)} after`, `${long.slice(0, 30)} after`],
  ])('%s', (_, text, expected) => {
    expect(knowing(long).redactAll({ text: [text] })).toEqual({ text: [expected] });
  });
});

test('no half of a secret survives at the end of a text, however it is escaped', () => {
  const digits = Array.from('aB9+/=._~|"<&*');
  const escapes = [String, encodeURIComponent, htmlText, markdownText, (text: string) => JSON.stringify(text).slice(1, -1)];
  fc.assert(
    fc.property(fc.string({ minLength: 20, maxLength: 40, unit: fc.constantFrom(...digits) }), fc.nat(60), (secret, most) => {
      for (const escape of escapes) {
        const known = escape(secret.slice(0, 13));
        const { text } = knowing(secret).redactAll({ text: `seen: ${escape(secret).slice(0, known.length + most)}` });
        if (text.includes(known)) return false;
      }
      return true;
    }),
    { numRuns: 500 },
  );
});
