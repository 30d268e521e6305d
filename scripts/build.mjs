// Bundles the entries into dist/: minified, with licences, the same bytes for the same sources.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const target = process.argv[2] ?? 'dist';
const entries = { '.': 'index', post: 'post', cli: 'cli' };
const compiled = '.cache/build';
const run = (program, args) => execFileSync(process.execPath, [program, ...args], { stdio: 'inherit' });

// tsc first, once for all entries: ncc's own TypeScript loader would compile and check everything for each.
rmSync(compiled, { recursive: true, force: true });
run('node_modules/typescript/bin/tsc', ['-p', 'tsconfig.build.json']);
// Elsewhere first: whoever uses dist/ meanwhile finds the old or the new one, and none in between.
const fresh = mkdtempSync(join(tmpdir(), 'scs-kaas-dist-'));
for (const [folder, entry] of Object.entries(entries)) {
  const work = mkdtempSync(join(tmpdir(), 'scs-kaas-build-'));
  try {
    run('node_modules/@vercel/ncc/dist/ncc/cli.js', [
      'build',
      join(compiled, 'src', `${entry}.js`),
      '-o',
      work,
      '-C',
      '-q',
      '--minify',
      '--license',
      'licenses.txt',
    ]);
    cpSync(work, join(fresh, folder), { recursive: true });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
const cli = join(fresh, 'cli', 'index.js');
const text = readFileSync(cli, 'utf8');
writeFileSync(cli, text.startsWith('#!') ? text : `#!/usr/bin/env node\n${text}`);
chmodSync(cli, 0o755);
rmSync(target, { recursive: true, force: true });
cpSync(fresh, target, { recursive: true });
rmSync(fresh, { recursive: true });
