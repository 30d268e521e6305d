import { describe, expect, test } from '@jest/globals';
import { UserError } from '../../../src/model/errors.js';
import { chooseImage } from '../../../src/sources/kind/image.js';
import { kindRelease, kindReleases, pinnedKind } from '../../../src/sources/kind/releases.js';

const none = { namesImages: false };

describe('the node image', () => {
  test.each([
    ['nothing asked, known kind', '0.33.0', none, /^kindest\/node:v1\.37\.0@sha256:a1ed56cf/],
    ['a minor', '0.33.0', { ...none, kubernetesVersion: '1.36' }, /^kindest\/node:v1\.36\.4@sha256:099e0493/],
    ['a patch with v', '0.33.0', { ...none, kubernetesVersion: 'v1.34.11' }, /^kindest\/node:v1\.34\.11@sha256:44e222ee/],
    ['the same minor for an older kind', '0.32.0', { ...none, kubernetesVersion: '1.36' }, /^kindest\/node:v1\.36\.1@sha256:3489c767/],
    [
      'a version beats the images of a configuration',
      '0.33.0',
      { namesImages: true, kubernetesVersion: '1.35' },
      /^kindest\/node:v1\.35\.8@/,
    ],
    ['an image is taken as it is', '0.99.0', { ...none, image: 'mine:v1' }, /^mine:v1$/],
  ])('%s', (_, kind, wanted, image) => {
    expect(chooseImage(kind, wanted)).toMatch(image);
  });
  test('nothing asked, a kind that is not known: its own default', () => {
    expect(chooseImage('0.34.0', none)).toBeUndefined();
  });
  test('nothing asked, a configuration with images: these', () => {
    expect(chooseImage('0.33.0', { namesImages: true })).toBeUndefined();
  });
  test.each([
    [
      'a minor that this kind has no image of',
      '0.33.0',
      '1.30',
      /Kubernetes 1\.30 is known for kind 0\.33\.0, only 1\.37\.0, 1\.36\.4, 1\.35\.8, 1\.34\.11\..*"kind-image"/,
    ],
    ['a patch that this kind has no image of', '0.33.0', '1.36.3', /Kubernetes 1\.36\.3 is known/],
    ['1.3 is not 1.36', '0.33.0', '1.3', /Kubernetes 1\.3 is known/],
    [
      'a kind that is not known',
      '0.34.0',
      '1.36',
      /of kind 0\.34\.0 is known; known are kind 0\.33\.0 with 1\.37\.0, .*; kind 0\.30\.0 with 1\.34\.0\./,
    ],
  ])('%s', (_, kind, kubernetesVersion, text) => {
    expect(() => chooseImage(kind, { ...none, kubernetesVersion })).toThrow(UserError);
    expect(() => chooseImage(kind, { ...none, kubernetesVersion })).toThrow(text);
  });
});

describe('the table of releases', () => {
  test('the pinned one is there, for every platform', () => {
    expect(Object.keys(kindRelease(pinnedKind)?.sha256 ?? {}).sort()).toEqual([
      'darwin-amd64',
      'darwin-arm64',
      'linux-amd64',
      'linux-arm64',
    ]);
  });
  test.each(kindReleases.map((r) => [r.version, r] as const))('%s: images by digest, sums in full', (_, release) => {
    expect(release.images.length).toBeGreaterThan(0);
    for (const { image, kubernetes } of release.images)
      expect(image).toMatch(new RegExp(`^kindest/node:v${kubernetes.replaceAll('.', '\\.')}@sha256:[0-9a-f]{64}$`));
    for (const sum of Object.values(release.sha256)) expect(sum).toMatch(/^[0-9a-f]{64}$/);
  });
});
