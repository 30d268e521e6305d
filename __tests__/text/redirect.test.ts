import { expect, test } from '@jest/globals';
import { redirectOf } from '../../src/text/redirect.js';

const from = new URL('https://example.org/a/b?c');

test.each<[status: number, location: unknown, leads: string | undefined]>([
  [301, 'https://example.com/x', 'https://example.com/x'],
  [302, '/x', 'https://example.org/x'],
  [303, 'x', 'https://example.org/a/x'],
  [307, '//example.com', 'https://example.com/'],
  [308, 'http://example.org/', 'http://example.org/'],
  [300, '/x', undefined],
  [304, '/x', undefined],
  [305, '/x', undefined],
  [306, '/x', undefined],
  [200, '/x', undefined],
  [301, undefined, undefined],
  [301, ['/x'], undefined],
  [301, 'https://[', undefined],
])('%s to %s', (status, location, leads) => expect(redirectOf(status, location, from)?.href).toBe(leads));
