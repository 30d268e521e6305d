// Bundles the entries into dist/: minified, with licences, the same bytes for the same sources.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { bundle, licencesOf } from './support/bundle.mjs';

const target = process.argv[2] ?? 'dist';
const ncc = resolve('node_modules/@vercel/ncc/dist/ncc/cli.js');
const entries = { '.': 'index', post: 'post', cli: 'cli' };

// Elsewhere first: whoever uses dist/ meanwhile finds the old or the new one, and none in between.
const fresh = mkdtempSync(join(tmpdir(), 'scs-kaas-dist-'));
for (const [folder, entry] of Object.entries(entries)) {
  const work = mkdtempSync(join(tmpdir(), 'scs-kaas-build-'));
  try {
    const packages = await bundle(`src/${entry}.ts`, join(work, 'bundled', 'index.js'));
    writeFileSync(join(work, 'bundled', 'package.json'), '{"type":"module"}');
    // In the folder itself: ncc writes the way from where it runs into the bundle, and that folder has another name each time.
    execFileSync(process.execPath, [ncc, 'build', join('bundled', 'index.js'), '-o', 'packed', '-C', '-q'], {
      cwd: work,
      stdio: 'inherit',
    });
    cpSync(join(work, 'packed'), join(fresh, folder), { recursive: true });
    writeFileSync(join(fresh, folder, 'licenses.txt'), licencesOf(packages));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
const cli = (name) => join(fresh, 'cli', name);
renameSync(cli('index.js'), cli('main.js'));
cpSync('scripts/support/start.mjs', cli('index.js'));
chmodSync(cli('index.js'), 0o755);
rmSync(target, { recursive: true, force: true });
cpSync(fresh, target, { recursive: true });
rmSync(fresh, { recursive: true });
