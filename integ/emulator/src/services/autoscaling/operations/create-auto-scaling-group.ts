import { putHook } from './lifecycle-hooks';
import type { HookInput } from './lifecycle-hooks';
import { idFormat } from '../../../kernel';
import { ServiceError } from '../../../wire/operation';
import type { Context, Output } from '../../../wire/operation';
import { asService, launchInput, launchProblem, placesOf, templateVersion } from '../ec2';
import { checkSizes, withTags } from '../groups';
import type { TagInput } from '../groups';
import { soon } from '../members';
import { refuse } from '../refusals';
import { groups } from '../state';
import type { Group, TemplateRef } from '../state';

interface MixedPolicy {
  readonly [member: string]: unknown;
  readonly LaunchTemplate?: {
    readonly LaunchTemplateSpecification?: TemplateRef;
    readonly Overrides?: ReadonlyArray<{ readonly InstanceType?: string }>;
  };
}

/** What a group is launched from and where: creating and updating have it in common. */
export interface LaunchInput {
  readonly LaunchTemplate?: TemplateRef;
  readonly MixedInstancesPolicy?: MixedPolicy;
  readonly LaunchConfigurationName?: string;
  readonly VPCZoneIdentifier?: string;
  readonly AvailabilityZones?: readonly string[];
}

interface CreateInput extends LaunchInput {
  readonly AutoScalingGroupName: string;
  readonly MinSize: number;
  readonly MaxSize: number;
  readonly DesiredCapacity?: number;
  readonly DefaultCooldown?: number;
  readonly HealthCheckType?: string;
  readonly HealthCheckGracePeriod?: number;
  readonly TerminationPolicies?: readonly string[];
  readonly NewInstancesProtectedFromScaleIn?: boolean;
  readonly CapacityRebalance?: boolean;
  readonly LifecycleHookSpecificationList?: readonly HookInput[];
  readonly Tags?: readonly TagInput[];
  readonly ServiceLinkedRoleARN?: string;
  readonly MaxInstanceLifetime?: number;
  readonly DefaultInstanceWarmup?: number;
  readonly InstanceMaintenancePolicy?: Group['maintenancePolicy'];
  readonly TargetGroupARNs?: readonly string[];
}

export function createAutoScalingGroup(context: Context, input: CreateInput): Output {
  const name = input.AutoScalingGroupName;
  if (groups(context).has(name)) throw refuse(context, 'group-exists', name);
  if (groups(context).size() >= context.row<number>('groups-per-region')) throw refuse(context, 'group-limit');
  const sizes = { min: input.MinSize, max: input.MaxSize, desired: input.DesiredCapacity ?? input.MinSize };
  checkSizes(context, sizes);
  const group: Group = {
    name,
    arn: context.arn('autoscaling', `autoScalingGroup:${idFormat.uuid(context.id('group'))}:autoScalingGroupName/${name}`),
    ...sizes,
    ...launchOf(context, input),
    healthCheckType: input.HealthCheckType ?? 'EC2',
    healthCheckGraceSeconds: input.HealthCheckGracePeriod ?? 0,
    cooldownSeconds: input.DefaultCooldown ?? 300,
    terminationPolicies: input.TerminationPolicies ?? ['Default'],
    protectNew: input.NewInstancesProtectedFromScaleIn ?? false,
    serviceLinkedRoleArn: input.ServiceLinkedRoleARN ?? serviceLinkedRole(context),
    maxInstanceLifetime: input.MaxInstanceLifetime,
    capacityRebalance: input.CapacityRebalance ?? false,
    defaultWarmupSeconds: input.DefaultInstanceWarmup,
    maintenancePolicy: input.InstanceMaintenancePolicy,
    targetGroupArns: input.TargetGroupARNs ?? [],
    metrics: [],
    tags: withTags([], input.Tags ?? []),
    suspended: [],
    createdAt: context.now,
    deleting: false,
  };
  checkLaunch(context, group);
  groups(context).put(name, group);
  input.LifecycleHookSpecificationList?.forEach((hook) => putHook(context, name, hook));
  context.emit('created', name);
  soon(context, name);
  return {};
}

type LaunchOf = Pick<Group, 'template' | 'mixed' | 'instanceType' | 'subnetIds' | 'zones'>;

export function launchOf(context: Context, input: LaunchInput): LaunchOf {
  const mixed = input.MixedInstancesPolicy;
  const template = input.LaunchTemplate ?? mixed?.LaunchTemplate?.LaunchTemplateSpecification;
  if (input.LaunchConfigurationName !== undefined) throw refuse(context, 'launch-configuration', input.LaunchConfigurationName);
  if (!template) throw refuse(context, 'no-template');
  const subnetIds = (input.VPCZoneIdentifier ?? '').split(',').map((id) => id.trim()).filter((id) => id !== '');
  const zones = input.AvailabilityZones ?? [];
  if (subnetIds.length === 0 && zones.length === 0) throw refuse(context, 'no-zone');
  return { template, mixed, instanceType: mixed?.LaunchTemplate?.Overrides?.[0]?.InstanceType, subnetIds, zones };
}

/** A template that cannot be launched from is refused at once, with EC2's own words. */
export function checkLaunch(context: Context, group: Group): void {
  const as = asService(context, group.serviceLinkedRoleArn);
  try {
    const [place] = placesOf(context, group, as);
    const problem = launchProblem(context, launchInput(group, templateVersion(context, group.template, as), place));
    if (problem) throw refuse(context, 'template', problem.message);
  } catch (error) {
    if (!(error instanceof ServiceError) || !/^Invalid(Subnet|LaunchTemplate)/.test(error.code)) throw error;
    throw refuse(context, error.code.startsWith('InvalidSubnet') ? 'subnet' : 'template', error.message);
  }
}

/** Made by the first group of an account, with its creator's permissions. */
function serviceLinkedRole(context: Context): string {
  const name = context.row<string>('autoscaling/service-linked-role');
  const service = 'autoscaling.amazonaws.com';
  const arn = context.arn('iam', `role/aws-service-role/${service}/${name}`, { region: '' });
  try {
    context.call('iam', 'GetRole', { RoleName: name }, asService(context, arn));
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'NoSuchEntity') throw error;
    const Description = 'Default Service-Linked Role enables access to AWS Services and Resources used or managed by Auto Scaling';
    context.call('iam', 'CreateServiceLinkedRole', { AWSServiceName: service, Description }, { position: { kind: 'service', service: 'autoscaling' } });
  }
  return arn;
}
