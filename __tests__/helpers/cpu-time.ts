/** What some work costs of the processor, in milliseconds; other work on the machine adds nothing to it. */
export const cpuTimeOf = (work: () => unknown): number => {
  const begun = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1_000;
};
