import type { Json } from '../../../kernel';
import type { Context, Output } from '../../../wire/operation';
import { integrationOf } from '../engine/integrations';
import { failTask, succeedTask } from '../engine/tasks';
import { schedule, stateOf } from '../engine/thread';
import { invalidOutput, invalidTaskToken, taskTimedOut } from '../errors';
import { Failure } from '../language/failure';
import { tables } from '../state';
import type { ExecutionRecord, Thread } from '../state';

interface Input {
  readonly taskToken: string;
}

export function sendTaskSuccess(context: Context, input: Input & { readonly output: string }): Output {
  const { execution, thread } = waiting(context, input);
  let output: Json;
  try {
    output = JSON.parse(input.output) as Json;
  } catch (error) {
    throw invalidOutput((error as Error).message);
  }
  succeedTask(context, execution, thread, output);
  return {};
}

export function sendTaskFailure(context: Context, input: Input & { readonly error?: string; readonly cause?: string }): Output {
  const { execution, thread } = waiting(context, input);
  failTask(context, execution, thread, integrationOf(stateOf(execution, thread).Resource!)!, new Failure(input.error ?? '', input.cause ?? ''));
  return {};
}

export function sendTaskHeartbeat(context: Context, input: Input): Output {
  const { execution, thread } = waiting(context, input);
  if (thread.task?.heartbeatMs !== undefined) schedule(context, execution, thread, 'heartbeat', thread.task.heartbeatMs);
  return {};
}

function waiting(context: Context, { taskToken }: Input): { execution: ExecutionRecord; thread: Thread } {
  if (!taskToken.startsWith('AQCEAAAAKgAAAAMAAAAA')) throw invalidTaskToken();
  const token = tables.tokens(context).get(taskToken);
  const execution = token && tables.executions(context).get(token.execution);
  const thread = token && tables.threads(context, token.execution).get(token.thread);
  if (!execution || !thread || thread.step !== token.step) throw taskTimedOut();
  return { execution, thread };
}
