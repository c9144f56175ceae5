import { Network } from './network';
import { publishImage } from '../../src/services/ec2/images';

let world: Network;
let SubnetId: string;
beforeEach(() => {
  world = new Network();
  SubnetId = world.subnet(world.vpc(), '10.0.0.0/24');
});
afterEach(() => world.stop());

const template = (LaunchTemplateData: object, LaunchTemplateName: string = 'client'): string =>
  world.ec2<{ LaunchTemplate: { LaunchTemplateId: string } }>('CreateLaunchTemplate', { LaunchTemplateName, LaunchTemplateData }).LaunchTemplate.LaunchTemplateId;

const launch = (LaunchTemplate: object, more: object = {}): Record<string, unknown> =>
  world.ec2<{ Instances: Array<Record<string, unknown>> }>('RunInstances', { MinCount: 1, MaxCount: 1, SubnetId, LaunchTemplate, ...more }).Instances[0];

test('an instance is launched from a template, and the request counts for more', () => {
  const LaunchTemplateId = template({ ImageId: world.image(), InstanceType: 't3.micro', MetadataOptions: { HttpTokens: 'optional', HttpPutResponseHopLimit: 1 } });

  expect(launch({ LaunchTemplateId })).toMatchObject({ InstanceType: 't3.micro', MetadataOptions: { HttpTokens: 'optional', HttpPutResponseHopLimit: 1 } });
  expect(launch({ LaunchTemplateName: 'client', Version: '$Latest' }, { InstanceType: 't3.small' })).toMatchObject({ InstanceType: 't3.small' });
});

test('versions are numbered, and $Latest and $Default are two things', () => {
  const LaunchTemplateId = template({ ImageId: world.image(), InstanceType: 't3.micro' });
  world.ec2('CreateLaunchTemplateVersion', { LaunchTemplateId, SourceVersion: '1', LaunchTemplateData: { InstanceType: 't3.small' } });

  expect(launch({ LaunchTemplateId }).InstanceType).toBe('t3.micro');
  expect(launch({ LaunchTemplateId, Version: '$Latest' }).InstanceType).toBe('t3.small');
  expect(world.ec2('DescribeLaunchTemplateVersions', { LaunchTemplateId, Versions: ['$Latest', '$Default'] })).toMatchObject({
    LaunchTemplateVersions: [{ VersionNumber: 2, DefaultVersion: false }, { VersionNumber: 1, DefaultVersion: true }],
  });
  world.ec2('ModifyLaunchTemplate', { LaunchTemplateId, DefaultVersion: '2' });
  expect(launch({ LaunchTemplateId }).InstanceType).toBe('t3.small');
});

test.each([
  [{ LaunchTemplateId: 'lt-0123456789abcdef0' }, 'InvalidLaunchTemplateId.NotFound'],
  [{ LaunchTemplateName: 'none' }, 'InvalidLaunchTemplateName.NotFoundException'],
  [{ LaunchTemplateName: 'client', Version: '9' }, 'InvalidLaunchTemplateId.VersionNotFound'],
])('the template %j is refused', (LaunchTemplate, code) => {
  template({ ImageId: world.image(), InstanceType: 't3.micro' });

  expect(world.ec2Refusal('RunInstances', { MinCount: 1, MaxCount: 1, SubnetId, LaunchTemplate }).code).toBe(code);
});

test('a name is used once', () => {
  template({});

  expect(world.ec2Refusal('CreateLaunchTemplate', { LaunchTemplateName: 'client', LaunchTemplateData: {} })).toEqual({
    code: 'InvalidLaunchTemplateName.AlreadyExistsException', message: 'Launch template name already in use.',
  });
});

test('the default version is not deleted, others are', () => {
  const LaunchTemplateId = template({});
  world.ec2('CreateLaunchTemplateVersion', { LaunchTemplateId, LaunchTemplateData: {} });

  expect(world.ec2('DeleteLaunchTemplateVersions', { LaunchTemplateId, Versions: ['1', '2', '3'] })).toMatchObject({
    SuccessfullyDeletedLaunchTemplateVersions: [{ VersionNumber: 2 }],
    UnsuccessfullyDeletedLaunchTemplateVersions: [{ VersionNumber: 1 }, { VersionNumber: 3, ResponseError: { Code: 'launchTemplateVersionDoesNotExist' } }],
  });
});

describe('an image', () => {
  test('has an id of its own in each region, the same every time', () => {
    const [same, elsewhere] = [new Network(), new Network({ region: 'eu-west-1' })];

    expect(same.image()).toBe(world.image());
    expect(elsewhere.image()).not.toBe(world.image());
    same.stop();
    elsewhere.stop();
  });

  test('that is published later is the newest, and a template that resolves a parameter launches from it', () => {
    const LaunchTemplateId = template({ ImageId: 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64', InstanceType: 't3.micro' });
    const before = launch({ LaunchTemplateId }).ImageId;

    const made = publishImage(world.kernel, { region: 'us-east-1', architecture: 'x86_64' });
    const again = publishImage(world.kernel, { region: 'us-east-1', architecture: 'x86_64' });

    expect(launch({ LaunchTemplateId }).ImageId).toBe(again['al2023-x86_64']);
    expect(new Set([before, made['al2023-x86_64'], again['al2023-x86_64']]).size).toBe(3);
    expect(Object.keys(made)).not.toContain('al2023-arm64');
  });

  test('of another provider has his account and a name that tells the system, also when a newer one is published', () => {
    const named = () => world.ec2<{ Images: Array<{ Name: string; OwnerId: string; RootDeviceName: string }> }>('DescribeImages', {
      Owners: ['099720109477'], Filters: [{ Name: 'name', Values: ['ubuntu/images/*24.04-arm64*'] }],
    }).Images;
    const before = named();

    publishImage(world.kernel, { region: 'us-east-1' });

    expect(before).toMatchObject([{ OwnerId: '099720109477', RootDeviceName: '/dev/sda1' }]);
    expect(new Set(named().map(({ Name }) => Name)).size).toBe(2);
  });

  test('is Amazon\'s: nobody has one of his own', () => {
    expect(world.ec2('DescribeImages', { Owners: ['self'] })).toMatchObject({ Images: [] });
    expect(world.ec2('DescribeImages', { Owners: ['amazon'], Filters: [{ Name: 'architecture', Values: ['arm64'] }] })).toMatchObject({ Images: { length: 9 } });
  });
});

test('types have the architecture of their processor', () => {
  expect(world.ec2('DescribeInstanceTypes', { InstanceTypes: ['t3.micro', 'm7g.large'] })).toMatchObject({
    InstanceTypes: [
      { InstanceType: 't3.micro', ProcessorInfo: { SupportedArchitectures: ['x86_64'] }, VCpuInfo: { DefaultVCpus: 2 }, MemoryInfo: { SizeInMiB: 1024 } },
      { InstanceType: 'm7g.large', ProcessorInfo: { SupportedArchitectures: ['arm64'] } },
    ],
  });
  expect(world.ec2Refusal('DescribeInstanceTypes', { InstanceTypes: ['p5.48xlarge'] }).message).toMatch(/^\[emulator\]/);
});
