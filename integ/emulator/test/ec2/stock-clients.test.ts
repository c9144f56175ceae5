import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AutoScalingClient, CreateAutoScalingGroupCommand, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import {
  AuthorizeSecurityGroupIngressCommand, CreateLaunchTemplateCommand, CreateSecurityGroupCommand, CreateSubnetCommand, CreateVpcCommand,
  DeleteSubnetCommand,
  DescribeImagesCommand, DescribeInstancesCommand, DescribeSecurityGroupsCommand, EC2Client, RunInstancesCommand, waitUntilInstanceRunning,
} from '@aws-sdk/client-ec2';
import { CreateRoleCommand, GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { FakeAgents, Network } from './network';
import { Sessions } from '../../src/access/sessions';
import { Gateway } from '../../src/gateway';
import { autoscaling } from '../../src/services/autoscaling/service';
import { ec2 } from '../../src/services/ec2/service';
import { iam } from '../../src/services/iam/service';
import { sts } from '../../src/services/sts/service';
import type { Service } from '../../src/wire/operation';
import { TRUST } from '../iam/iam';

const sessions = new Sessions('secret');
const issuing: Service = { ...sts, start: (kernel, host) => sts.start!(kernel, { ...host, credentials: (caller) => sessions.issue(caller) }) };

let world: Network;
let server: Server;
let settings: { endpoint: string; region: string; maxAttempts: number; credentials: { accessKeyId: string; secretAccessKey: string } };
beforeEach(async () => {
  world = new Network({ services: [ec2, iam, autoscaling, issuing, new FakeAgents().service], clock: { kind: 'warp' } });
  server = createServer(new Gateway(world.kernel, world.calls, sessions).handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  settings = {
    endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', maxAttempts: 1, credentials: { accessKeyId: '111122223333', secretAccessKey: 'x' },
  };
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  world.stop();
});

test('the stock clients build a network, launch an instance and see it run', async () => {
  const client = new EC2Client(settings);
  const { Vpc } = await client.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const { Subnet } = await client.send(new CreateSubnetCommand({
    VpcId: Vpc!.VpcId, CidrBlock: '10.0.0.0/24', TagSpecifications: [{ ResourceType: 'subnet', Tags: [{ Key: 'Name', Value: 'one' }] }],
  }));
  const { GroupId } = await client.send(new CreateSecurityGroupCommand({ VpcId: Vpc!.VpcId, GroupName: 'app', Description: 'the app' }));
  await client.send(new AuthorizeSecurityGroupIngressCommand({
    GroupId, IpPermissions: [{ IpProtocol: 'tcp', FromPort: 2223, ToPort: 2225, UserIdGroupPairs: [{ GroupId }] }],
  }));
  const { Images } = await client.send(new DescribeImagesCommand({ Owners: ['amazon'], Filters: [{ Name: 'architecture', Values: ['x86_64'] }] }));
  const { Instances } = await client.send(new RunInstancesCommand({
    ImageId: Images![0].ImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, SubnetId: Subnet!.SubnetId, SecurityGroupIds: [GroupId!],
  }));
  const InstanceIds = [Instances![0].InstanceId!];
  await waitUntilInstanceRunning({ client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { InstanceIds });

  const { Reservations } = await client.send(new DescribeInstancesCommand({ InstanceIds }));
  const { SecurityGroups } = await client.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId!] }));

  expect(Subnet!.Tags).toEqual([{ Key: 'Name', Value: 'one' }]);
  expect(Reservations![0].Instances![0]).toMatchObject({ PrivateIpAddress: '10.0.0.4', State: { Name: 'running', Code: 16 }, LaunchTime: expect.any(Date) });
  expect(SecurityGroups![0].IpPermissions).toMatchObject([{ FromPort: 2223, UserIdGroupPairs: [{ GroupId, UserId: '111122223333' }] }]);
  await expect(client.send(new DeleteSubnetCommand({ SubnetId: Subnet!.SubnetId }))).rejects.toMatchObject({
    name: 'DependencyViolation', message: `The subnet '${Subnet!.SubnetId!}' has dependencies and cannot be deleted.`,
  });
});

test('a launch template goes to a group unharmed', async () => {
  const client = new EC2Client(settings);
  const { Vpc } = await client.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const { Subnet } = await client.send(new CreateSubnetCommand({ VpcId: Vpc!.VpcId, CidrBlock: '10.0.0.0/24' }));
  const { LaunchTemplate } = await client.send(new CreateLaunchTemplateCommand({
    LaunchTemplateName: 'client',
    LaunchTemplateData: {
      ImageId: 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64',
      InstanceType: 't4g.micro',
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'client' }] }],
    },
  }));
  const groups = new AutoScalingClient(settings);
  await groups.send(new CreateAutoScalingGroupCommand({
    AutoScalingGroupName: 'clients', MinSize: 1, MaxSize: 1, VPCZoneIdentifier: Subnet!.SubnetId,
    LaunchTemplate: { LaunchTemplateId: LaunchTemplate!.LaunchTemplateId, Version: '$Latest' },
  }));
  while (world.kernel.busy) await new Promise((resolve) => setTimeout(resolve, 10));

  const { AutoScalingGroups } = await groups.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ['clients'] }));

  expect(AutoScalingGroups![0].Instances).toMatchObject([{ LifecycleState: 'InService', HealthStatus: 'Healthy', AvailabilityZone: 'us-east-1a' }]);
});

/** The account, whoever in it may. */
const OWN_TRUST = TRUST.replace('"Service":"lambda.amazonaws.com"', '"AWS":"111122223333"');

test('a role is read as it was made, and assumed', async () => {
  const client = new IAMClient(settings);
  await client.send(new CreateRoleCommand({ RoleName: 'app', AssumeRolePolicyDocument: OWN_TRUST }));
  const { Role } = await client.send(new GetRoleCommand({ RoleName: 'app' }));
  const { Credentials } = await new STSClient(settings).send(new AssumeRoleCommand({ RoleArn: Role!.Arn, RoleSessionName: 'me' }));
  const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials!;
  const credentials = { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken };
  const session = new STSClient({ ...settings, credentials });

  expect(decodeURIComponent(Role!.AssumeRolePolicyDocument!)).toBe(OWN_TRUST);
  expect(await session.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: '111122223333', Arn: 'arn:aws:sts::111122223333:assumed-role/app/me' });
  await expect(client.send(new GetRoleCommand({ RoleName: 'none' }))).rejects.toMatchObject({ name: 'NoSuchEntityException', message: 'The role with name none cannot be found.' });
});
