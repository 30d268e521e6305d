/** The forms in which a command prints its result. */
export const formats = ['table', 'json', 'markdown', 'scs-report'] as const;
export type Format = (typeof formats)[number];
