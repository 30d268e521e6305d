/** Under this name the main step saves what the post step needs to delete a kind cluster. */
export const kindStateName = 'kind-cluster';
