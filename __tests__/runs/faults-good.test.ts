import { describe } from '@jest/globals';
import { matrixOf, oneByOne } from './fault-matrix.js';

/** On a cluster that meets much: what stops meeting it for want of an answer is an abort, never a fail. */
describe('every fault at every endpoint of a good cluster', () => {
  matrixOf('good', 'single', oneByOne);
});
