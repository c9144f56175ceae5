import type { IResource } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { AdminClient, Cluster } from '../../src';
import type { ClusterAttributes, ICluster } from '../../src';
import { fixture, messageOf } from '../_helpers/stacks';

const CLUSTER_ID = 'cluster-igklspoyj5v';

type OwnMember = Exclude<keyof ICluster, keyof IResource>;

interface Row {
  readonly ask: (cluster: ICluster) => unknown;
  /** What a cluster known by its id alone asks for; left out where the id is enough. */
  readonly needs?: keyof ClusterAttributes;
}

/** A record, not a list: a member that is added to ICluster does not compile until it has its row. */
const MEMBERS: Record<Exclude<OwnMember, 'encryptionKey'>, Row> = {
  clusterId: { ask: (cluster) => cluster.clusterId },
  clusterArn: { ask: (cluster) => cluster.clusterArn },
  vpc: { ask: (cluster) => cluster.vpc, needs: 'vpc' },
  subnets: { ask: (cluster) => cluster.subnets, needs: 'subnets' },
  securityGroup: { ask: (cluster) => cluster.securityGroup, needs: 'securityGroupId' },
  connections: { ask: (cluster) => cluster.connections, needs: 'securityGroupId' },
  trustAnchor: { ask: (cluster) => cluster.trustAnchor },
  adminSecret: { ask: (cluster) => cluster.adminSecret, needs: 'adminSecret' },
  adminClient: { ask: (cluster) => cluster.adminClient, needs: 'adminClient' },
  ready: { ask: (cluster) => cluster.ready },
  removalPolicy: { ask: (cluster) => cluster.removalPolicy },
  allowClientsFrom: {
    ask: (cluster) => {
      const client = ec2.SecurityGroup.fromSecurityGroupId(cluster.stack, 'Client', 'sg-00000000000000003');
      cluster.allowClientsFrom(client);
      return client;
    },
    needs: 'securityGroupId',
  },
  metric: { ask: (cluster) => cluster.metric('HsmUnhealthy') },
  metricHsmUnhealthy: { ask: (cluster) => cluster.metricHsmUnhealthy() },
  metricHsmKeysSessionOccupied: { ask: (cluster) => cluster.metricHsmKeysSessionOccupied() },
  metricHsmKeysTokenOccupied: { ask: (cluster) => cluster.metricHsmKeysTokenOccupied() },
  metricHsmSessionCount: { ask: (cluster) => cluster.metricHsmSessionCount() },
  metricHsmUsersAvailable: { ask: (cluster) => cluster.metricHsmUsersAvailable() },
};

function knownById(): ICluster {
  return Cluster.fromClusterId(fixture().stack, 'Cluster', CLUSTER_ID);
}

function knownByEverything(): ICluster {
  const { stack, vpc } = fixture();
  const everything: Required<Omit<ClusterAttributes, 'adminClientOptions'>> = {
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
  };
  return Cluster.fromClusterAttributes(stack, 'Cluster', everything);
}

test.each(Object.entries(MEMBERS))('%s answers when everything is given', (_, { ask }) => {
  expect(ask(knownByEverything())).toBeDefined();
});

test.each(Object.entries(MEMBERS).filter(([, { needs }]) => needs === undefined))('%s needs no more than the id', (_, { ask }) => {
  expect(ask(knownById())).toBeDefined();
});

test.each(Object.entries(MEMBERS).filter(([, { needs }]) => needs !== undefined))('%s names the attribute to pass', (_, { ask, needs }) => {
  expect(messageOf(() => ask(knownById()))).toBe(
    `UnknownClusterAttribute: ${needs} of the imported cluster Cluster is not known; pass ${needs} to Cluster.fromClusterAttributes [Hsm/Cluster]`,
  );
});

test('the encryption key is the one that was given, or none', () => {
  expect(knownById().encryptionKey).toBeUndefined();
  expect(knownByEverything().encryptionKey?.keyArn).toBe('arn:aws:kms:us-east-1:111122223333:key/1');
});
