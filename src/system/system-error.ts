/**
 * The `code` of an error of the system or of Node, looked for along its causes; `''` without one.
 * By its shape and not by its class: errors of Node's own modules are of another realm inside of a `vm`, where the tests run.
 */
export const codeOf = (error: unknown): string => {
  let e: unknown = error;
  for (let depth = 0; typeof e === 'object' && e !== null && depth < 5; depth++) {
    if ('code' in e && typeof e.code === 'string') return e.code;
    // Several addresses were tried, each with an error of its own.
    if ('errors' in e && Array.isArray(e.errors)) e = e.errors[0];
    else e = 'cause' in e ? e.cause : undefined;
  }
  return '';
};
