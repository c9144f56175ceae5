import { Authority } from './authority';
import type { ClusterShape } from './lab';
import { logs } from './neighbours';
import { cloudhsmServices } from '../../src/services/cloudhsm';
import type { RunOutput } from '../../src/services/cloudhsm/client/input';
import { ec2 } from '../../src/services/ec2/service';
import { iam } from '../../src/services/iam/service';
import type { Position } from '../../src/wire/operation';
import { outside, World } from '../_helpers/world';

/** The seams with the emulated EC2 and IAM: what the other tests take from stand-ins. */
let world: World;
let vpcId: string;
let subnets: string[];

beforeAll(() => {
  world = new World({ services: [...cloudhsmServices(), ec2, iam, logs] });
  vpcId = world.call<{ Vpc: { VpcId: string } }>('ec2', 'CreateVpc', { CidrBlock: '10.0.0.0/16' }).Vpc.VpcId;
  subnets = ['us-east-1b', 'us-east-1c'].map((AvailabilityZone, index) => world.call<{ Subnet: { SubnetId: string } }>('ec2', 'CreateSubnet', {
    VpcId: vpcId, CidrBlock: `10.0.${index}.0/24`, AvailabilityZone,
  }).Subnet.SubnetId);
});

afterAll(() => world.stop());

function cluster(): ClusterShape {
  return world.call<{ Clusters: ClusterShape[] }>('cloudhsmv2', 'DescribeClusters').Clusters[0];
}

async function until(reached: () => boolean): Promise<void> {
  expect(await world.kernel.advanceUntil(reached, 86_400_000)).toBe(true);
  expect(world.internalErrors).toEqual([]);
}

function cli(from: Position, anchor: string): { error_code: number; data: unknown } {
  const { EniIp } = cluster().Hsms[0];
  const configuration = { clusters: [{ type: 'hsm1', cluster: { hsm_ca_file: '/ca', servers: [{ hostname: EniIp, port: 2223, enable: true }], options: {} } }] };
  const { stdout } = world.call<RunOutput>('cloudhsm-client', 'Run', {
    tool: 'cloudhsm-cli', argv: ['user', 'list'], env: {}, files: { '/opt/cloudhsm/etc/cloudhsm-cli.cfg': JSON.stringify(configuration), '/ca': anchor },
  }, { ...outside(), position: from });
  return JSON.parse(stdout) as { error_code: number; data: unknown };
}

test('a cluster leaves its marks in EC2 and IAM, is reached through its group only, and takes its network with it', async () => {
  const authority = new Authority();
  world.call('cloudhsmv2', 'CreateCluster', { HsmType: 'hsm2m.medium', SubnetIds: subnets });
  expect(world.call('iam', 'GetRole', { RoleName: 'AWSServiceRoleForCloudHSM' })).toHaveProperty('Role');
  await until(() => cluster().State === 'UNINITIALIZED');
  const { ClusterId, SecurityGroup: group = '' } = cluster();

  const inSubnet = (securityGroupIds: string[]): Position => ({ kind: 'vpc', vpcId, subnetId: subnets[1], securityGroupIds });
  expect(world.call('ec2', 'DescribeSecurityGroups', { GroupIds: [group] })).toMatchObject({
    SecurityGroups: [{
      GroupName: `cloudhsm-${ClusterId}-sg`,
      VpcId: vpcId,
      IpPermissions: [{ FromPort: 2223, ToPort: 2225, UserIdGroupPairs: [{ GroupId: group }] }],
      IpPermissionsEgress: [{ FromPort: 2223, ToPort: 2225, UserIdGroupPairs: [{ GroupId: group }] }],
    }],
  });

  world.call('cloudhsmv2', 'CreateHsm', { ClusterId, AvailabilityZone: 'us-east-1b', IpAddress: '10.0.0.77' });
  await until(() => cluster().Hsms[0].State === 'ACTIVE');
  const [{ EniId = '', HsmId }] = cluster().Hsms;
  expect(world.call('ec2', 'DescribeNetworkInterfaces', { NetworkInterfaceIds: [EniId] })).toMatchObject({
    NetworkInterfaces: [{ PrivateIpAddress: '10.0.0.77', Status: 'in-use', RequesterManaged: true, Description: `CloudHsm ENI ${HsmId}`, Groups: [{ GroupId: group }] }],
  });
  // Nobody but CloudHSM may take it away.
  expect(() => world.call('ec2', 'DeleteNetworkInterface', { NetworkInterfaceId: EniId })).toThrow();

  world.call('cloudhsmv2', 'InitializeCluster', { ClusterId, SignedCert: authority.sign(cluster().Certificates.ClusterCsr), TrustAnchor: authority.anchor });
  await until(() => cluster().State === 'INITIALIZED');
  const { GroupId: stranger } = world.call<{ GroupId: string }>('ec2', 'CreateSecurityGroup', { GroupName: 'stranger', Description: 'stranger', VpcId: vpcId });
  expect(cli(inSubnet([group]), authority.anchor).error_code).toBe(0);
  expect(cli(inSubnet([stranger]), authority.anchor)).toEqual({ error_code: 1, data: 'Failed to initialize hsm1 context' });

  world.call('cloudhsmv2', 'DeleteHsm', { ClusterId, EniIp: '10.0.0.77' });
  await until(() => cluster().Hsms.length === 0);
  world.call('cloudhsmv2', 'DeleteCluster', { ClusterId });
  await until(() => cluster().State === 'DELETED');
  expect(() => world.call('ec2', 'DescribeSecurityGroups', { GroupIds: [group] })).toThrow();
  expect(world.call('ec2', 'DescribeNetworkInterfaces', {})).toMatchObject({ NetworkInterfaces: [] });
});

test('refusals of EC2 come as refusals of CloudHSM', () => {
  const refusal = world.refusal('cloudhsmv2', 'CreateCluster', { HsmType: 'hsm2m.medium', SubnetIds: ['subnet-00000000000000000'] });

  expect(refusal.code).toBe('CloudHsmInvalidRequestException');
  expect(refusal.message).toContain('subnet-00000000000000000');
});
