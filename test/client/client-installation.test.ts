import { Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { CertificateAuthority, ClientHost, ClientInstallation, ClientInstance, ClientPackages, ClientPlatform, ClientSoftware, Cluster, KeyAvailability } from '../../src';
import type { ClientInstallationProps, ClientInstanceProps } from '../../src';
import { clusterFixture, ENV, messageOf } from '../_helpers/stacks';

interface Web {
  readonly stack: Stack;
  readonly vpc: ec2.IVpc;
}

const machineImage = ec2.MachineImage.latestAmazonLinux2023();
const instanceType = new ec2.InstanceType('t3.small');

const instance = ({ stack, vpc }: Web, props: Partial<ec2.InstanceProps> = {}) => new ec2.Instance(stack, 'Host', { vpc, machineImage, instanceType, ...props });
const group = ({ stack, vpc }: Web, props: Partial<autoscaling.AutoScalingGroupProps> = {}) => {
  return new autoscaling.AutoScalingGroup(stack, 'Hosts', { vpc, machineImage, instanceType, ...props });
};
const launchTemplate = ({ stack, vpc }: Web, props: Partial<ec2.LaunchTemplateProps> = {}) => new ec2.LaunchTemplate(stack, 'Template', {
  machineImage,
  instanceType,
  userData: ec2.UserData.forLinux(),
  role: new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') }),
  securityGroup: new ec2.SecurityGroup(stack, 'Group', { vpc }),
  ...props,
});

/** The client on a host of the user's, in a stack of its own. */
function installed(host: (web: Web) => ClientHost, props: Partial<ClientInstallationProps> = {}): Template {
  const { app, vpc, cluster } = clusterFixture();
  const stack = new Stack(app, 'Web', { env: ENV });
  new ClientInstallation(stack, 'Client', { cluster, host: host({ stack, vpc }), ...props });
  return Template.fromStack(stack);
}

const HOSTS: Array<[string, (web: Web) => ClientHost, string]> = [
  ['an instance', (web) => ClientHost.instance(instance(web)), 'AWS::EC2::Instance'],
  ['a launch template', (web) => ClientHost.launchTemplate(launchTemplate(web)), 'AWS::EC2::LaunchTemplate'],
  ['an Auto Scaling group', (web) => ClientHost.autoScalingGroup(group(web)), 'AWS::AutoScaling::AutoScalingGroup'],
  ['an Auto Scaling group with a launch template', (web) => {
    const { stack, vpc } = web;
    return ClientHost.autoScalingGroup(new autoscaling.AutoScalingGroup(stack, 'Hosts', { vpc, launchTemplate: launchTemplate(web) }));
  }, 'AWS::AutoScaling::AutoScalingGroup'],
];

describe.each(HOSTS)('a client on %s', (_, host, type) => {
  const template = installed(host);
  const text = JSON.stringify(template.toJSON());

  test('is installed at the first boot, and follows the cluster', () => {
    expect(text).toContain('client.sh set-up || exit 1');
    expect(text).toContain('Software=\'cloudhsm-cli=configure-cli\'');
    expect(text).toContain('KeyAvailabilityOption=\'--enable-key-availability-check\'');
    expect(text).toContain('FollowSeconds=\'900\'');
  });

  test('may look up clusters and read the trust anchor, and nothing else', () => {
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Action: 'cloudhsm:DescribeClusters', Resource: '*' }),
          Match.objectLike({ Action: 'ssm:GetParameter', Resource: Match.anyValue() }),
        ],
      },
      Roles: [{ Ref: Match.anyValue() }],
    });
    template.resourceCountIs('AWS::IAM::Policy', 0);
  });

  test('is let in by the cluster, on 2223 to 2225', () => {
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: 2223, ToPort: 2225, SourceSecurityGroupId: Match.anyValue() });
  });

  test('boots only when it may do what it has to', () => {
    const [policy] = Object.keys(template.findResources('AWS::IAM::ManagedPolicy'));

    template.hasResource(type, { DependsOn: Match.arrayWith([policy]) });
  });

  test('carries nothing of the admin client, and leaves room in what EC2 takes: 16 KB', () => {
    const { Resources } = template.toJSON() as { Resources: Record<string, unknown> };
    const [launcher, ...others] = Object.values(Resources).map((resource) => JSON.stringify(resource)).filter((resource) => resource.includes('client.sh'));

    expect(others).toEqual([]);
    expect(launcher).not.toMatch(/read_secret|CLOUDHSM_PIN/);
    expect(launcher.length).toBeLessThan(10_000);
  });
});

