import { refused } from '../texts';

/** `Fn::Cidr`: the first `count` blocks with `hostBits` free bits inside a block; IPv4 and IPv6. */
export function cidrBlocks(block: string, count: number, hostBits: number): string[] {
  const [address, prefixText] = block.split('/');
  const v6 = address.includes(':');
  const width = v6 ? 128 : 32;
  const prefix = Number(prefixText);
  if (prefixText === undefined || !Number.isInteger(prefix) || prefix < 0 || prefix > width) {
    throw refused('text-cidr-block', { block });
  }
  const size = 1n << BigInt(hostBits);
  const total = 1n << BigInt(width - prefix);
  if (!Number.isInteger(count) || count < 1 || count > 256 || size * BigInt(count) > total) {
    throw refused('text-cidr-too-many', { count, hostBits, block });
  }
  const base = (v6 ? parseV6(address) : parseV4(address)) & ~(total - 1n);
  return Array.from({ length: count }, (_, index) => {
    const start = base + BigInt(index) * size;
    return `${v6 ? formatV6(start) : formatV4(start)}/${width - hostBits}`;
  });
}

function parseV4(text: string): bigint {
  return text.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function formatV4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
}

function parseV6(text: string): bigint {
  const [head, tail] = text.split('::').map((part) => (part === '' ? [] : part.split(':')));
  const middle = tail === undefined ? [] : Array<string>(8 - head.length - tail.length).fill('0');
  return [...head, ...middle, ...(tail ?? [])].reduce((sum, part) => sum * 65536n + BigInt(`0x${part}`), 0n);
}

/** With the longest run of zeros left out, as addresses are usually written. */
function formatV6(value: bigint): string {
  const parts = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - index * 16)) & 65535n).toString(16));
  const runs = parts.join(':').match(/(^|:)0(:0)+(?=:|$)/g) ?? [];
  const longest = runs.sort((a, b) => b.length - a.length)[0];
  if (!longest) return parts.join(':');
  const joined = parts.join(':');
  const at = joined.indexOf(longest);
  return `${joined.slice(0, at)}::${joined.slice(at + longest.length).replace(/^:/, '')}`;
}
