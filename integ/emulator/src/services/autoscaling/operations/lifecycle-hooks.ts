import type { Context, Output } from '../../../wire/operation';
import { groupOf, liveGroup, memberOf } from '../groups';
import { LAUNCHING, startTimer, TERMINATING } from '../hooks';
import { hookEnded } from '../members';
import { refuse } from '../refusals';
import { hooks, hooksOf, membersOf } from '../state';
import type { Hook, Member } from '../state';

export interface HookInput {
  readonly LifecycleHookName: string;
  readonly LifecycleTransition?: string;
  readonly HeartbeatTimeout?: number;
  readonly DefaultResult?: string;
  readonly NotificationTargetARN?: string;
  readonly RoleARN?: string;
  readonly NotificationMetadata?: string;
}

interface OfGroup {
  readonly AutoScalingGroupName: string;
}

/** Makes a hook or changes one; instances that wait already go on as they were told. */
export function putHook(context: Context, group: string, input: HookInput): void {
  const key = `${group}/${input.LifecycleHookName}`;
  const before = hooks(context).get(key);
  const transition = input.LifecycleTransition ?? before?.transition;
  if (transition !== LAUNCHING && transition !== TERMINATING) throw refuse(context, 'hook-transition');
  const timeoutSeconds = input.HeartbeatTimeout ?? before?.timeoutSeconds ?? 3600;
  if (timeoutSeconds < 30 || timeoutSeconds > 7200) throw refuse(context, 'hook-timeout');
  const defaultResult = input.DefaultResult ?? before?.defaultResult ?? 'ABANDON';
  if (defaultResult !== 'ABANDON' && defaultResult !== 'CONTINUE') throw refuse(context, 'hook-result', defaultResult);
  if (!before && hooksOf(context, group).length >= context.row<number>('hooks-per-group')) throw refuse(context, 'hook-limit');
  hooks(context).put(key, {
    name: input.LifecycleHookName,
    group,
    transition,
    timeoutSeconds,
    defaultResult,
    targetArn: input.NotificationTargetARN ?? before?.targetArn,
    roleArn: input.RoleARN ?? before?.roleArn,
    metadata: input.NotificationMetadata ?? before?.metadata,
  });
}

export function putLifecycleHook(context: Context, input: OfGroup & HookInput): Output {
  putHook(context, liveGroup(context, input.AutoScalingGroupName).name, input);
  return {};
}

/** Instances that wait for it go on as if it had answered its default. */
export function deleteLifecycleHook(context: Context, input: OfGroup & { LifecycleHookName: string }): Output {
  const group = groupOf(context, input.AutoScalingGroupName);
  const hook = hookOf(context, group.name, input.LifecycleHookName);
  for (const member of membersOf(context, group.name)) {
    if (member.hooks.includes(hook.name)) hookEnded(context, member, hook.name, hook.defaultResult);
  }
  hooks(context).delete(`${group.name}/${hook.name}`);
  return {};
}

export function describeLifecycleHooks(context: Context, input: OfGroup & { LifecycleHookNames?: string[] }): Output {
  const group = groupOf(context, input.AutoScalingGroupName);
  const wanted = hooksOf(context, group.name).filter(({ name }) => !input.LifecycleHookNames?.length || input.LifecycleHookNames.includes(name));
  return {
    LifecycleHooks: wanted.map((hook) => ({
      LifecycleHookName: hook.name,
      AutoScalingGroupName: hook.group,
      LifecycleTransition: hook.transition,
      NotificationTargetARN: hook.targetArn,
      RoleARN: hook.roleArn,
      NotificationMetadata: hook.metadata,
      HeartbeatTimeout: hook.timeoutSeconds,
      GlobalTimeout: Math.min(172_800, hook.timeoutSeconds * 100),
      DefaultResult: hook.defaultResult,
    })),
  };
}

export function describeLifecycleHookTypes(): Output {
  return { LifecycleHookTypes: [LAUNCHING, TERMINATING] };
}

interface ActionInput extends OfGroup {
  readonly LifecycleHookName: string;
  readonly LifecycleActionToken?: string;
  readonly InstanceId?: string;
}

export function completeLifecycleAction(context: Context, input: ActionInput & { LifecycleActionResult: string }): Output {
  if (!['CONTINUE', 'ABANDON'].includes(input.LifecycleActionResult)) throw refuse(context, 'hook-result', input.LifecycleActionResult);
  hookEnded(context, waiting(context, input), input.LifecycleHookName, input.LifecycleActionResult);
  return {};
}

export function recordLifecycleActionHeartbeat(context: Context, input: ActionInput): Output {
  const member = waiting(context, input);
  startTimer(context, member.instanceId, input.LifecycleHookName, hookOf(context, member.group, input.LifecycleHookName).timeoutSeconds);
  return {};
}

function waiting(context: Context, input: ActionInput): Member {
  const group = groupOf(context, input.AutoScalingGroupName);
  const hook = hookOf(context, group.name, input.LifecycleHookName);
  const member = input.InstanceId === undefined
    ? membersOf(context, group.name).find(({ token }) => token !== undefined && token === input.LifecycleActionToken)
    : memberOf(context, input.InstanceId, group.name);
  if (!member?.hooks.includes(hook.name)) throw refuse(context, 'no-action', input.InstanceId ?? input.LifecycleActionToken ?? '');
  return member;
}

function hookOf(context: Context, group: string, name: string): Hook {
  const hook = hooks(context).get(`${group}/${name}`);
  if (!hook) throw refuse(context, 'hook', name, group);
  return hook;
}
