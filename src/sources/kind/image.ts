import { UserError } from '../../model/errors.js';
import { bareVersion, parseKindVersion } from './options.js';
import { kindReleases, type KindRelease, type NodeImage } from './releases.js';

/** What a user asks for: a kind, a Kubernetes, or an image; and whether the configuration names images itself. */
export interface WantedKind {
  readonly kindVersion?: string | undefined;
  readonly kubernetesVersion?: string | undefined;
  readonly image?: string | undefined;
  readonly namesImages: boolean;
}

/** Which kind makes the cluster, and with which node image. */
export interface Selection {
  /** The release to install; without it the kind on the PATH is the one. */
  readonly install?: string | undefined;
  /** The node image; without it the configuration decides. */
  readonly image?: string | undefined;
  /** Why the kind on the PATH is not used, and how it would be; absent if there is none. */
  readonly message?: string | undefined;
}

const newestPatch = (images: readonly NodeImage[], minor: string): NodeImage | undefined => {
  const patch = (image: NodeImage): number => Number(image.kubernetes.split('.')[2]);
  return images.filter((image) => image.kubernetes.startsWith(`${minor}.`)).sort((a, b) => patch(b) - patch(a))[0];
};

const imageOf = (release: KindRelease | undefined, kubernetesVersion: string): string | undefined => {
  const version = parseKindVersion(kubernetesVersion);
  const images = release?.images ?? [];
  const found =
    version?.patch === undefined ? newestPatch(images, version?.minor ?? '') : images.find((image) => image.kubernetes === version.patch);
  return found?.image;
};

const versions = (release: KindRelease): string => release.images.map((i) => i.kubernetes).join(', ');

/** What to give instead, where no image of a kind is known. */
const instead = (releases: readonly KindRelease[], kind: string): string =>
  `Known are ${releases.map((r) => `kind ${r.version} with ${versions(r)}`).join('; ')}. Set "kubernetes-version" and "kind.version" to these, or "kind.image" to an image of ${kind}, with its digest.`;

/**
 * @returns undefined where the configuration names images
 * @throws {UserError} where the release that was asked for has no known image of that version, or none at all
 */
const imageOfRelease = (version: string, wanted: WantedKind, releases: readonly KindRelease[]): string | undefined => {
  const { kubernetesVersion: inside, namesImages } = wanted;
  if (inside === undefined && namesImages) return undefined;
  const release = releases.find((r) => r.version === version);
  const image = inside === undefined ? release?.images[0]?.image : imageOf(release, inside);
  if (image !== undefined) return image;
  const what =
    inside === undefined
      ? `No node image of kind ${version} is known`
      : `No node image with Kubernetes ${inside} is known for kind ${version}`;
  throw new UserError([`${what}. ${instead(releases, `kind ${version}`)}`]);
};

/**
 * Chooses kind and node image together: an image is supported only with the release of kind that lists it, so a default image or a Kubernetes
 * version is never combined with another kind. An image that the user names is taken as it is.
 * @param onPath the version of the kind on the PATH
 * @param installable whether the program of a release can be installed on this machine
 * @throws {UserError} if no known release has what is asked for: lists those that are known
 */
export const selectKind = (
  onPath: string | undefined,
  wanted: WantedKind,
  installable: (release: KindRelease) => boolean,
  releases: readonly KindRelease[] = kindReleases,
): Selection => {
  const { kindVersion, kubernetesVersion, image } = wanted;
  const usual = releases[0]?.version ?? '';
  const unless = (why: string): string | undefined => (onPath === undefined ? undefined : why);
  const fromRelease = (version: string, message?: string): Selection => ({
    install: version,
    image: image ?? imageOfRelease(version, wanted, releases),
    message,
  });
  if (kindVersion !== undefined) {
    const version = bareVersion(kindVersion);
    const chosen = fromRelease(version, unless(`"kind.version" is ${version}`));
    return onPath === version ? { image: chosen.image } : chosen;
  }
  if (image !== undefined || (wanted.namesImages && kubernetesVersion === undefined)) {
    if (onPath !== undefined) return { image };
    const owner = releases.find((r) => installable(r) && r.images.some((i) => i.image === image));
    return { install: owner?.version ?? usual, image };
  }
  const present = releases.find((r) => r.version === onPath);
  const use = `To use it, set "kind.image" to an image of kind ${onPath ?? ''}`;
  if (kubernetesVersion === undefined) {
    if (present !== undefined) return { image: imageOfRelease(present.version, wanted, releases) };
    return fromRelease(usual, unless(`no node image of it is known. ${use}`));
  }
  const own = imageOf(present, kubernetesVersion);
  if (own !== undefined) return { image: own };
  const listing = releases.filter((r) => imageOf(r, kubernetesVersion) !== undefined);
  const release = listing.find(installable) ?? listing[0];
  if (release === undefined)
    throw new UserError([
      `No node image with Kubernetes ${kubernetesVersion} is known for any kind. ${instead(releases, onPath === undefined ? 'the kind that is used' : `kind ${onPath}, which is on the PATH`)}`,
    ]);
  return fromRelease(release.version, unless(`no node image of it with Kubernetes ${kubernetesVersion} is known. ${use}`));
};
