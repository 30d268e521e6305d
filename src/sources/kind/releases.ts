/** A node image that belongs to one kind release; images of another release are not supported (release notes of kind). */
export interface NodeImage {
  /** The Kubernetes version inside, without `v`. */
  readonly kubernetes: string;
  /** With its digest: a tag alone may be rebuilt for a later kind. */
  readonly image: string;
}

/** A program of a release, `OS-ARCH` as in its file name. */
export type BinaryName = 'linux-amd64' | 'linux-arm64' | 'darwin-amd64' | 'darwin-arm64';

export interface KindRelease {
  readonly version: string;
  /** The release's own default comes first. */
  readonly images: readonly NodeImage[];
  /** SHA-256 of the published programs, in hex; a release without them is known, but not installed. */
  readonly sha256: Readonly<Partial<Record<BinaryName, string>>>;
}

/** Where kind's programs are published, without a slash at the end. */
export const kindDownloads = 'https://github.com/kubernetes-sigs/kind/releases/download';

const image = (kubernetes: string, digest: string): NodeImage => ({ kubernetes, image: `kindest/node:v${kubernetes}@sha256:${digest}` });

/**
 * The releases that are known, newest first: that one is installed if nothing leads to another. Image digests are those of the release notes; each release's default was compared with the constant in its source
 * (pkg/apis/config/defaults/image.go). To add one: copy digests from its release page and sums from the `.sha256sum` file beside each program.
 */
export const kindReleases: readonly KindRelease[] = [
  {
    version: '0.33.0',
    images: [
      image('1.37.0', 'a1ed56cfb0e7b93589bdf97c8cd566405a265939e3620fc4f5de89adff580ae5'),
      image('1.36.4', '099e049362a1526b2db71494e1947aae99bd16290d7c895f2b7ea312e3cbfaed'),
      image('1.35.8', '07b2536e30b803ed61d1677a79df6115f798ce64c80f9e22f6ed45afd09323c0'),
      image('1.34.11', '44e222ee2132dab25ff87301682f89eb82c7880ea3a1bf543bfe9708fd08d67d'),
    ],
    sha256: {
      'linux-amd64': 'aee6151561422756b764a4ae28e7f44cda5af5a9eead3cc9985112b1de8d8e0d',
      'linux-arm64': '20022bee6cfcd5086cb7234d218e3454e6090022f2a8f55d1fa7fcf42c3867a2',
      'darwin-amd64': '5a99f26f57246dc9319dd294803313197a0f34d33c525b3ea8b655db5916ece0',
      'darwin-arm64': '0c8c7dbe5e23594a198b786c4bc13dacc101fa6196b0cb0b23a1ca44e61f4b4f',
    },
  },
  {
    version: '0.32.0',
    images: [image('1.36.1', '3489c7674813ba5d8b1a9977baea8a6e553784dab7b84759d1014dbd78f7ebd5')],
    sha256: {
      'linux-amd64': '50030de23cf40a18505f20426f6a8506bedf13c6e509244bd1fa9463721b0f54',
      'linux-arm64': 'b92cd615e97585de8ddade28ed5cd7feb4248d717c233eea5b03c37298900f5d',
      'darwin-arm64': 'dca67911095a110c2b5c36e26df6cac860c602033e456c0db47be498cdef1ebb',
    },
  },
  {
    version: '0.31.0',
    images: [image('1.35.0', '452d707d4862f52530247495d180205e029056831160e22870e37e3f6c1ac31f')],
    sha256: {},
  },
  {
    version: '0.30.0',
    images: [image('1.34.0', '7416a61b42b1662ca6ca89f02028ac133a309a2a30ba309614e8ec94d976dc5a')],
    sha256: {
      'linux-amd64': '517ab7fc89ddeed5fa65abf71530d90648d9638ef0c4cde22c2c11f8097b8889',
      'linux-arm64': '7ea2de9d2d190022ed4a8a4e3ac0636c8a455e460b9a13ccf19f15d07f4f00eb',
    },
  },
];
