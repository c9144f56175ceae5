import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { AdminClient, ClientInstance, Cluster, CryptoUser } from '../../src';
import type { ICluster } from '../../src';
import { fixture, messageOf } from '../_helpers/stacks';

const CLUSTER_ID = 'cluster-igklspoyj5v';

describe('a cluster known by its id', () => {
  const { stack } = fixture();
  const cluster = Cluster.fromClusterId(stack, 'Cluster', CLUSTER_ID);

  test('makes nothing', () => {
    expect(Template.fromStack(stack).toJSON()).not.toHaveProperty('Resources');
  });

  test('has an ARN, metrics and the trust anchor where this library keeps it', () => {
    expect(stack.resolve(cluster.clusterArn)).toEqual({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:cloudhsm:us-east-1:111122223333:cluster/${CLUSTER_ID}`]] });
    expect(cluster.metricHsmUnhealthy().dimensions).toEqual({ ClusterId: CLUSTER_ID });
    expect(cluster.trustAnchor.parameterName).toBe(`/cdk-cloudhsm/${CLUSTER_ID}/trust-anchor`);
  });

  test('keeps what rests on it', () => {
    expect(cluster.removalPolicy).toBe(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  });
});

describe('a cluster known by its attributes', () => {
  function imported(stack: Stack, vpc: ec2.IVpc): ICluster {
    return Cluster.fromClusterAttributes(stack, 'Cluster', {
      clusterId: CLUSTER_ID,
      vpc,
      subnets: vpc.privateSubnets,
      securityGroupId: 'sg-00000000000000001',
      trustAnchorParameterName: '/hsm/customer-ca',
      adminSecret: secretsmanager.Secret.fromSecretCompleteArn(stack, 'AdminSecret', 'arn:aws:secretsmanager:us-east-1:111122223333:secret:admin-AbCdEf'),
      encryptionKey: kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111122223333:key/1'),
      adminClient: AdminClient.fromAdminClientAttributes(stack, 'AdminClient', {
        role: iam.Role.fromRoleArn(stack, 'AdminRole', 'arn:aws:iam::111122223333:role/admin-client'),
        autoScalingGroupName: 'admin-client',
        ensureUserDocumentName: 'ensure-user',
        deleteUserDocumentName: 'delete-user',
        tagValue: 'c8f00',
        securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'AdminGroup', 'sg-00000000000000002')],
      }),
    });
  }

  test('takes crypto users', () => {
    const { stack, vpc } = fixture();

    new CryptoUser(stack, 'App', { cluster: imported(stack, vpc) });

    const template = Template.fromStack(stack);
    template.hasResource('Custom::CloudHSMUser', {
      DeletionPolicy: 'RetainExceptOnCreate',
      Properties: {
        ClusterId: CLUSTER_ID,
        UserName: 'app',
        AdminSecretArn: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:admin-AbCdEf',
        AdminClientGroupName: 'admin-client',
        TrustAnchorParameterName: '/hsm/customer-ca',
        EnsureUserDocumentName: 'ensure-user',
        DeleteUserDocumentName: 'delete-user',
      },
    });
    template.hasResourceProperties('AWS::SecretsManager::Secret', { KmsKeyId: 'arn:aws:kms:us-east-1:111122223333:key/1' });
    template.hasResourceProperties('AWS::SecretsManager::ResourcePolicy', {
      ResourcePolicy: { Statement: [Match.objectLike({ Principal: { AWS: 'arn:aws:iam::111122223333:role/admin-client' } })] },
    });
  });

  test('takes client instances, and opens its security group to them', () => {
    const { stack, vpc } = fixture();

    new ClientInstance(stack, 'Web', { cluster: imported(stack, vpc) });

    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::EC2::Instance', 1);
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { GroupId: 'sg-00000000000000001', FromPort: 2223, ToPort: 2225 });
  });

  test('works in a stack without account and Region', () => {
    const { stack, vpc } = fixture({ stack: { env: {} } });

    new ClientInstance(stack, 'Web', { cluster: imported(stack, vpc) });

    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test('needs no attribute that nobody asks for', () => {
    const { stack, vpc } = fixture();
    const cluster = Cluster.fromClusterAttributes(stack, 'Cluster', { clusterId: CLUSTER_ID, vpc, securityGroupId: 'sg-00000000000000001' });

    new ClientInstance(stack, 'Web', { cluster, vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS } });

    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test('fails when a crypto user is added without what changes users', () => {
    const { stack } = fixture();

    expect(messageOf(() => new CryptoUser(stack, 'App', { cluster: Cluster.fromClusterId(stack, 'Cluster', CLUSTER_ID) }))).toContain('pass adminClient to Cluster.fromClusterAttributes');
  });
});
