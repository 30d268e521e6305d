import { describe, expect, test } from '@jest/globals';
import type { RawInputs } from '../../src/inputs/layers.js';
import { parseDuration } from '../../src/inputs/reader.js';
import { defaultReports } from '../../src/reporters/index.js';
import { parseSettings } from '../helpers/settings.js';
import { UserError } from '../../src/model/errors.js';

const problemsOf = (raw: RawInputs): readonly string[] => {
  try {
    parseSettings(raw, 'action');
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
  return [];
};

describe('inputs', () => {
  test('nothing given: a kubeconfig, a failed MUST of the certificate scope fails', () => {
    const inputs = parseSettings({}, 'terminal');
    expect(inputs).toMatchObject({
      cluster: { from: 'kubeconfig', connection: { execPlugins: 'allow', requestTimeoutMs: 15_000 } },
      checks: { tier: 'light', standards: [] },
      limits: { timeoutMs: 900_000 },
      reports: { reports: [], outputDirectory: undefined },
    });
    expect(inputs.reports.failOn).toEqual([{ outcome: 'fail', levels: ['MUST'], categories: ['certificate'] }]);
    expect(inputs.token).toBeUndefined();
  });

  test('the action has reports by default, the comment among them, a terminal has none', () => {
    expect(parseSettings({}, 'action').reports.reports).toEqual(defaultReports);
    expect(defaultReports).toContain('comment');
    expect(parseSettings({}, 'terminal').reports.reports).toEqual([]);
  });

  test('reports are replaced as a whole, and none is a word', () => {
    expect(parseSettings({ reports: 'json=a.json,\nsummary' }, 'action').reports.reports).toEqual(['json=a.json', 'summary']);
    expect(parseSettings({ reports: 'none' }, 'action').reports.reports).toEqual(['none']);
    expect(problemsOf({ reports: 'jsn' })).toEqual([expect.stringMatching(/^Input "reports" holds "jsn".*Did you mean "json"\?/)]);
    expect(problemsOf({ reports: 'json, none' })).toEqual([expect.stringContaining('"none" beside other reports')]);
    expect(problemsOf({ reports: 'scs-report' })).toEqual(['Input "reports" holds "scs-report", which needs "subject"; set it.']);
  });

  test('a snapshot by its file', () => {
    expect(parseSettings({ cluster: 'snapshot:runs/one.json' }, 'action').cluster).toEqual({
      from: 'snapshot',
      file: 'runs/one.json',
    });
  });

  test('several rules of fail-on, any level, any scope', () => {
    expect(parseSettings({ 'fail-on': 'fail:should:any, abort:must' }, 'action').reports.failOn).toEqual([
      { outcome: 'fail', levels: ['SHOULD'], categories: ['certificate', 'informative'] },
      { outcome: 'abort', levels: ['MUST'], categories: ['certificate'] },
    ]);
    expect(parseSettings({ 'fail-on': 'never' }, 'action').reports.failOn).toEqual([]);
  });

  test.each(['2026-02-30', '2026-04-31T10:00:00Z'])('the day %s, which there is not', (time) => {
    expect(problemsOf({ 'effective-time': time })).toEqual([expect.stringContaining('Input "effective-time"')]);
  });

  test('every problem is reported at once, each with the nearest valid word', () => {
    const problems = problemsOf({
      cluster: 'kinf',
      standards: 'scs-0210-v2,scs-0214-v3',
      'fail-on': 'fial:must',
      tier: 'lihgt',
      timeout: 'soon',
      offline: 'yes',
      'effective-time': 'yesterday',
      'kubernets-version': '1.36',
    });
    expect(problems).toHaveLength(8);
    expect(problems.join('\n')).toContain('Did you mean "kind"?');
    expect(problems.join('\n')).toContain('Did you mean "scs-0214-v2"?');
    expect(problems.join('\n')).toContain('Did you mean "fail:must"?');
    expect(problems.join('\n')).toContain('Did you mean "light"?');
    expect(problems.join('\n')).toContain('Did you mean "kubernetes-version"?');
  });

  test.each([
    [{ cluster: 'kind', kubeconfig: 'x' }, '"kubeconfig" is given'],
    [{ 'kind-config': 'x' }, '"kind-config" is given'],
    [{ cluster: 'kind', 'kubernetes-version': '1.36', 'kind.image': 'a/b' }, 'are both given'],
    [{ 'fail-on': 'never,fail:must' }, '"never" beside other words'],
    [{ 'fail-on': 'fail' }, 'OUTCOME:LEVEL'],
    [{ cluster: 'snapshot:' }, 'snapshot:FILE'],
  ])('inputs that say two things: %j', (raw, text) => {
    expect(problemsOf(raw)).toEqual([expect.stringContaining(text)]);
  });

  test('the tier active, with what its pods are made of', () => {
    expect(parseSettings({ tier: 'active' }, 'action')).toMatchObject({
      checks: { tier: 'active' },
      probes: { nodes: 10, patienceMs: 20_000 },
    });
    expect(
      parseSettings(
        { tier: 'active', 'probe.registry': 'mirror.example/k8s', 'probe.pullSecretFrom': 'env:PULL_SECRET', 'probe.nodes': '3' },
        'action',
      ).probes,
    ).toEqual({
      registry: 'mirror.example/k8s',
      pullSecretFrom: { value: 'env:PULL_SECRET', name: 'Option "--set probe.pullSecretFrom"' },
      nodes: 3,
      patienceMs: 20_000,
    });
    expect(parseSettings({ tier: 'active', 'probe.image': 'a.example/b@sha256:0' }, 'terminal').probes).toEqual({
      image: 'a.example/b@sha256:0',
      nodes: 10,
      patienceMs: 20_000,
    });
  });

  test('a light run by itself says nothing of probes', () => {
    expect(parseSettings({}, 'action').probes).toEqual({ nodes: 10, patienceMs: 20_000 });
    expect(problemsOf({ 'probe.nodes': '3' })).toEqual([]);
  });

  test.each([
    [{ 'probe.image': 'a.example/b' }, '"--set probe.image" is given, but the tier light creates no pods; set the tier to active'],
    [{ 'probe.registry': 'a.example' }, '"--set probe.registry" is given, but the tier light'],
    [{ tier: 'light', 'probe.pullSecretFrom': '{}' }, '"--set probe.pullSecretFrom" is given, but the tier light'],
    [{ tier: 'active', 'probe.image': 'a', 'probe.registry': 'b' }, '"--set probe.image" and option "--set probe.registry" are both given'],
    [{ tier: 'active', cluster: 'snapshot:run.json' }, '"tier" is given, but a recording has the tier that it was recorded with'],
    [{ tier: 'active', cluster: 'embedded' }, '"tier" is given, but a recording has the tier that it was recorded with'],
    [{ tier: 'heavy', cluster: 'embedded' }, '"tier" is given, but a recording has the tier that it was recorded with'],
  ])('probes that cannot be: %j', (raw, text) => {
    expect(problemsOf(raw)).toEqual([expect.stringContaining(text)]);
  });

  test('the tier heavy, as upstream’s scope has it', () => {
    expect(parseSettings({ tier: 'heavy' }, 'action').e2e).toEqual({
      results: [],
      suites: ['conformance', 'network-policy'],
      focus: '',
      skip: 'Feature:SCTPConnectivity',
      processes: 0,
      flakeAttempts: 2,
      waitMs: 18_000_000,
      onCancel: 'delete',
      images: {},
      program: {},
    });
  });

  test('the tier heavy, otherwise', () => {
    const raw = {
      ...{ tier: 'heavy', 'e2e.suites': 'network-policy', 'e2e.parallel': '4', 'e2e.wait': '30m', 'e2e.onCancel': 'keep' },
      ...{ 'e2e.owner': 'us', 'e2e.registry': 'mirror.example/k8s/', 'e2e.sonobuoy.image': 'a/b', 'e2e.sonobuoy.version': 'v0.57.4' },
      ...{ 'e2e.sonobuoy.sha256': 'A'.repeat(64), 'output-directory': 'results', 'e2e.focus': 'Pods', 'data.exceptions': 'ok.yaml' },
    };
    expect(parseSettings(raw, 'action').e2e).toMatchObject({
      ...{ suites: ['network-policy'], processes: 4, waitMs: 1_800_000, onCancel: 'keep', owner: 'us', archives: 'results', focus: 'Pods' },
      images: { registry: 'mirror.example/k8s', sonobuoy: 'a/b' },
      program: { version: '0.57.4', sha256: 'a'.repeat(64) },
    });
  });

  test.each([
    [{ tier: 'heavy', 'e2e.suites': 'confromance' }, 'Did you mean "conformance"?'],
    [{ tier: 'heavy', 'e2e.parallel': 'many' }, '"--set e2e.parallel" is "many"; it takes a number from 1 to 100'],
    [{ tier: 'heavy', 'e2e.flakeAttempts': '0' }, 'it takes a number from 1 to 10'],
    [{ tier: 'heavy', 'e2e.wait': 'long' }, 'it takes a duration'],
    [{ timeout: '720h' }, 'Input "timeout" is "720h"; it takes at most 596h'],
    [{ tier: 'heavy', 'e2e.onCancel': 'leave' }, 'it takes delete, keep'],
    [{ tier: 'heavy', 'e2e.image': 'a', 'e2e.registry': 'b' }, '"--set e2e.image" and option "--set e2e.registry" are both given'],
    [{ tier: 'heavy', 'e2e.sonobuoy.version': 'latest' }, 'it takes a version such as 0.57.5'],
    [{ tier: 'heavy', 'e2e.sonobuoy.sha256': 'abc' }, 'it takes 64 hexadecimal digits'],
    [{ 'e2e.focus': 'Pods' }, '"--set e2e.focus" is given, but only the tier heavy runs end-to-end tests'],
    [{ tier: 'active', 'e2e.owner': 'us' }, '"--set e2e.owner" is given, but only the tier heavy'],
    [{ 'data.exceptions': 'x.yaml' }, '"--set data.exceptions" is given without input "e2e-results"'],
  ])('end-to-end runs that cannot be: %j', (raw, text) => {
    expect(problemsOf(raw)).toEqual([expect.stringContaining(text)]);
  });

  test.each(['0', '101', '-1', '1.5', 'all', '1e2', '99999999'])('%s nodes are no number of nodes', (nodes) => {
    expect(problemsOf({ tier: 'active', 'probe.nodes': nodes })).toEqual([
      `Option "--set probe.nodes" is "${nodes}"; it takes a number from 1 to 100.`,
    ]);
  });

  test('what is wrong with a pull secret says nothing of it', () => {
    expect(problemsOf({ 'probe.pullSecretFrom': '{"auths":{"x":{"auth":"c2VjcmV0"}}}' }).join()).not.toContain('c2VjcmV0');
  });

  test.each([
    ['90', 90_000],
    ['90s', 90_000],
    ['15m', 900_000],
    ['1h', 3_600_000],
    ['500ms', 500],
    ['0', undefined],
    ['-1s', undefined],
    ['', undefined],
    ['1 day', undefined],
  ])('a duration of %p', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });
});

