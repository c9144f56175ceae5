/** IPv4 blocks and addresses as numbers. Pure. */
export interface Block {
  readonly base: number;
  readonly prefix: number;
}

export function parseAddress(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || parts.some((part) => !/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255)) return undefined;
  return parts.reduce((address, part) => address * 256 + Number(part), 0);
}

export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}

/** A block, with host bits cleared as the service does. */
export function parseBlock(text: string): Block | undefined {
  const [address, length, ...rest] = text.split('/');
  const base = parseAddress(address);
  if (base === undefined || length === undefined || rest.length > 0 || !/^\d{1,2}$/.test(length) || Number(length) > 32) return undefined;
  const prefix = Number(length);
  const size = 2 ** (32 - prefix);
  return { base: base - (base % size), prefix };
}

export function formatBlock({ base, prefix }: Block): string {
  return `${formatAddress(base)}/${prefix}`;
}

export function sizeOf({ prefix }: Block): number {
  return 2 ** (32 - prefix);
}

export function hasAddress(block: Block, address: number): boolean {
  return address >= block.base && address < block.base + sizeOf(block);
}

export function hasBlock(outer: Block, inner: Block): boolean {
  return outer.prefix <= inner.prefix && hasAddress(outer, inner.base);
}

export function overlap(one: Block, other: Block): boolean {
  return hasBlock(one, other) || hasBlock(other, one);
}

/** The first four addresses and the last of a subnet belong to AWS. */
export function isReserved(subnet: Block, address: number): boolean {
  return address < subnet.base + 4 || address === subnet.base + sizeOf(subnet) - 1;
}

export const RESERVED_PER_SUBNET = 5;

/** The lowest free address of a subnet. */
export function lowestFree(subnet: Block, taken: ReadonlySet<number>): number | undefined {
  for (let address = subnet.base + 4; address < subnet.base + sizeOf(subnet) - 1; address++) {
    if (!taken.has(address)) return address;
  }
  return undefined;
}
