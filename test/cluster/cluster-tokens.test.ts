import { CfnParameter, Duration, Fn, Lazy, Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as fc from 'fast-check';
import { CertificateAuthority, ClientInstance, Cluster, LifecycleProvider } from '../../src';
import type { CertificateAuthorityConfig, ClusterProps } from '../../src';
import { fixture, messageOf } from '../_helpers/stacks';
import type { Fixture } from '../_helpers/stacks';

/** Every place where a number, a Duration, a string or a list may be a token; what the template must then hold, found at which place. */
interface Place {
  readonly props: (made: Fixture, name: string) => Partial<ClusterProps>;
  readonly holds: (name: string) => readonly [type: string, properties: object];
}

const number = (stack: Stack, name: string) => new CfnParameter(stack, name, { type: 'Number' }).valueAsNumber;
const text = (stack: Stack, name: string) => new CfnParameter(stack, name).valueAsString;

const PLACES: Readonly<Record<string, Place>> = {
  hsmCount: {
    props: ({ stack }, name) => ({ hsmCount: number(stack, name) }),
    holds: (name) => ['Custom::CloudHSMFleet', { HsmCount: { Ref: name } }],
  },
  backupRetention: {
    props: ({ stack }, name) => ({ backupRetention: Duration.days(number(stack, name)) }),
    holds: (name) => ['AWS::CloudHSM::Cluster', { BackupRetentionPolicy: { Type: 'DAYS', Value: { Ref: name } } }],
  },
  auditLogRetention: {
    props: ({ stack }, name) => ({ auditLogRetention: number(stack, name) as logs.RetentionDays }),
    holds: (name) => ['Custom::CloudHSMFirstHsm', { AuditLogRetentionDays: { Ref: name } }],
  },
  validityYears: {
    props: ({ stack }, name) => {
      const validityYears = number(stack, name);
      class Own extends CertificateAuthority {
        public bind(): CertificateAuthorityConfig {
          return { kind: 'KMS', key: kms.Key.fromKeyArn(stack, `Key${name}`, 'arn:aws:kms:us-east-1:111122223333:key/1'), validityYears };
        }
      }
      return { certificateAuthority: new Own() };
    },
    holds: (name) => ['Custom::CloudHSMInitialization', { ValidityYears: { Ref: name } }],
  },
  encryptionKey: {
    props: ({ stack }, name) => ({ encryptionKey: kms.Key.fromKeyArn(stack, `Key${name}`, text(stack, name)) }),
    holds: (name) => ['AWS::SecretsManager::Secret', { KmsKeyId: { Ref: name } }],
  },
  adminSecret: {
    props: ({ stack }, name) => ({ adminSecret: secretsmanager.Secret.fromSecretCompleteArn(stack, `Secret${name}`, text(stack, name)) }),
    holds: (name) => ['Custom::CloudHSMActivation', { AdminSecretArn: { Ref: name } }],
  },
  vpc: {
    props: ({ stack }, name) => ({ vpc: importedVpc(stack, name) }),
    holds: (name) => ['AWS::CloudHSM::Cluster', { SubnetIds: { Ref: name } }],
  },
  lifecycleProvider: {
    props: ({ stack }, name) => ({ lifecycleProvider: new LifecycleProvider(stack, `Lifecycle${name}`, { memorySize: number(stack, name) }) }),
    holds: (name) => ['AWS::Lambda::Function', { MemorySize: { Ref: name } }],
  },
};

/** Known by lists of which only CloudFormation knows the length. */
function importedVpc(stack: Stack, name: string): ec2.IVpc {
  return ec2.Vpc.fromVpcAttributes(stack, `Vpc${name}`, {
    vpcId: text(stack, `${name}Id`),
    availabilityZones: Fn.split(',', text(stack, `${name}Zones`)),
    privateSubnetIds: Token.asList(new CfnParameter(stack, name, { type: 'List<AWS::EC2::Subnet::Id>' }).valueAsList),
  });
}

test('tokens are passed on as they are, whatever is mixed with them', () => {
  fc.assert(fc.property(fc.subarray(Object.keys(PLACES), { minLength: 1 }), (places) => {
    const made = fixture();
    const props = places.map((place) => PLACES[place].props(made, `P${place}`));

    new Cluster(made.stack, 'Cluster', Object.assign({ vpc: made.vpc }, ...props) as ClusterProps);

    const template = Template.fromStack(made.stack);
    for (const place of places) template.hasResourceProperties(...PLACES[place].holds(`P${place}`));
    expect(JSON.stringify(template.toJSON())).not.toMatch(/e\+289|TOKEN\[/);
  }), { numRuns: 25 });
});

test('no limit is checked on a number that only CloudFormation knows', () => {
  fc.assert(fc.property(fc.integer(), fc.integer(), (count, days) => {
    const { stack, vpc } = fixture();

    new Cluster(stack, 'Cluster', {
      vpc, hsmCount: Lazy.number({ produce: () => count }), backupRetention: Duration.days(Lazy.number({ produce: () => days })),
    });

    Template.fromStack(stack).hasResourceProperties('Custom::CloudHSMFleet', { HsmCount: String(count) });
  }), { numRuns: 10 });
});

test('every whole number out of range is refused, every one in range is taken', () => {
  const { stack, vpc } = fixture();
  let made = 0;
  fc.assert(fc.property(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 0, max: 400 }), (hsmCount, days) => {
    const make = () => new Cluster(stack, `Cluster${made++}`, { vpc, hsmCount, backupRetention: Duration.days(days) });

    if (hsmCount < 0 || hsmCount > 28) expect(messageOf(make)).toContain(`InvalidHsmCount: hsmCount must be a whole number from 0 to 28, got ${hsmCount}`);
    else if (days < 7 || days > 379) expect(messageOf(make)).toContain(`InvalidBackupRetention: backupRetention must be between 7 and 379 days, got ${days}`);
    else expect(make).not.toThrow();
  }), { numRuns: 60 });
});

