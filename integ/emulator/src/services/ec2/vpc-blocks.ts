import { parseBlock } from './addresses';
import type { Block } from './addresses';
import { formatBlock6, parseBlock6 } from './ipv6';
import type { Block6 } from './ipv6';
import { refuse } from './refusals';
import type { CidrAssociation, Subnet, Vpc } from './state';
import { idFormat } from '../../kernel';
import type { Context } from '../../wire/operation';

/** A block as somebody wrote it for `parameter`, refused when it is none. */
export function blockGiven(context: Context, text: string, parameter: string): Block {
  const block = parseBlock(text);
  if (!block) throw refuse(context, 'cidr', text, parameter);
  return block;
}

export function block6Given(context: Context, text: string, parameter: string): Block6 {
  const block = parseBlock6(text);
  if (!block) throw refuse(context, 'cidr', text, parameter);
  return block;
}

/** The blocks of a record, which were checked when they came in. */
export function blocksOf({ cidrs }: Vpc): Block[] {
  return cidrs.map(({ cidr }) => parseBlock(cidr)!);
}

export function blockOf({ cidr }: Subnet): Block {
  return parseBlock(cidr)!;
}

export function blocks6Of({ ipv6 }: { readonly ipv6: readonly CidrAssociation[] }): Block6[] {
  return ipv6.map(({ cidr }) => parseBlock6(cidr)!);
}

/** A /56 out of the range that Amazon gives VPCs of a region. */
export function amazonBlock6(context: Context): string {
  const bytes = context.id('ipv6-block');
  return formatBlock6({ base: (0x26001f18n << 96n) | (BigInt(bytes.readUIntBE(0, 3)) << 72n), prefix: 56 });
}

export function newAssociation(context: Context, prefix: string, cidr: string): CidrAssociation {
  return { id: `${prefix}-${idFormat.hex(context.id(prefix), 17)}`, cidr };
}
