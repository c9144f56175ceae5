import { isObject } from '../../template/template';
import type { Value, ValueMap } from '../../template/template';
import { isoDuration } from '../duration';
import type { Request, Row } from '../row-handler';

const service = 'autoscaling';

interface Member { readonly InstanceId: string; readonly LifecycleState: string; readonly HealthStatus?: string }
interface Group {
  readonly AutoScalingGroupARN?: string;
  readonly DesiredCapacity: number;
  readonly MinSize: number;
  readonly MaxSize: number;
  readonly Instances?: Member[];
  readonly Status?: string;
}

function group(request: Request): Group | undefined {
  return request.call<{ AutoScalingGroups: Group[] }>('DescribeAutoScalingGroups', { AutoScalingGroupNames: [request.id] }).AutoScalingGroups[0];
}

function input(request: Request, operation: string, name: string): { [member: string]: unknown } {
  const zones = request.list('VPCZoneIdentifier');
  return request.fitted(operation, {
    AutoScalingGroupName: name,
    VPCZoneIdentifier: zones.length === 0 ? undefined : zones.join(','),
    Tags: undefined,
  });
}

/** The type's own form of tags says whether instances get them too. */
function tags(request: Request, name: string): object[] {
  const own = request.list<ValueMap>('Tags').map(({ Key, Value: value, PropagateAtLaunch }) => ({
    Key: String(Key), Value: String(value ?? ''), PropagateAtLaunch: String(PropagateAtLaunch) === 'true',
  }));
  const given = new Set(own.map(({ Key }) => Key));
  const others = request.tags().filter(({ Key }) => !given.has(Key)).map((tag) => ({ ...tag, PropagateAtLaunch: true }));
  return [...own, ...others].map((tag) => ({ ...tag, ResourceId: name, ResourceType: 'auto-scaling-group' }));
}

const groupRow: Row = {
  service,
  create: (request) => {
    const name = request.name('AutoScalingGroupName');
    const all = tags(request, name);
    request.call('CreateAutoScalingGroup', { ...input(request, 'CreateAutoScalingGroup', name), ...(all.length > 0 ? { Tags: all } : {}) });
    for (const topic of request.list<ValueMap>('NotificationConfigurations')) {
      request.call('PutNotificationConfiguration', { AutoScalingGroupName: name, TopicARN: topic.TopicARN, NotificationTypes: topic.NotificationTypes });
    }
    return name;
  },
  waits: (request, action) => {
    if (action === 'update') return undefined;
    const found = group(request);
    const ready = (found?.Instances ?? []).filter(({ LifecycleState }) => LifecycleState === 'InService').length;
    return ready >= (found?.DesiredCapacity ?? 0) ? undefined : `${(found?.DesiredCapacity ?? 0) - ready} instance(s) to be in service`;
  },
  update: (request) => {
    request.call('UpdateAutoScalingGroup', input(request, 'UpdateAutoScalingGroup', request.id));
    const removed = request.removedTags();
    if (removed.length > 0) {
      request.call('DeleteTags', { Tags: removed.map((Key) => ({ Key, ResourceId: request.id, ResourceType: 'auto-scaling-group' })) });
    }
    const all = tags(request, request.id).filter((tag) => !(tag as { Key: string }).Key.startsWith('aws:'));
    if (all.length > 0) request.call('CreateOrUpdateTags', { Tags: all });
  },
  roll,
  delete: (request) => request.call('DeleteAutoScalingGroup', { AutoScalingGroupName: request.id, ForceDelete: true }),
  gone: (request) => group(request) === undefined,
  attributes: (request) => ({ AutoScalingGroupARN: group(request)?.AutoScalingGroupARN }),
  read: (request) => {
    const found = group(request);
    return found && { MinSize: String(found.MinSize), MaxSize: String(found.MaxSize) };
  },
};

const ROLLING_CAUSES = ['LaunchTemplate', 'LaunchConfigurationName', 'MixedInstancesPolicy', 'VPCZoneIdentifier'];

