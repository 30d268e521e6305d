import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clipMiddle, markdownCode, markdownText } from '../../src/text/escape.js';
import { Redactor } from '../../src/text/redact.js';
import { cpuTimeOf } from '../helpers/cpu-time.js';

const knowing = (...secrets: readonly string[]): Redactor => {
  const redactor = new Redactor();
  secrets.forEach((secret) => redactor.add(secret));
  return redactor;
};

const htmlText = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

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
    ['in JSON as Go writes it', JSON.stringify({ token }).replaceAll('+', '\\u002b').replaceAll('=', '\\u003d')],
    ['in JSON within JSON', JSON.stringify(JSON.stringify({ token }))],
    ['percent-encoded twice', encodeURIComponent(encodeURIComponent(token))],
    ['with every character percent-encoded', [...Buffer.from(token)].map((byte) => `%${byte.toString(16)}`).join('')],
    ['with every character as an entity', Array.from(token, (c) => `&#x00${c.charCodeAt(0).toString(16)};`).join('')],
    ['with named entities', token.replaceAll('/', '&sol;').replaceAll('+', '&plus;').replaceAll('=', '&equals;').replaceAll('|', '&vert;')],
    ['behind backslashes of three digits', token.replaceAll('/', '\\057')],
    ['with what no terminal shows between its characters', Array.from(token).join('\u202e')],
    ['with controls between its characters', Array.from(token).join('\u0001')],
    ['in two colours', `${token.slice(0, 9)}\u001b[31m${token.slice(9)}`],
    ['within a sequence that does not end', `\u001b]${token}`],
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

/** Ways in which sinks write a character, all of them at once in one text. */
const ways: readonly ((char: string) => string)[] = [
  (c) => c,
  encodeURIComponent,
  (c) => [...Buffer.from(c)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  (c) => `&#${c.codePointAt(0) ?? 0};`,
  (c) => `&#X${(c.codePointAt(0) ?? 0).toString(16)};`,
  (c) => JSON.stringify(c).slice(1, -1),
  (c) => Array.from({ length: c.length }, (_, i) => `\\u${c.charCodeAt(i).toString(16).padStart(4, '0')}`).join(''),
  (c) => (/[a-z\d\s]/i.test(c) ? c : `\\${c}`),
  (c) => `${c}\u200b`,
  (c) => `\u2060${c}`,
];

test('no secret survives, whatever is escaped of it and how', () => {
  const way = fc.constantFrom(...ways);
  fc.assert(
    fc.property(fc.string({ minLength: 6, maxLength: 30, unit: 'grapheme-ascii' }), fc.array(way, { minLength: 1 }), (given, some) => {
      const secret = given.trim();
      fc.pre(secret.length >= 6 && !/[\s*]/.test(secret));
      // What begins an escape is escaped by all who escape.
      const text = Array.from(secret, (c, i) => (/[\\%&]/.test(c) ? encodeURIComponent(c) : some[i % some.length]!(c))).join('');
      const shown = knowing(secret).redact(`before ${text} after`);
      return /^before (?:.{0,3}\*\*\*.{0,3}) after$/su.test(shown);
    }),
    { numRuns: 1_000 },
  );
});

describe('time grows no faster than the text', () => {
  const jwt = 'eyJhbGciOiJSUzI1NiIsImtpZCI6Ij.abc-def_ghi';
  const hostile = [
    '\\'.repeat(9),
    '"'.repeat(8),
    '&'.repeat(14),
    '%'.repeat(10),
    `${'a'.repeat(23)}b`,
    'a b a b a b',
    ' %20%20 + + x',
    'hunter22',
  ];
  const many = Array.from({ length: 50 }, (_, i) => `token-${i}-`.repeat(5));
  const redactor = knowing(jwt, ...hostile, ...many);
  const time = (text: string): number =>
    cpuTimeOf(() => {
      redactor.redact(text);
      redactor.redactAll({ text: [text] });
    });
  test.each([
    ...[
      '\u200b',
      '\u2060',
      '\\',
      '\\\\"',
      '&',
      '&#',
      '&#x0',
      '&#0',
      '&amp;',
      '%',
      '%2',
      '%25',
      '%E2%80',
      ' ',
      '\n',
      '+',
      '.',
      '…',
      '\\u005c',
      '\\n',
    ],
    ...[
      'e',
      'a',
      `${jwt.slice(0, 30)}_`,
      `${jwt.slice(0, 11)} `,
      `${'a'.repeat(23)} `,
      'hunter... ',
      '...ter22 ',
      'truncated ',
      '[[[ ',
      '"... ',
    ],
    ...['\u001b', '\u001b[', '\u001b]', '\u009d', '\u001b[0;', '\u202e', '\u0001', 'a\u200b', 'a b ', '\ud800'],
  ])('30 kB of %j', (unit) => {
    const small = unit.repeat(Math.ceil(3_000 / unit.length));
    const best = (text: string): number => Math.min(time(text), time(text), time(text));
    best(small);
    // Ten times as much takes ten times as long; what is quadratic would take a hundred times as long.
    const limit = Math.max(40 * best(small), 300);
    expect(best(small.repeat(10))).toBeLessThan(limit);
  });
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
    ['not at its end', `${long.slice(0, 26)} after`, `${long.slice(0, 26)} after`],
    ['more than half, not at its end', `${long.slice(0, 30)} after`, '*** after'],
    ['the other half, not at its end', `before ${long.slice(-30)} after`, 'before *** after'],
  ])('%s', (_, text, expected) => {
    expect(knowing(long).redactAll({ text: [text] })).toEqual({ text: [expected] });
  });
});

