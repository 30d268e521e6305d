/** A document of the KaaS track that this program has no rows for. */
export interface NotCovered {
  /** e.g. `scs-0212-v1` */
  readonly id: string;
  readonly title: string;
  /** Why no cluster can be checked against it. */
  readonly why: string;
}

const record = 'A decision record: it regulates no cluster.';

/** The documents of the KaaS track beside THE list of standards, shown wherever people read what is covered. */
export const notCovered: readonly NotCovered[] = [
  { id: 'scs-0200-v1', title: 'Using Sonobuoy for KaaS conformance tests', why: record },
  {
    id: 'scs-0212-v1',
    title: 'Requirements for container registries',
    why: 'A standard about a service beside the cluster, the registry. Nothing in the cluster shows it, and this program does not check it.',
  },
  { id: 'scs-0213-v1', title: 'Kubernetes nodes anti-affinity', why: record },
  { id: 'scs-0216-v1', title: 'Requirements for testing cluster stacks', why: record },
  { id: 'scs-0218-v1', title: 'Container registry for the SCS reference implementation', why: record },
];
