/** The day of a text that begins with one, e.g. `2026-11-22T10:00:00Z`, is in the calendar: `Date` takes 30 February for 2 March. */
export const isRealDay = (text: string): boolean => {
  const day = text.slice(0, 10);
  const at = new Date(`${day}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day);
};
