import type { MonitorInputs } from './monitor.js';
import { foreignBecause } from '../model/origin.js';

/** What was asked for of upstream's report. */
export interface UploadInputs {
  readonly subject?: string | undefined;
  readonly monitor?: MonitorInputs | undefined;
}

/**
 * Why no report of upstream's is written on a recorded cluster: what it is of stands in the recording alone. A dry run sends nothing, and may try
 * it with a kind cluster.
 * @param source of the cluster that was recorded first
 */
export const recordedObjection = ({ subject, monitor }: UploadInputs, source: string): string | undefined => {
  const foreign = foreignBecause(source);
  if (subject === undefined || foreign === undefined || (source === 'kind' && monitor?.dryRun === true)) return undefined;
  return `Input "subject" is given, but the recording is of ${foreign}; leave "subject" out, or record a cluster of the offer.`;
};
