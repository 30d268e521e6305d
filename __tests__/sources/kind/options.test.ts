import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { UserError } from '../../../src/model/errors.js';
import { checkOptions, clusterName, isOwnName, optionProblems, type KindOptions } from '../../../src/sources/kind/options.js';

describe('options', () => {
  test.each<[string, Partial<KindOptions>]>([
    ['none', {}],
    ['a minor version', { kubernetesVersion: '1.36' }],
    ['a patch with v', { kubernetesVersion: 'v1.36.4' }],
    ['an image with digest', { image: `kindest/node:v1.36.4@sha256:${'a'.repeat(64)}` }],
    ['an image of a registry with a port', { image: 'registry.example.com:5000/kindest/node:v1' }],
    ['a version of kind with v', { kindVersion: 'v0.33.0' }],
  ])('usable: %s', (_, options) => {
    expect(optionProblems({ waitMs: 1, ...options })).toEqual([]);
  });
  test.each<[string, Partial<KindOptions>, string]>([
    ['a config that is an option', { config: '--retain' }, '"kind-config" is "--retain"'],
    ['a config from standard input', { config: '-' }, '"kind-config" is "-"'],
    ['a version that is an option', { kubernetesVersion: '-h' }, '"kubernetes-version" is "-h"'],
    ['a version word', { kubernetesVersion: 'latest' }, '"kubernetes-version" is "latest"'],
    ['an image that is an option', { image: '--privileged' }, '"kind.image" is "--privileged"'],
    ['an image with a space', { image: 'a b' }, '"kind.image" is "a b"'],
    ['a kind version that is a path', { kindVersion: '../0.33.0' }, '"kind.version" is "../0.33.0"'],
    ['a name that is an option', { name: '-x' }, 'The name "-x"'],
    ['a name in capitals', { name: 'Mine' }, 'The name "Mine"'],
    ['a long name', { name: 'a'.repeat(21) }, 'is not usable'],
    ['version and image', { kubernetesVersion: '1.36', image: 'kindest/node:v1' }, 'both given'],
    ['no time', { waitMs: 0 }, 'more than nothing'],
    ['time that is no number', { waitMs: Number.NaN }, 'more than nothing'],
  ])('refused: %s', (_, options, text) => {
    expect(optionProblems({ waitMs: 1, ...options })).toEqual([expect.stringContaining(text)]);
  });
  test('all problems at once', () => {
    const options = { name: '-', config: '-', kubernetesVersion: '-', kindVersion: '-', waitMs: -1 };
    expect(() => checkOptions(options)).toThrow(UserError);
    expect(optionProblems(options)).toHaveLength(5);
  });
});

describe('the name of a cluster', () => {
  test('in a workflow', () => {
    expect(clusterName('scs-kaas', { GITHUB_RUN_ID: '19612345678', GITHUB_RUN_ATTEMPT: '2' }, '0a1b2c3d')).toBe(
      'scs-kaas-19612345678-2-0a1b2c3d',
    );
  });
  test('on a terminal', () => {
    expect(clusterName('scs-kaas', {}, '0a1b2c3d')).toBe('scs-kaas-0a1b2c3d');
  });
  test('in any environment it is short and one that kind takes', () => {
    const prefix = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$/);
    fc.assert(
      fc.property(prefix, fc.string(), fc.oneof(fc.string(), fc.bigInt({ min: 0n }).map(String)), (p, attempt, id) => {
        const name = clusterName(p, { GITHUB_RUN_ID: id, GITHUB_RUN_ATTEMPT: attempt }, '0a1b2c3d');
        return name.length <= 50 && /^[a-z0-9][a-z0-9-]*$/.test(name) && isOwnName(name);
      }),
    );
  });
  test.each(['good', 'kind', 'scs-kaas', '', '--all', 'scs-kaas-0A1B2C3D', `${'a'.repeat(50)}-0a1b2c3d`])('%s is none of ours', (name) => {
    expect(isOwnName(name)).toBe(false);
  });
});
