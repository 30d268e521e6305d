import type { ResourceKind } from '../run/runtime.js';

/** The names under which the main step saves what a later process may have to give back. */
export const stateNames = {
  /** What deleting the kind cluster takes. */
  'kind-cluster': 'kind-cluster',
  /** The name of a run that acts. */
  sandbox: 'acting-run',
  /** The name of an end-to-end run that is to go with the job. */
  'e2e-run': 'e2e-run',
} as const satisfies Readonly<Record<ResourceKind, string>>;

/** Stands there once all is given back: not every runner keeps an empty value. */
export const nothingLeft = 'none';
