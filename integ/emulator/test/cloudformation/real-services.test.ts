import { StackWorld } from './toys';
import { cloudformation } from '../../src/cloudformation/service';
import { cloudhsmServices } from '../../src/services/cloudhsm';
import { ec2 } from '../../src/services/ec2/service';
import { iam } from '../../src/services/iam/service';
import { kms } from '../../src/services/kms/service';
import { logs } from '../../src/services/logs/service';
import { s3 } from '../../src/services/s3/service';
import { secretsmanager } from '../../src/services/secretsmanager/service';
import { sns } from '../../src/services/sns/service';
import { sqs } from '../../src/services/sqs/service';
import { ssm } from '../../src/services/ssm/service';

const tags = [{ Key: 'team', Value: 'x' }];
const document = (Service: string): object => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service } }] });
const subnet = (zone: number): object => ({
  Type: 'AWS::EC2::Subnet',
  Properties: { VpcId: { Ref: 'Vpc' }, AvailabilityZone: { 'Fn::Select': [zone, { 'Fn::GetAZs': '' }] }, CidrBlock: `10.0.${zone}.0/24`, Tags: tags },
});

/** A network with a cluster in it, and what usually stands around. */
function template(days: number): { [section: string]: object } {
  return {
    Resources: {
      Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16', EnableDnsHostnames: true, EnableDnsSupport: 'true', Tags: tags } },
      One: subnet(1),
      Two: subnet(2),
      Gateway: { Type: 'AWS::EC2::InternetGateway' },
      Attachment: { Type: 'AWS::EC2::VPCGatewayAttachment', Properties: { VpcId: { Ref: 'Vpc' }, InternetGatewayId: { Ref: 'Gateway' } } },
      Table: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: { Ref: 'Vpc' } } },
      Association: { Type: 'AWS::EC2::SubnetRouteTableAssociation', Properties: { RouteTableId: { Ref: 'Table' }, SubnetId: { Ref: 'One' } } },
      Route: {
        Type: 'AWS::EC2::Route', DependsOn: 'Attachment', Properties: { RouteTableId: { Ref: 'Table' }, DestinationCidrBlock: '0.0.0.0/0', GatewayId: { Ref: 'Gateway' } },
      },
      Address: { Type: 'AWS::EC2::EIP', DependsOn: 'Attachment' },
      Nat: { Type: 'AWS::EC2::NatGateway', Properties: { SubnetId: { Ref: 'One' }, AllocationId: { 'Fn::GetAtt': ['Address', 'AllocationId'] } } },
      Group: {
        Type: 'AWS::EC2::SecurityGroup',
        Properties: {
          GroupDescription: 'clients', VpcId: { Ref: 'Vpc' }, SecurityGroupEgress: [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }],
          SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: '443', CidrIp: '10.0.0.0/8' }],
        },
      },
      Ingress: {
        Type: 'AWS::EC2::SecurityGroupIngress',
        Properties: { GroupId: { 'Fn::GetAtt': ['Group', 'GroupId'] }, IpProtocol: 'tcp', FromPort: 2223, ToPort: 2225, SourceSecurityGroupId: { Ref: 'Group' } },
      },
      Cluster: {
        Type: 'AWS::CloudHSM::Cluster',
        Properties: {
          HsmType: 'hsm2m.medium', Mode: 'FIPS', SubnetIds: [{ Ref: 'One' }, { Ref: 'Two' }],
          BackupRetentionPolicy: { Type: 'DAYS', Value: String(80 + days) }, Tags: tags,
        },
      },
      Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: document('ec2.amazonaws.com'), Description: `for ${days}` } },
      Profile: { Type: 'AWS::IAM::InstanceProfile', Properties: { Roles: [{ Ref: 'Role' }] } },
      Log: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: days } },
      Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { GenerateSecretString: { SecretStringTemplate: '{"user":"crypto"}', GenerateStringKey: 'password' } } },
      Parameter: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: { 'Fn::GetAtt': ['Cluster', 'ClusterId'] } } },
      Key: {
        Type: 'AWS::KMS::Key',
        Properties: {
          EnableKeyRotation: true,
          KeyPolicy: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Action: 'kms:*', Resource: '*', Principal: { AWS: { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:root' } } }],
          },
        },
      },
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { VersioningConfiguration: { Status: 'Enabled' } } },
      Topic: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: `of ${days}` } },
      Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 30 + days } },
    },
    Outputs: { Cluster: { Value: { Ref: 'Parameter' } }, Group: { Value: { 'Fn::GetAtt': ['Cluster', 'SecurityGroup'] } } },
  };
}

test.each([['default'], ['other']])('a network with a cluster and its surroundings comes, stays, changes and goes (%s)', async (variant) => {
  const world = new StackWorld({
    services: [cloudformation, ...cloudhsmServices(), ec2, iam, kms, logs, s3, secretsmanager, sns, sqs, ssm], variants: [variant],
  });
  const input = { Capabilities: ['CAPABILITY_IAM'] };

  expect(await world.deploy(template(1), { input })).toBe('CREATE_COMPLETE');
  expect(world.output('Group')).toMatch(/^sg-/);
  world.cfn('CreateChangeSet', { StackName: 'Stack', ChangeSetName: 'same', TemplateBody: JSON.stringify(template(1)), ...input });
  expect(world.cfn('DescribeChangeSet', { StackName: 'Stack', ChangeSetName: 'same' })).toMatchObject({ Status: 'FAILED', Changes: [] });

  world.cfn('DetectStackDrift', { StackName: 'Stack' });
  const { StackResourceDrifts: drifts } = world.cfn<{ StackResourceDrifts: Array<{ LogicalResourceId: string; StackResourceDriftStatus: string }> }>(
    'DescribeStackResourceDrifts', { StackName: 'Stack' });
  expect(drifts.filter(({ StackResourceDriftStatus }) => StackResourceDriftStatus !== 'IN_SYNC')).toEqual([]);
  expect(drifts.map(({ LogicalResourceId }) => LogicalResourceId)).toEqual(expect.arrayContaining(['Vpc', 'Group', 'Cluster', 'Role', 'Log', 'Key']));

  expect(await world.deploy(template(3), { input })).toBe('UPDATE_COMPLETE');
  expect(await world.remove()).toBe('DELETE_COMPLETE');
  expect(world.call<{ SecurityGroups: Array<{ GroupName: string; Description: string }> }>('ec2', 'DescribeSecurityGroups')
    .SecurityGroups.filter(({ Description }) => Description === 'clients')).toEqual([]);
  world.stop();
});
