// Insists that dist/ is what the sources build, byte for byte.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const filesOf = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

const fresh = mkdtempSync(join(tmpdir(), 'scs-kaas-dist-'));
try {
  execFileSync(process.execPath, ['scripts/build.mjs', fresh], { stdio: 'inherit' });
  const [is, shouldBe] = [filesOf('dist'), filesOf(fresh)];
  const names = [...new Set([...is, ...shouldBe])];
  const wrong = names.filter(
    (name) => !is.includes(name) || !shouldBe.includes(name) || !readFileSync(join('dist', name)).equals(readFileSync(join(fresh, name))),
  );
  if (wrong.length > 0) {
    console.error(
      `dist/ is not what the sources build; run \`npm run build\` and commit it:\n${wrong.map((name) => `- dist/${name}`).join('\n')}`,
    );
    process.exitCode = 1;
  } else console.log(`dist/ is what the sources build: ${names.length} files`);
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
