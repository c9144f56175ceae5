import type { Value, ValueMap } from '../../template/template';
import { isNotThere, neverStable } from '../row-handler';
import type { Request, Row } from '../row-handler';
import { specified, syncEc2Tags } from './ec2-tags';

const service = 'ec2';

interface Vpc {
  readonly VpcId: string;
  readonly State?: string;
  readonly CidrBlock?: string;
  readonly CidrBlockAssociationSet?: ReadonlyArray<{ AssociationId: string }>;
}
interface AclAssociation {
  readonly SubnetId: string;
  readonly NetworkAclAssociationId: string;
}

interface Subnet {
  readonly SubnetId: string;
  readonly State?: string;
  readonly VpcId?: string;
  readonly AvailabilityZone?: string;
  readonly CidrBlock?: string;
  readonly MapPublicIpOnLaunch?: boolean;
}

function vpc(request: Request): Vpc {
  return request.call<{ Vpcs: Vpc[] }>('DescribeVpcs', { VpcIds: [request.id] }).Vpcs[0];
}

function subnet(request: Request): Subnet {
  return request.call<{ Subnets: Subnet[] }>('DescribeSubnets', { SubnetIds: [request.id] }).Subnets[0];
}

/** One switch at a time: the operation takes no more. */
function vpcAttributes(request: Request, id: string): void {
  for (const name of ['EnableDnsSupport', 'EnableDnsHostnames'] as const) {
    const flag = request.flag(name);
    if (flag !== undefined && request.changed(name)) request.call('ModifyVpcAttribute', { VpcId: id, [name]: { Value: flag } });
  }
}

const vpcRow: Row = {
  service,
  create: (request) => {
    const { Vpc: made } = request.send<{ Vpc: Vpc }>('CreateVpc', { TagSpecifications: specified(request, 'vpc') });
    vpcAttributes(request, made.VpcId);
    return made.VpcId;
  },
  waits: (request) => (vpc(request).State === 'pending' ? 'the VPC to be available' : undefined),
  update: (request) => {
    vpcAttributes(request, request.id);
    syncEc2Tags(request);
  },
  delete: (request) => request.call('DeleteVpc', { VpcId: request.id }),
  attributes: (request) => {
    const found = vpc(request);
    const filters = [{ Name: 'vpc-id', Values: [request.id] }];
    const { SecurityGroups: groups = [] } = request.call<{ SecurityGroups?: Array<{ GroupId: string; GroupName: string }> }>(
      'DescribeSecurityGroups', { Filters: filters });
    const { NetworkAcls: acls = [] } = request.call<{ NetworkAcls?: Array<{ NetworkAclId: string; IsDefault?: boolean }> }>(
      'DescribeNetworkAcls', { Filters: filters });
    return {
      VpcId: request.id,
      CidrBlock: found.CidrBlock,
      CidrBlockAssociations: (found.CidrBlockAssociationSet ?? []).map(({ AssociationId }) => AssociationId),
      DefaultSecurityGroup: groups.find(({ GroupName }) => GroupName === 'default')?.GroupId,
      DefaultNetworkAcl: acls.find(({ IsDefault }) => IsDefault)?.NetworkAclId,
      Ipv6CidrBlocks: [],
    };
  },
  read: (request) => ({ CidrBlock: vpc(request).CidrBlock }),
};

const subnetRow: Row = {
  service,
  create: (request) => {
    const { Subnet: made } = request.send<{ Subnet: Subnet }>('CreateSubnet', { TagSpecifications: specified(request, 'subnet') });
    subnetAttributes(request, made.SubnetId);
    return made.SubnetId;
  },
  waits: (request) => (subnet(request).State === 'pending' ? 'the subnet to be available' : undefined),
  update: (request) => {
    subnetAttributes(request, request.id);
    syncEc2Tags(request);
  },
  delete: (request) => request.call('DeleteSubnet', { SubnetId: request.id }),
  attributes: (request) => {
    const { VpcId, AvailabilityZone, CidrBlock } = subnet(request);
    const { NetworkAcls: acls = [] } = request.call<{ NetworkAcls?: Array<{ Associations?: AclAssociation[] }> }>(
      'DescribeNetworkAcls', { Filters: [{ Name: 'association.subnet-id', Values: [request.id] }] });
    const association = acls.flatMap(({ Associations = [] }) => Associations).find(({ SubnetId }) => SubnetId === request.id);
    const NetworkAclAssociationId = association?.NetworkAclAssociationId;
    return { SubnetId: request.id, VpcId, AvailabilityZone, CidrBlock, NetworkAclAssociationId, Ipv6CidrBlocks: [] };
  },
  read: (request) => {
    const { VpcId, AvailabilityZone, CidrBlock, MapPublicIpOnLaunch } = subnet(request);
    return { VpcId, AvailabilityZone, CidrBlock, MapPublicIpOnLaunch };
  },
};

