import { describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { publishedReleaseData } from '../src/standards/support/version-policy.js';

const root = resolve(import.meta.dirname, '..');
const folder = join(root, '.github', 'workflows');

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}
const workflow = (file: string): Workflow => parse(readFileSync(join(folder, file), 'utf8')) as Workflow;
const files = readdirSync(folder).filter((f) => f.endsWith('.yml'));

describe.each(files)('%s', (file) => {
  const { permissions, jobs } = workflow(file);
  const steps = Object.values(jobs).flatMap((job) => job.steps);

  test('rights are given job by job, with an end to each', () => {
    expect(permissions).toEqual({});
    expect(Object.values(jobs).filter((job) => job.permissions === undefined || job['timeout-minutes'] === undefined)).toEqual([]);
  });
  test('actions of others are pinned by their commit', () => {
    const foreign = steps.flatMap(({ uses }) => (uses === undefined || uses.startsWith('./') ? [] : [uses]));
    expect(foreign.filter((uses) => !/^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/.test(uses))).toEqual([]);
  });
  test('whether the token stays in the checkout is said', () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.filter((step) => typeof step.with?.['persist-credentials'] !== 'boolean')).toEqual([]);
  });
  test('no expression is put into a script, and no script prints a token', () => {
    const scripts = steps.flatMap(({ run }) => run ?? []);
    expect(scripts.filter((run) => run.includes('${{') || /set -x|_TOKEN/.test(run))).toEqual([]);
  });
});

