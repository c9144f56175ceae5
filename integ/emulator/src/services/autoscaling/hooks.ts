import { markActivity } from './activities';
import { hooksOf, members } from './state';
import type { Member, MemberState } from './state';
import { idFormat } from '../../kernel';
import type { Context } from '../../wire/operation';

export const LAUNCHING = 'autoscaling:EC2_INSTANCE_LAUNCHING';
export const TERMINATING = 'autoscaling:EC2_INSTANCE_TERMINATING';

/** Lets a member wait for its group's hooks; false when there are none. Each hook has a time limit of its own. */
export function waitForHooks(context: Context, member: Member, transition: typeof LAUNCHING | typeof TERMINATING): boolean {
  const hooks = hooksOf(context, member.group, transition);
  if (hooks.length === 0) return false;
  const state: MemberState = transition === LAUNCHING ? 'Pending:Wait' : 'Terminating:Wait';
  const token = idFormat.uuid(context.id('lifecycle-action', member.instanceId));
  members(context).put(member.instanceId, { ...member, state, token, hooks: hooks.map(({ name }) => name) });
  markActivity(context, member.activityId, 'MidLifecycleAction');
  context.emit(state, member.instanceId);
  for (const { name, timeoutSeconds } of hooks) startTimer(context, member.instanceId, name, timeoutSeconds);
  return true;
}

function timerOf(instanceId: string, hook: string): string {
  return `autoscaling hook ${instanceId} ${hook}`;
}

export function startTimer(context: Context, instanceId: string, hook: string, seconds: number): void {
  context.after(seconds * 1000, { kind: 'hook-timeout', args: { instanceId, hook }, id: timerOf(instanceId, hook) });
}

export function stopTimers(context: Context, member: Member): void {
  for (const hook of member.hooks) context.cancel(timerOf(member.instanceId, hook));
}

/** A hook has answered: what is left to wait for. */
export function answered(context: Context, member: Member, hook: string): Member {
  context.cancel(timerOf(member.instanceId, hook));
  return members(context).put(member.instanceId, { ...member, hooks: member.hooks.filter((name) => name !== hook) });
}
