import { idFormat } from '../../kernel';
import type { Context } from '../../wire/operation';

/** What tags and filters call the things whose ids begin so. */
export const RESOURCE_TYPES: Readonly<Record<string, string>> = {
  acl: 'network-acl',
  ami: 'image',
  dopt: 'dhcp-options',
  eigw: 'egress-only-internet-gateway',
  eipalloc: 'elastic-ip',
  eni: 'network-interface',
  fl: 'vpc-flow-log',
  i: 'instance',
  igw: 'internet-gateway',
  key: 'key-pair',
  lt: 'launch-template',
  nat: 'natgateway',
  pcx: 'vpc-peering-connection',
  pl: 'prefix-list',
  rtb: 'route-table',
  sg: 'security-group',
  sgr: 'security-group-rule',
  subnet: 'subnet',
  vol: 'volume',
  vpc: 'vpc',
  vpce: 'vpc-endpoint',
};

/** `<prefix>-` and 17 hex digits. */
export function newId(context: Context, prefix: string): string {
  return `${prefix}-${idFormat.hex(context.id(prefix), 17)}`;
}

export function isId(prefix: string, text: string): boolean {
  return new RegExp(`^${prefix}-[0-9a-f]{8}([0-9a-f]{9})?$`).test(text);
}

/** The resource type of an id, by what stands before its last dash. */
export function resourceTypeOf(id: string): string | undefined {
  return RESOURCE_TYPES[id.slice(0, id.lastIndexOf('-'))];
}
