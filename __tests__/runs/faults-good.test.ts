import { describe } from '@jest/globals';
import { matrixOf } from './fault-matrix.js';

/** On a cluster that meets much: what stops meeting it for want of an answer is an abort, never a fail. */
describe('faults at every endpoint of a good cluster, one by one', () => {
  matrixOf('good', 'single', ['403', '404']);
});
