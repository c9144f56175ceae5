import type { Group, TemplateRef } from './state';
import { ServiceError } from '../../wire/operation';
import type { Caller, Context } from '../../wire/operation';

/** What the service asks of EC2, under its service-linked role. */

export function asService(context: Context, roleArn: string): Partial<Caller> {
  return {
    principal: { kind: 'service', account: context.account, arn: roleArn, roleArn, service: 'autoscaling.amazonaws.com' },
    position: { kind: 'service', service: 'autoscaling' },
    activityId: undefined,
  };
}

export interface TemplateVersion {
  readonly LaunchTemplateId: string;
  readonly LaunchTemplateName: string;
  readonly VersionNumber: number;
  readonly LaunchTemplateData: { readonly NetworkInterfaces?: ReadonlyArray<{ readonly [member: string]: unknown }> };
}

export function templateVersion(context: Context, template: TemplateRef, as: Partial<Caller>): TemplateVersion {
  const { Version = '$Default', LaunchTemplateId, LaunchTemplateName } = template;
  const named = LaunchTemplateId === undefined ? { LaunchTemplateName } : { LaunchTemplateId };
  const { LaunchTemplateVersions } = context.call<{ LaunchTemplateVersions: TemplateVersion[] }>(
    'ec2', 'DescribeLaunchTemplateVersions', { ...named, Versions: [Version] }, as);
  return LaunchTemplateVersions[0];
}

/** Where an instance goes: a subnet, or a zone of the default VPC. */
export interface Place {
  readonly subnetId?: string;
  readonly zone: string;
}

export function placesOf(context: Context, group: Pick<Group, 'subnetIds' | 'zones'>, as: Partial<Caller>): Place[] {
  if (group.subnetIds.length === 0) return group.zones.map((zone) => ({ zone }));
  const { Subnets } = context.call<{ Subnets: Array<{ SubnetId: string; AvailabilityZone: string }> }>(
    'ec2', 'DescribeSubnets', { SubnetIds: group.subnetIds }, as);
  return Subnets.map(({ SubnetId, AvailabilityZone }) => ({ subnetId: SubnetId, zone: AvailabilityZone }));
}

export interface Launched {
  readonly InstanceId: string;
  readonly InstanceType: string;
  readonly ImageId: string;
  readonly Placement: { readonly AvailabilityZone: string };
}

/** The input of RunInstances for one instance of a group. A template's own interfaces get the group's subnet. */
export function launchInput(group: Pick<Group, 'instanceType' | 'name' | 'tags'>, version: TemplateVersion, place: Place): object {
  const [primary, ...others] = version.LaunchTemplateData.NetworkInterfaces ?? [];
  const network = primary === undefined
    ? { SubnetId: place.subnetId, ...(place.subnetId === undefined ? { Placement: { AvailabilityZone: place.zone } } : {}) }
    : { NetworkInterfaces: [{ ...primary, SubnetId: place.subnetId ?? primary.SubnetId }, ...others] };
  const tags = [
    ...group.tags.filter(({ propagate }) => propagate).map(({ key, value }) => ({ Key: key, Value: value })),
    { Key: 'aws:autoscaling:groupName', Value: group.name },
  ];
  const input = {
    MinCount: 1,
    MaxCount: 1,
    LaunchTemplate: { LaunchTemplateId: version.LaunchTemplateId, Version: String(version.VersionNumber) },
    InstanceType: group.instanceType,
    ...network,
    TagSpecifications: [{ ResourceType: 'instance', Tags: tags }],
  };
  return JSON.parse(JSON.stringify(input)) as object;
}

/** What EC2 would say against a launch; undefined when it would succeed. As the caller, whose permissions it needs. */
export function launchProblem(context: Context, input: object): ServiceError | undefined {
  try {
    context.call('ec2', 'RunInstances', { ...input, TagSpecifications: [], DryRun: true });
    return undefined;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return error.code === 'DryRunOperation' ? undefined : error;
  }
}
