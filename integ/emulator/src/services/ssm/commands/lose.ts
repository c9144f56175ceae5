import { invocations, stepKey } from './state';
import type { Context } from '../../../wire/operation';

/** The instance has gone: nobody will say what became of its scripts. */
export function loseScripts(context: Context, instanceId: string): void {
  const stopped = context.row<number>('stopped-exit-code');
  for (const invocation of invocations(context).values()) {
    if (invocation.instanceId !== instanceId || invocation.status !== 'InProgress') continue;
    const key = stepKey(invocation.commandId, instanceId, invocation.at);
    const deadline = invocation.steps[invocation.at].deadline ?? context.now;
    const fails = context.row<string>('lost-command') === 'fails';
    context.kernel.abandon(key);
    context.after(fails ? 0 : deadline - context.now, {
      kind: 'script-ended',
      args: { invocationId: key, exitCode: fails ? 1 : stopped, stdout: '', stderr: '', reason: fails ? 'lost' : 'timeout' },
      id: `ssm-fault/${key}`,
    });
  }
}
