import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { constants } from 'node:fs';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEvent } from '../../src/github/event.js';
import { readConfig } from '../../src/inputs/config-file.js';
import type { RawInputs } from '../../src/inputs/layers.js';
import { inputSpecs } from '../../src/inputs/list.js';
import { uploadSpecs } from '../../src/inputs/list-actions.js';
import { configSpecs } from '../../src/inputs/list-config.js';
import type { Setting } from '../../src/inputs/spec.js';
import { check } from '../../src/run/check.js';
import { mergeReports } from '../../src/run/merge.js';
import { readTextFile } from '../../src/system/text-file.js';
import { prepareUpload } from '../../src/run/upload.js';
import { program } from '../helpers/program.js';
import { parseSettings } from '../helpers/settings.js';
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
  const ofMonitor = { dryRun: true, leaveOut: 'aborted', report: '' } as const;
  const checked = (raw: RawInputs): Promise<unknown> => check(parseSettings(raw, 'action'), used.runtime);
  /** Settings that name a file, each with what it takes beside it. */
  const settings: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
    cluster: (path) => checked({ cluster: `snapshot:${path}` }),
    kubeconfig: (path) => checked({ kubeconfig: path }),
    'kind-config': (path) => checked({ cluster: 'kind', 'kind-config': path }),
    'data.releases': (path) => checked({ ...nowhere, 'data.releases': path }),
    'data.certificateScope': (path) => checked({ ...nowhere, 'data.certificateScope': path }),
    statements: (path) => checked({ ...nowhere, statements: path }),
    'offered-versions': (path) => checked({ ...nowhere, 'offered-versions': path }),
    'source-files': (path) => checked({ ...nowhere, 'source-files': path }),
    'e2e-results': (path) => checked({ ...nowhere, 'e2e-results': path }),
    'data.exceptions': (path) => checked({ ...nowhere, 'e2e-results': folder, 'data.exceptions': path }),
    'probe.pullSecretFrom': (path) => checked({ ...nowhere, tier: 'active', 'probe.pullSecretFrom': path }),
    config: (path) => readConfig(path, { root: folder }),
    login: (path) => prepareUpload({ ...ofMonitor, login: { value: path, name: 'Input "login"' } }, () => undefined),
    key: (path) => prepareUpload({ ...ofMonitor, key: { value: path, name: 'Input "key"' } }, () => undefined),
  };

  test.each(Object.entries(settings))('the setting %s: an error that says so, at once', async (_, read) => {
    const { error, ms } = await timed(read(pipe));
    expect(error).toMatch(/it is a pipe that nobody writes into|it is no file and no folder/);
    expect(ms).toBeLessThan(3_000);
  });

  test('every setting whose description speaks of a file or a path is among them', () => {
    const all: readonly Setting[] = [...inputSpecs, ...configSpecs, ...uploadSpecs];
    const named = all.filter(({ description }) => /\b(?:[Ff]ile|[Pp]ath|FILE)s?\b/.test(description)).map(({ name }) => name);
    // But for those where something is written, those that only speak of files, and the report, which `upload` reads as these.
    const others = /^(?:output-directory|offline|reports?|e2e\.registry|probe\.registry)$/;
    expect(named.filter((name) => !(name in settings) && !others.test(name))).toEqual([]);
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
      const { error, ms } = await timed(checked({ kubeconfig }));
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
  /** Without an event nobody knows whether the files are those of a fork, so that the config is given as text. */
  const withoutEvent = { cluster: 'embedded', offline: 'true', 'fail-on': 'never', config: 'reports: json' };

  test('a pipe that somebody holds open ends them within ten seconds', async () => {
    const writer = await open(pipe, constants.O_RDWR);
    try {
      const [cli, step] = await Promise.all([
        program(['check', '--offline', '--kubeconfig', `${pipe}:${pipe}:${pipe}`]),
        workflowStep(withoutEvent, { GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: pipe }),
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
    const { ended } = await workflowStep(withoutEvent, env);
    expect([ended.code, ended.stdout]).toEqual([0, expect.stringMatching(/::warning::The event file .* is not JSON/)]);
  });

  test('what a program prints into a pipe of the shell is read', async () => {
    const text = 'current-context: a\\ncontexts: [{name: a, context: {cluster: nowhere-of-mine}}]\\n';
    const bash = ['-c', `exec "$0" "$@" --kubeconfig <(sleep 0.3; printf '${text}')`];
    const it = await program(['check', '--offline'], { shell: bash });
    expect([it.code, it.stderr]).toEqual([3, expect.stringContaining('"nowhere-of-mine"')]);
  });
});
