import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file of the runner that a step cannot write. */
export interface UnusableFile {
  readonly name: string;
  /** What the text about it holds. */
  readonly why: RegExp;
  /** Makes it in a folder; `release` ends what it takes to make it so. */
  readonly make: (folder: string) => { readonly path?: string; readonly release: () => void };
  /** Root writes it all the same. */
  readonly forOthersOnly?: true;
}

const nothing = (): void => undefined;
let made = 0;
const fresh = (folder: string): string => join(folder, `unusable-${++made}`);
const root = process.getuid?.() === 0;
const nobody = 65_534;

/** Until it is released this process is somebody else. */
const asNobody = (): (() => void) => {
  if (!root) return nothing;
  process.seteuid?.(nobody);
  return () => process.seteuid?.(0);
};

export const unusable: readonly UnusableFile[] = [
  { name: 'not set', why: /is not set/, make: () => ({ release: nothing }) },
  { name: 'an empty variable', why: /is not set/, make: () => ({ path: '', release: nothing }) },
  { name: 'a file that is not there', why: /ENOENT/, make: (folder) => ({ path: fresh(folder), release: nothing }) },
  { name: 'a folder that is not there', why: /ENOENT/, make: (folder) => ({ path: join(fresh(folder), 'x'), release: nothing }) },
  {
    name: 'a link to nothing',
    why: /ENOENT/,
    make: (folder) => {
      const path = fresh(folder);
      symlinkSync(`${path}-target`, path);
      return { path, release: nothing };
    },
  },
  {
    name: 'a link to itself',
    why: /ELOOP/,
    make: (folder) => {
      const path = fresh(folder);
      symlinkSync(path, path);
      return { path, release: nothing };
    },
  },
  {
    name: 'a folder',
    why: /EISDIR/,
    make: (folder) => {
      const path = fresh(folder);
      mkdirSync(path);
      return { path, release: nothing };
    },
  },
  {
    name: 'a part of the path that is a file',
    why: /ENOTDIR/,
    make: (folder) => {
      const path = fresh(folder);
      writeFileSync(path, '');
      return { path: join(path, 'x'), release: nothing };
    },
  },
  {
    name: 'a named pipe that nobody reads',
    why: /ENXIO/,
    make: (folder) => {
      const path = fresh(folder);
      spawnSync('mkfifo', [path]);
      return { path, release: nothing };
    },
  },
  { name: 'a full disk', why: /ENOSPC/, make: () => ({ path: '/dev/full', release: nothing }) },
  { name: 'a file system that only reads', why: /E(ROFS|ACCES|PERM|INVAL|IO)/, make: () => ({ path: '/proc/version', release: nothing }) },
  { name: 'a name that is too long', why: /ENAMETOOLONG/, make: (folder) => ({ path: join(folder, 'x'.repeat(300)), release: nothing }) },
  {
    name: 'a file of another user',
    why: /EACCES/,
    forOthersOnly: true,
    make: (folder) => {
      const path = fresh(folder);
      writeFileSync(path, '');
      chmodSync(folder, 0o755);
      chmodSync(path, root ? 0o644 : 0o444);
      return { path, release: asNobody() };
    },
  },
];