function subnetAttributes(request: Request, id: string): void {
  const flag = request.flag('MapPublicIpOnLaunch');
  if (flag !== undefined && request.changed('MapPublicIpOnLaunch')) request.call('ModifySubnetAttribute', { SubnetId: id, MapPublicIpOnLaunch: { Value: flag } });
}

interface RouteTable { readonly RouteTableId: string; readonly VpcId?: string }

const routeTableRow: Row = {
  service,
  create: (request) => request.send<{ RouteTable: RouteTable }>('CreateRouteTable', { TagSpecifications: specified(request, 'route-table') }).RouteTable.RouteTableId,
  update: syncEc2Tags,
  delete: (request) => request.call('DeleteRouteTable', { RouteTableId: request.id }),
  attributes: (request) => ({ RouteTableId: request.id }),
  read: (request) => {
    const { RouteTables: [found] } = request.call<{ RouteTables: RouteTable[] }>('DescribeRouteTables', { RouteTableIds: [request.id] });
    return { VpcId: found.VpcId };
  },
};

const routeTableAssociationRow: Row = {
  service,
  create: (request) => request.send<{ AssociationId: string }>('AssociateRouteTable').AssociationId,
  delete: (request) => request.call('DisassociateRouteTable', { AssociationId: request.id }),
  attributes: (request) => ({ Id: request.id }),
};

const DESTINATIONS = ['DestinationCidrBlock', 'DestinationIpv6CidrBlock', 'DestinationPrefixListId'] as const;

function destination(request: Request): { [name: string]: unknown } {
  return Object.fromEntries(DESTINATIONS.flatMap((name) => (request.text(name) === undefined ? [] : [[name, request.text(name)]])));
}

const routeRow: Row = {
  service,
  create: (request) => {
    request.send('CreateRoute');
    return `${request.text('RouteTableId')}|${String(Object.values(destination(request))[0])}`;
  },
  update: (request) => request.send('ReplaceRoute'),
  delete: (request) => request.call('DeleteRoute', { RouteTableId: request.text('RouteTableId'), ...destination(request) }),
  attributes: (request) => ({ CidrBlock: String(Object.values(destination(request))[0]) }),
};

const internetGatewayRow: Row = {
  service,
  create: (request) => request.call<{ InternetGateway: { InternetGatewayId: string } }>(
    'CreateInternetGateway', { TagSpecifications: specified(request, 'internet-gateway') }).InternetGateway.InternetGatewayId,
  update: syncEc2Tags,
  delete: (request) => request.call('DeleteInternetGateway', { InternetGatewayId: request.id }),
  attributes: (request) => ({ InternetGatewayId: request.id }),
};

const gatewayAttachmentRow: Row = {
  service,
  create: (request) => {
    if (request.text('VpnGatewayId')) {
      request.notBuilt('VPN gateways');
      return `VGW|${request.text('VpcId')}`;
    }
    request.call('AttachInternetGateway', { InternetGatewayId: request.text('InternetGatewayId'), VpcId: request.text('VpcId') });
    return `IGW|${request.text('VpcId')}`;
  },
  update: (request) => {
    request.call('DetachInternetGateway', { InternetGatewayId: request.before('InternetGatewayId'), VpcId: request.text('VpcId') });
    request.call('AttachInternetGateway', { InternetGatewayId: request.text('InternetGatewayId'), VpcId: request.text('VpcId') });
  },
  delete: (request) => {
    if (request.text('InternetGatewayId')) {
      request.call('DetachInternetGateway', { InternetGatewayId: request.text('InternetGatewayId'), VpcId: request.text('VpcId') });
    }
  },
  attributes: (request) => ({ AttachmentType: request.id.split('|')[0] }),
};

const egressOnlyGatewayRow: Row = {
  service,
  create: (request) => request.send<{ EgressOnlyInternetGateway: { EgressOnlyInternetGatewayId: string } }>(
    'CreateEgressOnlyInternetGateway').EgressOnlyInternetGateway.EgressOnlyInternetGatewayId,
  delete: (request) => request.call('DeleteEgressOnlyInternetGateway', { EgressOnlyInternetGatewayId: request.id }),
  attributes: (request) => ({ Id: request.id }),
};

