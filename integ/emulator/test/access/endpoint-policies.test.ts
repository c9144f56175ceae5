import { ec2 } from '../../src/services/ec2/service';
import { iam } from '../../src/services/iam/service';
import { s3 } from '../../src/services/s3/service';
import { sns } from '../../src/services/sns/service';
import type { Caller } from '../../src/wire/operation';
import { roleSession, World } from '../_helpers/world';

let world: World;
let VpcId: string;
let SubnetId: string;
let GroupId: string;
let caller: Caller;

beforeEach(() => {
  world = new World({ services: [ec2, iam, s3, sns] });
  ({ Vpc: { VpcId } } = world.call<{ Vpc: { VpcId: string } }>('ec2', 'CreateVpc', { CidrBlock: '10.0.0.0/16' }));
  ({ Subnet: { SubnetId } } = world.call<{ Subnet: { SubnetId: string } }>('ec2', 'CreateSubnet', { VpcId, CidrBlock: '10.0.0.0/24', AvailabilityZone: 'us-east-1a' }));
  ({ GroupId } = world.call<{ GroupId: string }>('ec2', 'CreateSecurityGroup', { VpcId, GroupName: 'all', Description: 'all' }));
  world.call('ec2', 'AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId }] }] });
  world.empower('app');
  world.call('s3', 'CreateBucket', { Bucket: 'orders' });
  caller = {
    ...roleSession('app', 'me'), position: { kind: 'vpc', vpcId: VpcId, subnetId: SubnetId, securityGroupIds: [GroupId], address: '10.0.0.9', home: { account: world.account, region: world.region } },
  };
});

afterEach(() => world.stop());

type StatementText = Readonly<Record<string, unknown>>;

const document = (...Statement: StatementText[]): string => JSON.stringify({ Version: '2012-10-17', Statement });

/** Of S3 a route, of everything else an interface. */
async function endpoint(service: string, PolicyDocument?: string): Promise<string> {
  const { RouteTables: [{ RouteTableId }] } = world.call<{ RouteTables: Array<{ RouteTableId: string }> }>('ec2', 'DescribeRouteTables', { Filters: [{ Name: 'vpc-id', Values: [VpcId] }] });
  world.call('ec2', 'ModifyVpcAttribute', { VpcId, EnableDnsHostnames: { Value: true } });
  const where = service === 's3' ? { RouteTableIds: [RouteTableId] }
    : { VpcEndpointType: 'Interface', SubnetIds: [SubnetId], SecurityGroupIds: [GroupId], PrivateDnsEnabled: true };
  const made = world.call<{ VpcEndpoint: { VpcEndpointId: string } }>('ec2', 'CreateVpcEndpoint', { VpcId, ServiceName: `com.amazonaws.us-east-1.${service}`, PolicyDocument, ...where });
  await world.advance(600_000);
  return made.VpcEndpoint.VpcEndpointId;
}

/** A call that comes through the VPC: `well`, or what it was told. */
function arriving(service: string, operation: string, input: object): string {
  try {
    world.calls.arrive({ service, account: world.account, region: world.region }, operation, input, caller);
    return 'well';
  } catch (error) {
    return (error as Error).message;
  }
}

const listing = () => arriving('s3', 'ListObjectsV2', { Bucket: 'orders' });
const ME = 'User: arn:aws:sts::123456789012:assumed-role/app/me is not authorized to perform:';

test('an endpoint without a policy of its own lets everything through', async () => {
  await endpoint('s3');

  expect(listing()).toBe('well');
});

test.each([
  ['a gateway endpoint', 's3', 'ListObjectsV2', { Bucket: 'orders' }, 's3:GetObject', 's3:ListBucket on resource: "arn:aws:s3:::orders"', 's3:ListBucket'],
  ['an interface endpoint', 'sns', 'ListTopics', {}, 'sns:Publish', 'SNS:ListTopics on resource: *', 'SNS:ListTopics'],
])('what the policy of %s does not allow is refused in AWS\'s words', async (_, service, operation, input, allowed, refused, action) => {
  await endpoint(service, document({ Effect: 'Allow', Principal: '*', Action: allowed, Resource: '*' }));

  expect(arriving(service, operation, input)).toBe(`${ME} ${refused} because no VPC endpoint policy allows the ${action} action`);
});

test('what it denies is refused as an explicit deny, until it is changed', async () => {
  const VpcEndpointId = await endpoint('s3', document(
    { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }, { Effect: 'Deny', Principal: '*', Action: 's3:ListBucket', Resource: '*' }));
  const before = listing();
  world.call('ec2', 'ModifyVpcEndpoint', { VpcEndpointId, ResetPolicy: true });

  expect([before, listing()]).toEqual([`${ME} s3:ListBucket on resource: "arn:aws:s3:::orders" with an explicit deny in a VPC endpoint policy`, 'well']);
});

test('it is about whom it names, and grants nothing by itself', async () => {
  world.call('iam', 'PutRolePolicy', { RoleName: 'app', PolicyName: 'may', PolicyDocument: document({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }) });
  await endpoint('s3', document({ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::123456789012:role/app' }, Action: '*', Resource: '*' }));
  const ungranted = listing();
  world.call('iam', 'PutRolePolicy', { RoleName: 'app', PolicyName: 'may', PolicyDocument: document({ Effect: 'Allow', Action: 's3:*', Resource: '*' }) });
  const granted = listing();
  caller = { ...caller, principal: roleSession('other').principal };
  world.empower('other');

  expect([ungranted, granted, listing()]).toEqual([
    `${ME} s3:ListBucket on resource: "arn:aws:s3:::orders" because no identity-based policy allows the s3:ListBucket action`,
    'well',
    expect.stringMatching(/because no VPC endpoint policy allows the s3:ListBucket action$/),
  ]);
});

test('calls that come through it carry its id and its VPC\'s for conditions; others do not', async () => {
  const id = await endpoint('s3');
  world.call('iam', 'PutRolePolicy', {
    RoleName: 'app', PolicyName: 'may',
    PolicyDocument: document({ Effect: 'Allow', Action: 's3:*', Resource: '*', Condition: { StringEquals: { 'aws:SourceVpce': id, 'aws:SourceVpc': VpcId } } }),
  });
  const through = listing();
  caller = roleSession('app', 'me');

  expect([through, listing()]).toEqual(['well', expect.stringMatching(/because no identity-based policy allows/)]);
});
