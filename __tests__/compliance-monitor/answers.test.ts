import { expect, test } from '@jest/globals';
import { meaningOf } from '../../src/compliance-monitor/answers.js';

const asked = new URL('https://monitor.example.org/reports');
const meaning = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  meaningOf({ status, headers, text: typeof body === 'string' ? body : JSON.stringify(body) }, asked);
const detail = (text: string): object => ({ detail: text });

test('stored is 200 with null, and nothing else', () => {
  expect(meaning(200, null)).toEqual({ kind: 'stored', message: '', todo: '' });
  expect(meaning(200, detail('empty reports')).kind).toBe('refused');
  expect(meaning(200, '<html>Please log in</html>')).toMatchObject({
    kind: 'refused',
    message: expect.stringContaining('no compliance monitor') as unknown,
  });
  for (const body of ['', '{}', 'true', '"null"', '[]', 'nul']) expect(meaning(200, body).kind).toBe('refused');
});

test.each([
  ['Not authenticated', 'did not get to the monitor'],
  ['Invalid authentication credentials', 'could not read the login'],
  ['Incorrect username or password', 'account or password are wrong'],
  ['missing signature', 'fault of this program, and not of the key'],
  ['verification failed', 'none of the keys of the account'],
  ['Permission denied', 'may not upload for this subject'],
  ['delegation problem?', 'this subject is none of them'],
  ['something new', '401: something new'],
])('401 %s has a cause of its own, and is not tried again', (text, words) => {
  expect(meaning(401, detail(text))).toMatchObject({ kind: 'refused', message: expect.stringContaining(words) as unknown });
  expect(meaning(401, detail(text)).todo).not.toBe('');
});

test.each([
  [409, 'stored'],
  [404, 'refused'],
  [405, 'refused'],
  [413, 'refused'],
  [415, 'refused'],
  [403, 'refused'],
  [422, 'refused'],
  [201, 'refused'],
  [429, 'unknown'],
  [500, 'unknown'],
  [502, 'unknown'],
  [503, 'unknown'],
  [504, 'unknown'],
])('%d is %s', (status, kind) => {
  expect(meaning(status, 'Internal Server Error').kind).toBe(kind);
});

test('a redirect is a failure that names the host alone', () => {
  const { kind, message } = meaning(308, '', { location: 'https://elsewhere.example.org/x?secret=1' });
  expect(kind).toBe('refused');
  expect(message).toContain('https://elsewhere.example.org (308)');
  expect(message).not.toContain('secret');
  expect(meaning(307, '', { location: '/reports/' }).message).toContain('https://monitor.example.org (307)');
  expect(meaning(302, '').message).toContain('elsewhere (302)');
});

test('what a server says is one short line without controls', () => {
  const { message } = meaning(418, `\u001b[31m${'x'.repeat(500)}\r\n::error::boo`);
  expect(message.length).toBeLessThan(200);
  // eslint-disable-next-line no-control-regex -- what must not be there
  expect(message).not.toMatch(/[\u0000-\u001f]/);
});
