// Compiles what is measured beside its fixtures, and measures it: prints the promises about speed as ratios to a floor.
import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { pack } from './support/bundle.mjs';

const run = (...words) => execFileSync(process.execPath, words, { stdio: 'inherit' });
run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.bench.json');
// The suite as it is shipped: in one file, and without what nobody uses of the libraries. The floor likewise.
for (const entry of ['suite', 'bare']) await pack(`bench/${entry}.ts`, `.cache/bench/bundled/${entry}`);
cpSync('__tests__/fixtures', '.cache/bench/__tests__/fixtures', { recursive: true });
try {
  run('.cache/bench/bench/run.js');
} catch (error) {
  // A promise that was missed is told by the program itself.
  process.exitCode = typeof error.status === 'number' ? error.status : 1;
}
