import type { Kernel } from '../../kernel';
import { ServiceError } from '../../wire/operation';
import type { Caller, Context, Position, Principal } from '../../wire/operation';

/** What a script may learn of the instance it runs on. */
export interface InstanceFacts {
  readonly instanceId: string;
  readonly state: string;
  readonly architecture: 'x86_64' | 'arm64';
  readonly instanceType: string;
  readonly imageId: string;
  /** Which system's packages it takes: `amzn2023`, `el7`, `u24.04`, … */
  readonly platform: string;
  readonly availabilityZone: string;
  readonly address: string;
  readonly hostname: string;
  readonly mac: string;
  readonly vpcId?: string;
  readonly subnetId?: string;
  readonly securityGroupIds: readonly string[];
  readonly roleName?: string;
  /** IMDS answers only requests with a token. */
  readonly tokensRequired: boolean;
}

interface Ec2Instance {
  readonly InstanceId: string;
  readonly State?: { readonly Name?: string };
  readonly InstanceType?: string;
  readonly ImageId?: string;
  readonly Architecture?: string;
  readonly PrivateIpAddress?: string;
  readonly PrivateDnsName?: string;
  readonly VpcId?: string;
  readonly SubnetId?: string;
  readonly SecurityGroups?: ReadonlyArray<{ readonly GroupId?: string }>;
  readonly Placement?: { readonly AvailabilityZone?: string };
  readonly IamInstanceProfile?: { readonly Arn?: string };
  readonly MetadataOptions?: { readonly HttpTokens?: string };
  readonly NetworkInterfaces?: ReadonlyArray<{ readonly MacAddress?: string }>;
}

/** Asks EC2 and IAM. @throws ServiceError when there is no such instance */
export function instanceFacts(context: Context, instanceId: string): InstanceFacts {
  const { Reservations = [] } = context.call<{ Reservations?: Array<{ Instances?: Ec2Instance[] }> }>(
    'ec2', 'DescribeInstances', { InstanceIds: [instanceId] });
  const instance = Reservations.flatMap(({ Instances = [] }) => Instances)[0];
  if (!instance) throw new ServiceError('InvalidInstanceID.NotFound', `The instance ID '${instanceId}' does not exist`);
  const address = instance.PrivateIpAddress ?? '10.0.0.1';
  return {
    instanceId,
    state: instance.State?.Name ?? 'running',
    architecture: instance.Architecture === 'arm64' ? 'arm64' : 'x86_64',
    instanceType: instance.InstanceType ?? 't3.micro',
    imageId: instance.ImageId ?? '',
    platform: platformOf(imageName(context, instance.ImageId)),
    availabilityZone: instance.Placement?.AvailabilityZone ?? `${context.region}a`,
    address,
    hostname: instance.PrivateDnsName || `ip-${address.replace(/\./g, '-')}.ec2.internal`,
    mac: instance.NetworkInterfaces?.[0]?.MacAddress ?? '02:00:00:00:00:01',
    vpcId: instance.VpcId,
    subnetId: instance.SubnetId,
    securityGroupIds: (instance.SecurityGroups ?? []).map(({ GroupId = '' }) => GroupId),
    roleName: roleOf(context, instance.IamInstanceProfile?.Arn?.split('/').pop()),
    tokensRequired: instance.MetadataOptions?.HttpTokens === 'required',
  };
}

/** The session that everything on the instance acts under. */
export function instanceCaller(context: Context, facts: InstanceFacts, activityId: string): Caller {
  return { principal: principalOf(context, facts), position: positionOf(context, facts), activityId };
}

function principalOf({ partition, account }: Context, { instanceId, roleName }: InstanceFacts): Principal {
  if (roleName === undefined) return { kind: 'user', account, arn: `arn:${partition}:iam::${account}:user/nobody-on-${instanceId}` };
  return {
    kind: 'role',
    account,
    arn: `arn:${partition}:sts::${account}:assumed-role/${roleName}/${instanceId}`,
    roleArn: `arn:${partition}:iam::${account}:role/${roleName}`,
    sessionName: instanceId,
  };
}

function positionOf({ account, region }: Context, { vpcId, subnetId, securityGroupIds, address, instanceId }: InstanceFacts): Position {
  return { kind: 'vpc', vpcId: vpcId ?? '', subnetId: subnetId ?? '', securityGroupIds, address, instanceId, home: { account, region } };
}

function platformOf(image: string): string {
  const ubuntu = /ubuntu.*?(\d\d\.\d\d)/i.exec(image);
  if (ubuntu) return `u${ubuntu[1]}`;
  const redHat = /rhel-(\d+)/i.exec(image);
  if (redHat) return `el${redHat[1]}`;
  return /amzn2-/i.test(image) ? 'el7' : 'amzn2023';
}

/** An image keeps its name, and facts are asked for each time that a timer elapses. */
const IMAGE_NAMES = new WeakMap<Kernel, Map<string, string>>();

function imageName(context: Context, imageId: string | undefined): string {
  if (!imageId) return '';
  const names = IMAGE_NAMES.get(context.kernel) ?? new Map<string, string>();
  IMAGE_NAMES.set(context.kernel, names);
  const name = names.get(imageId) ?? nameOfImage(context, imageId);
  if (name !== '') names.set(imageId, name);
  return name;
}

function nameOfImage(context: Context, imageId: string): string {
  return optional(() => context.call<{ Images?: Array<{ Name?: string }> }>('ec2', 'DescribeImages', { ImageIds: [imageId] }).Images?.[0]?.Name) ?? '';
}

function roleOf(context: Context, profile: string | undefined): string | undefined {
  if (profile === undefined) return undefined;
  return optional(() => context.call<{ InstanceProfile?: { Roles?: Array<{ RoleName?: string }> } }>(
    'iam', 'GetInstanceProfile', { InstanceProfileName: profile }).InstanceProfile?.Roles?.[0]?.RoleName);
}

function optional<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}
