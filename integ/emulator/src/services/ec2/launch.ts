import { refuse } from './refusals';
import type { TagSpecification } from './tags';
import type { ServiceError, Context } from '../../wire/operation';

/** What a launch asks for, in the members that RunInstances and launch templates have in common. */
export interface LaunchRequest {
  readonly ImageId?: string;
  readonly InstanceType?: string;
  readonly KeyName?: string;
  readonly SecurityGroupIds?: readonly string[];
  readonly SubnetId?: string;
  readonly PrivateIpAddress?: string;
  readonly UserData?: string;
  readonly IamInstanceProfile?: { readonly Arn?: string; readonly Name?: string };
  readonly Monitoring?: { readonly Enabled?: boolean };
  readonly Placement?: { readonly AvailabilityZone?: string; readonly Tenancy?: string };
  readonly BlockDeviceMappings?: readonly BlockDeviceRequest[];
  readonly NetworkInterfaces?: readonly InterfaceRequest[];
  readonly MetadataOptions?: {
    readonly HttpTokens?: string;
    readonly HttpPutResponseHopLimit?: number;
    readonly HttpEndpoint?: string;
    readonly HttpProtocolIpv6?: string;
    readonly InstanceMetadataTags?: string;
  };
  readonly EbsOptimized?: boolean;
  readonly DisableApiTermination?: boolean;
  readonly DisableApiStop?: boolean;
  readonly InstanceInitiatedShutdownBehavior?: string;
  readonly CreditSpecification?: { readonly CpuCredits?: string };
  readonly MaintenanceOptions?: { readonly AutoRecovery?: string };
  readonly Ipv6AddressCount?: number;
  readonly TagSpecifications?: readonly TagSpecification[];
}

export interface BlockDeviceRequest {
  readonly DeviceName?: string;
  readonly NoDevice?: string;
  readonly Ebs?: {
    readonly DeleteOnTermination?: boolean;
    readonly Encrypted?: boolean;
    readonly KmsKeyId?: string;
    readonly VolumeSize?: number;
    readonly VolumeType?: string;
    readonly Iops?: number;
    readonly Throughput?: number;
    readonly SnapshotId?: string;
  };
}

export interface InterfaceRequest {
  readonly DeviceIndex?: number;
  readonly NetworkInterfaceId?: string;
  readonly SubnetId?: string;
  readonly Groups?: readonly string[];
  readonly Description?: string;
  readonly PrivateIpAddress?: string;
  readonly AssociatePublicIpAddress?: boolean;
  readonly DeleteOnTermination?: boolean;
  readonly Ipv6AddressCount?: number;
}

/** A request over a template: what the request says counts; tags of one resource type come from both. */
export function merge(template: LaunchRequest, request: LaunchRequest): LaunchRequest {
  const given = Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
  return { ...template, ...given, TagSpecifications: [...(template.TagSpecifications ?? []), ...(request.TagSpecifications ?? [])] };
}

const RESOLVE = 'resolve:ssm:';

/** The image id, read from a parameter when it is given as `resolve:ssm:<name>`. */
export function resolvedImage(context: Context, imageId: string): string {
  if (!imageId.startsWith(RESOLVE)) return imageId;
  const { Parameters: [parameter], InvalidParameters } = context.call<{ Parameters: Array<{ Value: string }>; InvalidParameters?: string[] }>(
    'ssm', 'GetParameters', { Names: [imageId.slice(RESOLVE.length)] });
  if (!parameter) throw refuse(context, 'image-parameter', InvalidParameters?.[0] ?? imageId);
  return parameter.Value;
}

/** User data in base64 and not too long. */
export function checkUserData(context: Context, userData: string): void {
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(userData)) throw refuse(context, 'user-data-encoding');
  const limit = context.row<number>('user-data-bytes');
  if (Buffer.from(userData, 'base64').length > limit) throw refuse(context, 'user-data-size', limit);
}

interface Profile {
  readonly arn: string;
  readonly id: string;
}

/** The profile, which must be there and hold a role. EC2 looks it up by itself. */
export function profileOf(context: Context, { Arn, Name }: NonNullable<LaunchRequest['IamInstanceProfile']>): Profile {
  const name = Name ?? Arn?.split('/').pop() ?? '';
  const invalid = (): ServiceError => (Name !== undefined ? refuse(context, 'profile-name', Name) : refuse(context, 'profile-arn', Arn ?? ''));
  const { InstanceProfile } = lookUp(context, name) ?? {};
  if (!InstanceProfile || (Arn !== undefined && InstanceProfile.Arn !== Arn)) throw invalid();
  if (InstanceProfile.Roles.length === 0) throw refuse(context, 'profile-without-role', InstanceProfile.Arn);
  return { arn: InstanceProfile.Arn, id: InstanceProfile.InstanceProfileId };
}

interface Found {
  readonly InstanceProfile: { readonly Arn: string; readonly InstanceProfileId: string; readonly Roles: readonly object[] };
}

function lookUp(context: Context, InstanceProfileName: string): Found | undefined {
  const service = 'ec2.amazonaws.com';
  try {
    return context.call<Found>('iam', 'GetInstanceProfile', { InstanceProfileName }, {
      principal: { kind: 'service', account: context.account, arn: `arn:${context.partition}:iam::${context.account}:root`, service },
      position: { kind: 'service', service: 'ec2' },
    });
  } catch (error) {
    if ((error as ServiceError).code === 'NoSuchEntity') return undefined;
    throw error;
  }
}
