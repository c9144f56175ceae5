import type { Context, Output } from '../../../wire/operation';
import { liveGroup } from '../groups';
import { soon } from '../members';
import { refuse } from '../refusals';
import { groups } from '../state';

interface ProcessInput {
  readonly AutoScalingGroupName: string;
  readonly ScalingProcesses?: readonly string[];
}

const PROCESSES = [
  'Launch', 'Terminate', 'AddToLoadBalancer', 'AlarmNotification', 'AZRebalance', 'HealthCheck', 'InstanceRefresh', 'ReplaceUnhealthy', 'ScheduledActions',
];

/** None named: all of them. */
function named(context: Context, { ScalingProcesses }: ProcessInput): readonly string[] {
  const unknown = ScalingProcesses?.find((name) => !PROCESSES.includes(name));
  if (unknown !== undefined) throw refuse(context, 'process', unknown);
  return ScalingProcesses?.length ? ScalingProcesses : PROCESSES;
}

export function suspendProcesses(context: Context, input: ProcessInput): Output {
  const group = liveGroup(context, input.AutoScalingGroupName);
  groups(context).put(group.name, { ...group, suspended: [...new Set([...group.suspended, ...named(context, input)])] });
  return {};
}

export function resumeProcesses(context: Context, input: ProcessInput): Output {
  const group = liveGroup(context, input.AutoScalingGroupName);
  const resumed = named(context, input);
  groups(context).put(group.name, { ...group, suspended: group.suspended.filter((name) => !resumed.includes(name)) });
  soon(context, group.name);
  return {};
}

interface MetricsInput {
  readonly AutoScalingGroupName: string;
  readonly Metrics?: readonly string[];
}

const METRICS = [
  'GroupMinSize', 'GroupMaxSize', 'GroupDesiredCapacity', 'GroupInServiceInstances', 'GroupPendingInstances', 'GroupStandbyInstances',
  'GroupTerminatingInstances', 'GroupTotalInstances',
];

/** Recorded only: no metrics are published. */
export function enableMetricsCollection(context: Context, input: MetricsInput): Output {
  const group = liveGroup(context, input.AutoScalingGroupName);
  const added = input.Metrics?.length ? input.Metrics : METRICS;
  groups(context).put(group.name, { ...group, metrics: [...new Set([...group.metrics, ...added])] });
  return {};
}

export function disableMetricsCollection(context: Context, input: MetricsInput): Output {
  const group = liveGroup(context, input.AutoScalingGroupName);
  const gone = input.Metrics?.length ? input.Metrics : group.metrics;
  groups(context).put(group.name, { ...group, metrics: group.metrics.filter((name) => !gone.includes(name)) });
  return {};
}
