import { Duration, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as logs from 'aws-cdk-lib/aws-logs';
import { CertificateAuthority, ClientInstance, ClientPackages, ClientSoftware, Cluster, ClusterMode, CryptoUser, LifecycleProvider, NetworkType } from '../../src';
import { clusterFixture, ENV, fixture } from '../_helpers/stacks';

/** Without what changes at every build: asset hashes, scripts, the newest runtime. What is left is contract, logical ids above all. */
function publicTemplate(stack: Stack): unknown {
  return JSON.parse(JSON.stringify(Template.fromStack(stack).toJSON(), (key, value: unknown) => {
    if (key === 'UserData' || key === 'runCommand') return '<script>';
    if (key === 'Runtime') return '<newest runtime>';
    return typeof value === 'string' ? value.replace(/[0-9a-f]{64}/g, '<hash>') : value;
  }));
}

test('the smallest stack: a changed logical id replaces what lies behind it, in every deployed stack', () => {
  expect(publicTemplate(clusterFixture().stack)).toMatchSnapshot();
});

test('a stack with every choice made', () => {
  const { stack, vpc } = fixture();
  const lifecycleProvider = new LifecycleProvider(stack, 'Lifecycle', { vpc, reservedConcurrentExecutions: 5, logRetention: logs.RetentionDays.TWO_YEARS });
  const cluster = new Cluster(stack, 'Cluster', {
    vpc,
    vpcSubnets: { subnets: vpc.privateSubnets },
    mode: ClusterMode.NON_FIPS,
    networkType: NetworkType.DUALSTACK,
    placement: vpc.privateSubnets.map((subnet, index) => ({ subnet, count: index + 1 })),
    backupRetention: Duration.days(30),
    certificateAuthority: CertificateAuthority.kms({ validity: Duration.days(3650) }),
    adminClient: { instanceType: new ec2.InstanceType('t3.micro'), packages: ClientPackages.pinned('5.18.0') },
    auditLogRetention: logs.RetentionDays.ONE_YEAR,
    removalPolicy: RemovalPolicy.DESTROY,
    lifecycleProvider,
  });
  cluster.addCryptoUser('App', { userName: 'app', lifecycleProvider });
  new CryptoUser(stack, 'Signer', { cluster, adopt: true, lifecycleProvider });
  const client = new ClientInstance(stack, 'Web', { cluster, software: [ClientSoftware.CLI, ClientSoftware.PKCS11], instanceType: new ec2.InstanceType('m7i.large') });
  cluster.grants.connect(client);
  Tags.of(cluster).add('team', 'payments');

  expect(publicTemplate(stack)).toMatchSnapshot();
});

test('a client and a user in a stack of their own: what they import of the cluster\'s is contract too', () => {
  const { app, cluster } = clusterFixture();
  const stack = new Stack(app, 'Web', { env: ENV });
  new ClientInstance(stack, 'Web', { cluster });
  new CryptoUser(stack, 'App', { cluster });

  expect(publicTemplate(stack)).toMatchSnapshot();
});
