import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { UserError } from '../../../src/model/errors.js';
import { selectKind, type WantedKind } from '../../../src/sources/kind/image.js';
import { kindReleases, type KindRelease } from '../../../src/sources/kind/releases.js';

const everywhere = (): boolean => true;
/** As on Linux with amd64: only releases whose checksum is known. */
const onLinux = (release: KindRelease): boolean => release.sha256['linux-amd64'] !== undefined;
const select = (onPath: string | undefined, wanted: Partial<WantedKind> = {}) =>
  selectKind(onPath, { namesImages: false, ...wanted }, onLinux);
const mine = 'mine.example/node:v1';

describe('the kind on the PATH', () => {
  test.each<[string, string, Partial<WantedKind>, RegExp | undefined]>([
    ['its release is known, nothing is asked for', '0.33.0', {}, /^kindest\/node:v1\.37\.0@sha256:a1ed56cf/],
    ['an older release: its own default', '0.31.0', {}, /^kindest\/node:v1\.35\.0@sha256:452d707d/],
    ['a minor version that it lists', '0.33.0', { kubernetesVersion: '1.36' }, /^kindest\/node:v1\.36\.4@sha256:099e0493/],
    ['the same minor version, an older release', '0.32.0', { kubernetesVersion: '1.36' }, /^kindest\/node:v1\.36\.1@sha256:3489c767/],
    ['a patch that it lists, with v', '0.33.0', { kubernetesVersion: 'v1.34.11' }, /^kindest\/node:v1\.34\.11@sha256:44e222ee/],
    [
      'a version, before the images of a configuration',
      '0.33.0',
      { namesImages: true, kubernetesVersion: '1.35' },
      /^kindest\/node:v1\.35\.8@/,
    ],
    ['the version that is asked for', '0.33.0', { kindVersion: 'v0.33.0' }, /^kindest\/node:v1\.37\.0@/],
    ['an image of the user', '0.33.0', { image: mine }, /^mine/],
    ['an image of the user, a kind that is not known', '0.99.0', { image: mine }, /^mine/],
    ['an image of the user, the version that is asked for', '0.99.0', { image: mine, kindVersion: '0.99.0' }, /^mine/],
    ['images in the configuration, a kind that is not known', '0.34.0-alpha+0123456789abcd', { namesImages: true }, undefined],
  ])('is used: %s', (_, onPath, wanted, image) => {
    const { install, message, image: chosen } = select(onPath, wanted);
    expect([install, message]).toEqual([undefined, undefined]);
    if (image === undefined) expect(chosen).toBeUndefined();
    else expect(chosen).toMatch(image);
  });

  test.each<[string, string, Partial<WantedKind>, string, RegExp, RegExp]>([
    [
      'a newer release',
      '0.34.0',
      {},
      '0.33.0',
      /v1\.37\.0@sha256:a1ed56cf/,
      /no node image of it is known.*"kind.image" to an image of kind 0\.34\.0/,
    ],
    ['a build between releases', '0.33.0-alpha+0123456789abcd', {}, '0.33.0', /v1\.37\.0@/, /no node image of it is known/],
    ['an old release', '0.20.0', {}, '0.33.0', /v1\.37\.0@/, /no node image of it is known/],
    [
      'a version of Kubernetes that it does not list',
      '0.32.0',
      { kubernetesVersion: '1.37' },
      '0.33.0',
      /v1\.37\.0@/,
      /with Kubernetes 1\.37 is known/,
    ],
    [
      'a version that only an older release lists',
      '0.33.0',
      { kubernetesVersion: '1.36.1' },
      '0.32.0',
      /v1\.36\.1@/,
      /with Kubernetes 1\.36\.1 is known/,
    ],
    [
      'a kind that is not known, and a version',
      '0.99.0',
      { kubernetesVersion: '1.36' },
      '0.33.0',
      /v1\.36\.4@/,
      /"kind.image" to an image of kind 0\.99\.0/,
    ],
    ['another version is asked for', '0.33.0', { kindVersion: '0.32.0' }, '0.32.0', /v1\.36\.1@/, /"kind.version" is 0\.32\.0/],
    [
      'the release is asked for, and the PATH holds a build before it',
      '0.33.0-alpha',
      { kindVersion: '0.33.0' },
      '0.33.0',
      /v1\.37\.0@/,
      /"kind.version"/,
    ],
    ['another version is asked for, with an image', '0.99.0', { kindVersion: '0.33.0', image: mine }, '0.33.0', /^mine/, /"kind.version"/],
  ])('is not used: %s', (_, onPath, wanted, install, image, message) => {
    const selected = select(onPath, wanted);
    expect(selected.install).toBe(install);
    expect(selected.image).toMatch(image);
    expect(selected.message).toMatch(message);
  });
});

