import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { lstat, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { findOut } from '../../src/cli/init-find.js';
import { nextSteps, planInit } from '../../src/cli/init-plan.js';
import { runInit } from '../../src/cli/init.js';
import { inputSpecs } from '../../src/inputs/list.js';
import { UserError } from '../../src/model/errors.js';
import { tool } from '../../src/model/tool.js';

const workflow = '.github/workflows/scs-kaas.yaml';
const roles = ['.github/scs-kaas/read.yaml', '.github/scs-kaas/ask.yaml'];
const kindConfig = 'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\n';

let outside = '';
let root = '';
let printed = '';
beforeEach(async () => {
  outside = await realpath(await mkdtemp(join(tmpdir(), 'scs-kaas-init-')));
  root = join(outside, 'repository');
  await mkdir(join(root, '.git'), { recursive: true });
  printed = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(async () => {
  jest.restoreAllMocks();
  await rm(outside, { recursive: true });
});

const put = async (path: string, text: string): Promise<void> => {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
};
const all = async (): Promise<readonly string[]> =>
  (await readdir(root, { recursive: true, withFileTypes: true }))
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((path) => !path.startsWith('.git/'))
    .sort();
const run = (options: Partial<Parameters<typeof runInit>[0]> = {}, directory = root): Promise<number> =>
  runInit({ force: false, print: false, ...options }, directory);
const problems = async (options: Partial<Parameters<typeof runInit>[0]> = {}): Promise<string> => {
  const error: unknown = await run(options).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(UserError);
  return error instanceof Error ? error.message : '';
};

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: {
    readonly check: {
      readonly 'timeout-minutes': number;
      readonly steps: readonly { readonly uses: string; readonly with: Readonly<Record<string, unknown>> }[];
    };
  };
}
const read = async (): Promise<Workflow> => parse(await readFile(join(root, workflow), 'utf8')) as Workflow;

describe('what is found out', () => {
  test('the root, from a folder below it', async () => {
    await put('a/b/c.txt', '');
    expect(await findOut(join(root, 'a', 'b'))).toMatchObject({ root, isRepository: true });
  });
  test('that there is no repository', async () => {
    await rm(join(root, '.git'), { recursive: true });
    expect(await findOut(root)).toEqual({ root, isRepository: false, branch: undefined, kindConfigs: [] });
  });

  test.each([
    ['the one of the remote repository first', { HEAD: 'feature', origin: 'trunk' }, 'trunk'],
    ['the current one without it', { HEAD: 'main' }, 'main'],
    ['one with a slash', { HEAD: 'release/1.x' }, 'release/1.x'],
    ['none if a commit is checked out', { HEAD: '' }, undefined],
    ['none if it is a pattern to a workflow', { HEAD: 'a*b' }, undefined],
    ['none if it is an expression to a workflow', { HEAD: '${{ secrets.X }}' }, undefined],
  ])('the default branch: %s', async (_, { HEAD, origin }: { HEAD: string; origin?: string }, branch) => {
    await put('.git/HEAD', HEAD === '' ? `${'a'.repeat(40)}\n` : `ref: refs/heads/${HEAD}\n`);
    if (origin !== undefined) await put('.git/refs/remotes/origin/HEAD', `ref: refs/remotes/origin/${origin}\n`);
    expect(await findOut(root)).toMatchObject({ branch });
  });

  test('in a repository and a worktree that git itself made', async () => {
    const git = (cwd: string, ...args: readonly string[]): void => {
      const who = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'init.defaultBranch=trunk'];
      execFileSync('git', [...who, ...args], { cwd, stdio: 'ignore', env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null' } });
    };
    const made = join(outside, 'made');
    await mkdir(made);
    git(made, 'init');
    git(made, 'commit', '--allow-empty', '-m', 'first');
    expect(await findOut(made)).toMatchObject({ root: made, branch: 'trunk' });
    git(made, 'worktree', 'add', '-b', 'feature', '../tree');
    const tree = join(outside, 'tree');
    expect(await findOut(tree)).toMatchObject({ root: tree, isRepository: true, branch: 'feature' });
    git(made, 'update-ref', 'refs/remotes/origin/trunk', 'HEAD');
    git(made, 'symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/trunk');
    expect(await findOut(tree)).toMatchObject({ branch: 'trunk' });
  });

  test('configurations of kind, in the usual places', async () => {
    await put('kind-ci.yaml', kindConfig);
    await put('cluster.yaml', kindConfig);
    await put('hack/cluster.yml', `# comment\n---\n${kindConfig}nodes: [{ role: control-plane }]\n---\nkind: Other\n`);
    await put('test/e2e/kind.yaml', kindConfig);
    await put('test/kind.json', kindConfig);
    await put('.github/a b.yaml', kindConfig);
    await put('kind-${{ github.token }}.yaml', kindConfig);
    expect((await findOut(root)).kindConfigs).toEqual(['kind-ci.yaml', 'hack/cluster.yml']);
  });
  test.each([
    ['another kind of object', 'kind: Cluster\napiVersion: cluster.x-k8s.io/v1beta1\n# not kind.x-k8s.io/v1alpha4\n'],
    ['a second document', `a: 1\n---\n${kindConfig}`],
    ['no YAML', `${kindConfig}a: [\n`],
    ['no text', '\u0000\u0001kind.x-k8s.io/\ud800'],
    ['an empty file', ''],
  ])('no configuration of kind: %s', async (_, text) => {
    await put('kind.yaml', text);
    expect((await findOut(root)).kindConfigs).toEqual([]);
  });
  test('no configuration behind a link', async () => {
    await writeFile(join(outside, 'kind.yaml'), kindConfig);
    await symlink(join(outside, 'kind.yaml'), join(root, 'kind.yaml'));
    await symlink(outside, join(root, 'hack'));
    expect((await findOut(root)).kindConfigs).toEqual([]);
  });
});

describe('the workflow', () => {
  const plans = [
    { cluster: 'kubeconfig', branch: 'main', kindConfig: undefined },
    { cluster: 'kubeconfig', branch: undefined, kindConfig: undefined },
    { cluster: 'kind', branch: 'main', kindConfig: 'hack/kind.yaml' },
    { cluster: 'kind', branch: '1.0', kindConfig: undefined },
    { cluster: 'kind', branch: undefined, kindConfig: undefined },
  ] as const;

  test.each(plans.map((plan) => [JSON.stringify(plan), plan] as const))('%s', async (_, plan) => {
    const [file] = planInit(plan);
    const content = parse(file!.text, { strict: true }) as Workflow;
    expect(Object.keys(content).sort()).toEqual(['jobs', 'name', 'on', 'permissions']);
    const { steps, 'timeout-minutes': minutes } = content.jobs.check;
    expect(minutes).toBeGreaterThan(15);
    expect(steps.map((step) => step.uses)).toEqual(['actions/checkout@v7', `scs-kaas/scs-kaas@v${tool.version}`]);
    const inputs = steps[1]!.with;
    const action = parse(await readFile(resolve(import.meta.dirname, '../../action.yml'), 'utf8')) as { inputs: object };
    expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(inputs)));
    expect(inputSpecs.map((spec) => spec.name)).toEqual(expect.arrayContaining(Object.keys(inputs)));
    expect(inputs['cluster']).toBe(plan.cluster);
    expect(inputs['kind-config']).toBe(plan.kindConfig);
    const writes = Object.entries(content.permissions).filter(([, level]) => level === 'write');
    expect(writes).toEqual('pull_request' in content.on ? [['pull-requests', 'write']] : []);
    expect(content.permissions['contents']).toBe('read');
  });

  test('of a kind cluster runs for pull requests and the default branch', () => {
    const on = (branch: string | undefined): unknown =>
      (parse(planInit({ cluster: 'kind', branch, kindConfig: undefined })[0]!.text) as Workflow).on;
    expect(on('1.0')).toEqual({ pull_request: null, push: { branches: ['1.0'] } });
    expect(on(undefined)).toEqual({ pull_request: null });
  });
  test('of a kubeconfig runs every night, and takes the secret', () => {
    const { on, jobs } = parse(planInit(plans[0])[0]!.text) as Workflow;
    expect(on).toEqual({ schedule: [{ cron: '23 3 * * *' }], workflow_dispatch: null });
    expect(jobs.check.steps[1]!.with['kubeconfig']).toBe('${{ secrets.KUBECONFIG }}');
  });
  test('comes with the two roles of a light run, if it checks a cluster of others', () => {
    expect(planInit(plans[2]).map((file) => file.path)).toEqual([workflow]);
    const files = planInit(plans[0]);
    expect(files.map((file) => file.path)).toEqual([workflow, ...roles]);
    for (const { text } of files.slice(1)) {
      const kinds = parseAllDocuments(text).map((document) => (document.toJS() as { kind: string }).kind);
      expect(kinds).toEqual(expect.arrayContaining(['Namespace', 'ServiceAccount', 'ClusterRole', 'ClusterRoleBinding']));
    }
    expect(files[1]!.text).toContain('name: scs-kaas-read');
    expect(files[2]!.text).toContain('name: scs-kaas-ask');
  });
  test('next steps are numbered', () => {
    expect(nextSteps(plans[2])).toEqual(['Next steps:', '  1. Commit the file and open a pull request.']);
    const steps = nextSteps(plans[0]).join('\n');
    for (const part of [
      '1. As',
      '2. Create',
      '3. Store',
      '4. Commit the files to main',
      'kubectl apply -f .github/scs-kaas/',
      'gh secret set',
    ])
      expect(steps).toContain(part);
  });
});

describe('writing', () => {
  test('a workflow for a kubeconfig, and the roles', async () => {
    expect(await run()).toBe(0);
    expect(await all()).toEqual([...roles, workflow].sort());
    expect((await read()).on).toHaveProperty('schedule');
    expect(printed).toContain(`Written to ${root}:\n  ${workflow}\n  ${roles[0]!}\n  ${roles[1]!}\n`);
    expect(printed).toContain('kubectl apply -f .github/scs-kaas/');
  });
  test('into the root, from a folder below it', async () => {
    await put('a/b.txt', '');
    await run({}, join(root, 'a'));
    expect(await all()).toEqual(['a/b.txt', ...roles, workflow].sort());
  });
  test('a workflow for a kind cluster, if a configuration of kind is there', async () => {
    await put('hack/kind.yaml', kindConfig);
    await put('test/kind.yaml', kindConfig);
    await put('.git/HEAD', 'ref: refs/heads/main\n');
    await run();
    expect((await read()).jobs.check.steps[1]!.with).toEqual({ cluster: 'kind', 'kind-config': 'hack/kind.yaml' });
    expect(await all()).toEqual([workflow, 'hack/kind.yaml', 'test/kind.yaml']);
    expect(printed).toContain('a kind cluster with hack/kind.yaml, on each pull request and each push to main.');
    expect(printed).toContain('Other configurations of kind: test/kind.yaml.');
  });
  test('what the option says, whatever is found', async () => {
    await put('hack/kind.yaml', kindConfig);
    await run({ cluster: 'kubeconfig' });
    expect((await read()).jobs.check.steps[1]!.with).toEqual({ cluster: 'kubeconfig', kubeconfig: '${{ secrets.KUBECONFIG }}' });
    await rm(join(root, 'hack'), { recursive: true });
    await run({ cluster: 'kind', force: true });
    expect((await read()).jobs.check.steps[1]!.with).toEqual({ cluster: 'kind' });
  });
  test('outside of a repository, and says so', async () => {
    await rm(join(root, '.git'), { recursive: true });
    await run();
    expect(printed).toMatch(/^There is no git repository here or above/);
    expect(await all()).toContain(workflow);
  });
  test('nothing if any of the files is there; all of them are named', async () => {
    await put(workflow, 'mine\n');
    await put(roles[1]!, 'mine\n');
    const message = await problems();
    for (const path of [workflow, roles[1]!, '--force', '--print']) expect(message).toContain(path);
    expect(message).not.toContain(roles[0]);
    expect(await all()).toEqual([roles[1]!, workflow].sort());
    expect(await readFile(join(root, workflow), 'utf8')).toBe('mine\n');
  });
  test('over files with --force', async () => {
    await put(workflow, 'mine\n');
    expect(await run({ force: true })).toBe(0);
    expect((await read()).on).toHaveProperty('schedule');
  });
  test('nothing with --print', async () => {
    await put(workflow, 'mine\n');
    expect(await run({ print: true })).toBe(0);
    expect(await all()).toEqual([workflow]);
    expect(printed).toMatch(new RegExp(`^# ${workflow}\n# Written by`));
    expect(printed).toContain(`\n# ${roles[0]!}\napiVersion: v1\n`);
    expect(printed).not.toContain('Next steps');
  });
});

describe('links', () => {
  test.each(['.github', '.github/workflows', '.github/scs-kaas'])('%s as a link: nothing is written', async (folder) => {
    const target = join(outside, 'target');
    await mkdir(target);
    await mkdir(dirname(join(root, folder)), { recursive: true });
    await symlink(target, join(root, folder));
    for (const force of [false, true]) expect(await problems({ force })).toContain(`${folder} is a symbolic link`);
    expect(await readdir(target)).toEqual([]);
    expect(existsSync(join(root, workflow))).toBe(false);
  });
  test('a file as a link is there, and --force takes its place', async () => {
    const target = join(outside, 'target.yaml');
    await writeFile(target, 'theirs\n');
    await mkdir(join(root, '.github/workflows'), { recursive: true });
    await symlink(target, join(root, workflow));
    expect(await problems()).toContain(workflow);
    expect(await run({ force: true })).toBe(0);
    expect(await readFile(target, 'utf8')).toBe('theirs\n');
    expect((await lstat(join(root, workflow))).isFile()).toBe(true);
  });
  test('a link that leads nowhere is there as well', async () => {
    await mkdir(join(root, '.github/workflows'), { recursive: true });
    await symlink(join(outside, 'nothing'), join(root, workflow));
    expect(await problems()).toContain(workflow);
    expect(existsSync(join(outside, 'nothing'))).toBe(false);
  });
  test('what cannot be written is an error for the user', async () => {
    await put('.github', 'a file\n');
    expect(await problems()).toMatch(/^Cannot write \.github\/workflows\/scs-kaas\.yaml: /);
  });
});
