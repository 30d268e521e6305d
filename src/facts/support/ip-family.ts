/** As `spec.ipFamilies` of a Service names them. */
export const ipFamilies = ['IPv4', 'IPv6'] as const;
export type IpFamily = (typeof ipFamilies)[number];

const ipv4 = /^\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?$/;
const ipv6 = /^(?=[^/]*:)[0-9a-f:.]{2,60}(?:\/\d{1,3})?$/i;

/** The families of addresses or CIDRs, each once, IPv4 first; what is neither is left out. */
export const familiesOf = (addresses: readonly string[]): IpFamily[] =>
  ipFamilies.filter((family) => addresses.some((address) => (family === 'IPv4' ? ipv4 : ipv6).test(address)));