interface Address { readonly PublicIp: string; readonly AllocationId: string }

function address(request: Request): Address {
  const { Addresses: [found] } = request.call<{ Addresses: Address[] }>('DescribeAddresses', { PublicIps: [request.id] });
  return found;
}

const addressRow: Row = {
  service,
  create: (request) => request.send<Address>('AllocateAddress', {
    Domain: request.text('Domain') ?? 'vpc', TagSpecifications: specified(request, 'elastic-ip'),
  }).PublicIp,
  update: (request) => syncEc2Tags(request, address(request).AllocationId),
  delete: (request) => request.call('ReleaseAddress', { AllocationId: address(request).AllocationId }),
  attributes: (request) => ({ PublicIp: request.id, AllocationId: address(request).AllocationId }),
};

interface NatGateway {
  readonly NatGatewayId: string;
  readonly State: string;
  readonly FailureMessage?: string;
  readonly NatGatewayAddresses?: Array<{ NetworkInterfaceId?: string }>;
}

function natGateway(request: Request): NatGateway | undefined {
  return request.call<{ NatGateways: NatGateway[] }>('DescribeNatGateways', { NatGatewayIds: [request.id] }).NatGateways[0];
}

const natGatewayRow: Row = {
  service,
  create: (request) => request.send<{ NatGateway: NatGateway }>('CreateNatGateway', {
    TagSpecifications: specified(request, 'natgateway'), SecondaryAllocationIds: undefined,
  }).NatGateway.NatGatewayId,
  waits: (request) => {
    const found = natGateway(request);
    if (found?.State === 'failed') throw neverStable(found.FailureMessage ?? 'the NAT gateway failed');
    return found?.State === 'available' ? undefined : 'the NAT gateway to be available';
  },
  update: syncEc2Tags,
  delete: (request) => request.call('DeleteNatGateway', { NatGatewayId: request.id }),
  gone: (request) => (natGateway(request)?.State ?? 'deleted') === 'deleted',
  attributes: (request) => ({ NatGatewayId: request.id, EniId: natGateway(request)?.NatGatewayAddresses?.[0]?.NetworkInterfaceId }),
};

interface Refused { readonly Error?: { readonly Message?: string } }

const flowLogRow: Row = {
  service,
  create: (request) => {
    const { FlowLogIds: [id], Unsuccessful: refused = [] } = request.send<{ FlowLogIds: string[]; Unsuccessful?: Refused[] }>(
      'CreateFlowLogs', { ResourceIds: [request.text('ResourceId')], TagSpecifications: specified(request, 'vpc-flow-log') });
    if (id === undefined) throw neverStable(refused[0]?.Error?.Message ?? 'the flow log was not made');
    return id;
  },
  update: syncEc2Tags,
  delete: (request) => request.call('DeleteFlowLogs', { FlowLogIds: [request.id] }),
  attributes: (request) => ({ Id: request.id }),
};

interface Endpoint {
  readonly VpcEndpointId: string; readonly State: string; readonly NetworkInterfaceIds?: string[]; readonly CreationTimestamp?: Date;
  readonly DnsEntries?: Array<{ HostedZoneId?: string; DnsName?: string }>;
}

function endpoint(request: Request): Endpoint | undefined {
  return request.call<{ VpcEndpoints: Endpoint[] }>('DescribeVpcEndpoints', { VpcEndpointIds: [request.id] }).VpcEndpoints[0];
}

/** Lists change by what is added and what is taken away. */
function listChanges(request: Request, property: string, suffix: string): { [name: string]: unknown } {
  const before = (request.before(property) ?? []) as readonly string[];
  const now = request.list(property);
  const added = now.filter((each) => !before.includes(each));
  const removed = before.filter((each) => !now.includes(each));
  return { ...(added.length > 0 ? { [`Add${suffix}`]: added } : {}), ...(removed.length > 0 ? { [`Remove${suffix}`]: removed } : {}) };
}