describe('the nightly release data', () => {
  const { jobs } = workflow('nightly.yml');
  const make = jobs['release-data']!;
  const publish = jobs['publish-release-data']!;
  const script = (job: Job, name: string): string => job.steps.find((step) => step.name === name)!.run!;

  test('what runs with the right to write installs and builds nothing', () => {
    expect(publish.permissions).toEqual({ actions: 'read', contents: 'write' });
    expect(publish.steps.filter(({ uses, run }) => uses !== undefined || /\b(?:npm|npx|node)\b/.test(run ?? ''))).toEqual([]);
    expect(make.permissions).toEqual({ contents: 'read' });
  });
  test('nothing is published of a refresh that failed, nor of a branch', () => {
    for (const name of ['publish-release-data', 'propose-release-data']) {
      expect(jobs[name]).toMatchObject({ needs: 'release-data', if: "github.ref == 'refs/heads/main'" });
    }
    expect(script(make, 'refresh')).toMatch(/--published published\/kubernetes-releases\.json/);
  });

  /** Runs a step's script as the runner does, with a `gh` that answers by what a test gives it. */
  const run = async (
    text: string,
    {
      tags,
      asset,
      prepare,
    }: { readonly tags?: readonly string[]; readonly asset?: Readonly<Record<string, string>>; readonly prepare?: (at: string) => void },
  ): Promise<{ readonly failed: boolean; readonly calls: readonly string[]; readonly read: (file: string) => string | undefined }> => {
    const at = mkdtempSync(join(tmpdir(), 'nightly-'));
    try {
      mkdirSync(join(at, 'bin'));
      mkdirSync(join(at, 'asset'));
      mkdirSync(join(at, 'src', 'facts', 'data'), { recursive: true });
      writeFileSync(join(at, 'src', 'facts', 'data', 'kubernetes-releases.json'), 'bundled');
      for (const [name, content] of Object.entries(asset ?? {})) writeFileSync(join(at, 'asset', name), content);
      const gh = [
        '#!/bin/sh',
        `echo "$*" >>'${at}/calls'`,
        'case "$1 $2" in',
        tags === undefined ? "'release list') exit 1 ;;" : `'release list') printf '${tags.map((t) => `${t}\\n`).join('')}' ;;`,
        asset === undefined ? "'release download') exit 1 ;;" : `'release download') cp '${at}'/asset/* published/ ;;`,
        "'run download') : ;;",
        'esac',
      ].join('\n');
      writeFileSync(join(at, 'bin', 'gh'), gh);
      chmodSync(join(at, 'bin', 'gh'), 0o755);
      prepare?.(at);
      const failed = await new Promise<boolean>((done) => {
        const env = { PATH: `${join(at, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`, GITHUB_SHA: 'f'.repeat(40), GITHUB_RUN_ID: '7' };
        execFile('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', text], { cwd: at, env }, (error) => done(error !== null));
      });
      const texts = new Map(
        ['calls', 'published/kubernetes-releases.json'].map((f) => [
          f,
          existsSync(join(at, f)) ? readFileSync(join(at, f), 'utf8') : undefined,
        ]),
      );
      return { failed, calls: (texts.get('calls') ?? '').split('\n').filter(Boolean), read: (f) => texts.get(f) };
    } finally {
      rmSync(at, { recursive: true, force: true });
    }
  };
  const sumOf = (file: string): string => `${file}  kubernetes-releases.json\n`;
  /** SHA-256 of "new". */
  const ofNew = sumOf('11507a0e2f5e69d5dfa40a62a1bd7b6ee57e6bcd85c67c9b8431b36fff21c437');
  const good = { 'kubernetes-releases.json': 'new', 'kubernetes-releases.json.sha256': ofNew };

  test('before the first time the bundled file is what nothing may get lost of', async () => {
    const it = await run(script(make, 'get what is published'), { tags: ['v0.1.0', 'release-data-2'] });
    expect([it.failed, it.read('published/kubernetes-releases.json')]).toEqual([false, 'bundled']);
  });
  test('then it is the published file, by its checksum', async () => {
    const it = await run(script(make, 'get what is published'), { tags: ['v0.1.0', 'release-data'], asset: good });
    expect([it.failed, it.read('published/kubernetes-releases.json')]).toEqual([false, 'new']);
  });
  test.each<readonly [string, Parameters<typeof run>[1]]>([
    ['nobody can say what is published', {}],
    ['the published file cannot be had', { tags: ['release-data'] }],
    ['the checksum is another one', { tags: ['release-data'], asset: { ...good, 'kubernetes-releases.json': 'other' } }],
    ['there is no checksum', { tags: ['release-data'], asset: { 'kubernetes-releases.json': 'new' } }],
  ])('no new file is made where %s', async (_, given) => {
    expect((await run(script(make, 'get what is published'), given)).failed).toBe(true);
  });

  const made = (at: string): void => Object.entries(good).forEach(([name, content]) => writeFileSync(join(at, name), content));
  test.each([
    [['v0.1.0'], true],
    [['v0.1.0', 'release-data'], false],
  ])('both files are published, with %j there before', async (tags, creates) => {
    const it = await run(script(publish, 'publish'), { tags, prepare: made });
    expect(it.failed).toBe(false);
    expect(it.calls.some((call) => call.startsWith('release create release-data ') && call.includes('--latest=false'))).toBe(creates);
    expect(it.calls.at(-1)).toBe('release upload release-data kubernetes-releases.json kubernetes-releases.json.sha256 --clobber');
  });
  test('nothing is created or uploaded where nobody can say what is there', async () => {
    const it = await run(script(publish, 'publish'), { prepare: made });
    expect(it.failed).toBe(true);
    expect(it.calls.filter((call) => !call.startsWith('release list'))).toEqual([]);
  });
  test('a file that was damaged on its way is not published', async () => {
    const damaged = (at: string): void => {
      made(at);
      writeFileSync(join(at, 'kubernetes-releases.json'), 'ne');
    };
    expect((await run(script(publish, 'get the new file'), { prepare: made })).failed).toBe(false);
    expect((await run(script(publish, 'get the new file'), { prepare: damaged })).failed).toBe(true);
  });

  test('a reason and the documentation name the address at which the workflow publishes', () => {
    const [, repository] = /uses: ([\w.-]+\/scs-kaas)@v/.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];
    const address = `https://github.com/${repository}/releases/download/release-data/kubernetes-releases.json`;
    expect(publishedReleaseData).toBe(address);
    const page = readFileSync(join(root, 'docs', 'release-data.md'), 'utf8');
    expect(page).toContain(address.replace(/\/[^/]+$/, ''));
    expect(page).toContain('sha256sum --check kubernetes-releases.json.sha256');
  });
});

