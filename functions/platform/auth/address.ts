import { isIPv4, isIPv6 } from 'node:net';

const expand = (address: string) => {
  const [head = '', tail] = address.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = tail === undefined ? 0 : 8 - front.length - back.length;
  return [...front, ...Array.from({ length: gap }, () => '0'), ...back];
};

const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * The address that limits are counted by: IPv4 whole, IPv6 as its /64, since one subscriber holds a /64 at least. Undefined for what is no address.
 * CloudFront's `viewer.ip` has no port and no brackets.
 */
export function addressScope(text: string): string | undefined {
  const v4 = mapped.exec(text)?.[1] ?? text;
  if (isIPv4(v4)) return v4;
  const bare = text.split('%')[0] ?? '';
  if (!isIPv6(bare) || bare.includes('.')) return undefined;
  const network = expand(bare).slice(0, 4);
  return `${network.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}