describe('a client on a host', () => {
  const onInstance = (props: Partial<ClientInstallationProps>) => {
    return JSON.stringify(installed((web) => ClientHost.instance(instance(web)), props).toJSON());
  };

  test('comes after what the host\'s user data did before, and before what it does afterwards', () => {
    const { app, vpc, cluster } = clusterFixture();
    const stack = new Stack(app, 'Web', { env: ENV });
    const host = instance({ stack, vpc });

    host.addUserData('echo before');
    new ClientInstallation(stack, 'Client', { cluster, host: ClientHost.instance(host) });
    host.addUserData('echo after');

    const text = JSON.stringify(Template.fromStack(stack).findResources('AWS::EC2::Instance'));
    expect(text).toMatch(/#!\/bin\/bash\\necho before\\n.*client\.sh set-up \|\| exit 1\\necho after/);
  });

  test('takes another interval, and keys that are on one HSM', () => {
    const text = onInstance({ addressLookupInterval: Duration.hours(1), keyAvailability: KeyAvailability.ONE_HSM });

    expect(text).toContain('FollowSeconds=\'3600\'');
    expect(text).toContain('KeyAvailabilityOption=\'--disable-key-availability-check\'');
  });

  test('takes packages from a bucket of yours', () => {
    const { app, vpc, cluster } = clusterFixture();
    const stack = new Stack(app, 'Web', { env: ENV });
    const packages = ClientPackages.fromBucket(s3.Bucket.fromBucketName(stack, 'Packages', 'packages'), { version: '5.18.0' });

    new ClientInstallation(stack, 'Client', { cluster, host: ClientHost.instance(instance({ stack, vpc })), packages });

    Template.fromStack(stack).hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 's3:GetObject' })]) },
    });
  });

  test('grants and connects as the host does', () => {
    const { app, vpc, cluster } = clusterFixture();
    const stack = new Stack(app, 'Web', { env: ENV });
    const host = instance({ stack, vpc });

    const client = new ClientInstallation(stack, 'Client', { cluster, host: ClientHost.instance(host) });

    expect([client.grantPrincipal, client.connections]).toEqual([host.role, host.connections]);
  });

  test('may be of a kind of your own', () => {
    class Fleet extends ClientHost {
      public constructor(private readonly template: ec2.LaunchTemplate) {
        super();
      }

      public bind() {
        const { userData, role, connections } = this.template;
        return { userData: userData!, role: role!, connections, operatingSystemType: ec2.OperatingSystemType.UNKNOWN, launchers: [this.template] };
      }
    }

    expect(JSON.stringify(installed((web) => new Fleet(launchTemplate(web))).toJSON())).toContain('client.sh set-up');
  });
});

