import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanUpKind, kubeconfigPath, parseKindState, type KindState } from '../../../src/sources/kind/clean-up.js';
import { fakeKind, type FakeKind } from './fake-kind.js';

let fake: FakeKind;
beforeEach(() => {
  fake = fakeKind();
});
afterEach(() => fake.remove());

const name = 'scs-kaas-1-1-0a1b2c3d';
const state = (changed: Partial<KindState> = {}): KindState => ({ name, kindPath: fake.path, directory: fake.directory, ...changed });
const cleanUp = (changed: Partial<KindState> = {}): Promise<readonly string[]> =>
  cleanUpKind(state(changed), () => undefined, { env: fake.env, settleMs: 20 });
const deletions = (): readonly (string | undefined)[] =>
  fake.calls().flatMap(({ args }) => (args[0] === 'delete' ? [args[args.indexOf('--name') + 1]] : []));

describe('the post step', () => {
  test('deletes exactly the cluster of the state, and its kubeconfig', async () => {
    for (const cluster of [name, 'good', 'scs-kaas-1-1-0a1b2c3e']) fake.addCluster(cluster);
    writeFileSync(kubeconfigPath(state()), 'secret');
    writeFileSync(`${kubeconfigPath(state())}.lock`, '');
    expect(await cleanUp()).toEqual([]);
    expect(fake.clusters()).toEqual(['good', 'scs-kaas-1-1-0a1b2c3e']);
    expect(deletions()).toEqual([name]);
    expect(existsSync(kubeconfigPath(state())) || existsSync(`${kubeconfigPath(state())}.lock`)).toBe(false);
  });
  test('twice, and after the cluster and the directory are gone', async () => {
    expect(await cleanUp()).toEqual([]);
    expect(await cleanUp({ directory: join(fake.directory, 'gone') })).toEqual([]);
    expect(existsSync(join(fake.directory, 'gone'))).toBe(false);
  });
  test('a container that an engine starts late', async () => {
    fake.addCluster(name);
    fake.late();
    expect(await cleanUp()).toEqual([]);
    expect(deletions()).toEqual([name, name]);
    expect(fake.clusters()).toEqual([]);
  });
  test('a cluster that stays: a warning that says how to delete it', async () => {
    fake.mode('delete-fails');
    expect(await cleanUp()).toEqual([
      `The kind cluster ${name} may still be there: kind ended with exit code 1: failed to delete cluster: failed to delete nodes. Delete it with: kind delete cluster --name ${name}`,
    ]);
  });
  test('kind is gone', async () => {
    expect(await cleanUp({ kindPath: join(fake.directory, 'kind') })).toEqual([
      expect.stringMatching(/may still be there: kind could not be started: .*ENOENT/),
    ]);
  });
  test('an installed kind that was changed meanwhile is not run', async () => {
    expect(await cleanUp({ sha256: 'a'.repeat(64) })).toEqual([expect.stringContaining('its checksum changed')]);
    expect(fake.calls()).toEqual([]);
  });
  test.each([
    ['a name that is not ours', { name: 'good' }],
    ['an option for a name', { name: '--all-0a1b2c3d' }],
    ['a program of the working directory', { kindPath: 'kind' }],
    ['a directory that is none', { directory: '' }],
  ])('%s: nothing is run', async (_, changed) => {
    expect(await cleanUp(changed)).toEqual([expect.stringContaining('nothing was deleted')]);
    expect(fake.calls()).toEqual([]);
  });
});

test.each(['', 'null', '{', '[]', '{"name":"x"}', '{"name":1,"kindPath":"/a","directory":"/b"}'])(
  'a saved state that is none: %s',
  (text) => {
    expect(parseKindState(text)).toBeUndefined();
  },
);
