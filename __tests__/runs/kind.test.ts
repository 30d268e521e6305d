import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { program } from '../helpers/program.js';
import { fakeKind, type FakeKind } from '../sources/kind/fake-kind.js';

// Processes and waits, on machines that do other things as well.
jest.setTimeout(120_000);

/** The command line program on a kind cluster that does not come up, or comes up for nothing. */
let fake: FakeKind;
beforeEach(() => {
  fake = fakeKind();
});
afterEach(() => fake.remove());

const commands = (): readonly string[] => fake.calls().map(({ args }) => args.slice(0, 2).join(' '));

test('a cluster that takes longer than the whole run: its reason, its logs, and nothing left', async () => {
  fake.mode('hang');
  const it = await program(['check', '--cluster', 'kind', '--offline', '--timeout', '3s'], { env: fake.env });
  expect(it.code).toBe(3);
  expect(it.stderr).toMatch(/Cannot make the kind cluster scs-kaas-123-2-[0-9a-f]{8}: .*3 s/);
  expect(it.stderr).not.toContain('cancelled');
  expect(it.stderr).toMatch(/kind's logs are in \S+-logs\./);
  expect(commands()).toEqual(expect.arrayContaining(['export logs', 'delete cluster']));
  expect(fake.clusters()).toEqual([]);
});

test('a snapshot that cannot be written: said before a cluster is made', async () => {
  const it = await program(['record', '/no/such/folder/x.json', '--cluster', 'kind', '--offline'], { env: fake.env });
  expect(it.code).toBe(2);
  expect(it.stderr).toContain('Cannot write the snapshot to "/no/such/folder/x.json"');
  expect(commands()).toEqual([]);
});
