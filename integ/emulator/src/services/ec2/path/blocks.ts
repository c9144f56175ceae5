import type { Context } from '../../../wire/operation';
import { hasAddress, parseAddress, parseBlock } from '../addresses';
import { hasAddress6, parseAddress6, parseBlock6 } from '../ipv6';
import { awsPrefixLists } from '../prefix-list-records';
import { prefixLists } from '../state';

export function covers(cidr: string, address: string): boolean {
  const [block, number] = [parseBlock(cidr), parseAddress(address)];
  if (block && number !== undefined) return hasAddress(block, number);
  const [block6, number6] = [parseBlock6(cidr), parseAddress6(address)];
  return block6 !== undefined && number6 !== undefined && hasAddress6(block6, number6);
}

/** What stands in a prefix list, AWS's or one's own. */
export function cidrsOf(context: Context, prefixListId: string): readonly string[] {
  return awsPrefixLists(context).find(({ id }) => id === prefixListId)?.cidrs
    ?? prefixLists(context).get(prefixListId)?.entries.map(({ cidr }) => cidr)
    ?? [];
}

/** AWS's list that an address is in. */
export function listOf(context: Context, address: string): string | undefined {
  return awsPrefixLists(context).find(({ cidrs }) => cidrs.some((cidr) => covers(cidr, address)))?.id;
}