describe('a subject', () => {
  test.each([
    ['kind', 'a kind cluster says nothing about a provider'],
    ['embedded', 'the recorded example is no cluster of yours'],
  ])('of a run on %s', (cluster, why) => {
    for (const [on, name] of [
      ['action', 'Input "subject"'],
      ['terminal', 'Option "--subject"'],
    ] as const)
      expect(() => parseSettings({ subject: 'example-cloud', cluster }, on)).toThrow(
        new UserError([`${name} is given, but ${why}; omit it, or check a cluster of the offer through its kubeconfig.`]),
      );
  });
  test('of a cluster, or of a recording, of which the run finds out what it is of', () => {
    expect(problemsOf({ subject: 'example-cloud' })).toEqual([]);
    expect(problemsOf({ subject: 'example-cloud', cluster: 'snapshot:run.json' })).toEqual([]);
    expect(problemsOf({ cluster: 'kind' })).toEqual([]);
  });
});

test('a secret that was given to another input is not repeated', () => {
  const secrets = [
    'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln',
    'apiVersion: v1\nusers: hunter2',
    'YXBpVmVyc2lvbjogdjEKa2luZDogQ29uZmlnCg==',
  ];
  for (const secret of secrets)
    for (const input of [
      'cluster',
      'tier',
      'fail-on',
      'standards',
      'effective-time',
      'timeout',
      'probe.nodes',
      'exec-plugins',
      'offline',
      'reports',
      'e2e.suites',
    ]) {
      const problems = problemsOf({ [input]: secret }).join();
      expect(problems).not.toBe('');
      for (const word of secret.split(/\s+/).filter((part) => part.length > 6)) expect(problems).not.toContain(word);
    }
});
