import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ClientInstance, ClientPackages, ClientPlatform, ClientSoftware } from '../../src';
import type { ClientInstanceProps } from '../../src';
import { clusterFixture, ENV } from '../_helpers/stacks';

function clientTemplate(props: Partial<ClientInstanceProps> = {}): Template {
  const { app, cluster } = clusterFixture();
  const stack = new Stack(app, 'Web', { env: ENV });
  new ClientInstance(stack, 'Web', { cluster, ...props });
  return Template.fromStack(stack);
}

/** What the instance does when it boots. */
function userData(template: Template): string {
  const [{ Properties }] = Object.values(template.findResources('AWS::EC2::Instance')) as [{ Properties: { UserData: { 'Fn::Base64': { 'Fn::Join': [string, unknown[]] } } } }];
  return Properties.UserData['Fn::Base64']['Fn::Join'][1].filter((part) => typeof part === 'string').join('');
}

describe('a client instance', () => {
  const template = clientTemplate();

  test('gets its image when it is launched, and asks for IMDSv2', () => {
    template.hasResourceProperties('AWS::EC2::LaunchTemplate', {
      LaunchTemplateName: Match.absent(),
      LaunchTemplateData: {
        ImageId: 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64', MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 2 },
      },
    });
    template.hasResourceProperties('AWS::EC2::Instance', { ImageId: Match.absent(), InstanceType: 't4g.small', LaunchTemplate: Match.anyValue() });
  });

  test('has an encrypted volume, no public address and no key pair', () => {
    template.hasResourceProperties('AWS::EC2::Instance', {
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true } }], NetworkInterfaces: Match.absent(), KeyName: Match.absent(),
    });
  });

  test('can be reached by nobody', () => {
    template.hasResourceProperties('AWS::EC2::SecurityGroup', { SecurityGroupIngress: Match.absent() });
  });

  test('reaches HTTPS anywhere and the cluster on 2223 to 2225, and nothing else', () => {
    template.hasResourceProperties('AWS::EC2::SecurityGroup', { SecurityGroupEgress: [Match.objectLike({ CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443 })] });
    template.resourceCountIs('AWS::EC2::SecurityGroupEgress', 1);
    template.hasResourceProperties('AWS::EC2::SecurityGroupEgress', { FromPort: 2223, ToPort: 2225, DestinationSecurityGroupId: Match.anyValue() });
  });

  test('is let in by the cluster', () => {
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      FromPort: 2223, ToPort: 2225, SourceSecurityGroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('WebSecurityGroup'), 'GroupId'] },
    });
  });

  test('may look up clusters and read the trust anchor, and no secret', () => {
    const policies = JSON.stringify(template.findResources('AWS::IAM::ManagedPolicy'));

    expect(policies).toContain('cloudhsm:DescribeClusters');
    expect(policies).toContain('trust-anchor');
    expect(policies).not.toContain('secretsmanager');
  });

  test('is told no address: it looks them up by the cluster\'s id', () => {
    expect(JSON.stringify(template.toJSON())).not.toContain('HsmAddresses');
  });

  test('starts with a script that EC2 takes: 16 KB at most', () => {
    const [{ Properties: { UserData } }] = Object.values(template.findResources('AWS::EC2::Instance')) as [{ Properties: { UserData: unknown } }];

    expect(JSON.stringify(UserData).length).toBeLessThan(16_384);
  });
});

