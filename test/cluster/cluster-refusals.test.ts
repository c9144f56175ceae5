import { Duration, NestedStack, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import { CertificateAuthority, Cluster, ClusterMode, HsmType, LifecycleProvider } from '../../src';
import type { CertificateAuthorityConfig, ClusterProps } from '../../src';
import { hsmTypeProblems } from '../../src/private/validation';
import { ENV, fixture, messageOf } from '../_helpers/stacks';
import type { Fixture } from '../_helpers/stacks';

/** The whole text of what a cluster of these properties throws. */
function refusal(props: Partial<ClusterProps> | ((made: Fixture) => Partial<ClusterProps>)): string {
  const made = fixture();
  return messageOf(() => new Cluster(made.stack, 'Cluster', { vpc: made.vpc, ...(typeof props === 'function' ? props(made) : props) }));
}

describe('a cluster fails', () => {
  test.each([-1, 29, 2.5, NaN, Infinity])('with hsmCount %d', (hsmCount) => {
    expect(refusal({ hsmCount })).toBe(
      `InvalidHsmCount: hsmCount must be a whole number from 0 to 28, got ${hsmCount}; use 2 or more for production, 0 to pause the cluster [Hsm/Cluster]`,
    );
  });

  test('when its placement sums to more HSMs than a cluster may have', () => {
    expect(refusal(({ vpc }) => ({ placement: vpc.privateSubnets.map((subnet) => ({ subnet, count: 10 })) }))).toBe(
      'InvalidHsmCount: hsmCount must be a whole number from 0 to 28, got 30; use 2 or more for production, 0 to pause the cluster [Hsm/Cluster]',
    );
  });

  test.each([[Duration.days(6), '6'], [Duration.days(380), '380'], [Duration.hours(180), '7.5'], [Duration.seconds(86_400 * 8 + 1), String(8 + 1 / 86_400)]])(
    'with backupRetention of %s', (backupRetention, days) => {
      expect(refusal({ backupRetention })).toBe(
        `InvalidBackupRetention: backupRetention must be between 7 and 379 days, got ${days}; choose a whole number of days in that range or leave it out to use `
        + 'the service default of 90 days [Hsm/Cluster]',
      );
    });

  test('with hsm1.medium, which CloudHSM makes no more', () => {
    expect(refusal({ hsmType: HsmType.HSM1_MEDIUM })).toBe(
      'HsmTypeNotAvailable: hsmType hsm1.medium is not available: CloudHSM makes no new clusters of it; use HsmType.HSM2M_MEDIUM, or import the cluster you have '
      + 'by Cluster.fromClusterAttributes [Hsm/Cluster]',
    );
  });

  test('with SNAPSHOT', () => {
    expect(refusal({ removalPolicy: RemovalPolicy.SNAPSHOT })).toContain('SnapshotNotSupported: removalPolicy SNAPSHOT is not possible for a cluster; use DESTROY');
  });

  test('when two subnets share an Availability Zone', () => {
    expect(refusal(({ network, vpc }) => {
      const other = new ec2.PrivateSubnet(network, 'Other', { vpcId: vpc.vpcId, cidrBlock: '10.0.250.0/24', availabilityZone: vpc.availabilityZones[0] });
      return { vpcSubnets: { subnets: [vpc.privateSubnets[0], vpc.privateSubnets[1], other] } };
    })).toBe(
      'SubnetsShareZone: subnets Network/Vpc/PrivateSubnet1 and Network/Other are both in dummy1a; a cluster takes one subnet for each Availability Zone: set '
      + 'onePerAz in vpcSubnets or name the subnets [Hsm/Cluster]',
    );
  });

  test('when the VPC has no private subnet', () => {
    const { stack, network } = fixture();
    const vpc = new ec2.Vpc(network, 'Open', { subnetConfiguration: [{ name: 'Public', subnetType: ec2.SubnetType.PUBLIC }] });

    expect(messageOf(() => new Cluster(stack, 'Cluster', { vpc }))).toBe(
      'InvalidSubnetCount: a cluster takes 1 to 10 subnets, one for each Availability Zone, got 0; choose them by vpcSubnets [Hsm/Cluster]',
    );
  });

  test('with more than ten subnets', () => {
    expect(refusal(({ network, vpc }) => ({
      vpcSubnets: {
        subnets: Array.from({ length: 11 }, (_, index) => ec2.Subnet.fromSubnetAttributes(network, `Subnet${index}`, {
          subnetId: `subnet-0000000000000000${index}`, availabilityZone: `us-east-1${index}`, routeTableId: vpc.privateSubnets[0].routeTable.routeTableId,
        })),
      },
    }))).toBe('InvalidSubnetCount: a cluster takes 1 to 10 subnets, one for each Availability Zone, got 11; choose them by vpcSubnets [Hsm/Cluster]');
  });

  test('in a public subnet that was not asked for', () => {
    expect(refusal({ vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC } })).toBe(
      'PublicSubnet: subnet Network/Vpc/PublicSubnet1 is public; HSMs belong into private subnets: choose those by vpcSubnets, or set allowPublicSubnets if you mean '
      + 'it [Hsm/Cluster]',
    );
  });

  test('with more than one HSM before it is activated', () => {
    expect(refusal({ activate: false })).toBe(
      'TooManyHsmsBeforeActivation: with activate: false a cluster has one HSM until it is ACTIVE, got 2; set hsmCount to 1, raise it when activate is true [Hsm/Cluster]',
    );
  });

  test('with hsmCount and placement', () => {
    expect(refusal(({ vpc }) => ({ hsmCount: 2, placement: [{ subnet: vpc.privateSubnets[0], count: 2 }] }))).toBe(
      'CountAndPlacement: hsmCount 2 and placement are both given; placement says how many there are: leave hsmCount out [Hsm/Cluster]',
    );
  });

  test('with placement in a subnet that is not its own', () => {
    expect(refusal(({ vpc }) => ({
      vpcSubnets: { subnets: [vpc.privateSubnets[0], vpc.privateSubnets[1]] }, placement: [{ subnet: vpc.privateSubnets[2], count: 2 }],
    }))).toBe(
      'SubnetNotOfCluster: placement names subnet Network/Vpc/PrivateSubnet3, which is not one of the cluster\'s (Network/Vpc/PrivateSubnet1, '
      + 'Network/Vpc/PrivateSubnet2); choose one of these [Hsm/Cluster]',
    );
  });

  test('with placement that names a subnet twice', () => {
    expect(refusal(({ vpc: { privateSubnets: [subnet] } }) => ({ placement: [{ subnet, count: 1 }, { subnet, count: 1 }] }))).toBe(
      'SubnetPlacedTwice: placement names subnet Network/Vpc/PrivateSubnet1 twice; name each subnet once, with all its HSMs [Hsm/Cluster]',
    );
  });

  test.each([-1, 1.5, NaN])('with %d HSMs placed in a subnet', (count) => {
    expect(refusal(({ vpc: { privateSubnets: [subnet] } }) => ({ placement: [{ subnet, count }] }))).toBe(
      `InvalidPlacementCount: count in placement must be a whole number from 0 that is known when the app is synthesized, got ${count} for `
      + 'Network/Vpc/PrivateSubnet1; choose such a number [Hsm/Cluster]',
    );
  });

  test.each([[364, 0], [101 * 365, 101]])('with a trust anchor for %d days', (days, years) => {
    expect(refusal({ certificateAuthority: CertificateAuthority.kms({ validity: Duration.days(days) }) })).toBe(
      `InvalidAuthorityValidity: validity of the certificate authority must be 1 to 100 whole years, got ${years}; use ten years or more [Hsm/Cluster]`,
    );
  });

  test.each<[string, CertificateAuthorityConfig, string]>([
    ['of a kind that no handler knows', { kind: 'PAPER', validityYears: 10 },
      'UnknownAuthorityKind: kind of the certificate authority must be one of KMS, PRIVATE_CA, EXTERNAL, got PAPER; return one of these from bind, or use CertificateAuthority.kms()'],
    ['without a key', { kind: 'KMS', validityYears: 10 },
      'AuthorityWithoutKey: a certificate authority of kind KMS needs a key, got none; return the RSA key that signs from bind'],
  ])('with an authority %s', (_, config, text) => {
    class Own extends CertificateAuthority {
      public bind(): CertificateAuthorityConfig { return config; }
    }

    expect(refusal({ certificateAuthority: new Own() })).toBe(`${text} [Hsm/Cluster]`);
  });

  test('with a provider of another stack, which would be a circle of stacks', () => {
    expect(refusal(({ app }) => ({ lifecycleProvider: new LifecycleProvider(new Stack(app, 'Shared', { env: ENV }), 'Lifecycle') }))).toBe(
      'ProviderInOtherStack: lifecycleProvider must be in the same stack, Hsm, got one in Shared; make one there, or leave it out to use the stack\'s own [Hsm/Cluster]',
    );
  });

  test('with a provider of a nested stack', () => {
    expect(refusal(({ stack }) => ({ lifecycleProvider: new LifecycleProvider(new NestedStack(stack, 'Nested'), 'Lifecycle') }))).toBe(
      'ProviderInOtherStack: lifecycleProvider must be in the same stack, Hsm, got one in Hsm/Nested; make one there, or leave it out to use the stack\'s own [Hsm/Cluster]',
    );
  });
});

