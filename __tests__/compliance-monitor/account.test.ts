import { describe, expect, test } from '@jest/globals';
import { pageOf, readAccount, readAddress } from '../../src/compliance-monitor/account.js';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('the token', () => {
  const authorization = `Basic ${base64('example-cloud:pass:word/+ ')}`;
  test.each([
    ['as it is', 'example-cloud:pass:word/+ '.trimEnd(), `Basic ${base64('example-cloud:pass:word/+')}`],
    ['in Base64', base64('example-cloud:pass:word/+ '), authorization],
    ['in Base64, with the line end of echo inside', base64('example-cloud:pass:word/+ \n'), authorization],
    ['in Base64, with the line end of Windows inside', base64('example-cloud:pass:word/+ \r\n'), authorization],
    ['in Base64, wrapped', base64('example-cloud:pass:word/+ ').replace(/.{10}/g, '$&\n'), authorization],
    ['in Base64url', Buffer.from('c:>>>???').toString('base64url'), `Basic ${base64('c:>>>???')}`],
    ['as a whole header', `Basic ${base64('example-cloud:pass:word/+ ')}`, authorization],
    ['between line ends', `\n${base64('example-cloud:pass:word/+ ')}\n`, authorization],
  ])('%s', (_, token, expected) => {
    expect(readAccount(token)).toMatchObject({ authorization: expected });
  });

  test.each([
    ['a password alone', 'hunter2-and-more', 'neither'],
    ['without a password', 'example-cloud:', 'neither'],
    ['without an account', ':hunter2', 'neither'],
    ['Base64 of a password alone', base64('hunter2-and-more'), 'neither'],
    ['umlauts', 'example-cloud:pässwörd', 'printable ASCII'],
    ['umlauts in Base64', base64('example-cloud:pässwörd'), 'printable ASCII'],
    ['two lines', 'example-cloud:one\ntwo', 'line break'],
    ['nothing', '', 'neither'],
  ])('%s: a cause without the text', (_, token, words) => {
    const read = readAccount(token);
    expect(read).toEqual({ problem: expect.stringContaining(words) as unknown });
    expect(JSON.stringify(read)).not.toMatch(/hunter2|wörd|one/);
  });
});

describe('the address', () => {
  test.each([
    ['https://monitor.example.org', 'https://monitor.example.org/reports'],
    ['https://monitor.example.org/', 'https://monitor.example.org/reports'],
    ['https://example.org/monitor//', 'https://example.org/monitor/reports'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/reports'],
    ['http://localhost:8080/', 'http://localhost:8080/reports'],
    ['http://[::1]:8080', 'http://[::1]:8080/reports'],
  ])('%s', (text, page) => {
    const url = readAddress(text);
    expect(url instanceof URL && pageOf(url, '/reports').href).toBe(page);
  });

  test('a subject is a parameter, whatever it holds', () => {
    expect(pageOf(new URL('https://m.example'), '/status', { subject: 'a&b=c#d', scopeuuid: 'x' }).search).toBe(
      '?subject=a%26b%3Dc%23d&scopeuuid=x',
    );
  });

  test.each([
    ['http://monitor.example.org', 'not https'],
    ['http://127.0.0.1.example.org', 'not https'],
    ['http://localhost.example.org', 'not https'],
    ['https://me:hunter2@monitor.example.org', 'holds a login'],
    ['https://monitor.example.org?a=hunter2', 'more than host and path'],
    ['https://monitor.example.org#hunter2', 'more than host and path'],
    ['ftp://monitor.example.org', 'no address'],
    ['file:///etc/passwd', 'no address'],
    ['monitor.example.org', 'no address'],
    ['hunter2', 'no address'],
  ])('%s is refused', (text, words) => {
    const read = readAddress(text);
    expect(read).toEqual({ problem: expect.stringContaining(words) as unknown });
    expect(JSON.stringify(read)).not.toContain('hunter2');
  });
});
