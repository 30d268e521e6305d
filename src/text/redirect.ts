/** Statuses that send on to another address (RFC 9110, section 15.4); 300 and 304 to 306 name none. */
const statuses = [301, 302, 303, 307, 308];

/**
 * Where an answer redirects to.
 * @param location its header of that name
 * @param from the address that was asked, which a relative location is completed by
 * @returns undefined where it redirects nowhere
 */
export const redirectOf = (status: number, location: unknown, from: URL): URL | undefined =>
  statuses.includes(status) && typeof location === 'string' && URL.canParse(location, from.href) ? new URL(location, from) : undefined;
