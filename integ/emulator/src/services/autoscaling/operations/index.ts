import { describeScalingActivities } from './activities';
import { createAutoScalingGroup } from './create-auto-scaling-group';
import { deleteAutoScalingGroup, describeAutoScalingGroups, setDesiredCapacity, updateAutoScalingGroup } from './groups';
import { cancelInstanceRefresh, describeInstanceRefreshes, startInstanceRefresh } from './instance-refreshes';
import {
  describeAutoScalingInstances, detachInstances, enterStandby, exitStandby, setInstanceHealth, setInstanceProtection,
  terminateInstanceInAutoScalingGroup,
} from './instances';
import { createLaunchConfiguration, describeAccountLimits, describeLaunchConfigurations } from './launch-configurations';
import {
  completeLifecycleAction, deleteLifecycleHook, describeLifecycleHooks, describeLifecycleHookTypes, putLifecycleHook, recordLifecycleActionHeartbeat,
} from './lifecycle-hooks';
import { deleteNotificationConfiguration, describeNotificationConfigurations, putNotificationConfiguration } from './notifications';
import { disableMetricsCollection, enableMetricsCollection, resumeProcesses, suspendProcesses } from './processes';
import { deleteScheduledAction, describeScheduledActions, putScheduledUpdateGroupAction } from './scheduled-actions';
import { createOrUpdateTags, deleteTags, describeTags, emulatedGuard } from './tags';
import type { Operation } from '../../../wire/operation';

export const operations: Readonly<Record<string, Operation>> = {
  CreateAutoScalingGroup: createAutoScalingGroup,
  UpdateAutoScalingGroup: updateAutoScalingGroup,
  SetDesiredCapacity: setDesiredCapacity,
  DeleteAutoScalingGroup: deleteAutoScalingGroup,
  DescribeAutoScalingGroups: describeAutoScalingGroups,

  DescribeAutoScalingInstances: describeAutoScalingInstances,
  TerminateInstanceInAutoScalingGroup: terminateInstanceInAutoScalingGroup,
  SetInstanceHealth: setInstanceHealth,
  SetInstanceProtection: setInstanceProtection,
  DetachInstances: detachInstances,
  EnterStandby: enterStandby,
  ExitStandby: exitStandby,

  DescribeScalingActivities: describeScalingActivities,
  SuspendProcesses: suspendProcesses,
  ResumeProcesses: resumeProcesses,
  EnableMetricsCollection: enableMetricsCollection,
  DisableMetricsCollection: disableMetricsCollection,

  PutLifecycleHook: putLifecycleHook,
  DeleteLifecycleHook: deleteLifecycleHook,
  DescribeLifecycleHooks: describeLifecycleHooks,
  DescribeLifecycleHookTypes: describeLifecycleHookTypes,
  CompleteLifecycleAction: completeLifecycleAction,
  RecordLifecycleActionHeartbeat: recordLifecycleActionHeartbeat,

  PutNotificationConfiguration: putNotificationConfiguration,
  DeleteNotificationConfiguration: deleteNotificationConfiguration,
  DescribeNotificationConfigurations: describeNotificationConfigurations,

  PutScheduledUpdateGroupAction: putScheduledUpdateGroupAction,
  DeleteScheduledAction: deleteScheduledAction,
  DescribeScheduledActions: describeScheduledActions,

  StartInstanceRefresh: startInstanceRefresh,
  CancelInstanceRefresh: cancelInstanceRefresh,
  DescribeInstanceRefreshes: describeInstanceRefreshes,

  CreateOrUpdateTags: createOrUpdateTags,
  DeleteTags: deleteTags,
  DescribeTags: describeTags,
  EmulatedGuard: emulatedGuard,

  CreateLaunchConfiguration: createLaunchConfiguration,
  DescribeLaunchConfigurations: describeLaunchConfigurations,
  DescribeAccountLimits: describeAccountLimits,
};