const endpointRow: Row = {
  service,
  create: (request) => request.send<{ VpcEndpoint: Endpoint }>('CreateVpcEndpoint', {
    PolicyDocument: request.text('PolicyDocument'), TagSpecifications: specified(request, 'vpc-endpoint'),
  }).VpcEndpoint.VpcEndpointId,
  waits: (request) => (/^(available|Available)$/.test(endpoint(request)?.State ?? '') ? undefined : 'the endpoint to be available'),
  update: (request) => {
    request.call('ModifyVpcEndpoint', {
      VpcEndpointId: request.id,
      ...(request.changed('PolicyDocument') && request.text('PolicyDocument') ? { PolicyDocument: request.text('PolicyDocument') } : {}),
      ...(request.changed('PrivateDnsEnabled') ? { PrivateDnsEnabled: request.flag('PrivateDnsEnabled') } : {}),
      ...listChanges(request, 'RouteTableIds', 'RouteTableIds'),
      ...listChanges(request, 'SubnetIds', 'SubnetIds'),
      ...listChanges(request, 'SecurityGroupIds', 'SecurityGroupIds'),
    });
    syncEc2Tags(request);
  },
  delete: (request) => request.call('DeleteVpcEndpoints', { VpcEndpointIds: [request.id] }),
  gone: (request) => /^(deleted|Deleted)?$/.test(endpoint(request)?.State ?? ''),
  attributes: (request) => {
    const found = endpoint(request);
    return {
      Id: request.id,
      CreationTimestamp: new Date(request.work.context.kernel.hostTime(0)).toISOString(),
      NetworkInterfaceIds: found?.NetworkInterfaceIds ?? [],
      DnsEntries: (found?.DnsEntries ?? []).map(({ HostedZoneId = '', DnsName = '' }) => `${HostedZoneId}:${DnsName}`),
    };
  },
};

// --- security groups

interface IpPermission { readonly IpProtocol: string; readonly FromPort?: number; readonly ToPort?: number; readonly [ranges: string]: unknown }

function permission(rule: ValueMap): IpPermission {
  const text = (name: string): string | undefined => (rule[name] === undefined ? undefined : String(rule[name]));
  const number = (name: string): number | undefined => (rule[name] === undefined ? undefined : Number(rule[name]));
  const Description = text('Description');
  const peer = text('SourceSecurityGroupId') ?? text('DestinationSecurityGroupId');
  const list = text('SourcePrefixListId') ?? text('DestinationPrefixListId');
  return present({
    IpProtocol: text('IpProtocol') ?? '-1',
    FromPort: number('FromPort'),
    ToPort: number('ToPort'),
    IpRanges: text('CidrIp') === undefined ? undefined : [present({ CidrIp: text('CidrIp'), Description })],
    Ipv6Ranges: text('CidrIpv6') === undefined ? undefined : [present({ CidrIpv6: text('CidrIpv6'), Description })],
    UserIdGroupPairs: peer === undefined ? undefined : [present({ GroupId: peer, UserId: text('SourceSecurityGroupOwnerId'), Description })],
    PrefixListIds: list === undefined ? undefined : [present({ PrefixListId: list, Description })],
  }) as IpPermission;
}

function present(value: { [name: string]: unknown }): { [name: string]: unknown } {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined));
}

const EVERYTHING: readonly IpPermission[] = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];

function letsAllOut(rule: ValueMap): boolean {
  return String(rule.IpProtocol) === '-1' && rule.CidrIp === '0.0.0.0/0';
}

function rules(value: Value | undefined): readonly ValueMap[] {
  return (Array.isArray(value) ? value : []) as readonly ValueMap[];
}

/** Rules are added and taken away one by one, so that those that stay are not touched. */
function changeRules(request: Request, id: string, property: 'SecurityGroupIngress' | 'SecurityGroupEgress', before: readonly ValueMap[], now: readonly ValueMap[]): void {
  const direction = property === 'SecurityGroupIngress' ? 'Ingress' : 'Egress';
  const key = (rule: ValueMap): string => JSON.stringify(permission(rule));
  const old = new Set(before.map(key));
  const wanted = new Set(now.map(key));
  for (const rule of before) {
    if (!wanted.has(key(rule))) request.call(`RevokeSecurityGroup${direction}`, { GroupId: id, IpPermissions: [permission(rule)] });
  }
  for (const rule of now) {
    if (!old.has(key(rule))) request.call(`AuthorizeSecurityGroup${direction}`, { GroupId: id, IpPermissions: [permission(rule)] });
  }
}

interface Group {
  readonly GroupId: string;
  readonly VpcId?: string;
  readonly Description?: string;
  readonly GroupName?: string;
  readonly IpPermissions?: IpPermission[];
  readonly IpPermissionsEgress?: IpPermission[];
}

function group(request: Request): Group {
  return request.call<{ SecurityGroups: Group[] }>('DescribeSecurityGroups', { GroupIds: [request.id] }).SecurityGroups[0];
}

