import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..', '..');
const out = join(root, '.cache', 'program');
const stamp = join(out, 'stamp');

const compile = (path) => {
  const target = join(out, relative(root, path));
  mkdirSync(dirname(target), { recursive: true });
  if (!path.endsWith('.ts')) return cpSync(path, target);
  return writeFileSync(target.replace(/\.ts$/, '.js'), stripTypeScriptTypes(readFileSync(path, 'utf8'), { mode: 'transform' }));
};

/** Compiles the sources once, for the tests that import them and for those that start the program: Node would strip the types of each file at each start. */
export default () => {
  const entries = readdirSync(join(root, 'src'), { withFileTypes: true, recursive: true });
  const paths = [join(root, 'package.json'), ...entries.map((entry) => join(entry.parentPath, entry.name))];
  // That of a folder tells of files that are gone.
  const wanted = Math.ceil(Math.max(...[import.meta.filename, join(root, 'src'), ...paths].map((path) => statSync(path).mtimeMs)));
  if ((statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0) >= wanted) return;
  rmSync(out, { recursive: true, force: true });
  paths.filter((path) => /\.(ts|json)$/.test(path)).forEach(compile);
  writeFileSync(stamp, '');
  utimesSync(stamp, wanted / 1000, wanted / 1000 + 0.001);
};
