import { checkLaunch, launchOf } from './create-auto-scaling-group';
import type { LaunchInput } from './create-auto-scaling-group';
import type { Context, Output } from '../../../wire/operation';
import { activitiesOf } from '../activities';
import { checkSizes, groupOf, liveGroup } from '../groups';
import { soon } from '../members';
import { paged } from '../paging';
import type { PageInput } from '../paging';
import { refuse } from '../refusals';
import { groups, membersOf } from '../state';
import type { Group } from '../state';
import { memberView, tagView, zonesOf } from '../views';

interface UpdateInput extends LaunchInput {
  readonly AutoScalingGroupName: string;
  readonly MinSize?: number;
  readonly MaxSize?: number;
  readonly DesiredCapacity?: number;
  readonly DefaultCooldown?: number;
  readonly HealthCheckType?: string;
  readonly HealthCheckGracePeriod?: number;
  readonly TerminationPolicies?: readonly string[];
  readonly NewInstancesProtectedFromScaleIn?: boolean;
  readonly CapacityRebalance?: boolean;
  readonly MaxInstanceLifetime?: number;
  readonly DefaultInstanceWarmup?: number;
  readonly InstanceMaintenancePolicy?: Group['maintenancePolicy'];
}

/** Present instances stay as they are; new ones follow what is said here. */
export function updateAutoScalingGroup(context: Context, input: UpdateInput): Output {
  const group = liveGroup(context, input.AutoScalingGroupName);
  const min = input.MinSize ?? group.min;
  const max = input.MaxSize ?? group.max;
  // Bounds that move past the capacity take it along.
  const desired = input.DesiredCapacity ?? Math.min(Math.max(group.desired, min), Math.max(max, min));
  checkSizes(context, { min, max, desired });
  const relaunch = input.LaunchTemplate ?? input.MixedInstancesPolicy ?? input.LaunchConfigurationName
    ?? input.VPCZoneIdentifier ?? input.AvailabilityZones;
  const launch = relaunch === undefined ? {} : launchOf(context, {
    LaunchTemplate: input.LaunchTemplate ?? (input.MixedInstancesPolicy ? undefined : group.template),
    MixedInstancesPolicy: input.MixedInstancesPolicy ?? (input.LaunchTemplate ? undefined : group.mixed),
    LaunchConfigurationName: input.LaunchConfigurationName,
    VPCZoneIdentifier: input.VPCZoneIdentifier ?? group.subnetIds.join(','),
    AvailabilityZones: input.AvailabilityZones ?? group.zones,
  });
  const next: Group = {
    ...group,
    ...launch,
    min,
    max,
    desired,
    cooldownSeconds: input.DefaultCooldown ?? group.cooldownSeconds,
    healthCheckType: input.HealthCheckType ?? group.healthCheckType,
    healthCheckGraceSeconds: input.HealthCheckGracePeriod ?? group.healthCheckGraceSeconds,
    terminationPolicies: input.TerminationPolicies ?? group.terminationPolicies,
    protectNew: input.NewInstancesProtectedFromScaleIn ?? group.protectNew,
    capacityRebalance: input.CapacityRebalance ?? group.capacityRebalance,
    maxInstanceLifetime: input.MaxInstanceLifetime ?? group.maxInstanceLifetime,
    defaultWarmupSeconds: input.DefaultInstanceWarmup ?? group.defaultWarmupSeconds,
    maintenancePolicy: input.InstanceMaintenancePolicy ?? group.maintenancePolicy,
  };
  if (relaunch !== undefined) checkLaunch(context, next);
  groups(context).put(group.name, next);
  context.emit('updated', group.name);
  soon(context, group.name);
  return {};
}

export function setDesiredCapacity(context: Context, input: { AutoScalingGroupName: string; DesiredCapacity: number }): Output {
  const group = liveGroup(context, input.AutoScalingGroupName);
  if (input.DesiredCapacity > group.max) throw refuse(context, 'above-max', input.DesiredCapacity, group.max);
  if (input.DesiredCapacity < group.min) throw refuse(context, 'below-min', input.DesiredCapacity, group.min);
  groups(context).put(group.name, { ...group, desired: input.DesiredCapacity });
  context.emit(`desired capacity ${input.DesiredCapacity}`, group.name);
  soon(context, group.name);
  return {};
}

