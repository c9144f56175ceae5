import type { Context, Output } from '../../../wire/operation';
import { formatBlock, parseBlock } from '../addresses';
import { addSubnet } from './subnets';
import { addVpc, describeVpcs } from './vpcs';
import { newId } from '../ids';
import { refuse } from '../refusals';
import { internetGateways, routeTables, vpcs } from '../state';
import { zonesOf } from '../zones';

/** 172.31.0.0/16 with a public /20 in each zone. A new emulator has none; AWS gives every new account one in each region. */
export function createDefaultVpc(context: Context): Output {
  if (vpcs(context).values().some(({ isDefault }) => isDefault)) throw refuse(context, 'default-vpc-exists');
  const block = parseBlock('172.31.0.0/16')!;
  const vpc = addVpc(context, block, { isDefault: true, dnsHostnames: true });
  const gateway = newId(context, 'igw');
  internetGateways(context).put(gateway, { id: gateway, vpcId: vpc.id });
  const main = routeTables(context).values().find(({ vpcId }) => vpcId === vpc.id)!;
  routeTables(context).put(main.id, { ...main, routes: [...main.routes, { destination: '0.0.0.0/0', target: gateway, origin: 'CreateRoute' }] });
  zonesOf(context).forEach(({ name }, at) => {
    const cidr = formatBlock({ base: block.base + at * 2 ** 12, prefix: 20 });
    addSubnet(context, vpc, { cidr, zone: name, ipv6: [], isDefault: true, mapPublicIp: true });
  });
  const { Vpcs } = describeVpcs(context, { VpcIds: [vpc.id] }) as { Vpcs: Output[] };
  return { Vpc: Vpcs[0] };
}
