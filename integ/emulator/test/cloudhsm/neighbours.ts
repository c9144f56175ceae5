import { ServiceError } from '../../src/wire/operation';
import type { Context, Position, Service } from '../../src/wire/operation';

/** The little of EC2, IAM and Logs that CloudHSM leans on, so that these tests are about CloudHSM alone. */

interface Eni {
  readonly id: string;
  readonly subnet: string;
  readonly ip: string;
  readonly groups: string[];
  readonly description: string;
  readonly ipv6: boolean;
}

/** `subnet-0000000a` is in vpc-1 and zone a; `subnet-1000000b` in vpc-2 and zone b. */
function subnetOf(id: string): { VpcId: string; AvailabilityZone: string } | undefined {
  const match = /^subnet-([01])000000([a-f])$/.exec(id);
  return match ? { VpcId: `vpc-0000000${match[1]}`, AvailabilityZone: `us-east-1${match[2]}` } : undefined;
}

export const CLIENT: Position = { kind: 'vpc', vpcId: 'vpc-00000000', subnetId: 'subnet-0000000b', securityGroupIds: ['sg-client'] };
export const BLOCKED: Position = { ...CLIENT, securityGroupIds: ['sg-blocked'] };

function denies(context: Context, operation: string): void {
  const denied = context.fault(`deny-${operation}`);
  if (denied) throw new ServiceError('UnauthorizedOperation', 'You are not authorized to perform this operation.', { status: 403 });
}

const enis = (context: Context) => context.table<Eni>('fake/enis');
const groups = (context: Context) => context.table<{ id: string; name: string; ports: string[] }>('fake/groups');

const ec2: Service = {
  name: 'ec2',
  operations: {
    DescribeSubnets: (context: Context, { SubnetIds }: { SubnetIds: string[] }) => {
      denies(context, 'DescribeSubnets');
      return {
        Subnets: SubnetIds.map((SubnetId) => {
          const subnet = subnetOf(SubnetId);
          if (!subnet) throw new ServiceError('InvalidSubnetID.NotFound', `The subnet ID '${SubnetId}' does not exist`);
          return { SubnetId, ...subnet, Ipv6CidrBlockAssociationSet: SubnetId.endsWith('f') ? [{ Ipv6CidrBlock: 'fd00::/64' }] : [] };
        }),
      };
    },
    CreateSecurityGroup: (context: Context, { GroupName }: { GroupName: string }) => {
      denies(context, 'CreateSecurityGroup');
      const id = `sg-${context.id('group').toString('hex').slice(0, 17)}`;
      groups(context).put(id, { id, name: GroupName, ports: ['egress -1'] });
      return { GroupId: id };
    },
    AuthorizeSecurityGroupIngress: (context: Context, input: Rules) => rule(context, input, (ports, port) => [...ports, `ingress ${port}`]),
    AuthorizeSecurityGroupEgress: (context: Context, input: Rules) => rule(context, input, (ports, port) => [...ports, `egress ${port}`]),
    RevokeSecurityGroupEgress: (context: Context, input: Rules) => rule(context, input, (ports) => ports.filter((port) => port !== 'egress -1')),
    DeleteSecurityGroup: (context: Context, { GroupId }: { GroupId: string }) => {
      if (context.fault('group-in-use')) throw new ServiceError('DependencyViolation', `resource ${GroupId} has a dependent object`);
      groups(context).delete(GroupId);
    },
    CreateNetworkInterface: (context: Context, input: {
      SubnetId: string; Groups: string[]; Description: string; PrivateIpAddress?: string; Ipv6AddressCount?: number;
    }) => {
      denies(context, 'CreateNetworkInterface');
      const ip = input.PrivateIpAddress ?? `10.0.0.${10 + (context.id('address').readUInt8(0) % 200)}`;
      if (enis(context).values().some((eni) => eni.ip === ip)) throw new ServiceError('InvalidIPAddress.InUse', 'Address is in use.');
      const id = `eni-${context.id('eni').toString('hex').slice(0, 17)}`;
      enis(context).put(id, {
        id, subnet: input.SubnetId, ip, groups: input.Groups, description: input.Description, ipv6: input.Ipv6AddressCount === 1,
      });
      return {
        NetworkInterface: {
          NetworkInterfaceId: id, PrivateIpAddress: ip, Ipv6Addresses: input.Ipv6AddressCount ? [{ Ipv6Address: 'fd00::5' }] : [],
        },
      };
    },
    DeleteNetworkInterface: (context: Context, { NetworkInterfaceId }: { NetworkInterfaceId: string }) => {
      denies(context, 'DeleteNetworkInterface');
      enis(context).delete(NetworkInterfaceId);
    },
    EmulatedNetworkPath: (_context: Context, { from }: { from: Position }) => (
      from.kind === 'vpc' && !from.securityGroupIds.includes('sg-blocked')
        ? { allowed: true }
        : { allowed: false, missing: 'the security group of the cluster has no rule for the client' }),
  },
};

interface Rules {
  readonly GroupId: string;
  readonly IpPermissions: ReadonlyArray<{ FromPort?: number; ToPort?: number; UserIdGroupPairs?: Array<{ GroupId: string }> }>;
}

function rule(context: Context, { GroupId, IpPermissions: [permission] }: Rules, change: (ports: string[], port: string) => string[]): void {
  const group = groups(context).get(GroupId)!;
  const itself = permission.UserIdGroupPairs?.[0].GroupId === GroupId ? ' itself' : '';
  groups(context).put(GroupId, { ...group, ports: change(group.ports, `${permission.FromPort}-${permission.ToPort}${itself}`) });
}

const iam: Service = {
  name: 'iam',
  operations: {
    GetRole: (context: Context, { RoleName }: { RoleName: string }) => {
      if (!context.globalTable('fake/roles').has(RoleName)) throw new ServiceError('NoSuchEntity', 'not there');
      return { Role: { RoleName } };
    },
    CreateServiceLinkedRole: (context: Context, { AWSServiceName }: { AWSServiceName: string }) => {
      if (context.fault('deny-CreateServiceLinkedRole')) throw new ServiceError('AccessDenied', 'no');
      context.globalTable('fake/roles').put('AWSServiceRoleForCloudHSM', { AWSServiceName });
      return { Role: {} };
    },
  },
};

export const logs: Service = {
  name: 'logs',
  operations: {
    CreateLogGroup: (context: Context, { logGroupName }: { logGroupName: string }) => {
      if (context.table('fake/log-groups').has(logGroupName)) throw new ServiceError('ResourceAlreadyExistsException', 'there');
      context.table('fake/log-groups').put(logGroupName, []);
    },
    CreateLogStream: (context: Context, { logGroupName, logStreamName }: { logGroupName: string; logStreamName: string }) => {
      context.table('fake/log-streams').put(`${logGroupName}|${logStreamName}`, []);
    },
    PutLogEvents: (context: Context, input: { logGroupName: string; logStreamName: string; logEvents: Array<{ message: string }> }) => {
      const streams = context.table<string[]>('fake/log-streams');
      const name = `${input.logGroupName}|${input.logStreamName}`;
      const before = streams.get(name);
      if (!before) throw new ServiceError('ResourceNotFoundException', 'not there');
      streams.put(name, [...before, ...input.logEvents.map(({ message }) => message)]);
      return {};
    },
  },
};

export const neighbours: readonly Service[] = [ec2, iam, logs];
