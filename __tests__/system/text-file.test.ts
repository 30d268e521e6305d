import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { constants } from 'node:fs';
import { mkdtemp, open, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBytes, readTextFile } from '../../src/system/text-file.js';

let folder = '';
let server: Server;
const at = (name: string): string => join(folder, name);
const fifo = (name: string): string => {
  execFileSync('mkfifo', [at(name)]);
  return at(name);
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scs-kaas-files-'));
  server = createServer().listen(at('socket'));
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

const maxBytes = 1_000;
const read = (path: string, pipeMs = 300) => readTextFile(path, { maxBytes, pipeMs });
const problemOf = async (path: string): Promise<string> => {
  const found = await read(path);
  return 'problem' in found ? found.problem : `no problem: ${found.text}`;
};

describe('what is read', () => {
  const text = 'kind: Größe\n';
  const utf16 = Buffer.from(text, 'utf16le');
  test.each<[string, Buffer]>([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16', utf16],
    ['UTF-16 with a mark', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16])],
    ['UTF-16, big end first', Buffer.from(utf16).swap16()],
    ['UTF-16, big end first, with a mark', Buffer.from(Buffer.concat([Buffer.from([0xff, 0xfe]), utf16])).swap16()],
  ])('%s', async (name, bytes) => {
    await writeFile(at(name), bytes);
    expect(await read(at(name))).toEqual({ text });
  });

  test('a file that says it has no size', async () => {
    expect(await readTextFile('/proc/self/status', { maxBytes: 100_000 })).toEqual({ text: expect.stringContaining('Name:') as unknown });
  });

  test('an empty one, and /dev/null, which stands for one', async () => {
    await writeFile(at('empty'), '');
    expect([await read(at('empty')), await read('/dev/null')]).toEqual([{ text: '' }, { text: '' }]);
  });

  test('one of just the bound', async () => {
    await writeFile(at('just'), 'x'.repeat(maxBytes));
    expect(await readBytes(at('just'), { maxBytes })).toHaveLength(maxBytes);
  });

  test('a pipe that a program writes into, however slowly it begins', async () => {
    const path = fifo('written');
    const writer = await open(path, constants.O_RDWR);
    const reading = read(path, 5_000);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await writer.write('hello');
    // The reader has it open by now, so that the end of the writer is the end of the text.
    await new Promise((resolve) => setTimeout(resolve, 100));
    await writer.close();
    expect(await reading).toEqual({ text: 'hello' });
  });
});

describe('what is not, and never waited for', () => {
  test.each<[string, () => string | Promise<string>, string]>([
    ['nothing', () => at('none'), 'no such file'],
    ['nothing below a file', () => '/dev/null/x', 'no such file'],
    ['an empty name', () => '', 'no such file'],
    ['a name that is too long', () => at('x'.repeat(300)), 'no such file, and no path is as long'],
    ['a zero byte', () => at('a\0b'), 'no such file, and no path holds a zero byte'],
    ['a directory', () => folder, 'it is a directory'],
    ['a socket', () => at('socket'), 'it is a socket'],
    ['a device without end', () => '/dev/zero', 'it is a device'],
    ['a pipe that nobody writes into', () => fifo('silent'), 'it is a pipe that nobody writes into'],
    ['a link to itself', () => symlink(at('loop'), at('loop')).then(() => at('loop')), 'its symbolic links lead in a circle'],
    ['Latin-1', () => writeFile(at('latin'), Buffer.from('Größe', 'latin1')).then(() => at('latin')), 'it is neither UTF-8 nor UTF-16'],
    [
      'half of UTF-16',
      () => writeFile(at('half'), Buffer.from([0xff, 0xfe, 0x61])).then(() => at('half')),
      'it is neither UTF-8 nor UTF-16',
    ],
    [
      'a large file',
      async () => {
        await writeFile(at('large'), '');
        await truncate(at('large'), 2 ** 33);
        return at('large');
      },
      'it is larger than 1000 bytes',
    ],
    ['a large file without a size', () => '/proc/kallsyms', 'it is larger than 1000 bytes'],
  ])('%s', async (_, make, words) => {
    const path = await make();
    const begun = performance.now();
    const problem = await problemOf(path);
    expect(problem).toMatch(new RegExp(`^${words}`));
    expect(performance.now() - begun).toBeLessThan(2_000);
    if (path !== '') expect(problem).not.toContain(path);
  });

  test.each<[string, (write: (text: string) => Promise<unknown>) => NodeJS.Timeout | undefined]>([
    ['a pipe that somebody holds open', () => undefined],
    ['a pipe that is written into again and again', (write) => setInterval(() => void write('x').catch(() => undefined), 20)],
  ])('%s', async (name, begin) => {
    const path = fifo(name);
    const writer = await open(path, constants.O_RDWR);
    const timer = begin((text) => writer.write(text));
    const begun = performance.now();
    expect(await problemOf(path)).toBe('it is a pipe that was not closed within 0.3 s');
    expect(performance.now() - begun).toBeLessThan(2_000);
    clearInterval(timer);
    await writer.close();
  });
});
