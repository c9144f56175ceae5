import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { ClientPackages, Cluster } from '../../src';
import type { AdminClientOptions } from '../../src';
import { clusterTemplate, fixture } from '../_helpers/stacks';

const clusterGroup = { 'Fn::GetAtt': [Match.stringLikeRegexp('FirstHsm'), 'SecurityGroupId'] };
const adminGroup = { 'Fn::GetAtt': [Match.stringLikeRegexp('AdminClientSecurityGroup'), 'GroupId'] };
const withAdminClient = (adminClient: AdminClientOptions) => clusterTemplate({ adminClient });

describe('the admin client', () => {
  const template = clusterTemplate();

  test('is one instance at most, and there may be none', () => {
    template.hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', { MinSize: '0', MaxSize: '1', DesiredCapacity: '1' });
  });

  test('is found by its tag, which its instance carries', () => {
    template.hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', {
      Tags: Match.arrayWith([{ Key: 'cdk-cloudhsm:admin-client', Value: Match.anyValue(), PropagateAtLaunch: true }]),
    });
  });

  test('asks for IMDSv2', () => {
    template.hasResourceProperties('AWS::EC2::LaunchTemplate', { LaunchTemplateData: { MetadataOptions: { HttpTokens: 'required' } } });
  });

  test('has an encrypted volume that goes with it', () => {
    template.hasResourceProperties('AWS::EC2::LaunchTemplate', {
      LaunchTemplateData: { BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true, DeleteOnTermination: true } }] },
    });
  });

  test('gets its image when it is launched, so no deploy replaces it', () => {
    template.hasResourceProperties('AWS::EC2::LaunchTemplate', {
      LaunchTemplateData: { ImageId: 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64' },
    });
    template.templateMatches({ Parameters: Match.not(Match.objectLike({ SsmParameterValue: Match.anyValue() })) });
  });

  test('has no public address and no key pair', () => {
    template.hasResourceProperties('AWS::EC2::LaunchTemplate', { LaunchTemplateData: { NetworkInterfaces: Match.absent(), KeyName: Match.absent() } });
    template.hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', { LaunchConfigurationName: Match.absent() });
  });

  test('can be reached by nobody: its group has no inbound rule', () => {
    template.hasResourceProperties('AWS::EC2::SecurityGroup', { GroupDescription: 'Admin client of a CloudHSM cluster', SecurityGroupIngress: Match.absent() });
    expect(Object.keys(template.findResources('AWS::EC2::SecurityGroupIngress', { Properties: { GroupId: adminGroup } }))).toEqual([]);
  });

  test('reaches HTTPS anywhere and the cluster on 2223 to 2225, and nothing else', () => {
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'Admin client of a CloudHSM cluster', SecurityGroupEgress: [Match.objectLike({ CidrIp: '0.0.0.0/0', IpProtocol: 'tcp', FromPort: 443, ToPort: 443 })],
    });
    const rules = template.findResources('AWS::EC2::SecurityGroupEgress');
    expect(Object.keys(rules)).toHaveLength(1);
    template.hasResourceProperties('AWS::EC2::SecurityGroupEgress', {
      GroupId: adminGroup, DestinationSecurityGroupId: clusterGroup, IpProtocol: 'tcp', FromPort: 2223, ToPort: 2225,
    });
  });

  test('is let in by the cluster, and nobody else is', () => {
    expect(Object.keys(template.findResources('AWS::EC2::SecurityGroupIngress'))).toHaveLength(1);
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      GroupId: clusterGroup, SourceSecurityGroupId: adminGroup, IpProtocol: 'tcp', FromPort: 2223, ToPort: 2225,
    });
  });

  test('may do what the agent needs, look up clusters, read parameters of this library and its two secrets', () => {
    const [policy] = Object.values(template.findResources('AWS::IAM::ManagedPolicy', { Properties: { Description: 'Admin client of a CloudHSM cluster' } })) as [
      { Properties: { PolicyDocument: { Statement: { Action: string | string[]; Resource: unknown }[] } } },
    ];

    const actions = policy.Properties.PolicyDocument.Statement.flatMap(({ Action }) => Action).filter((action) => !/^(ssmmessages|ec2messages):/.test(action));
    expect(actions.sort()).toEqual([
      'cloudhsm:DescribeClusters', 'kms:Decrypt', 'secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue', 'ssm:DescribeAssociation', 'ssm:DescribeDocument',
      'ssm:GetDocument', 'ssm:GetManifest', 'ssm:GetParameter', 'ssm:ListAssociations', 'ssm:ListInstanceAssociations', 'ssm:PutComplianceItems', 'ssm:PutInventory',
      'ssm:UpdateInstanceAssociationStatus', 'ssm:UpdateInstanceInformation',
    ]);
    template.resourceCountIs('AWS::IAM::Policy', 0);
  });

  test('starts with a script that EC2 takes: 16 KB at most', () => {
    const [launch] = Object.values(template.findResources('AWS::EC2::LaunchTemplate')) as [{ Properties: { LaunchTemplateData: { UserData: unknown } } }];

    expect(JSON.stringify(launch.Properties.LaunchTemplateData.UserData).length).toBeLessThan(16_384);
  });

  test('has documents that take ids and ARNs only, checked from end to end', () => {
    const documents = Object.values(template.findResources('AWS::SSM::Document')) as { Properties: { Content: { parameters: Record<string, { allowedPattern: string }> } } }[];

    expect(documents).toHaveLength(9);
    for (const { Properties: { Content: { parameters } } } of documents) {
      for (const { allowedPattern } of Object.values(parameters)) expect(allowedPattern).toMatch(/^\^.*\$$/);
    }
  });
});