describe('a client instance takes', () => {
  test('an x86_64 type, and the image for it', () => {
    clientTemplate({ instanceType: new ec2.InstanceType('m7i.large') }).hasResourceProperties('AWS::EC2::LaunchTemplate', {
      LaunchTemplateData: { ImageId: 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64' },
    });
  });

  test('an image of yours', () => {
    clientTemplate({ machineImage: ec2.MachineImage.genericLinux({ 'us-east-1': 'ami-00000000000000001' }) }).hasResourceProperties('AWS::EC2::LaunchTemplate', {
      LaunchTemplateData: { ImageId: 'ami-00000000000000001' },
    });
  });

  test.each([
    [ClientPlatform.UBUNTU_22_04, ec2.InstanceClass.T4G, '22.04/stable/current/arm64/hvm/ebs-gp2'],
    [ClientPlatform.UBUNTU_24_04, ec2.InstanceClass.T3, '24.04/stable/current/amd64/hvm/ebs-gp3'],
  ])('%s, with its newest image, packages and root volume', (platform, instanceClass, path) => {
    const template = clientTemplate({ platform, instanceType: ec2.InstanceType.of(instanceClass, ec2.InstanceSize.SMALL) });

    template.hasResourceProperties('AWS::EC2::LaunchTemplate', { LaunchTemplateData: { ImageId: `resolve:ssm:/aws/service/canonical/ubuntu/server/${path}/ami-id` } });
    template.hasResourceProperties('AWS::EC2::Instance', { BlockDeviceMappings: [{ DeviceName: '/dev/sda1', Ebs: { Encrypted: true } }] });
    expect(userData(template)).toContain(`PackagePlatform='${platform.packagePlatform}'`);
    expect(userData(template)).toContain(`/CloudHsmClient/${platform.packageFolder}'`);
  });

  test('Red Hat Enterprise Linux, of an image of yours', () => {
    const template = clientTemplate({ platform: ClientPlatform.RHEL_9, machineImage: ec2.MachineImage.genericLinux({ 'us-east-1': 'ami-00000000000000001' }) });

    expect(userData(template)).toContain('/CloudHsmClient/EL9\'');
    template.hasResourceProperties('AWS::EC2::Instance', { BlockDeviceMappings: [{ DeviceName: '/dev/sda1', Ebs: { Encrypted: true, VolumeSize: 10 } }] });
  });

  test('every component that its platform has', () => {
    const { JCE, OPENSSL_DYNAMIC_ENGINE, OPENSSL_PROVIDER } = ClientSoftware;

    expect(userData(clientTemplate({ software: [JCE, OPENSSL_DYNAMIC_ENGINE, OPENSSL_PROVIDER] })))
      .toContain('Software=\'cloudhsm-jce=configure-jce cloudhsm-dyn=configure-dyn cloudhsm-openssl-provider=configure-openssl-provider\'');
  });

  test('more software', () => {
    const template = clientTemplate({ software: [ClientSoftware.CLI, ClientSoftware.PKCS11] });

    expect(JSON.stringify(template.toJSON())).toContain('Software=\'cloudhsm-cli=configure-cli cloudhsm-pkcs11=configure-pkcs11\'');
  });

  test('packages from a bucket of yours, without an inline policy', () => {
    const { app, cluster } = clusterFixture();
    const stack = new Stack(app, 'Web', { env: ENV });
    const bucket = s3.Bucket.fromBucketName(stack, 'Bucket', 'packages');

    new ClientInstance(stack, 'Web', { cluster, packages: ClientPackages.fromBucket(bucket, { version: '5.18.0', checksums: { 'cloudhsm-cli-5.18.0-1.amzn2023.aarch64.rpm': '00ff' } }) });

    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::IAM::Policy', 0);
    expect(userData(template)).toMatch(/PackageChecksums='[0-9a-f]{64} cloudhsm-cli-5\.18\.0-1\.amzn2023\.x86_64\.rpm,00ff cloudhsm-cli-5\.18\.0-1\.amzn2023\.aarch64\.rpm'/);
  });

  test('another VPC', () => {
    const { app, cluster } = clusterFixture();
    const stack = new Stack(app, 'Web', { env: ENV });
    const vpc = new ec2.Vpc(stack, 'Other', { maxAzs: 2, natGateways: 1 });

    new ClientInstance(stack, 'Web', { cluster, vpc });

    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::EC2::Instance', { SubnetId: stack.resolve(vpc.privateSubnets[0].subnetId) as unknown });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', { VpcId: stack.resolve(vpc.vpcId) as unknown });
  });

  test('grants', () => {
    const { stack, cluster } = clusterFixture();
    const client = new ClientInstance(stack, 'Web', { cluster });

    cluster.addCryptoUser('App').secret.grantRead(client);

    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'] })]) },
      Roles: [{ Ref: Match.stringLikeRegexp('WebRole') }],
    });
    expect(client.grantPrincipal).toBeInstanceOf(iam.Role);
  });
});

describe('a client instance refuses', () => {
  test.each([
    [ClientPlatform.RHEL_10, ClientSoftware.OPENSSL_DYNAMIC_ENGINE, 'software OPENSSL_DYNAMIC_ENGINE does not exist for Red Hat Enterprise Linux 10, only CLI, PKCS11, JCE, '
      + 'OPENSSL_PROVIDER; leave it out, or choose a platform that has it: Amazon Linux 2023, Ubuntu 22.04, Ubuntu 24.04, Red Hat Enterprise Linux 8, Red Hat Enterprise Linux 9'],
    ...[ClientPlatform.UBUNTU_22_04, ClientPlatform.UBUNTU_24_04, ClientPlatform.RHEL_8].map((platform): [ClientPlatform, ClientSoftware, string] => [
      platform, ClientSoftware.OPENSSL_PROVIDER, `software OPENSSL_PROVIDER does not exist for ${platform.name}, only CLI, PKCS11, JCE, OPENSSL_DYNAMIC_ENGINE; leave it out, or `
        + 'choose a platform that has it: Amazon Linux 2023, Red Hat Enterprise Linux 9, Red Hat Enterprise Linux 10',
    ]),
  ])('on %s what AWS does not publish for it', (platform, software, text) => {
    expect(() => clientTemplate({ platform, software: [ClientSoftware.CLI, software] })).toThrow(`SoftwareNotOnPlatform: ${text}`);
  });

  test('Red Hat Enterprise Linux without an image', () => {
    expect(() => clientTemplate({ platform: ClientPlatform.RHEL_8 })).toThrow('ClientImageMissing: machineImage is missing, and no public parameter tells the newest image of '
      + 'Red Hat Enterprise Linux 8; pass machineImage, an image of Red Hat Enterprise Linux 8 that has the AWS CLI and the Systems Manager agent');
  });
});
