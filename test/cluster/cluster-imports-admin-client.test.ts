import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { AdminClient, Cluster, CryptoUser } from '../../src';
import type { ClusterAttributes, ICluster } from '../../src';
import { fixture, messageOf } from '../_helpers/stacks';

const ADMIN_SECRET_ARN = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:admin-AbCdEf';

function madeByHand(attributes: Partial<ClusterAttributes> = {}): { stack: Stack; cluster: ICluster } {
  const { stack, vpc } = fixture();
  const cluster = Cluster.fromClusterAttributes(stack, 'Cluster', {
    clusterId: 'cluster-igklspoyj5v',
    vpc,
    subnets: vpc.privateSubnets,
    securityGroupId: 'sg-00000000000000001',
    adminSecret: secretsmanager.Secret.fromSecretCompleteArn(stack, 'Admin', ADMIN_SECRET_ARN),
    adminClientOptions: {},
    ...attributes,
  });
  return { stack, cluster };
}

test('the host reaches the HSMs, reads the admin\'s secret and the trust anchor, and nothing else of the kind', () => {
  const { stack } = madeByHand({ trustAnchorParameterName: '/hsm/customer-ca' });

  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::AutoScaling::AutoScalingGroup', 1);
  template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { GroupId: 'sg-00000000000000001', FromPort: 2223, ToPort: 2225 });
  const statements = Object.values(template.findResources('AWS::IAM::ManagedPolicy'))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Array<{ Action: string | string[]; Resource: unknown }>);
  const resourceOf = (action: string) => statements.find(({ Action }) => [Action].flat().includes(action))?.Resource;
  expect(resourceOf('secretsmanager:GetSecretValue')).toBe(ADMIN_SECRET_ARN);
  expect(JSON.stringify(resourceOf('ssm:GetParameter'))).toContain(':parameter/hsm/customer-ca"');
});

test('users wait for the host and for its rule', () => {
  const { stack, cluster } = madeByHand();

  new CryptoUser(stack, 'App', { cluster });

  const [{ DependsOn }] = Object.values(Template.fromStack(stack).findResources('Custom::CloudHSMUser'));
  expect(DependsOn).toEqual(expect.arrayContaining([
    expect.stringMatching(/^ClusterAdminClientGroup/), expect.stringMatching(/^ClusterSecurityGroup/), expect.stringMatching(/^ClusterAdminClientPolicy/),
  ]));
});

test.each<[keyof ClusterAttributes]>([['vpc'], ['subnets'], ['securityGroupId'], ['adminSecret']])('without %s there is no admin client to be made', (attribute) => {
  expect(messageOf(() => madeByHand({ [attribute]: undefined }))).toMatch(new RegExp(`^UnknownClusterAttribute: ${attribute} of the imported cluster Cluster is not known`));
});

test('one that is there and one that is to be made are refused together', () => {
  const { adminClient } = madeByHand().cluster;

  expect(messageOf(() => madeByHand({ adminClient }))).toMatch(/^TwoAdminClients: .*give adminClient for one that is there, or adminClientOptions/);
  expect(adminClient).toBeInstanceOf(AdminClient);
});
