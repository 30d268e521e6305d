import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { foreignBuild } from '../../src/tools/executable.js';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'executable-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** The head of an ELF file: 64 bits, little-endian. */
const elf = (machine: number): Buffer => {
  const head = Buffer.alloc(64);
  Buffer.from('7f454c460201', 'hex').copy(head);
  head.writeUInt16LE(machine, 18);
  return head;
};
const macho = Buffer.concat([Buffer.from('cffaedfe', 'hex'), Buffer.alloc(60)]);

describe('a program for another machine', () => {
  test.each<[string, Buffer | string, string, string, RegExp | undefined]>([
    ['arm64 on amd64', elf(0xb7), 'linux', 'x64', /^it is built for arm64, and this machine is linux x64$/],
    ['amd64 on arm64', elf(0x3e), 'linux', 'arm64', /built for x64/],
    ['a processor that nobody knows', elf(0x4242), 'linux', 'x64', /built for processor 16962/],
    ['of Linux on macOS', elf(0xb7), 'darwin', 'arm64', /built for arm64, and this machine is darwin arm64/],
    ['of macOS on Linux', macho, 'linux', 'arm64', /built for darwin/],
    ['of Windows', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(60)]), 'linux', 'x64', /built for win32/],
    ['of this machine', elf(0x3e), 'linux', 'x64', undefined],
    ['of macOS at home', macho, 'darwin', 'arm64', undefined],
    ['a script', '#!/bin/sh\necho kind v0.33.0 go1.26\n', 'linux', 'x64', undefined],
    ['an empty file', '', 'linux', 'x64', undefined],
  ])('%s', async (_, content, platform, arch, text) => {
    const path = join(directory, 'program');
    writeFileSync(path, content);
    const found = await foreignBuild(path, platform, arch);
    if (text === undefined) expect(found).toBeUndefined();
    else expect(found).toMatch(text);
  });
  test('the program that runs this test, a folder, and nothing', async () => {
    expect(await foreignBuild(process.execPath)).toBeUndefined();
    expect(await foreignBuild(directory)).toBeUndefined();
    expect(await foreignBuild(join(directory, 'none'))).toBeUndefined();
  });
});
