/** How the custom resources are told of addresses: `<subnet id>=<address>,<address>…`. */
export function fixedAddresses(subnetId: string, addresses: string): string {
  return `${subnetId}=${addresses}`;
}

/** Addresses by subnet. */
export function addressesBySubnet(entries: readonly string[] = []): ReadonlyMap<string, readonly string[]> {
  return new Map(entries.map((entry) => {
    const [subnetId, addresses] = entry.split('=');
    return [subnetId, addresses.split(',')] as const;
  }));
}

/** Whether a text is an IPv4 address, spelled in the one way that lists spell it. */
export function isAddress(text: string): boolean {
  return numberOf(text) !== undefined;
}

/**
 * The range of a subnet in which interfaces may be: without the first four addresses and the last one, which AWS keeps. `undefined`: not an IPv4 block.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
 */
export function usableRange(cidr: string): { readonly first: string; readonly last: string } | undefined {
  const [base, bits] = cidr.split('/');
  const start = numberOf(base);
  const size = 2 ** (32 - Number(bits));
  return start === undefined || !(size >= 8) ? undefined : { first: textOf(start + 4), last: textOf(start + size - 2) };
}

/** Whether interfaces of a subnet may have the address. */
export function isUsable(address: string, cidr: string): boolean {
  const range = usableRange(cidr);
  const number = numberOf(address);
  return range !== undefined && number !== undefined && number >= numberOf(range.first)! && number <= numberOf(range.last)!;
}

function numberOf(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

function textOf(number: number): string {
  return [2 ** 24, 2 ** 16, 2 ** 8, 1].map((unit) => Math.floor(number / unit) % 256).join('.');
}
