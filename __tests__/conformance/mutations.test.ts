import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { archiveOf, conformanceTests, junitOf, policyTests } from '../helpers/e2e-files.js';
import { layers, mutatedJunit, passesOf, randomOf } from '../helpers/e2e-mutations.js';

// More of them: node scripts/fuzz-e2e-results.ts
const folder = join(import.meta.dirname, '..', 'fixtures', 'sonobuoy');
const failing = junitOf([
  ...conformanceTests(450),
  { name: '[It] bad [Conformance]', status: 'failed', message: 'no' },
  ...policyTests(44),
  { name: '[It] NetworkPolicy bad', status: 'failed', message: 'no' },
]);

test.each([
  ...readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))] as const),
  ['two suites, each with one failed', archiveOf(failing, { status: 'failed' })] as const,
])('%s: whatever is changed, it is read or refused, and passes nothing that it did not', async (_, original) => {
  const before = await passesOf(original);
  const random = randomOf(1);
  for (let i = 0; i < 80; i++)
    for (const layer of Object.values(layers)) {
      const passes = await passesOf(layer(original, random));
      expect(passes.filter((name) => !before.includes(name))).toEqual([]);
    }
});

test('a failed test does not vanish, whatever is changed in the JUnit file', async () => {
  const random = randomOf(2);
  for (let i = 0; i < 250; i++) expect(await passesOf(mutatedJunit(failing, random))).toEqual([]);
});