describe('a piece of a token is known wherever it stands, since texts are cut without a word', () => {
  const jwt = 'eyJhbGciOiJSUzI1NiIsImtpZCI6Im5vYm9keSJ9.eyJzdWIiOiJub2JvZHk2In0.c2lnbmF0dXJl-b2Zu_b2JvZHk3';
  test.each([
    ['its beginning', `got "${jwt.slice(0, 25)}" and`, 'got "***" and'],
    ['its middle', `got ${jwt.slice(20, 40)} and`, 'got *** and'],
    ['its end', `got ${jwt.slice(-20)} and`, 'got *** and'],
    ['its beginning before three dots', `token ${jwt.slice(0, 14)}... is invalid`, 'token ***... is invalid'],
    ['its end after an ellipsis', `token …${jwt.slice(-14)} is invalid`, 'token …*** is invalid'],
    ['both ends, cut in the middle', clipMiddle(`token ${jwt} is invalid`, 60), 'token ***… *** is invalid'],
    ['twelve characters of its Base64', `in ${Buffer.from(jwt).toString('base64').slice(31, 43)} was`, 'in *** was'],
    ['eleven characters', `in ${jwt.slice(20, 31)} was`, `in ${jwt.slice(20, 31)} was`],
  ])('%s', (_, text, expected) => {
    expect(knowing(jwt).redact(text)).toBe(expected);
    expect(knowing(jwt).redactAll([text])).toEqual([expected]);
  });

  test('of every length from twelve, at every place, in every form', () => {
    const forms = [jwt, Buffer.from(jwt).toString('base64'), Buffer.from(jwt).toString('base64url')];
    fc.assert(
      fc.property(
        fc.constantFrom(...forms),
        fc.nat(60),
        fc.integer({ min: 28, max: 60 }),
        fc.constantFrom(...ways),
        (form, at, length, way) => {
          const piece = form.slice(at, at + length);
          fc.pre(piece.length >= 28);
          const shown = knowing(jwt).redact(`(${Array.from(piece, way).join('')})`);
          return !/[\w-]{12}/.test(shown) && shown.includes('***');
        },
      ),
    );
  });
});

describe('a piece of what is no token is known where a text says that it was cut', () => {
  const phrase = 'correct horse battery staple';
  const short = 'Tr0ub4dor&3';
  test.each([
    ['before three dots', `said correct horse ba... and`, 'said ***... and'],
    ['before two', `said correct horse ba.. and`, 'said ***.. and'],
    ['before an ellipsis in quotes', `said "correct horse ba"… and`, 'said "***"… and'],
    ['before a word in brackets', `said correct horse ba[truncated]`, 'said ***[truncated]'],
    ['before a sentence', `said correct horse ba <output truncated>`, 'said *** <output truncated>'],
    ['before (truncated)', `said correct horse ba (truncated)`, 'said *** (truncated)'],
    ['behind three dots', `said ...attery staple and`, 'said ...*** and'],
    ['behind a word in brackets', `said [snip] attery staple and`, 'said [snip] *** and'],
    ['between two marks', `said ...rse battery st... and`, 'said ...***... and'],
    ['half of a short one', `said Tr0ub4... and`, 'said ***... and'],
    ['the other half of a short one', `said …dor&3 and …4dor&3`, 'said …dor&3 and …***'],
    ['half of a short one, escaped', markdownText('said 4dor&3 or Tr0ub4dor&… and'), 'said 4dor&#38;3 or ***… and'],
    ['less than half of a short one', `said Tr0ub... and`, 'said Tr0ub... and'],
    ['words of it elsewhere', `a horse battery, said he`, 'a horse battery, said he'],
  ])('%s', (_, text, expected) => {
    expect(knowing(phrase, short).redact(text)).toBe(expected);
    expect(knowing(phrase, short).redactAll({ text })).toEqual({ text: expected });
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
