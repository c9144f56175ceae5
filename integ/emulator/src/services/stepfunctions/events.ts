import { branchEnded } from './engine/children';
import type { BranchEnd } from './engine/children';
import { enter, wake } from './engine/entering';
import { endExecution } from './engine/execution';
import { integrationOf } from './engine/integrations';
import { failTask, succeedTask, taskAnswered, taskTimedOut } from './engine/tasks';
import type { TaskAnswer } from './engine/tasks';
import { stateOf } from './engine/thread';
import { Failure } from './language/failure';
import { tables } from './state';
import type { ExecutionRecord, Thread } from './state';
import type { Json } from '../../kernel';
import type { Context, ServiceEvent } from '../../wire/operation';

/** Whom an event is for. */
interface Address {
  readonly execution: string;
  readonly thread: string;
  readonly step?: number;
}

/** Lets an event happen to a thread that is still at the step for which it was meant. */
function forThread<A extends Address>(work: (context: Context, execution: ExecutionRecord, thread: Thread, args: A) => void): ServiceEvent {
  return (context: Context, args: A) => {
    const execution = tables.executions(context).get(args.execution);
    const thread = tables.threads(context, args.execution).get(args.thread);
    if (!execution || execution.status !== 'RUNNING' || !thread || (args.step !== undefined && thread.step !== args.step)) return;
    work(context, execution, thread, args);
  };
}

/** An answer only counts while the task that asked is at work. */
function forTask<A extends Address>(work: (context: Context, execution: ExecutionRecord, thread: Thread, args: A) => void): ServiceEvent {
  return forThread<A>((context, execution, thread, args) => {
    if (thread.task) work(context, execution, thread, args);
  });
}

/** A nested execution, started with `.sync`, is over. */
function childEnded(context: Context, execution: ExecutionRecord, thread: Thread, { child }: Address & { readonly child: string }): void {
  const integration = integrationOf(stateOf(execution, thread).Resource!)!;
  const ended = tables.executions(context).get(child)!;
  const { status, output, error, cause } = ended;
  const read = (text: string): Json => (integration.sync === 2 ? JSON.parse(text) as Json : text);
  const result = {
    ExecutionArn: ended.arn,
    Name: ended.name,
    StateMachineArn: ended.machineArn,
    Status: status,
    StartDate: Math.round(context.kernel.hostTime(ended.startedAt)),
    StopDate: Math.round(context.kernel.hostTime(ended.stoppedAt)),
    Input: read(ended.input),
    ...(output === undefined ? {} : { Output: read(output) }),
    ...(error === undefined ? {} : { Error: error }),
    ...(cause === undefined ? {} : { Cause: cause }),
  };
  if (status === 'SUCCEEDED') succeedTask(context, execution, thread, result);
  else failTask(context, execution, thread, integration, new Failure('States.TaskFailed', JSON.stringify(result)));
}

/** A deleted machine goes, and its executions with it. */
function machineDeleted(context: Context, { arn }: { arn: string }): void {
  for (const execution of tables.executions(context).values()) {
    if (execution.machineArn === arn) endExecution(context, execution.arn, { status: 'ABORTED' });
  }
  tables.machines(context).delete(arn);
  context.emit('deleted', arn.split(':').at(-1)!);
}

export const events: { readonly [name: string]: ServiceEvent } = {
  'step': forThread((context, execution, thread) => {
    if (tables.machines(context).get(execution.machineArn)?.status === 'DELETING') endExecution(context, execution.arn, { status: 'ABORTED' });
    else enter(context, execution, thread);
  }),
  'wake': forThread(wake),
  'branch-ended': forThread<Address & BranchEnd>(branchEnded),
  'task-answered': forTask<Address & TaskAnswer>(taskAnswered),
  'timeout': forTask((context, execution, thread) => taskTimedOut(context, execution, thread, 'States.Timeout')),
  'heartbeat': forTask((context, execution, thread) => taskTimedOut(context, execution, thread, 'States.HeartbeatTimeout')),
  'child-ended': forTask<Address & { readonly child: string }>(childEnded),
  'execution-timeout': (context: Context, { execution }: { execution: string }) =>
    endExecution(context, execution, { status: 'TIMED_OUT', error: 'States.Timeout' }),
  'machine-deleted': machineDeleted,
};
