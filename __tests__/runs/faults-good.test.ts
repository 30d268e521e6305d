import { describe } from '@jest/globals';
import { matrixOf } from './fault-matrix.js';

/** On a cluster that meets much: what stops meeting it for want of an answer is an abort, never a fail. */
describe('every fault at every endpoint of a good cluster', () => {
  matrixOf('good', 'single', ['403', '404', '503', 'HTML with 200', 'another object with 201']);
});
