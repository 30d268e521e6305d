import { open } from 'node:fs/promises';

/** Processors of ELF files, by their number there, as Node names them. */
const processors: Readonly<Record<number, string>> = {
  0x03: 'ia32',
  0x28: 'arm',
  0x3e: 'x64',
  0x16: 's390x',
  0x15: 'ppc64',
  0xb7: 'arm64',
  0xf3: 'riscv64',
};

/** What the head of a program says it was built for: a processor as Node names it, or a system; undefined for a script or anything else. */
const builtFor = (head: Buffer): string | undefined => {
  if (head.length < 20) return undefined;
  const magic = head.readUInt32BE(0);
  if (magic === 0x7f454c46) {
    const machine = head[5] === 2 ? head.readUInt16BE(18) : head.readUInt16LE(18);
    return processors[machine] ?? `processor ${machine}`;
  }
  if ([0xcffaedfe, 0xcafebabe].includes(magic)) return 'darwin';
  return head.toString('latin1', 0, 2) === 'MZ' ? 'win32' : undefined;
};

/**
 * Why a program cannot run on this machine, as far as its first bytes tell.
 * @returns e.g. `it is built for arm64, and this machine is x64`; undefined where nothing speaks against it
 */
export const foreignBuild = async (
  path: string,
  platform: string = process.platform,
  arch: string = process.arch,
): Promise<string | undefined> => {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(20), 0, 20, 0);
    const target = builtFor(buffer.subarray(0, bytesRead));
    if (target === undefined || target === platform || (target === arch && platform === 'linux')) return undefined;
    return `it is built for ${target}, and this machine is ${platform} ${arch}`;
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
};
