import { BlockList, isIPv4, isIPv6 } from 'node:net';

const family = (address: string): 'ipv4' | 'ipv6' => (address.includes(':') ? 'ipv6' : 'ipv4');
/** Asks `isIPv6` where it may be one: its pattern takes some milliseconds to be made, and most clusters have none. */
const isAddress = (text: string): boolean => (family(text) === 'ipv6' ? isIPv6(text) : isIPv4(text));

const blockList = (...networks: readonly string[]): BlockList => {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    list.addSubnet(address, Number(bits), family(address));
  }
  return list;
};

/** Addresses of networks that the internet does not route: RFC 1918, 6598, 3927, 4193, 4291, loopback. */
const internal = blockList(
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'],
  ...['::/127', 'fc00::/7', 'fe80::/10'],
);

/** Whether the internet routes an address; `false` for what is no address at all. */
export const isPublic = (address: string): boolean => isAddress(address) && !internal.check(address, family(address));

const loopback = blockList('127.0.0.0/8', '::1/128', '::ffff:127.0.0.0/104');

/** Whether an address is one of this machine's loopback (RFC 1122, RFC 4291); `false` for what is no address at all. */
export const isLoopbackAddress = (address: string): boolean => isAddress(address) && loopback.check(address, family(address));

/**
 * Finds the network that this machine is attached to and that holds an address.
 * @param own this machine's addresses with their prefix lengths, e.g. `172.18.0.1/16`
 * @returns a function from an address to the own one of its network, or undefined where none is
 */
export const attachedNetwork = (own: readonly string[]): ((address: string) => string | undefined) => {
  const networks = own.flatMap((cidr) => {
    const [, bits = ''] = cidr.split('/');
    // A prefix of nothing would hold every address.
    if (!/^\d{1,3}$/.test(bits) || Number(bits) === 0) return [];
    try {
      return [{ cidr, list: blockList(cidr) }];
    } catch {
      // No address, or a longer prefix than it has bits.
      return [];
    }
  });
  return (address) => (isAddress(address) ? networks.find(({ list }) => list.check(address, family(address)))?.cidr : undefined);
};
