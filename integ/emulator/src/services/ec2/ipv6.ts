/** IPv6 blocks and addresses as numbers. Pure. */
export interface Block6 {
  readonly base: bigint;
  readonly prefix: number;
}

export function parseAddress6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [left, right] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - left.length - (right?.length ?? 0);
  if (right === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...left, ...Array<string>(right === undefined ? 0 : missing).fill('0'), ...(right ?? [])];
  if (groups.some((group) => !/^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return groups.reduce((address, group) => (address << 16n) | BigInt(`0x${group}`), 0n);
}

/** With the longest run of zero groups left out. */
export function formatAddress6(address: bigint): string {
  const groups = Array.from({ length: 8 }, (_, at) => ((address >> BigInt(112 - 16 * at)) & 0xffffn).toString(16));
  const runs = [...groups.join(':').matchAll(/(?:^|:)(0(?::0)+)(?=:|$)/g)].map((match) => match[1]);
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '');
  if (longest === '') return groups.join(':');
  const at = `:${groups.join(':')}:`.indexOf(`:${longest}:`);
  const text = groups.join(':');
  return `${text.slice(0, Math.max(0, at - 1))}::${text.slice(at + longest.length + 1)}`;
}

export function parseBlock6(text: string): Block6 | undefined {
  const [address, length, ...rest] = text.split('/');
  const parsed = parseAddress6(address);
  if (parsed === undefined || rest.length > 0 || !/^\d{1,3}$/.test(length ?? '') || Number(length) > 128) return undefined;
  const shift = BigInt(128 - Number(length));
  return { base: (parsed >> shift) << shift, prefix: Number(length) };
}

export function formatBlock6({ base, prefix }: Block6): string {
  return `${formatAddress6(base)}/${prefix}`;
}

export function hasAddress6(block: Block6, address: bigint): boolean {
  const shift = BigInt(128 - block.prefix);
  return address >> shift === block.base >> shift;
}

export function hasBlock6(outer: Block6, inner: Block6): boolean {
  return outer.prefix <= inner.prefix && hasAddress6(outer, inner.base);
}
