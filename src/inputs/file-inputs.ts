import { splitWords, type Named, type Reader } from './reader.js';

/** The files that are read before a cluster is opened, by their paths. */
export interface FileInputs {
  /** Files of the repository that describe the cluster. */
  readonly sources: readonly Named[];
  /** Describes a kind cluster, and is a source file as well. */
  readonly kindConfig?: Named | undefined;
  readonly releaseData?: Named | undefined;
  /** The scope file of SCS; the bundled facts without. */
  readonly certificateScope?: Named | undefined;
  readonly statements?: Named | undefined;
  /** The versions that the provider offers: a list of them, or a file. */
  readonly offeredVersions?: Named | undefined;
}

export const readFileInputs = (reader: Reader): FileInputs => ({
  sources: splitWords(reader.text('source-files')).map((value) => ({ value, name: reader.nameOf('source-files') })),
  kindConfig: reader.named('kind-config'),
  releaseData: reader.named('data.releases'),
  certificateScope: reader.named('data.certificateScope'),
  statements: reader.named('statements'),
  offeredVersions: reader.named('offered-versions'),
});