describe('an admin client takes', () => {
  test('an x86_64 type, and the image for it', () => {
    withAdminClient({ instanceType: new ec2.InstanceType('t3.micro') }).hasResourceProperties('AWS::EC2::LaunchTemplate', {
      LaunchTemplateData: { InstanceType: 't3.micro', ImageId: 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64' },
    });
  });

  test('subnets of its own', () => {
    const { stack, vpc } = fixture();

    new Cluster(stack, 'Cluster', { vpc, adminClient: { vpcSubnets: { subnets: [vpc.privateSubnets[2]] } } });

    Template.fromStack(stack).hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', { VPCZoneIdentifier: [stack.resolve(vpc.privateSubnets[2].subnetId) as unknown] });
  });

  test('a topic that is told when it comes and goes', () => {
    const { stack, vpc } = fixture();
    const notificationTopic = new sns.Topic(stack, 'Topic');

    new Cluster(stack, 'Cluster', { vpc, adminClient: { notificationTopic } });

    Template.fromStack(stack).hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', {
      NotificationConfigurations: [{ TopicARN: stack.resolve(notificationTopic.topicArn) as unknown, NotificationTypes: Match.arrayWith(['autoscaling:EC2_INSTANCE_LAUNCH']) }],
    });
  });

  test('packages from a bucket of yours, encrypted or not, without an inline policy', () => {
    const { stack, vpc } = fixture();
    const key = new kms.Key(stack, 'Key');
    const bucket = new s3.Bucket(stack, 'Bucket', { encryptionKey: key });

    new Cluster(stack, 'Cluster', { vpc, adminClient: { packages: ClientPackages.fromBucket(bucket, { version: '5.18.0', prefix: '/hsm/' }) } });

    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      Description: 'Admin client of a CloudHSM cluster',
      PolicyDocument: {
        Statement: Match.arrayWith([
          { Action: 's3:GetObject', Effect: 'Allow', Resource: { 'Fn::Join': ['', [stack.resolve(bucket.bucketArn), '/*']] } },
          { Action: 'kms:Decrypt', Effect: 'Allow', Resource: stack.resolve(key.keyArn) as unknown },
        ]),
      },
    });
    template.resourceCountIs('AWS::IAM::Policy', 0);
  });
});
