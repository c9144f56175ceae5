import { BlockList, isIP } from 'node:net';

/** Whether an address is in a block such as `10.0.0.0/8`, or is the one that is written. */
export function isInRange(address: string, block: string): boolean {
  const [network, bits] = block.split('/');
  const [family, asked] = [isIP(network), isIP(address)];
  if (family === 0 || asked !== family) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const length = bits === undefined ? (family === 4 ? 32 : 128) : Number(bits);
  if (!Number.isInteger(length) || length < 0 || length > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(network, length, type);
  return list.check(address, type);
}
