/** Of a stream, what is used here. */
interface Output {
  readonly on: (event: 'error', listener: (error: NodeJS.ErrnoException) => void) => unknown;
}

/**
 * Takes the errors of a stream that we print to, which else end the process with a stack trace.
 * A reader that went away (`scs-kaas list | head -1`) has what it wanted and is no fault; a full disk is one.
 * @param broken called once, with what kept the text from being written
 */
export const guardOutput = (stream: Output, broken: (error: Error) => void): void => {
  let told = false;
  stream.on('error', (error) => {
    if (told || error.code === 'EPIPE') return;
    told = true;
    broken(error);
  });
};