export function deleteAutoScalingGroup(context: Context, input: { AutoScalingGroupName: string; ForceDelete?: boolean }): Output {
  const group = groupOf(context, input.AutoScalingGroupName);
  if (!input.ForceDelete) {
    if (membersOf(context, group.name).length > 0) throw refuse(context, 'in-use');
    if (activitiesOf(context, group.name).some(({ endedAt }) => endedAt === undefined)) throw refuse(context, 'activity-in-progress');
  }
  groups(context).put(group.name, { ...group, deleting: true, min: 0, max: 0, desired: 0 });
  context.emit('Delete in progress', group.name);
  soon(context, group.name);
  return {};
}

interface Filter {
  readonly Name?: string;
  readonly Values?: readonly string[];
}

interface DescribeInput extends PageInput {
  readonly AutoScalingGroupNames?: readonly string[];
  readonly Filters?: readonly Filter[];
}

/** A name that is not known is no error: it is not in the answer. */
export function describeAutoScalingGroups(context: Context, input: DescribeInput): Output {
  const names = input.AutoScalingGroupNames ?? [];
  const named = groups(context).values().filter(({ name }) => names.length === 0 || names.includes(name));
  const wanted = named.filter((group) => (input.Filters ?? []).every((filter) => fits(context, group, filter)));
  const { page, NextToken } = paged(context, wanted, ({ name }) => name, input);
  return { AutoScalingGroups: page.map((group) => view(context, group)), NextToken };
}

function fits(context: Context, group: Group, { Name = '', Values = [] }: Filter): boolean {
  const has = (values: readonly string[]): boolean => values.some((value) => Values.includes(value));
  if (Name.startsWith('tag:')) return has(group.tags.filter(({ key }) => key === Name.slice(4)).map(({ value }) => value));
  if (Name === 'tag-key') return has(group.tags.map(({ key }) => key));
  if (Name === 'tag-value') return has(group.tags.map(({ value }) => value));
  throw refuse(context, 'filter', Name);
}

function view(context: Context, group: Group): Output {
  return {
    AutoScalingGroupName: group.name,
    AutoScalingGroupARN: group.arn,
    LaunchTemplate: group.mixed ? undefined : group.template,
    MixedInstancesPolicy: group.mixed,
    MinSize: group.min,
    MaxSize: group.max,
    DesiredCapacity: group.desired,
    DefaultCooldown: group.cooldownSeconds,
    AvailabilityZones: zonesOf(context, group),
    LoadBalancerNames: [],
    TargetGroupARNs: group.targetGroupArns,
    HealthCheckType: group.healthCheckType,
    HealthCheckGracePeriod: group.healthCheckGraceSeconds,
    Instances: membersOf(context, group.name).map(memberView),
    CreatedTime: new Date(context.kernel.hostTime(group.createdAt)),
    SuspendedProcesses: group.suspended.map((ProcessName) => ({ ProcessName, SuspensionReason: 'User suspended' })),
    VPCZoneIdentifier: group.subnetIds.join(','),
    EnabledMetrics: group.metrics.map((Metric) => ({ Metric, Granularity: '1Minute' })),
    Status: group.deleting ? 'Delete in progress' : undefined,
    Tags: group.tags.map((tag) => tagView(group, tag)),
    TerminationPolicies: group.terminationPolicies,
    NewInstancesProtectedFromScaleIn: group.protectNew,
    ServiceLinkedRoleARN: group.serviceLinkedRoleArn,
    MaxInstanceLifetime: group.maxInstanceLifetime,
    CapacityRebalance: group.capacityRebalance,
    DefaultInstanceWarmup: group.defaultWarmupSeconds,
    InstanceMaintenancePolicy: group.maintenancePolicy,
    TrafficSources: [],
  };
}
