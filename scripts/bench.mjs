// Compiles what is measured beside its fixtures, and measures it: prints the promises about speed as ratios to a floor.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { bundle } from './support/bundle.mjs';

const run = (...words) => execFileSync(process.execPath, words, { stdio: 'inherit' });
run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.bench.json');
// The suite as it is shipped: in one file, and without what nobody uses of the libraries. The floor likewise.
mkdirSync('.cache/bench/single', { recursive: true });
writeFileSync('.cache/bench/single/package.json', '{"type":"module"}');
for (const entry of ['suite', 'bare']) {
  const file = `.cache/bench/single/${entry}/index.js`;
  await bundle(`bench/${entry}.ts`, file);
  run('node_modules/@vercel/ncc/dist/ncc/cli.js', 'build', file, '-o', `.cache/bench/bundled/${entry}`, '-C', '-q');
}
cpSync('__tests__/fixtures', '.cache/bench/__tests__/fixtures', { recursive: true });
try {
  run('.cache/bench/bench/run.js');
} catch (error) {
  // A promise that was missed is told by the program itself.
  process.exitCode = typeof error.status === 'number' ? error.status : 1;
}
