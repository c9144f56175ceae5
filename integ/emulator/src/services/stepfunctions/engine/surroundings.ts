import { idFormat } from '../../../kernel';
import type { Json } from '../../../kernel';
import type { Context } from '../../../wire/operation';
import type { Surroundings } from '../language/data';
import type { ExecutionRecord, Thread } from '../state';
import { tables } from '../state';

/** What a state of this thread sees: the context object, and random values that are the same in every run. */
export function surroundingsOf(context: Context, execution: ExecutionRecord, thread: Thread, token?: string): Surroundings {
  // One look at the host's clock, so that the distance between two times is exact.
  const origin = context.kernel.hostTime(0);
  const time = (at: number): string => new Date(origin + at).toISOString();
  const draw = (): string => {
    const current = tables.executions(context).get(execution.arn)!;
    tables.executions(context).put(execution.arn, { ...current, draws: current.draws + 1 });
    return `${execution.arn}/${current.draws}`;
  };
  return {
    context: {
      Execution: {
        Id: execution.arn,
        Input: JSON.parse(execution.input) as Json,
        Name: execution.name,
        RoleArn: execution.roleArn,
        StartTime: time(execution.startedAt),
        RedriveCount: 0,
      },
      StateMachine: { Id: execution.machineArn, Name: execution.machineName },
      State: { Name: thread.state, EnteredTime: time(thread.enteredAt), RetryCount: thread.retries.reduce((sum, count) => sum + count, 0) },
      ...(token ? { Task: { Token: token } } : {}),
      ...(thread.item ? { Map: { Item: { Index: thread.item.index, Value: thread.item.value } } } : {}),
    },
    random: () => context.kernel.ids.draw('stepfunctions', draw()),
    uuid: () => idFormat.uuid(context.kernel.ids.named('stepfunctions', draw())),
  };
}