test('a cluster fails in NON_FIPS mode with a type that has none', () => {
  // Of the types that there are, only hsm1.medium has none, and that one cannot be made at all.
  expect(hsmTypeProblems({ name: 'hsm1.medium', supportsNonFips: false, isAvailableForNewClusters: true }, true)).toEqual([
    { code: 'ModeNotSupported', text: 'mode NON_FIPS is not possible with hsmType hsm1.medium, which allows FIPS only; use HsmType.HSM2M_MEDIUM' },
  ]);
  expect(refusal({ hsmType: HsmType.HSM1_MEDIUM, mode: ClusterMode.NON_FIPS })).toContain('HsmTypeNotAvailable');
});

test.each([0, 1, 2, 28])('a cluster takes %d HSMs', (hsmCount) => {
  const { stack, vpc } = fixture();

  expect(() => new Cluster(stack, 'Cluster', { vpc, hsmCount })).not.toThrow();
});

test.each([7, 90, 379])('a cluster takes backupRetention of %d days', (days) => {
  const { stack, vpc } = fixture();

  expect(() => new Cluster(stack, 'Cluster', { vpc, backupRetention: Duration.days(days) })).not.toThrow();
});

test('nothing is made before bad input is refused', () => {
  const { stack, vpc } = fixture();

  messageOf(() => new Cluster(stack, 'Cluster', { vpc, hsmCount: 29, encryptionKey: new kms.Key(stack, 'Key') }));

  expect(stack.node.findChild('Cluster').node.children).toEqual([]);
});
