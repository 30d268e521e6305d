import { basename } from 'node:path';

const order = ['policy-matrix', 'heavy', 'leftovers', 'clusters', 'storage', 'kind-source', 'action', 'rights', 'forge'];
const place = ({ path }) => order.indexOf(basename(path, '.e2e.ts'));

/** Two files run at a time: the longest first, and the one that computes most beside the one that waits most. A new one comes before them. */
export default class Sequencer {
  sort(tests) {
    return [...tests].sort((a, b) => place(a) - place(b));
  }

  cacheResults() {}
}
