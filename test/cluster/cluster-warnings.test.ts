import { Annotations, Duration, NestedStack, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { Annotations as Seen, Match } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { IConstruct } from 'constructs';
import { CertificateAuthority, ClientInstance, Cluster, CryptoUser } from '../../src';
import { ENV, fixture } from '../_helpers/stacks';
import type { Fixture } from '../_helpers/stacks';

type Row = readonly [id: string, text: string, make: (made: Fixture) => IConstruct];

/** Each returns the construct that carries the warning. */
const WARNINGS: readonly Row[] = [
  ['cdk-cloudhsm:singleHsm',
    'the cluster has a single HSM: keys made since the last backup are lost with it, and clients need --disable-key-availability-check; use hsmCount 2, or 3 '
    + 'where fresh keys must survive',
    ({ stack, vpc }) => new Cluster(stack, 'Cluster', { vpc, hsmCount: 1 })],
  ['cdk-cloudhsm:singleZone',
    'the cluster has one subnet, and so one Availability Zone, for ever: more than one HSM is refused when it is deployed, and KMS key stores need two zones; '
    + 'choose vpcSubnets in two zones or more',
    ({ stack, vpc }) => new Cluster(stack, 'Cluster', { vpc, vpcSubnets: { subnets: [vpc.privateSubnets[0]] } })],
  ['cdk-cloudhsm:shortTrustAnchor',
    'the trust anchor is valid for 4 years only and can never be replaced: clients stop trusting the cluster when it ends; use ten years or more',
    ({ stack, vpc }) => new Cluster(stack, 'Cluster', { vpc, certificateAuthority: CertificateAuthority.kms({ validity: Duration.days(5 * 365 - 1) }) })],
  ['cdk-cloudhsm:hsmNotVerified',
    'the hardware of the first HSM is not verified before its certificate is signed, and cannot be afterwards; give hsmIdentity the published roots of AWS and of '
    + 'the manufacturer, or acknowledge this',
    ({ stack, vpc }) => new Cluster(stack, 'Cluster', { vpc })],
  ['cdk-cloudhsm:retainedInVpcStack',
    'the cluster is kept when the stack is deleted, and its HSMs\' interfaces then keep EC2 from deleting the VPC of the same stack; put the VPC into a stack '
    + 'of its own',
    ({ network, vpc }) => new Cluster(network, 'Cluster', { vpc })],
  ['cdk-cloudhsm:clientInOtherVpc',
    'the client is in another VPC than the cluster: it reaches the HSMs only if both are peered in one Region, with routes both ways; use the VPC of the cluster '
    + 'where you can',
    ({ network, stack, vpc }) => new ClientInstance(stack, 'Web', { cluster: new Cluster(stack, 'Cluster', { vpc }), vpc: new ec2.Vpc(network, 'Other', { maxAzs: 1 }) })],
  ['cdk-cloudhsm:importedUserSecret',
    'the secret of the crypto user is imported, so its policy is not ours to change; let the role of the cluster\'s admin client read and decrypt it',
    ({ app, stack, vpc }) => {
      const elsewhere = new Stack(app, 'Users', { env: ENV });
      return new CryptoUser(elsewhere, 'User', {
        cluster: new Cluster(stack, 'Cluster', { vpc }), secret: secretsmanager.Secret.fromSecretNameV2(elsewhere, 'Secret', 'hsm/user'), userName: 'app',
      });
    }],
];

describe.each(WARNINGS)('%s', (id, text, make) => {
  test('is given', () => {
    const at = make(fixture());

    Seen.fromStack(Stack.of(at)).hasWarning(`/${at.node.path}`, `${text} [ack: ${id}]`);
  });

  test('can be acknowledged', () => {
    const at = make(fixture());

    Annotations.of(at).acknowledgeWarning(id, 'we know');

    Seen.fromStack(Stack.of(at)).hasNoWarning(`/${at.node.path}`, Match.stringLikeRegexp(id));
  });
});

describe('no other warning is given', () => {
  const none = (at: IConstruct) => Seen.fromStack(Stack.of(at)).hasNoWarning('*', Match.stringLikeRegexp('cdk-cloudhsm:(?!hsmNotVerified)'));

  test.each<[string, (made: Fixture) => IConstruct]>([
    ['for a cluster with a user and a client, as the README has it', ({ stack, vpc }) => {
      const cluster = new Cluster(stack, 'Cluster', { vpc });
      cluster.addCryptoUser('App');
      return new ClientInstance(stack, 'Web', { cluster });
    }],
    ['for a cluster beside its VPC that goes with the stack', ({ network, vpc }) => new Cluster(network, 'Cluster', { vpc, removalPolicy: RemovalPolicy.DESTROY })],
    ['for an imported VPC', ({ stack }) => new Cluster(stack, 'Cluster', {
      vpc: ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
        vpcId: 'vpc-00000000', availabilityZones: ['us-east-1a', 'us-east-1b'], privateSubnetIds: ['subnet-00000001', 'subnet-00000002'],
      }),
    })],
    ['for a number of HSMs that only CloudFormation knows', ({ stack, vpc }) => new Cluster(stack, 'Cluster', { vpc, hsmCount: Token.asNumber({ Ref: 'Count' }) })],
    ['for a validity of five years', ({ stack, vpc }) => new Cluster(stack, 'Cluster', {
      vpc, certificateAuthority: CertificateAuthority.kms({ validity: Duration.days(5 * 365) }),
    })],
    ['for a client in a VPC that is the same by its id', ({ stack }) => {
      const attributes = { vpcId: 'vpc-00000000', availabilityZones: ['us-east-1a', 'us-east-1b'], privateSubnetIds: ['subnet-00000001', 'subnet-00000002'] };
      const cluster = new Cluster(stack, 'Cluster', { vpc: ec2.Vpc.fromVpcAttributes(stack, 'Vpc', attributes) });
      return new ClientInstance(stack, 'Web', { cluster, vpc: ec2.Vpc.fromVpcAttributes(stack, 'Again', attributes) });
    }],
    ['for a client in a VPC of which nobody knows whether it is another', ({ stack, vpc }) => new ClientInstance(stack, 'Web', {
      cluster: new Cluster(stack, 'Cluster', { vpc }),
      vpc: ec2.Vpc.fromVpcAttributes(stack, 'Unknown', {
        vpcId: Token.asString({ Ref: 'VpcId' }), availabilityZones: ['us-east-1a', 'us-east-1b'], privateSubnetIds: ['subnet-00000001', 'subnet-00000002'],
      }),
    })],
  ])('%s', (_, make) => {
    none(make(fixture()));
  });
});

test('a VPC in the same family of nested stacks is a VPC of the same stack', () => {
  const { stack } = fixture();
  const vpc = new ec2.Vpc(new NestedStack(stack, 'Network'), 'Vpc', { availabilityZones: ['us-east-1a', 'us-east-1b'] });
  const nested = new NestedStack(stack, 'Nested');

  new Cluster(nested, 'Cluster', { vpc });

  Seen.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('cdk-cloudhsm:retainedInVpcStack'));
});