describe('what cannot be passed on is refused, not guessed', () => {
  test('the count of a placement', () => {
    const { stack, vpc } = fixture();

    expect(messageOf(() => new Cluster(stack, 'Cluster', { vpc, placement: [{ subnet: vpc.privateSubnets[0], count: number(stack, 'Count') }] }))).toBe(
      'InvalidPlacementCount: count in placement must be a whole number from 0 that is known when the app is synthesized, got a token for '
      + 'Network/Vpc/PrivateSubnet1; choose such a number [Hsm/Cluster]',
    );
  });

  test('the validity of the authority, which is divided into years', () => {
    const { stack, vpc } = fixture();

    expect(messageOf(() => new Cluster(stack, 'Cluster', { vpc, certificateAuthority: CertificateAuthority.kms({ validity: Duration.days(number(stack, 'Days')) }) }))).toBe(
      'UnknownAuthorityValidity: validity of the certificate authority must be known when the app is synthesized, got a token; give a duration like '
      + 'Duration.days(7300) [Hsm/Cluster]',
    );
  });
});

test('a user name that only CloudFormation knows is passed on', () => {
  const { stack, vpc } = fixture();

  new Cluster(stack, 'Cluster', { vpc }).addCryptoUser('App', { userName: text(stack, 'Name') });

  Template.fromStack(stack).hasResourceProperties('Custom::CloudHSMUser', { UserName: { Ref: 'Name' } });
});

test('a client in subnets of choice, for a VPC of which only CloudFormation knows the subnets', () => {
  const { stack } = fixture();
  const cluster = new Cluster(stack, 'Cluster', { vpc: importedVpc(stack, 'Subnets') });

  new ClientInstance(stack, 'Web', {
    cluster,
    vpcSubnets: { subnets: [ec2.Subnet.fromSubnetAttributes(stack, 'Subnet', { subnetId: Fn.select(0, Fn.split(',', text(stack, 'First'))), availabilityZone: 'us-east-1a' })] },
  });

  Template.fromStack(stack).resourceCountIs('AWS::EC2::Instance', 1);
});
