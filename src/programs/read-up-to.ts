import type { FileHandle } from 'node:fs/promises';

/**
 * What an open file holds, and of one that grows while it is read no more than its size before.
 * @param size in bytes, as `stat` gave it
 */
export const readUpTo = async (file: FileHandle, size: number): Promise<Buffer> => {
  const buffer = Buffer.alloc(size);
  let filled = 0;
  while (filled < size) {
    const { bytesRead } = await file.read(buffer, filled, size - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
};
