import { splitWords, type Reader } from './reader.js';

/** The files that are read before a cluster is opened, by their paths. */
export interface FileInputs {
  /** Files of the repository that describe the cluster. */
  readonly manifests: readonly string[];
  /** Describes a kind cluster, and is a manifest as well. */
  readonly kindConfig?: string | undefined;
  readonly releaseData?: string | undefined;
  /** Upstream's scope file; the bundled facts without. */
  readonly scope?: string | undefined;
  readonly statements?: string | undefined;
  /** The versions that the provider offers: a list of them, or a file. */
  readonly offeredVersions?: string | undefined;
}

export const readFileInputs = (reader: Reader): FileInputs => ({
  manifests: splitWords(reader.text('manifest')),
  kindConfig: reader.optional('kind-config'),
  releaseData: reader.optional('release-data'),
  scope: reader.optional('scope'),
  statements: reader.optional('statements'),
  offeredVersions: reader.optional('offered-versions'),
});
