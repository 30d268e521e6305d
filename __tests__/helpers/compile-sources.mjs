import { buildSync } from 'esbuild';
import { readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { modules } from '../../scripts/support/bundle.mjs';

const root = modules.absWorkingDir;
const out = join(root, '.cache', 'program');
const stamp = join(out, 'stamp');
/** Libraries that are not modules ask for `require`. */
const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" };

/** Compiles the sources once: module by module for the tests that import them, and bundled for those that start the program. The bundle starts in half the time. */
export default () => {
  const entries = readdirSync(join(root, 'src'), { withFileTypes: true, recursive: true });
  const paths = [join(root, 'package.json'), ...entries.map((entry) => join(entry.parentPath, entry.name))];
  // The time of a folder changes when a file goes away; that of the lock file, when a library changes.
  const inputs = [import.meta.filename, join(root, 'src'), join(root, 'package-lock.json'), ...paths];
  const wanted = Math.ceil(Math.max(...inputs.map((path) => statSync(path).mtimeMs)));
  if ((statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0) >= wanted) return;
  rmSync(out, { recursive: true, force: true });
  const entryPoints = ['package.json', 'src/**/*.ts', 'src/**/*.json'];
  buildSync({ ...modules, entryPoints, outdir: out, outbase: root, loader: { '.json': 'copy' } });
  buildSync({
    ...modules,
    entryPoints: ['src/*.ts', 'src/action/*-entry.ts'],
    outbase: 'src',
    outdir: join(out, 'bundled'),
    bundle: true,
    splitting: true,
    banner,
  });
  writeFileSync(stamp, '');
  utimesSync(stamp, wanted / 1000, wanted / 1000 + 0.001);
};
