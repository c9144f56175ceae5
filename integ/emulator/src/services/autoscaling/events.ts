import { hookEnded, instanceChanged } from './members';
import { reconcile } from './reconcile';
import { carryOut } from './scheduled';
import { hooks, members } from './state';
import type { Context, ServiceEvent } from '../../wire/operation';

function hookTimeout(context: Context, { instanceId, hook }: { instanceId: string; hook: string }): void {
  const member = members(context).get(instanceId);
  if (!member?.hooks.includes(hook)) return;
  const result = hooks(context).get(`${member.group}/${hook}`)?.defaultResult ?? 'ABANDON';
  context.emit(`hook ${hook} timed out: ${result}`, instanceId);
  hookEnded(context, member, hook, result);
}

export const events: Readonly<Record<string, ServiceEvent>> = {
  'hook-timeout': hookTimeout,
  'instance-state': (context: Context, { instanceId, state }: { instanceId: string; state: string }) => instanceChanged(context, instanceId, state),
  'reconcile': (context: Context, { group }: { group: string }) => reconcile(context, group),
  'scheduled-action': (context: Context, args: { key: string }) => carryOut(context, args),
};
