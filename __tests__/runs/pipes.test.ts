import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { constants } from 'node:fs';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEvent } from '../../src/github/event.js';
import { inputSpecs } from '../../src/inputs/list.js';
import { parseInputs, type RawInputs } from '../../src/inputs/parse.js';
import { check } from '../../src/run/check.js';
import { mergeReports } from '../../src/run/merge.js';
import { readTextFile } from '../../src/system/text-file.js';
import { prepareUpload } from '../../src/run/upload.js';
import { program } from '../helpers/program.js';
import { workflowStep } from '../helpers/workflow-step.js';
import { testRuntime, type TestRuntime } from '../helpers/runtime.js';

let folder = '';
let pipe = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scs-kaas-pipes-'));
  pipe = join(folder, 'pipe.json');
  execFileSync('mkfifo', [pipe]);
});
afterAll(() => rm(folder, { recursive: true }));

const timed = async (work: Promise<unknown>): Promise<{ readonly error: string; readonly ms: number }> => {
  const begun = performance.now();
  const error = await work.then(
    () => '',
    (cause: unknown) => (cause instanceof Error ? cause.message : String(cause)),
  );
  return { error, ms: performance.now() - begun };
};

describe('a pipe that nobody writes into, in the place of a file', () => {
  let used: TestRuntime;
  beforeEach(async () => {
    used = await testRuntime();
  });
  afterEach(() => used.remove());
  const nowhere = { kubeconfig: '/nowhere/kubeconfig' };
  /** Inputs that name a file, each with what it takes beside it. */
  const inputs: Readonly<Record<string, (path: string) => RawInputs>> = {
    cluster: (path) => ({ cluster: `snapshot:${path}` }),
    kubeconfig: (path) => ({ kubeconfig: path }),
    'kind-config': (path) => ({ cluster: 'kind', 'kind-config': path }),
    'release-data': (path) => ({ ...nowhere, 'release-data': path }),
    scope: (path) => ({ ...nowhere, scope: path }),
    statements: (path) => ({ ...nowhere, statements: path }),
    'offered-versions': (path) => ({ ...nowhere, 'offered-versions': path }),
    manifest: (path) => ({ ...nowhere, manifest: path }),
    'e2e-results': (path) => ({ ...nowhere, 'e2e-results': path }),
    'e2e-exceptions': (path) => ({ ...nowhere, 'e2e-results': folder, 'e2e-exceptions': path }),
    'probe-pull-secret': (path) => ({ ...nowhere, tier: 'active', 'probe-pull-secret': path }),
    'monitor-token': (path) => ({ cluster: 'embedded', 'monitor-token': path }),
    'monitor-key': (path) => ({ cluster: 'embedded', 'monitor-key': path }),
  };

  test.each(Object.entries(inputs))('the input %s: an error that says so, at once', async (name, raw) => {
    const given = raw(pipe);
    const work = name.startsWith('monitor-')
      ? prepareUpload({ [name.slice('monitor-'.length)]: pipe, dryRun: true, leaveOut: 'aborted' }, 's', () => undefined)
      : check(parseInputs(given, [], 'action'), used.runtime);
    const { error, ms } = await timed(work);
    expect(error).toMatch(/it is a pipe that nobody writes into|it is no file and no folder/);
    expect(ms).toBeLessThan(3_000);
  });

  test('every input whose description speaks of a file or a path is among them', () => {
    const named = inputSpecs.filter(({ description }) => /\b(?:file|path|FILE)s?\b/.test(description)).map(({ name }) => name);
    // But for those where something is written, and for those that only speak of files.
    expect(named.filter((name) => !(name in inputs) && !/output-directory|e2e-archives|offline|probe-registry/.test(name))).toEqual([]);
  });

  test('reports that are merged, credentials of a kubeconfig, and the file of an event', async () => {
    const request = { now: new Date(), failOn: [] } as const;
    expect(JSON.stringify((await mergeReports({ ...request, paths: [pipe] })).fleet)).toContain('it is a pipe that nobody writes into');
    for (const field of ['tokenFile', 'client-key', 'client-certificate']) {
      const kubeconfig = join(folder, 'kubeconfig');
      const user = JSON.stringify({ [field]: pipe });
      await writeFile(
        kubeconfig,
        `current-context: a\ncontexts: [{name: a, context: {cluster: a, user: a}}]\nclusters: [{name: a, cluster: {server: "https://127.0.0.1:1", certificate-authority: ${pipe}}}]\nusers: [{name: a, user: ${user}}]\n`,
      );
      const { error, ms } = await timed(check(parseInputs({ kubeconfig }, [], 'action'), used.runtime));
      expect(error).toMatch(new RegExp(`${field}[^]*it is a pipe that nobody writes into`));
      expect(ms).toBeLessThan(3_000);
    }
    const { warnings } = await readEvent({ GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: pipe }, async (path) => {
      const read = await readTextFile(path, { maxBytes: 1_000 });
      if ('problem' in read) throw new Error(read.problem);
      return read.text;
    });
    expect(warnings.join()).toContain('it is a pipe that nobody writes into');
  });
});

describe('the entries', () => {
  test('a pipe that somebody holds open ends them within ten seconds', async () => {
    const writer = await open(pipe, constants.O_RDWR);
    try {
      const [cli, step] = await Promise.all([
        program(['check', '--offline', '--kubeconfig', `${pipe}:${pipe}:${pipe}`]),
        workflowStep(
          { cluster: 'embedded', offline: 'true', comment: 'false', 'fail-on': 'never' },
          { GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: pipe },
        ),
      ]);
      expect([cli.code, cli.stderr]).toEqual([3, expect.stringContaining('it is a pipe that was not closed within 8 s')]);
      expect(step.ended.stdout).toMatch(/::warning::The event file .* cannot be read: it is a pipe that was not closed within 8 s/);
      expect(step.ended.code).toBe(0);
      expect(Math.max(cli.ms, step.ended.ms)).toBeLessThan(20_000);
    } finally {
      await writer.close();
    }
  });

  test('an event that is no JSON is a warning', async () => {
    const event = join(folder, 'event.json');
    await writeFile(event, '{"pull_request": ');
    const env = { GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: event };
    const { ended } = await workflowStep({ cluster: 'embedded', offline: 'true', comment: 'false', 'fail-on': 'never' }, env);
    expect([ended.code, ended.stdout]).toEqual([0, expect.stringMatching(/::warning::The event file .* is not JSON/)]);
  });

  test('what a program prints into a pipe of the shell is read', async () => {
    const text = 'current-context: a\\ncontexts: [{name: a, context: {cluster: nowhere-of-mine}}]\\n';
    const bash = ['-c', `exec "$0" "$@" --kubeconfig <(sleep 0.3; printf '${text}')`];
    const it = await program(['check', '--offline'], { shell: bash });
    expect([it.code, it.stderr]).toEqual([3, expect.stringContaining('"nowhere-of-mine"')]);
  });
});
