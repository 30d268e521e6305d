/**
 * Changes results of end-to-end runs at random and imports them: `node scripts/fuzz-e2e-results.ts COUNT [ARCHIVE ...]`.
 * Nothing may crash or hang, and nothing may pass that the unchanged results do not. Without archives it takes those of the tests.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';

// The sources name their imports by what the compiler makes of them (`x.js`); without a compiler they are `x.ts`.
registerHooks({
  resolve: (specifier, context, next) => {
    const relative = specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL?.endsWith('.ts') === true;
    return next(relative ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
});

const { archiveOf, conformanceTests, junitOf, policyTests } = await import('../__tests__/helpers/e2e-files.js');
const { layers, mutatedJunit, passesOf, randomOf } = await import('../__tests__/helpers/e2e-mutations.js');

const [wanted = '100000', ...files] = process.argv.slice(2);
const fixtures = join(import.meta.dirname, '..', '__tests__', 'fixtures', 'sonobuoy');
const paths = files.length > 0 ? files : readdirSync(fixtures).map((name) => join(fixtures, name));
const failing = junitOf([
  ...conformanceTests(450),
  { name: '[It] bad [Conformance]', status: 'failed', message: 'no' },
  ...policyTests(44),
  { name: '[It] NetworkPolicy bad', status: 'failed', message: 'no' },
]);
const originals = [...paths.map((path) => readFileSync(path)), archiveOf(failing, { status: 'failed' })];

const random = randomOf(20_261_125);
let slowest = 0;
let wrong = 0;
let stillPassing = 0;
const begun = performance.now();
const before = await Promise.all(originals.map((original) => passesOf(original)));
for (let i = 0; i < Number(wanted); i++) {
  const which = i % originals.length;
  const original = originals[which] ?? Buffer.alloc(0);
  const kind = random(3);
  const changed =
    kind === 0
      ? layers.packed(original, random)
      : kind === 1 || which < originals.length - 1
        ? layers.tar(original, random)
        : mutatedJunit(failing, random);
  const started = performance.now();
  const passes = await passesOf(changed);
  slowest = Math.max(slowest, performance.now() - started);
  stillPassing += passes.length > 0 ? 1 : 0;
  const news = passes.filter((name) => before[which]?.includes(name) !== true);
  if (news.length > 0) {
    wrong += 1;
    console.log(`change ${i} of ${paths[which] ?? 'the failing archive'} passes ${news.join(', ')}`);
  }
}
const seconds = (performance.now() - begun) / 1_000;
console.log(
  `${wanted} changes of ${originals.length} results in ${seconds.toFixed(0)} s: no crash; the slowest took ${slowest.toFixed(0)} ms;`,
);
console.log(`${stillPassing} passed as the unchanged ones do; ${wrong} passed what those do not.`);
process.exitCode = wrong === 0 ? 0 : 1;