const securityGroupRow: Row = {
  service,
  create: (request) => {
    const { GroupId: id } = request.call<{ GroupId: string }>('CreateSecurityGroup', {
      GroupName: request.name('GroupName'), Description: request.text('GroupDescription'), VpcId: request.text('VpcId'),
      TagSpecifications: specified(request, 'security-group'),
    });
    changeRules(request, id, 'SecurityGroupIngress', [], rules(request.value('SecurityGroupIngress')));
    const egress = rules(request.value('SecurityGroupEgress'));
    // A new group lets everything out; a template that says what may leave takes its place.
    if (egress.length > 0 && !egress.some(letsAllOut)) {
      request.call('RevokeSecurityGroupEgress', { GroupId: id, IpPermissions: EVERYTHING });
      changeRules(request, id, 'SecurityGroupEgress', [], egress);
    }
    return id;
  },
  update: (request) => {
    changeRules(request, request.id, 'SecurityGroupIngress', rules(request.before('SecurityGroupIngress')), rules(request.value('SecurityGroupIngress')));
    changeRules(request, request.id, 'SecurityGroupEgress', rules(request.before('SecurityGroupEgress')), rules(request.value('SecurityGroupEgress')));
    syncEc2Tags(request);
  },
  delete: (request) => request.call('DeleteSecurityGroup', { GroupId: request.id }),
  attributes: (request) => ({ GroupId: request.id, Id: request.id, VpcId: group(request).VpcId }),
  read: (request) => {
    const found = group(request);
    const actual = (rule: ValueMap, of: readonly IpPermission[]): boolean => {
      const wanted = permission(rule);
      return of.some(({ IpProtocol, FromPort, ToPort, IpRanges, UserIdGroupPairs }) => IpProtocol === wanted.IpProtocol
        && (IpProtocol === '-1' || (FromPort === wanted.FromPort && ToPort === wanted.ToPort))
        && (wanted.IpRanges === undefined || ((IpRanges ?? []) as Array<{ CidrIp: string }>).some(({ CidrIp }) => CidrIp === rule.CidrIp))
        && (wanted.UserIdGroupPairs === undefined || ((UserIdGroupPairs ?? []) as Array<{ GroupId: string }>)
          .some(({ GroupId }) => GroupId === (rule.SourceSecurityGroupId ?? rule.DestinationSecurityGroupId))));
    };
    const there = (property: string, of: readonly IpPermission[] = []): Value | undefined =>
      (request.value(property) === undefined ? undefined : rules(request.value(property)).filter((rule) => actual(rule, of)));
    return {
      GroupDescription: found.Description,
      VpcId: request.text('VpcId') === undefined ? undefined : found.VpcId,
      SecurityGroupIngress: there('SecurityGroupIngress', found.IpPermissions),
      SecurityGroupEgress: there('SecurityGroupEgress', found.IpPermissionsEgress),
    };
  },
};

function ruleRow(direction: 'Ingress' | 'Egress'): Row {
  return {
    service,
    create: (request) => {
      const { SecurityGroupRules: made = [] } = request.call<{ SecurityGroupRules?: Array<{ SecurityGroupRuleId: string }> }>(
        `AuthorizeSecurityGroup${direction}`, { GroupId: request.text('GroupId'), IpPermissions: [permission(request.properties)] });
      return made[0]?.SecurityGroupRuleId ?? `${request.text('GroupId')}|${direction.toLowerCase()}|${request.work.logicalId}`;
    },
    update: (request) => {
      if (request.changed('Description')) {
        request.call(`UpdateSecurityGroupRuleDescriptions${direction}`, { GroupId: request.text('GroupId'), IpPermissions: [permission(request.properties)] });
      }
    },
    delete: (request) => {
      try {
        request.call(`RevokeSecurityGroup${direction}`, { GroupId: request.text('GroupId'), IpPermissions: [permission(request.properties)] });
      } catch (error) {
        if (!isNotThere(error)) throw error;
      }
    },
    attributes: (request) => ({ Id: request.id }),
  };
}

const dhcpOptionsAssociationRow: Row = {
  service,
  create: (request) => {
    request.send('AssociateDhcpOptions');
    return `${request.text('DhcpOptionsId')}|${request.text('VpcId')}`;
  },
  delete: (request) => request.call('AssociateDhcpOptions', { DhcpOptionsId: 'default', VpcId: request.text('VpcId') }),
};

