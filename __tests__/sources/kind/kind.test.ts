import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanUpKind, parseKindState } from '../../../src/sources/kind/clean-up.js';
import { createArguments, kindCaveat } from '../../../src/sources/kind/kind.js';
import { kindRun, type KindRun } from './kind-run.js';

let run: KindRun;
beforeEach(() => {
  run = kindRun();
});
afterEach(() => run.fake.remove());

describe('a cluster that comes up', () => {
  test('is opened, described and deleted when it is closed', async () => {
    const cluster = await run.open();
    const name = run.states[0]?.name ?? '';
    expect(name).toMatch(/^scs-kaas-123-2-[0-9a-f]{8}$/);
    expect(cluster).toMatchObject({
      name,
      source: 'kind',
      caveats: ['another caveat', kindCaveat],
      kubeconfig: join(run.fake.directory, `${name}.kubeconfig`),
    });
    expect(cluster.detail).toMatch(/^kind 0\.33\.0, kindest\/node:v1\.37\.0@sha256:[0-9a-f]{64}, 3 nodes$/);
    expect(statSync(cluster.kubeconfig ?? '').mode & 0o777).toBe(0o600);
    expect(run.fake.clusters()).toEqual([name]);
    expect(await cluster.close()).toEqual(['a warning of the connection']);
    expect(await cluster.close()).toEqual(['a warning of the connection']);
    expect(run.fake.clusters()).toEqual([]);
    expect(existsSync(cluster.kubeconfig ?? '')).toBe(false);
    expect(run.events).toEqual(['saved with 0 clusters', 'closed', 'released']);
    expect(run.called().filter((c) => c === 'delete cluster')).toHaveLength(1);
  });
  test('the state is saved, and waited for, before it is created', async () => {
    const cluster = await run.open(
      {},
      {
        onCreating: () =>
          new Promise<undefined>((done) =>
            setTimeout(() => {
              run.events.push(...run.called(), 'saved');
              done(undefined);
            }, 50),
          ),
      },
    );
    expect(run.events[0]).toBe('version');
    expect(run.events.slice(-1)).toEqual(['saved']);
    expect(run.events).not.toContain('create cluster');
    expect(run.called()).toContain('create cluster');
    await cluster.close();
  });
  test('a state that cannot be saved: nothing is created', async () => {
    await expect(run.open({}, { onCreating: () => Promise.reject(new Error('disk full')) })).rejects.toThrow('disk full');
    expect(run.called()).not.toContain('create cluster');
  });
  test('is kept: closing leaves it and its kubeconfig to the post step, which has all it needs', async () => {
    const cluster = await run.open({ keep: true });
    await cluster.close();
    expect(run.fake.clusters()).toEqual([cluster.name]);
    expect(existsSync(cluster.kubeconfig ?? '')).toBe(true);
    const state = parseKindState(JSON.stringify(run.states[0]));
    if (state === undefined) throw new Error('no state');
    expect(await cleanUpKind(state, (line) => run.lines.push(line), { env: run.fake.env, settleMs: 20 })).toEqual([]);
    expect(run.fake.clusters()).toEqual([]);
    expect(existsSync(cluster.kubeconfig ?? '')).toBe(false);
    expect(run.lines.at(-1)).toBe(`The kind cluster ${cluster.name} is deleted.`);
  });
  test('no later process knows of it: it is deleted when it is closed, although it was to be kept', async () => {
    const cluster = await run.open({ keep: true }, { onCreating: () => false });
    expect(run.lines.join('\n')).toContain('is deleted at the end of this step');
    await cluster.close();
    expect(run.fake.clusters()).toEqual([]);
  });
  test('patches that kind applies to nothing stand in the report', async () => {
    const config = join(run.fake.directory, 'own.yaml');
    writeFileSync(
      config,
      'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nkubeadmConfigPatches: ["apiVersion: kubeadm.k8s.io/v1beta3"]\nnodes: [{}, {}, {}]\n',
    );
    const cluster = await run.open({ config });
    expect(cluster.caveats).toEqual(['another caveat', expect.stringContaining('kubeadm.k8s.io/v1beta3 have no effect'), kindCaveat]);
    expect(run.lines.join('\n')).toContain('have no effect');
    await cluster.close();
  });
  test('kind is given a configuration, an image and a kubeconfig of ours, and no secret of the run', async () => {
    const cluster = await run.open({ kubernetesVersion: '1.35', name: 'mine' });
    const create = run.fake.calls().find(({ args }) => args[0] === 'create');
    expect(create?.args).toEqual(
      createArguments(
        cluster.name,
        join(run.fake.directory, `${cluster.name}.yaml`),
        cluster.kubeconfig ?? '',
        'kindest/node:v1.35.8@sha256:07b2536e30b803ed61d1677a79df6115f798ce64c80f9e22f6ed45afd09323c0',
      ),
    );
    expect(cluster.name).toMatch(/^mine-/);
    expect(run.fake.file('config')).toContain('zone-3');
    for (const call of run.fake.calls()) expect(call).toMatchObject({ secrets: '' });
    await cluster.close();
    expect(run.fake.calls().at(-2)?.args.slice(0, 5)).toEqual(['delete', 'cluster', '--name', cluster.name, '--kubeconfig']);
  });
  test("the user's configuration is used as it was read", async () => {
    const config = join(run.fake.directory, 'own.yaml');
    const text =
      'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes: [{ role: control-plane }, { role: worker, image: "x:v1" }, { role: worker }]\n';
    writeFileSync(config, text);
    const cluster = await run.open({ config });
    expect(run.fake.file('config')).toBe(text);
    expect(run.fake.calls().find(({ args }) => args[0] === 'create')?.args).not.toContain('--image');
    expect(cluster.detail).toBe('kind 0.33.0, node image of the configuration or of kind, 3 nodes');
    await cluster.close();
  });
  test('what kind prints becomes lines without commands, up to its closing words', async () => {
    await (await run.open()).close();
    expect(run.lines).toEqual(
      expect.arrayContaining(['kind: ✓ Preparing nodes', 'kind: : :error::not a command', 'kind: # #[group]neither']),
    );
    expect(run.lines.join('\n')).not.toMatch(/^\s*::|##\[|[^\P{Cc}\n]|Have a nice day/mu);
  });
  test('two runs at once have two names', async () => {
    const both = await Promise.all([run.open(), run.open()]);
    expect(new Set(both.map((c) => c.name)).size).toBe(2);
    await both[0].close();
    expect(run.fake.clusters()).toEqual([both[1].name]);
  });
});
