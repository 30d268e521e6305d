import { createLimiter } from './limiter.js';

/** What of a body may be in memory beside the bodies of all other requests; a larger one waits for its turn to be read on. */
export const freeBytes = 2 * 1024 * 1024;

/** Large bodies of the whole process are read one after the other, and packed ones unpacked so: together they would not fit into memory. */
export const inTurnToRead = createLimiter(1);
export const inTurnToUnpack = createLimiter(1);
