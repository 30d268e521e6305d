import type { Named, Reader } from './reader.js';

/** For the tier `active`: what its pods are made of, and how long they watch. */
export interface ProbeInputs {
  readonly image?: string | undefined;
  readonly registry?: string | undefined;
  /** Where the login for the image stands: `env:NAME`, or the path of a Docker configuration. */
  readonly pullSecretFrom?: Named | undefined;
  /** How many nodes take part at most. */
  readonly nodes: number;
  /** How long a change of a policy may take until it is enforced, in milliseconds. */
  readonly patienceMs: number;
}

export const readProbeInputs = (reader: Reader): ProbeInputs => {
  const ignored = reader.ignored('probe.image', 'probe.registry', 'the image names its registry, so give one');
  if (reader.text('tier') === 'light')
    for (const name of ['probe.image', 'probe.registry', 'probe.pullSecretFrom'] as const)
      if (reader.isExplicit(name))
        reader.problems.push(`${reader.nameOf(name)} is given, but the tier light creates no pods; set the tier to active, or omit it.`);
  return {
    image: ignored === 'probe.image' ? undefined : reader.optional('probe.image'),
    registry: ignored === 'probe.registry' ? undefined : reader.optional('probe.registry'),
    pullSecretFrom: reader.named('probe.pullSecretFrom'),
    nodes: reader.number('probe.nodes', 1, 100),
    patienceMs: reader.duration('probe.patience'),
  };
};