interface Rolling {
  /** Instances made from the old template that still are to go. */
  readonly old: readonly string[];
  readonly leaving: readonly string[];
  readonly until: number;
}

/** `AutoScalingRollingUpdate`: a batch of old instances goes, the group makes new ones, and so on. */
function roll(request: Request, data: Value | undefined): { forWhat: string; data: Value } | undefined {
  const policy = request.work.updatePolicy?.AutoScalingRollingUpdate;
  if (!isObject(policy)) return undefined;
  const members = group(request)?.Instances ?? [];
  let state = data as unknown as Rolling | undefined;
  if (!state) {
    if (!ROLLING_CAUSES.some((name) => request.changed(name))) return undefined;
    state = { old: members.map(({ InstanceId }) => InstanceId), leaving: [], until: 0 };
  }
  const desired = group(request)?.DesiredCapacity ?? 0;
  const inService = members.filter(({ LifecycleState, InstanceId }) => LifecycleState === 'InService' && !state.leaving.includes(InstanceId)).length;
  if (state.leaving.length > 0 && (inService < desired || request.work.context.now < state.until)) {
    return { forWhat: 'instances of the rolling update to be in service', data: state as unknown as Value };
  }
  if (state.old.length === 0) return undefined;
  const minimum = Number(policy.MinInstancesInService ?? 0);
  const batch = Math.max(1, Math.min(Number(policy.MaxBatchSize ?? 1), desired - minimum));
  const leaving = state.old.slice(0, batch);
  for (const InstanceId of leaving) {
    request.call('TerminateInstanceInAutoScalingGroup', { InstanceId, ShouldDecrementDesiredCapacity: false });
  }
  const pause = policy.PauseTime === undefined || String(policy.WaitOnResourceSignals) === 'true' ? 0 : isoDuration(policy.PauseTime);
  if (String(policy.WaitOnResourceSignals) === 'true') request.notBuilt('signals of a rolling update are not waited for');
  const next: Rolling = { old: state.old.slice(batch), leaving, until: request.work.context.now + pause };
  return { forWhat: `${leaving.length} instance(s) to be replaced`, data: next as unknown as Value };
}

const launchConfigurationRow: Row = {
  service,
  create: (request) => {
    const name = request.name('LaunchConfigurationName');
    request.send('CreateLaunchConfiguration', { LaunchConfigurationName: name });
    return name;
  },
  delete: (request) => request.call('DeleteLaunchConfiguration', { LaunchConfigurationName: request.id }),
};

const lifecycleHookRow: Row = {
  service,
  create: (request) => {
    const name = request.name('LifecycleHookName');
    request.send('PutLifecycleHook', { LifecycleHookName: name });
    return name;
  },
  update: (request) => request.send('PutLifecycleHook', { LifecycleHookName: request.id }),
  delete: (request) => request.call('DeleteLifecycleHook', { AutoScalingGroupName: request.text('AutoScalingGroupName'), LifecycleHookName: request.id }),
};

const scalingPolicyRow: Row = {
  service,
  create: (request) => {
    const PolicyName = request.work.logicalId;
    return request.send<{ PolicyARN: string }>('PutScalingPolicy', { PolicyName }).PolicyARN;
  },
  update: (request) => request.send('PutScalingPolicy', { PolicyName: request.work.logicalId }),
  delete: (request) => request.call('DeletePolicy', { AutoScalingGroupName: request.text('AutoScalingGroupName'), PolicyName: request.id }),
  attributes: (request) => ({ Arn: request.id, PolicyName: request.work.logicalId }),
};

export const AUTOSCALING: { readonly [type: string]: Row } = {
  'AWS::AutoScaling::AutoScalingGroup': groupRow,
  'AWS::AutoScaling::LaunchConfiguration': launchConfigurationRow,
  'AWS::AutoScaling::LifecycleHook': lifecycleHookRow,
  'AWS::AutoScaling::ScalingPolicy': scalingPolicyRow,
};
