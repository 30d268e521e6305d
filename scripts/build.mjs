// Bundles the entries into dist/: minified, with licences, the same bytes for the same sources.
import { chmodSync, cpSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { licencesOf, pack } from './support/bundle.mjs';

const target = process.argv[2] ?? 'dist';
const entries = { '.': 'index', post: 'post', cli: 'cli', merge: 'action/merge-entry', upload: 'action/upload-entry' };

// Elsewhere first: whoever uses dist/ meanwhile finds the old or the new one, and none in between.
const fresh = mkdtempSync(join(tmpdir(), 'scs-kaas-dist-'));
for (const [folder, entry] of Object.entries(entries)) {
  const packages = await pack(`src/${entry}.ts`, join(fresh, folder));
  writeFileSync(join(fresh, folder, 'licenses.txt'), licencesOf(packages));
}
const cli = (name) => join(fresh, 'cli', name);
renameSync(cli('index.js'), cli('main.js'));
cpSync('scripts/support/start.cjs', cli('index.js'));
chmodSync(cli('index.js'), 0o755);
rmSync(target, { recursive: true, force: true });
cpSync(fresh, target, { recursive: true });
rmSync(fresh, { recursive: true });
