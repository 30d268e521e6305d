/** What can be left out of a report that is handed in. */
export const leaveOuts = ['aborted', 'nothing'] as const;
