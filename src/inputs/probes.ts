import type { Reader } from './reader.js';

/** For the tier `active`: what its pods are made of, and how long they watch. */
export interface ProbeInputs {
  readonly image?: string | undefined;
  readonly registry?: string | undefined;
  /** The text of a Docker configuration, or the path of one. */
  readonly pullSecret?: string | undefined;
  /** How many nodes take part at most. */
  readonly nodes: number;
  /** How long a change of a policy may take until it is enforced, in milliseconds. */
  readonly patienceMs: number;
}

export const readProbeInputs = (reader: Reader): ProbeInputs => ({
  image: reader.optional('probe-image'),
  registry: reader.optional('probe-registry'),
  pullSecret: reader.optional('probe-pull-secret'),
  nodes: reader.number('probe-nodes', 1, 100),
  patienceMs: reader.duration('probe-patience'),
});
