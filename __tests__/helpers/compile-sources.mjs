import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..', '..');
const out = join(root, '.cache', 'program');
const stamp = join(out, 'stamp');

const newest = (folder) =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ts|json)$/.test(entry.name))
    .reduce((most, entry) => Math.max(most, statSync(join(entry.parentPath, entry.name)).mtimeMs), 0);

/** Compiles the sources once for all tests that start the program as a process of its own: Node would strip the types of each file at each start. */
export default () => {
  const wanted = Math.max(newest(join(root, 'src')), statSync(join(root, 'package.json')).mtimeMs);
  const is = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (is >= wanted) return;
  const words = ['-p', 'tsconfig.build.json', '--noCheck', '--outDir', out];
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...words], { cwd: root, stdio: 'inherit' });
  mkdirSync(out, { recursive: true });
  writeFileSync(stamp, '');
  utimesSync(stamp, wanted / 1000, Math.ceil(wanted) / 1000 + 0.001);
};
