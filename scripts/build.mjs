// Bundles the entries into dist/: minified, with licences, the same bytes for the same sources.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const target = process.argv[2] ?? 'dist';
const entries = { '.': 'src/index.ts', post: 'src/post.ts', cli: 'src/cli.ts' };

rmSync(target, { recursive: true, force: true });
for (const [folder, source] of Object.entries(entries)) {
  const work = mkdtempSync(join(tmpdir(), 'scs-kaas-build-'));
  try {
    execFileSync(process.execPath, ['node_modules/@vercel/ncc/dist/ncc/cli.js', 'build', source, '-o', work, '-C', '-q', '--minify', '--license', 'licenses.txt'], { stdio: 'inherit' });
    cpSync(work, join(target, folder), { recursive: true });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
const cli = join(target, 'cli', 'index.js');
const text = readFileSync(cli, 'utf8');
writeFileSync(cli, text.startsWith('#!') ? text : `#!/usr/bin/env node\n${text}`);
chmodSync(cli, 0o755);