describe('no kind on the PATH', () => {
  test.each<[string, Partial<WantedKind>, string, string | undefined]>([
    ['nothing asked for: the newest release', {}, '0.33.0', kindReleases[0]?.images[0]?.image],
    [
      'a version of Kubernetes that only an older release lists',
      { kubernetesVersion: '1.36.1' },
      '0.32.0',
      kindReleases[1]?.images[0]?.image,
    ],
    ['the image of an older release', { image: kindReleases[1]?.images[0]?.image ?? '' }, '0.32.0', kindReleases[1]?.images[0]?.image],
    ['an image of nobody', { image: mine }, '0.33.0', mine],
    ['images in the configuration', { namesImages: true }, '0.33.0', undefined],
    ['a version of kind', { kindVersion: '0.30.0' }, '0.30.0', kindReleases[3]?.images[0]?.image],
    [
      'a release that lists the version, and has no known checksum',
      { kubernetesVersion: '1.35.0' },
      '0.31.0',
      kindReleases[2]?.images[0]?.image,
    ],
  ])('%s', (_, wanted, install, image) => {
    expect(select(undefined, wanted)).toEqual({ install, ...(image === undefined ? {} : { image }) });
  });
});

describe('nothing fits', () => {
  test.each<[string, string | undefined, Partial<WantedKind>, RegExp]>([
    [
      'a minor version that no release lists',
      '0.33.0',
      { kubernetesVersion: '1.30' },
      /Kubernetes 1\.30 is known for any kind\. Known are kind 0\.33\.0 with 1\.37\.0, .*; kind 0\.30\.0 with 1\.34\.0\. Set "kubernetes-version"/,
    ],
    ['a patch that no release lists', undefined, { kubernetesVersion: '1.36.3' }, /Kubernetes 1\.36\.3 is known/],
    ['1.3 is not 1.36', '0.33.0', { kubernetesVersion: '1.3' }, /Kubernetes 1\.3 is known/],
    [
      'the kind that is asked for does not list the version',
      '0.33.0',
      { kindVersion: '0.32.0', kubernetesVersion: '1.37' },
      /Kubernetes 1\.37 is known for kind 0\.32\.0\..*"kind.image" to an image of kind 0\.32\.0/,
    ],
    [
      'a kind is asked for whose images are not known',
      '0.99.0',
      { kindVersion: '0.99.0' },
      /No node image of kind 0\.99\.0 is known\..*"kind.image"/,
    ],
  ])('%s: all that is known, and what to set', (_, onPath, wanted, text) => {
    expect(() => select(onPath, wanted)).toThrow(UserError);
    expect(() => select(onPath, wanted)).toThrow(text);
  });
});

test('whatever is on the PATH and asked for: an image that the user did not name is listed by the kind that makes the cluster', () => {
  const release = fc.constantFrom(...kindReleases.map((r) => r.version));
  const version = fc.oneof(release, fc.constantFrom('0.34.0', '0.33.0-alpha+0123456789abcd', '0.20.0', '1.0.0'));
  const kubernetes = fc.constantFrom('1.34', '1.35', '1.36', '1.37', '1.38', '1.36.1', '1.36.4', '1.35.0');
  const given = fc.record(
    { onPath: version, kindVersion: version, kubernetesVersion: kubernetes, namesImages: fc.boolean() },
    { requiredKeys: ['namesImages'] },
  );
  fc.assert(
    fc.property(given, fc.constantFrom(onLinux, everywhere), ({ onPath, ...wanted }, installable) => {
      const selected = ((): ReturnType<typeof selectKind> | undefined => {
        try {
          return selectKind(onPath, wanted, installable);
        } catch (error) {
          if (error instanceof UserError) return undefined;
          throw error;
        }
      })();
      if (selected === undefined) return true;
      const kind = selected.install ?? onPath;
      if (wanted.kindVersion !== undefined && kind !== wanted.kindVersion) return false;
      if (selected.image === undefined) return wanted.namesImages && wanted.kubernetesVersion === undefined;
      return kindReleases.find((r) => r.version === kind)?.images.some((i) => i.image === selected.image) === true;
    }),
    { numRuns: 2_000 },
  );
});

describe('the table of releases', () => {
  test('the newest one is there for every platform', () => {
    expect(Object.keys(kindReleases[0]?.sha256 ?? {}).sort()).toEqual(['darwin-amd64', 'darwin-arm64', 'linux-amd64', 'linux-arm64']);
  });
  test.each(kindReleases.map((r) => [r.version, r] as const))('%s: images by digest, sums in full', (_, release) => {
    expect(release.images.length).toBeGreaterThan(0);
    for (const { image, kubernetes } of release.images)
      expect(image).toMatch(new RegExp(`^kindest/node:v${kubernetes.replaceAll('.', '\\.')}@sha256:[0-9a-f]{64}$`));
    for (const sum of Object.values(release.sha256)) expect(sum).toMatch(/^[0-9a-f]{64}$/);
  });
});
