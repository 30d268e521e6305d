import type { Reporter } from './reporter.js';

/** The recorded facts. They are not in the report, so their text comes with the options. */
export const snapshot: Reporter = {
  name: 'snapshot',
  description: 'Recorded facts of the cluster, to repeat the check without it (`cluster: snapshot:FILE`)',
  medium: 'file',
  file: 'scs-kaas-snapshot.json',
  output: 'snapshot-file',
  report: (_, options) => options.snapshot,
};
