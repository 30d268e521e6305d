import { basename } from 'node:path';

const order = ['policy-matrix', 'storage', 'heavy', 'clusters', 'kind-source', 'leftovers', 'action', 'rights', 'forge'];
const place = ({ path }) => order.indexOf(basename(path, '.e2e.ts'));

/** Two files run at a time: the longest first, and those that compute most (the policy matrix, two runs at once) beside those that wait most. A new one comes before them. */
export default class Sequencer {
  sort(tests) {
    return [...tests].sort((a, b) => place(a) - place(b));
  }

  cacheResults() {}
}