const networkAclRow: Row = {
  service,
  create: (request) => request.send<{ NetworkAcl: { NetworkAclId: string } }>(
    'CreateNetworkAcl', { TagSpecifications: specified(request, 'network-acl') }).NetworkAcl.NetworkAclId,
  update: syncEc2Tags,
  delete: (request) => request.call('DeleteNetworkAcl', { NetworkAclId: request.id }),
  attributes: (request) => ({ Id: request.id }),
};

const networkAclEntryRow: Row = {
  service,
  create: (request) => {
    request.send('CreateNetworkAclEntry', { Egress: request.flag('Egress') ?? false, Protocol: request.text('Protocol'), IcmpTypeCode: icmp(request) });
    return `${request.text('NetworkAclId')}|${request.text('RuleNumber')}|${request.flag('Egress') ?? false}`;
  },
  update: (request) => request.send('ReplaceNetworkAclEntry', { Egress: request.flag('Egress') ?? false, Protocol: request.text('Protocol'), IcmpTypeCode: icmp(request) }),
  delete: (request) => request.call('DeleteNetworkAclEntry', {
    NetworkAclId: request.text('NetworkAclId'), RuleNumber: request.number('RuleNumber'), Egress: request.flag('Egress') ?? false,
  }),
  attributes: (request) => ({ Id: request.id }),
};

function icmp(request: Request): { Code: number; Type: number } | undefined {
  const { Code, Type } = request.map('Icmp');
  return Code === undefined ? undefined : { Code: Number(Code), Type: Number(Type) };
}

const networkInterfaceRow: Row = {
  service,
  create: (request) => request.send<{ NetworkInterface: { NetworkInterfaceId: string } }>('CreateNetworkInterface', {
    Groups: request.value('GroupSet') === undefined ? undefined : [...request.list('GroupSet')], TagSpecifications: specified(request, 'network-interface'),
  }).NetworkInterface.NetworkInterfaceId,
  update: (request) => {
    if (request.changed('GroupSet')) request.call('ModifyNetworkInterfaceAttribute', { NetworkInterfaceId: request.id, Groups: [...request.list('GroupSet')] });
    syncEc2Tags(request);
  },
  delete: (request) => request.call('DeleteNetworkInterface', { NetworkInterfaceId: request.id }),
  attributes: (request) => {
    const { NetworkInterfaces: [found] } = request.call<{ NetworkInterfaces: Array<{ PrivateIpAddress?: string; VpcId?: string }> }>(
      'DescribeNetworkInterfaces', { NetworkInterfaceIds: [request.id] });
    return { Id: request.id, PrimaryPrivateIpAddress: found.PrivateIpAddress, VpcId: found.VpcId };
  },
};

const prefixListRow: Row = {
  service,
  create: (request) => request.send<{ PrefixList: { PrefixListId: string } }>('CreateManagedPrefixList', {
    TagSpecifications: specified(request, 'prefix-list'),
  }).PrefixList.PrefixListId,
  update: syncEc2Tags,
  delete: (request) => request.call('DeleteManagedPrefixList', { PrefixListId: request.id }),
  attributes: (request) => ({ PrefixListId: request.id }),
};

export const EC2_NETWORK: { readonly [type: string]: Row } = {
  'AWS::EC2::VPC': vpcRow,
  'AWS::EC2::Subnet': subnetRow,
  'AWS::EC2::RouteTable': routeTableRow,
  'AWS::EC2::SubnetRouteTableAssociation': routeTableAssociationRow,
  'AWS::EC2::Route': routeRow,
  'AWS::EC2::InternetGateway': internetGatewayRow,
  'AWS::EC2::VPCGatewayAttachment': gatewayAttachmentRow,
  'AWS::EC2::EgressOnlyInternetGateway': egressOnlyGatewayRow,
  'AWS::EC2::EIP': addressRow,
  'AWS::EC2::NatGateway': natGatewayRow,
  'AWS::EC2::FlowLog': flowLogRow,
  'AWS::EC2::VPCEndpoint': endpointRow,
  'AWS::EC2::SecurityGroup': securityGroupRow,
  'AWS::EC2::SecurityGroupIngress': ruleRow('Ingress'),
  'AWS::EC2::SecurityGroupEgress': ruleRow('Egress'),
  'AWS::EC2::VPCDHCPOptionsAssociation': dhcpOptionsAssociationRow,
  'AWS::EC2::NetworkAcl': networkAclRow,
  'AWS::EC2::NetworkAclEntry': networkAclEntryRow,
  'AWS::EC2::NetworkInterface': networkInterfaceRow,
  'AWS::EC2::PrefixList': prefixListRow,
};
