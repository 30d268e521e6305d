import { describe } from '@jest/globals';
import { matrixOf } from './fault-matrix.js';

/** On a cluster that breaks much: nothing that is broken passes because its evidence is gone. */
describe('faults at every endpoint of a weak cluster', () => {
  matrixOf('weak', 'grouped', ['403', '404', '503', 'HTML with 200', 'an empty object with 200', 'another object with 201']);
});
