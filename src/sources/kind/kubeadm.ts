import { kindReleases, type KindRelease } from './releases.js';

const numbers = (version: string): readonly [number, number] | undefined => {
  const match = /^(\d{1,3})\.(\d{1,3})\.\d{1,3}$/.exec(version);
  return match === null ? undefined : [Number(match[1]), Number(match[2])];
};

const atLeast = ([major, minor]: readonly [number, number], wanted: readonly [number, number]): boolean =>
  major > wanted[0] || (major === wanted[0] && minor >= wanted[1]);

/** The Kubernetes version of an image: of the table, else by its tag where that has the form of kind's own images. */
const kubernetesOf = (image: string, releases: readonly KindRelease[]): string | undefined =>
  releases.flatMap((r) => r.images).find((i) => i.image === image)?.kubernetes ??
  /\/node:v(\d{1,3}\.\d{1,3}\.\d{1,3})(?:@|$)/.exec(image)?.[1];

/**
 * The version of kubeadm's configuration that kind writes (pkg/cluster/internal/kubeadm/config.go).
 * @returns undefined where that is not known
 */
const writtenBy = (kind: string, kubernetes: string): string | undefined => {
  const [own, inside] = [numbers(kind), numbers(kubernetes)];
  if (inside === undefined) return undefined;
  if (!atLeast(inside, [1, 23])) return 'kubeadm.k8s.io/v1beta2';
  if (!atLeast(inside, [1, 36])) return 'kubeadm.k8s.io/v1beta3';
  if (own === undefined) return undefined;
  return atLeast(own, [0, 32]) ? 'kubeadm.k8s.io/v1beta4' : 'kubeadm.k8s.io/v1beta3';
};

/**
 * Patches that have no effect: kind applies a patch only to the version that it is written for, and says nothing about the others.
 * @param versions that the patches of the configuration name
 * @param image the node image
 * @returns a sentence for the report; undefined where all fit, or it is not known what kind writes
 */
export const idlePatches = (
  versions: readonly string[],
  kind: string,
  image: string | undefined,
  releases: readonly KindRelease[] = kindReleases,
): string | undefined => {
  const kubernetes = image === undefined ? undefined : kubernetesOf(image, releases);
  const written = kubernetes === undefined ? undefined : writtenBy(kind, kubernetes);
  const idle = versions.filter((version) => version !== written);
  if (kubernetes === undefined || written === undefined || idle.length === 0) return undefined;
  return `The patches of the kind configuration for ${idle.join(', ')} have no effect: kind ${kind} writes ${written} for Kubernetes ${kubernetes}, and applies no patch for another version. Write them for ${written}.`;
};
