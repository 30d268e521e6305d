import { describe, expect, test } from '@jest/globals';
import { parseDuration, parseInputs, type RawInputs } from '../../src/inputs/parse.js';
import { UserError } from '../../src/model/errors.js';

const known = ['scs-0201-v1', 'scs-0210-v2', 'scs-0214-v2'];
const problemsOf = (raw: RawInputs): readonly string[] => {
  try {
    parseInputs(raw, known, 'action');
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
  return [];
};

describe('inputs', () => {
  test('nothing given: a kubeconfig, a failed MUST of the certificate scope fails', () => {
    const inputs = parseInputs({}, known, 'terminal');
    expect(inputs).toMatchObject({
      cluster: { from: 'kubeconfig', connection: { execPlugins: 'allow', requestTimeoutMs: 15_000 } },
      checks: { tier: 'light', standards: [] },
      limits: { timeoutMs: 900_000 },
      reports: { comment: false },
    });
    expect(inputs.reports.failOn).toEqual([{ outcome: 'fail', levels: ['MUST'], categories: ['certificate'] }]);
    expect(inputs.token).toBeUndefined();
  });

  test('the action comments by default, a terminal does not', () => {
    expect(parseInputs({}, known, 'action').reports.comment).toBe(true);
    expect(parseInputs({}, known, 'terminal').reports.comment).toBe(false);
  });

  test('a snapshot by its file', () => {
    expect(parseInputs({ cluster: 'snapshot:runs/one.json' }, known, 'action').cluster).toEqual({
      from: 'snapshot',
      file: 'runs/one.json',
    });
  });

  test('several rules of fail-on, any level, any scope', () => {
    expect(parseInputs({ 'fail-on': 'fail:should:any, abort:must' }, known, 'action').reports.failOn).toEqual([
      { outcome: 'fail', levels: ['SHOULD'], categories: ['certificate', 'informative'] },
      { outcome: 'abort', levels: ['MUST'], categories: ['certificate'] },
    ]);
    expect(parseInputs({ 'fail-on': 'never' }, known, 'action').reports.failOn).toEqual([]);
  });

  test.each(['2026-02-30', '2026-04-31T10:00:00Z'])('the day %s, which there is not', (now) => {
    expect(problemsOf({ now })).toEqual([expect.stringContaining('Input "now"')]);
  });

  test('every problem is reported at once, each with the nearest valid word', () => {
    const problems = problemsOf({
      cluster: 'kinf',
      standards: 'scs-0210-v2,scs-0214-v3',
      'fail-on': 'fial:must',
      tier: 'lihgt',
      timeout: 'soon',
      comment: 'yes',
      now: 'yesterday',
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
    [{ cluster: 'kind', 'kubernetes-version': '1.36', 'kind-image': 'a/b' }, 'are both given'],
    [{ 'fail-on': 'never,fail:must' }, '"never" beside other words'],
    [{ 'fail-on': 'fail' }, 'OUTCOME:LEVEL'],
    [{ cluster: 'snapshot:' }, 'snapshot:FILE'],
  ])('inputs that say two things: %j', (raw, text) => {
    expect(problemsOf(raw)).toEqual([expect.stringContaining(text)]);
  });

  test('the tier active, with what its pods are made of', () => {
    expect(parseInputs({ tier: 'active' }, known, 'action')).toMatchObject({
      checks: { tier: 'active' },
      probes: { nodes: 10, patienceMs: 20_000 },
    });
    expect(
      parseInputs(
        { tier: 'active', 'probe-registry': 'mirror.example/k8s', 'probe-pull-secret': '{"auths":{}}', 'probe-nodes': '3' },
        known,
        'action',
      ).probes,
    ).toEqual({ registry: 'mirror.example/k8s', pullSecret: '{"auths":{}}', nodes: 3, patienceMs: 20_000 });
    expect(parseInputs({ tier: 'active', 'probe-image': 'a.example/b@sha256:0' }, known, 'terminal').probes).toEqual({
      image: 'a.example/b@sha256:0',
      nodes: 10,
      patienceMs: 20_000,
    });
  });

  test('a light run by itself says nothing of probes', () => {
    expect(parseInputs({}, known, 'action').probes).toEqual({ nodes: 10, patienceMs: 20_000 });
    expect(problemsOf({ 'probe-nodes': '3' })).toEqual([]);
  });

  test.each([
    [{ 'probe-image': 'a.example/b' }, '"probe-image" is given, but the tier light makes no pods; set tier to active'],
    [{ 'probe-registry': 'a.example' }, '"probe-registry" is given, but the tier light'],
    [{ tier: 'light', 'probe-pull-secret': '{}' }, '"probe-pull-secret" is given, but the tier light'],
    [{ tier: 'active', 'probe-image': 'a', 'probe-registry': 'b' }, '"probe-image" and "probe-registry" are both given'],
    [{ tier: 'active', cluster: 'snapshot:run.json' }, '"tier" is given, but a recording is as it was recorded'],
    [{ tier: 'active', cluster: 'embedded' }, '"tier" is given, but a recording is as it was recorded'],
    [{ tier: 'heavy', cluster: 'embedded' }, '"tier" is given, but a recording is as it was recorded'],
  ])('probes that cannot be: %j', (raw, text) => {
    expect(problemsOf(raw)).toEqual([expect.stringContaining(text)]);
  });

  test('the tier heavy, as upstream’s scope has it', () => {
    expect(parseInputs({ tier: 'heavy' }, known, 'action').e2e).toEqual({
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
      ...{ tier: 'heavy', 'e2e-suites': 'network-policy', 'e2e-parallel': '4', 'e2e-wait': '30m', 'e2e-on-cancel': 'keep' },
      ...{ 'e2e-owner': 'us', 'e2e-registry': 'mirror.example/k8s/', 'sonobuoy-image': 'a/b', 'sonobuoy-version': 'v0.57.4' },
      ...{ 'sonobuoy-sha256': 'A'.repeat(64), 'e2e-archives': 'results', 'e2e-focus': 'Pods', 'e2e-exceptions': 'ok.yaml' },
    };
    expect(parseInputs(raw, known, 'action').e2e).toMatchObject({
      ...{ suites: ['network-policy'], processes: 4, waitMs: 1_800_000, onCancel: 'keep', owner: 'us', archives: 'results', focus: 'Pods' },
      images: { registry: 'mirror.example/k8s', sonobuoy: 'a/b' },
      program: { version: '0.57.4', sha256: 'a'.repeat(64) },
    });
  });

  test.each([
    [{ tier: 'heavy', 'e2e-suites': 'confromance' }, 'Did you mean "conformance"?'],
    [{ tier: 'heavy', 'e2e-parallel': 'many' }, '"e2e-parallel" is "many"; it takes a number from 1 to 100'],
    [{ tier: 'heavy', 'e2e-flake-attempts': '0' }, 'it takes a number from 1 to 10'],
    [{ tier: 'heavy', 'e2e-wait': 'long' }, 'it takes a duration'],
    [{ timeout: '720h' }, 'Input "timeout" is "720h"; it takes at most 596h'],
    [{ tier: 'heavy', 'e2e-on-cancel': 'leave' }, 'it takes delete, keep'],
    [{ tier: 'heavy', 'e2e-image': 'a', 'e2e-registry': 'b' }, '"e2e-image" and "e2e-registry" are both given'],
    [{ tier: 'heavy', 'sonobuoy-version': 'latest' }, 'it takes a version such as 0.57.5'],
    [{ tier: 'heavy', 'sonobuoy-sha256': 'abc' }, 'it takes 64 hexadecimal digits'],
    [{ 'e2e-focus': 'Pods' }, '"e2e-focus" is given, but only the tier heavy runs end-to-end tests'],
    [{ tier: 'active', 'e2e-owner': 'us' }, '"e2e-owner" is given, but only the tier heavy'],
    [{ 'e2e-exceptions': 'x.yaml' }, '"e2e-exceptions" is given without "e2e-results"'],
  ])('end-to-end runs that cannot be: %j', (raw, text) => {
    expect(problemsOf(raw)).toEqual([expect.stringContaining(text)]);
  });

  test.each(['0', '101', '-1', '1.5', 'all', '1e2', '99999999'])('%s nodes are no number of nodes', (nodes) => {
    expect(problemsOf({ tier: 'active', 'probe-nodes': nodes })).toEqual([
      `Input "probe-nodes" is "${nodes}"; it takes a number from 1 to 100.`,
    ]);
  });

  test('what is wrong with a pull secret says nothing of it', () => {
    expect(problemsOf({ 'probe-pull-secret': '{"auths":{"x":{"auth":"c2VjcmV0"}}}' }).join()).not.toContain('c2VjcmV0');
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

test('a secret that was given to another input is not repeated', () => {
  const secrets = [
    'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln',
    'apiVersion: v1\nusers: hunter2',
    'YXBpVmVyc2lvbjogdjEKa2luZDogQ29uZmlnCg==',
  ];
  for (const secret of secrets)
    for (const input of ['cluster', 'tier', 'fail-on', 'standards', 'now', 'timeout', 'probe-nodes', 'exec-plugins', 'monitor-url']) {
      const problems = problemsOf({ [input]: secret }).join();
      expect(problems).not.toBe('');
      for (const word of secret.split(/\s+/).filter((part) => part.length > 6)) expect(problems).not.toContain(word);
    }
});