describe('a client on Windows Server', () => {
  const { CLI, KEY_STORAGE_PROVIDER } = ClientSoftware;
  const platform = ClientPlatform.WINDOWS_SERVER_2022;
  const windowsImage = ec2.MachineImage.latestWindows(ec2.WindowsVersion.WINDOWS_SERVER_2022_ENGLISH_FULL_BASE);
  const text = JSON.stringify(installed(
    (web) => ClientHost.instance(instance(web, { machineImage: windowsImage })),
    { platform, software: [CLI, KEY_STORAGE_PROVIDER], packages: ClientPackages.pinned('5.18.0'), keyAvailability: KeyAvailability.ONE_HSM },
  ).findResources('AWS::EC2::Instance'));

  test('is a script of PowerShell that is laid down, and run', () => {
    const [, script] = /<powershell>(.*)<\/powershell>/.exec(text)!;

    expect(script).toMatch(/Set-Content -Path 'C:\\\\Program Files\\\\cdk-cloudhsm\\\\client\.ps1' -Value @'\\nparam\(\[string\] \$Command\)\\n/);
    expect(script).toMatch(/\\n'@\\n& powershell\.exe [^\\]*-File 'C:\\\\Program Files\\\\cdk-cloudhsm\\\\client\.ps1' set-up\\nif \(\$LASTEXITCODE -ne 0\) \{ exit 1 \}/);
    // The text that is laid down must not end before it is over.
    expect(script.match(/\\n'@/g)).toHaveLength(1);
  });

  test('has the packages and tools for Windows, with the sums that AWS publishes', () => {
    expect(text).toContain('$Software = \'CLI=configure-cli.exe KSP=configure-ksp.exe\'');
    expect(text).toContain('CloudHsmClient/Windows\'');
    expect(text).toContain('$PackageRelease = \'5.18.0-1\'');
    expect(text).toMatch(/\$PackageChecksums = '[0-9a-f]{64} AWSCloudHSMCLI-5\.18\.0-1\.msi,[0-9a-f]{64} AWSCloudHSMKSP-5\.18\.0-1\.msi'/);
  });

  test('follows the cluster by a scheduled task', () => {
    expect(text).toContain('$FollowSeconds = \'900\'');
    expect(text).toContain('$KeyAvailabilityOption = \'--disable-key-availability-check\'');
    expect(text).toContain('Register-ScheduledTask -TaskName \'cloudhsm-addresses\'');
  });

  test('leaves room in what EC2 takes: 16 KB', () => {
    expect(text.length).toBeLessThan(11_000);
  });

  test('gives an instance of its own the image, the type and the volume', () => {
    const { app, cluster } = clusterFixture();
    const stack = new Stack(app, 'Web', { env: ENV });

    new ClientInstance(stack, 'Web', { cluster, platform });

    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::EC2::LaunchTemplate', {
      LaunchTemplateData: { ImageId: 'resolve:ssm:/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base' },
    });
    template.hasResourceProperties('AWS::EC2::Instance', {
      InstanceType: 't3.medium', BlockDeviceMappings: [{ DeviceName: '/dev/sda1', Ebs: { Encrypted: true, VolumeSize: 30 } }],
    });
    expect(JSON.stringify(template.toJSON())).toContain('$Software = \'CLI=configure-cli.exe\'');
  });

  test.each<[string, Partial<ClientInstanceProps>, string]>([
    ['an arm64 type', { platform, instanceType: new ec2.InstanceType('t4g.small') }, 'ClientArchitectureMissing: instanceType t4g.small is arm64, and Windows Server 2022 '
      + 'exists for x86_64 only; choose an x86_64 type, for instance t3.medium [Web/Web]'],
    ['OpenSSL', { platform, software: [ClientSoftware.OPENSSL_PROVIDER] }, 'SoftwareNotOnPlatform: software OPENSSL_PROVIDER does not exist for Windows Server 2022, only CLI, '
      + 'PKCS11, JCE, KEY_STORAGE_PROVIDER; leave it out, or choose a platform that has it: Amazon Linux 2023, Red Hat Enterprise Linux 9, Red Hat Enterprise Linux 10 [Web/Web]'],
    ['the Key Storage Provider anywhere else', { software: [KEY_STORAGE_PROVIDER] }, 'SoftwareNotOnPlatform: software KEY_STORAGE_PROVIDER does not exist for Amazon Linux 2023, '
      + 'only CLI, PKCS11, JCE, OPENSSL_DYNAMIC_ENGINE, OPENSSL_PROVIDER; leave it out, or choose a platform that has it: Windows Server 2016, Windows Server 2019, '
      + 'Windows Server 2022, Windows Server 2025 [Web/Web]'],
  ])('refuses %s', (_, props, message) => {
    const { app, cluster } = clusterFixture();
    const stack = new Stack(app, 'Web', { env: ENV });

    expect(messageOf(() => new ClientInstance(stack, 'Web', { cluster, ...props }))).toBe(message);
  });
});

describe('a client on a host is refused', () => {
  const web = () => {
    const { app, vpc, cluster } = clusterFixture();
    return { stack: new Stack(app, 'Web', { env: ENV }), vpc, cluster };
  };

  test.each<[string, Partial<ClientInstallationProps>, string]>([
    ['software that its platform has not', { platform: ClientPlatform.RHEL_10, software: [ClientSoftware.OPENSSL_DYNAMIC_ENGINE] }, 'SoftwareNotOnPlatform: '],
    ['more than one look-up a minute', { addressLookupInterval: Duration.seconds(30) }, 'InvalidAddressLookupInterval: addressLookupInterval must be between 1 and '
      + '1440 minutes, got 0.5; choose one in that range or leave it out for a quarter of an hour'],
    ['a look-up every other day', { addressLookupInterval: Duration.days(2) }, 'InvalidAddressLookupInterval: '],
  ])('%s', (_, props, message) => {
    const { stack, vpc, cluster } = web();

    expect(messageOf(() => new ClientInstallation(stack, 'Client', { cluster, host: ClientHost.instance(instance({ stack, vpc })), ...props }))).toContain(message);
  });

  test.each<[string, Partial<ec2.LaunchTemplateProps>]>([
    ['userData', { userData: undefined }], ['role', { role: undefined }], ['securityGroup', { securityGroup: undefined }],
  ])('a launch template without %s', (name, props) => {
    const { stack, vpc, cluster } = web();
    const host = ClientHost.launchTemplate(launchTemplate({ stack, vpc }, props));

    expect(messageOf(() => new ClientInstallation(stack, 'Client', { cluster, host }))).toBe(`ClientHostIncomplete: Web/Template was made without ${name}, which the CloudHSM `
      + 'client needs; give its launch template userData, role and securityGroup, and pass the template itself, not one that was imported [Web/Client]');
  });

  test('an Auto Scaling group with an imported launch template', () => {
    const { stack, vpc, cluster } = web();
    const imported = ec2.LaunchTemplate.fromLaunchTemplateAttributes(stack, 'Imported', { launchTemplateName: 'of-another-team', versionNumber: '1' });
    const host = ClientHost.autoScalingGroup(new autoscaling.AutoScalingGroup(stack, 'Hosts', { vpc, launchTemplate: imported }));

    expect(messageOf(() => new ClientInstallation(stack, 'Client', { cluster, host }))).toContain('ClientHostIncomplete: Web/Hosts was made without userData');
  });

  test('a second client on one host, however it is named', () => {
    const { stack, vpc, cluster } = web();
    const template = launchTemplate({ stack, vpc });
    const hosts = new autoscaling.AutoScalingGroup(stack, 'Hosts', { vpc, launchTemplate: template });
    new ClientInstallation(stack, 'Client', { cluster, host: ClientHost.launchTemplate(template) });
    const own = new ClientInstance(stack, 'Own', { cluster });

    expect(messageOf(() => new ClientInstallation(stack, 'Again', { cluster, host: ClientHost.autoScalingGroup(hosts) }))).toBe('ClientHostInUse: Web/Client installs a client '
      + 'on the same host, and a host\'s client is configured for one cluster; list all software in one ClientInstallation, and use another host for another cluster [Web/Again]');
    expect(messageOf(() => new ClientInstallation(stack, 'Other', { cluster, host: ClientHost.instance(own.instance) }))).toContain('ClientHostInUse: Web/Own ');
  });

  test('a host of another operating system', () => {
    const { stack, vpc, cluster } = web();
    const image = ec2.MachineImage.latestWindows(ec2.WindowsVersion.WINDOWS_SERVER_2022_ENGLISH_FULL_BASE);
    const windows = instance({ stack, vpc }, { machineImage: image });

    expect(messageOf(() => new ClientInstallation(stack, 'Client', { cluster, host: ClientHost.instance(windows) }))).toBe('ClientHostOfOtherSystem: platform is Amazon Linux '
      + '2023, and the host\'s image is of WINDOWS; set platform to the operating system of the host\'s image [Web/Client]');
  });

  test('before its cluster can be activated', () => {
    const { stack, vpc } = web();
    const waiting = new Cluster(stack, 'Waiting', { vpc, certificateAuthority: CertificateAuthority.external() });

    const host = ClientHost.instance(instance({ stack, vpc }));

    expect(messageOf(() => new ClientInstallation(stack, 'Client', { cluster: waiting, host }))).toMatch(/^ClusterNotActivated: /);
  });
});
