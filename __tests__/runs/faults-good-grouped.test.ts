import { describe } from '@jest/globals';
import { quickTroubles } from '../helpers/troubles.js';
import { matrixOf, oneByOne } from './fault-matrix.js';

/** The kinds that `faults-good.test.ts` does not try one by one. */
const others = Object.keys(quickTroubles).filter((kind) => !oneByOne.includes(kind));

describe('every other fault at every endpoint of a good cluster', () => {
  matrixOf('good', 'grouped', others);
});
