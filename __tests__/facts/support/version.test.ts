import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { affects, compareMinors, compareVersions, parseVersion, formatVersion } from '../../../src/facts/support/version.js';
import { anyCharacter } from '../../helpers/any-character.js';

describe('versions that API servers give', () => {
  test.each([
    ['v1.33.4', '1.33', '1.33.4', false],
    ['1.33.4', '1.33', '1.33.4', false],
    [' v1.33.4\n', '1.33', '1.33.4', false],
    ['v1.33.4+k3s1', '1.33', '1.33.4', false],
    ['v1.31.2+rke2r1', '1.31', '1.31.2', false],
    ['v1.33.5-eks-1234567', '1.33', '1.33.5', false],
    ['v1.30.5-gke.1443001', '1.30', '1.30.5', false],
    ['v1.30.5-gke.1443001+abc', '1.30', '1.30.5', false],
    ['v1.28.9-aliyun.1', '1.28', '1.28.9', false],
    ['v1.33.4-12+abcdef0123', '1.33', '1.33.4', false],
    ['v1.33.4-dirty', '1.33', '1.33.4', false],
    ['v1.27.3+vmware.1-fips.1', '1.27', '1.27.3', false],
    ['v1.34.0-rc.1', '1.34', '1.34.0-rc.1', true],
    ['v1.34.0-RC1', '1.34', '1.34.0-rc.1', true],
    ['v1.34.0-rc', '1.34', '1.34.0-rc.0', true],
    ['v1.34.0-alpha.0.532+8ab3c1', '1.34', '1.34.0-alpha.0', true],
    ['v1.34.0-beta.2+k3s1', '1.34', '1.34.0-beta.2', true],
    ['v1.34.0-rc.1-gke.100', '1.34', '1.34.0-rc.1', true],
    ['v1.100.12', '1.100', '1.100.12', false],
    ['1.33', '1.33', null, false],
    ['v1.33', '1.33', null, false],
    ['1.33+', '1.33', null, false],
  ])('%j', (text, minor, full, prerelease) => {
    expect(parseVersion(text)).toEqual({ minor, full, prerelease });
  });

  test.each([
    '',
    'v',
    '1',
    'v1',
    'v1.',
    '1.33.',
    'v1.33.x',
    'v1..4',
    'v1.033.4',
    'v1.33.04',
    'v1.33.4.5',
    'v-1.33.4',
    'vv1.33.4',
    'V1.33.4',
    'latest',
    'unknown',
    '１.33.4',
    'v1.33.4-',
    'v1.33.4+',
    'v1.33.4 (custom)',
    'v1.33.4-<script>',
    'v1.33.4-dev',
    'v1.33.4+snapshot.3',
    'v1.33.4-nightly',
    'v1.33.4~pre1',
    'v1.33.4-rc.1 x',
    'v1.34.0-rc.1;id',
    'v0.0.0-master+4a3b558c52eb6995b3c5c1db5e54111bd0645a64',
    'v0.0.0-master+$Format:%H$',
    'v0.36.4',
    '0.36',
    'v1.999999.0',
    `v1.33.4+${'a'.repeat(200)}`,
  ])('%j is not guessed', (text) => {
    expect(parseVersion(text)).toBeUndefined();
  });

  test('any text at all gives a version or none, and never an exception', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string({ unit: anyCharacter }).map((s) => `v1.33.4${s}`),
        ),
        (text) => {
          const version = parseVersion(text);
          expect(version === undefined || /^\d+\.\d+$/.test(version.minor)).toBe(true);
          expect(version?.full == null || /^\d+\.\d+\.\d+(-(alpha|beta|rc)\.\d+)?$/.test(version.full)).toBe(true);
        },
      ),
    );
  });

  test('a vendor’s build number changes nothing', () => {
    const vendor = fc
      .stringMatching(/^[+-][a-z0-9]{1,10}([.-][a-z0-9]{1,8})?$/)
      .filter((s) => !/^[+-](alpha|beta|rc|dev|pre|preview|snapshot|nightly|canary|next|test)/.test(s));
    fc.assert(
      fc.property(fc.nat(60), fc.nat(40), vendor, (minor, patch, suffix) =>
        expect(parseVersion(`v1.${minor}.${patch}${suffix}`)).toEqual(parseVersion(`v1.${minor}.${patch}`)),
      ),
    );
  });
});

describe('order', () => {
  test('a pre-release is older than its final and newer than the patch before', () => {
    expect(
      ['1.34.0', '1.33.9', '1.34.0-rc.1', '1.34.0-beta.2', '1.34.0-alpha.10', '1.34.0-alpha.9', '1.34.1'].sort(compareVersions),
    ).toEqual(['1.33.9', '1.34.0-alpha.9', '1.34.0-alpha.10', '1.34.0-beta.2', '1.34.0-rc.1', '1.34.0', '1.34.1']);
  });
  test('1.9 is older than 1.10', () => {
    expect(compareMinors('1.9', '1.10')).toBeLessThan(0);
  });
});

describe('what a vulnerability affects', () => {
  const ranges = [{ introduced: '1.26.0', fixed: '1.26.8' }, { introduced: '1.27.2', lastAffected: '1.27.4' }, { introduced: '1.30.0' }];
  test.each([
    ['1.25.99', false],
    ['1.26.0', true],
    ['1.26.7', true],
    ['1.26.8', false],
    ['1.27.1', false],
    ['1.27.2', true],
    ['1.27.4', true],
    ['1.27.5', false],
    ['1.29.9', false],
    ['1.30.0', true],
    ['1.44.1', true],
    // A pre-release has what its final has, and lacks a fix that its final brings.
    ['1.26.0-rc.1', true],
    ['1.26.8-rc.1', true],
    ['1.30.0-alpha.1', true],
    ['1.27.5-rc.1', false],
  ])('%s: %s', (version, hit) => {
    expect(affects(ranges, version)).toBe(hit);
  });
  test('no range affects nothing', () => {
    expect(affects([], '1.30.0')).toBe(false);
  });
});

test('a version is shown without anything that could act', () => {
  expect(formatVersion('v1.33.4')).toBe('"v1.33.4"');
  const shown = formatVersion(`::error::"\`\n\u202e${'x'.repeat(100)}`);
  expect(shown).toMatch(/^"[\x20-\x7e]{60}" \(cut\)$/);
  expect(shown.slice(1, -7)).not.toMatch(/["`\n]/);
});
