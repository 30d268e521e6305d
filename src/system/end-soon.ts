/** Whatever is closed by then was closed in time; what a run still has to give back, it has given back before its work is done. */
const graceMs = 2_000;

/**
 * Ends the process a while after its work is done, although something holds it open: a connection that nobody closes, a pipe that a program
 * has handed on to a daemon. A process that nothing holds ends by itself before.
 */
export const endSoon = (ms = graceMs): void => void setTimeout(() => process.exit(), ms).unref();