describe('the release', () => {
  const { jobs } = workflow('release.yml');
  const release = jobs['release']!;
  const npm = jobs['npm']!;
  const script = (name: string): string => release.steps.find((step) => step.name === name)!.run!;

  /** Runs a step's script in a folder with the documents of roles, with an `npm` that packs and a `gh` that fails or not; both note their calls. */
  const run = async (
    text: string,
    ghFails = false,
  ): Promise<{
    readonly failed: boolean;
    readonly calls: readonly string[];
    readonly sums: string;
    readonly assets: readonly string[];
  }> => {
    const at = mkdtempSync(join(tmpdir(), 'release-'));
    try {
      for (const folder of ['bin', 'temp', 'docs/rbac']) mkdirSync(join(at, folder), { recursive: true });
      for (const role of ['read', 'ask', 'act', 'run']) writeFileSync(join(at, 'docs', 'rbac', `${role}.yaml`), role);
      const note = `#!/bin/sh\necho "$(basename "$0") $*" >>'${at}/calls'\n`;
      const npmDouble = `${note}case "$1" in pack) echo packed >"$3/scs-kaas-0.1.0.tgz" ;; esac\n`;
      for (const [name, double] of [
        ['npm', npmDouble],
        ['gh', `${note}exit ${ghFails ? 1 : 0}\n`],
      ] as const) {
        writeFileSync(join(at, 'bin', name), double);
        chmodSync(join(at, 'bin', name), 0o755);
      }
      const failed = await new Promise<boolean>((done) => {
        const env = { PATH: `${join(at, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`, RUNNER_TEMP: join(at, 'temp'), TAG: 'v0.1.0' };
        execFile('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', text], { cwd: at, env }, (error) => done(error !== null));
      });
      const sums = join(at, 'release', 'sha256sums.txt');
      return {
        failed,
        calls: readFileSync(join(at, 'calls'), 'utf8').split('\n').filter(Boolean),
        sums: existsSync(sums) ? readFileSync(sums, 'utf8') : '',
        assets: existsSync(join(at, 'release')) ? readdirSync(join(at, 'release')).sort() : [],
      };
    } finally {
      rmSync(at, { recursive: true, force: true });
    }
  };
  const files = ['act.yaml', 'ask.yaml', 'read.yaml', 'run.yaml', 'scs-kaas-0.1.0.tgz'];

  test('it holds the tarball, the roles, and a checksum of each', async () => {
    const it = await run(script('pack'));
    expect([it.failed, it.assets]).toEqual([false, [...files, 'sha256sums.txt']]);
    expect(
      it.sums
        .split('\n')
        .filter(Boolean)
        .map((line) => /^[0-9a-f]{64} {2}(\S+)$/.exec(line)?.[1]),
    ).toEqual(files);
  });
  // Each step begins in the folder of the repository.
  const bothSteps = `(${script('pack')})\n${script('publish')}`;
  test('it is published by one command, the last one, with all of its files', async () => {
    expect(release.steps.at(-1)!.name).toBe('publish');
    const it = await run(bothSteps);
    expect([it.failed, it.calls.at(-1)]).toEqual([
      false,
      `gh release create v0.1.0 --verify-tag --generate-notes ${[...files, 'sha256sums.txt'].map((file) => `release/${file}`).join(' ')}`,
    ]);
    expect((await run(bothSteps, true)).failed).toBe(true);
  });
  test('the registry is a job of its own, which is off by default and holds no right to write', () => {
    expect(release.steps.filter(({ run }) => /npm publish/.test(run ?? ''))).toEqual([]);
    expect(npm).toMatchObject({
      needs: 'release',
      if: "vars.PUBLISH_TO_NPM == 'true'",
      permissions: { contents: 'read', 'id-token': 'write' },
    });
    expect(npm.steps.at(-1)!.run).toMatch(/^gh release download [^]*\nsha256sum --check [^]*\nnpm publish \.\/scs-kaas-\*\.tgz /);
  });
});
