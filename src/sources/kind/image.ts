import { UserError } from '../../model/errors.js';
import { parseVersion } from './options.js';
import { kindReleases, type KindRelease, type NodeImage } from './releases.js';

const newestPatch = (images: readonly NodeImage[], minor: string): NodeImage | undefined => {
  const patch = (image: NodeImage): number => Number(image.kubernetes.split('.')[2]);
  return images.filter((image) => image.kubernetes.startsWith(`${minor}.`)).sort((a, b) => patch(b) - patch(a))[0];
};

const unknownVersion = (wanted: string, kindVersion: string, releases: readonly KindRelease[]): UserError => {
  const release = releases.find((r) => r.version === kindVersion);
  const known =
    release === undefined
      ? `No node image of kind ${kindVersion} is known; known are ${releases.map((r) => `kind ${r.version} with ${versions(r)}`).join('; ')}.`
      : `No node image with Kubernetes ${wanted} is known for kind ${kindVersion}, only ${versions(release)}.`;
  return new UserError([
    `${known} Set "kubernetes-version" to one of these, or "kind-image" to an image that belongs to kind ${kindVersion}, with its digest.`,
  ]);
};

const versions = (release: KindRelease): string => release.images.map((i) => i.kubernetes).join(', ');

/**
 * Chooses the node image. An image that the user names wins; a version is looked up among the images of exactly this kind release, because an image
 * is only supported with the release that it was built for; without either it is the release's default by digest.
 * @param wanted the user's choice, and whether the configuration names images itself
 * @returns the image, or nothing where kind's own default or the configuration decides
 * @throws {UserError} where no image is known for the version: lists those that are
 */
export const chooseImage = (
  kindVersion: string,
  wanted: { readonly kubernetesVersion?: string; readonly image?: string; readonly namesImages: boolean },
  releases: readonly KindRelease[] = kindReleases,
): string | undefined => {
  if (wanted.image !== undefined) return wanted.image;
  const images = releases.find((r) => r.version === kindVersion)?.images ?? [];
  if (wanted.kubernetesVersion === undefined) return wanted.namesImages ? undefined : images[0]?.image;
  const version = parseVersion(wanted.kubernetesVersion);
  const found =
    version?.patch === undefined ? newestPatch(images, version?.minor ?? '') : images.find((image) => image.kubernetes === version.patch);
  if (found === undefined) throw unknownVersion(wanted.kubernetesVersion, kindVersion, releases);
  return found.image;
};
