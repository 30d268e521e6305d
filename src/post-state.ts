/** Under this name the main step saves what the post step needs to delete a kind cluster. */
export const kindStateName = 'kind-cluster';

/** Under this name the main step saves the name of a run that acts, before it makes anything. */
export const actingStateName = 'acting-run';
/** Under this name the main step saves the name of an end-to-end run that is to go with the job. */
export const e2eStateName = 'e2e-run';

/** Stands there when all is given back: not every runner keeps an empty value. */
export const nothingActs = 'none';
