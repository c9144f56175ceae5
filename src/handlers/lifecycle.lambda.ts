import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { aws } from './aws';
import { act } from './engine/act';
import type { Execution } from './engine/execution';
import { reasonOf } from './engine/failure';
import { reconcile } from './engine/reconcile';
import { resourceKey } from './engine/request';
import { lifecycleOf } from './lifecycles';
import { putAnswer } from './respond/put-answer';
import { reportChange } from './respond/report-change';
import { respond } from './respond/respond';
import { patiently } from './start/patiently';
import { start, startScheduled } from './start/start';
import type { ScheduledChange } from '../lifecycle/schedule-contract';

/** Made once for all steps: their connections are kept. */
const clients = aws();

/** What the machine sends: the action, and the execution as it stands. */
interface MachineEvent {
  readonly action: 'reconcile' | 'act' | 'respond';
  readonly execution: Execution;
  /** When the execution was started and this state entered, by the machine's clock. */
  readonly startedAt: string;
  readonly enteredAt: string;
  /** How often the machine has repeated this state: its time is then that of the first try. */
  readonly retries: number;
}

/**
 * The one function of the provider. CloudFormation's requests, and schedules, start an execution of the machine; the machine's steps come back here.
 *
 *   CloudFormation ─▶ start ─▶ ┌ reconcile ─▶ act ─▶ wait ┐ ─▶ respond
 *                              └────────────◀─────────────┘
 */
export async function handler(event: CloudFormationCustomResourceEvent | ScheduledChange | MachineEvent): Promise<Execution | undefined> {
  if ('RequestType' in event) {
    await startOrRefuse(event);
    return undefined;
  }
  if ('Scheduled' in event) {
    await startOrReport(event);
    return undefined;
  }
  const { action, execution } = event;
  const now = clockOf(event);
  const lifecycle = lifecycleOf(execution.request.resourceType);
  switch (action) {
    case 'reconcile':
      return freshOnly(event, await reconcile(clients, lifecycle, execution, now));
    case 'act':
      return act(clients, lifecycle, execution, now);
    case 'respond':
      await respond(clients, lifecycle, execution);
      return undefined;
  }
}

/** The present, in epoch milliseconds: all steps of an execution go by one clock, the machine's, wherever the function runs. */
function clockOf({ execution, startedAt, enteredAt }: MachineEvent): number {
  return execution.startedAt + Date.parse(enteredAt) - Date.parse(startedAt);
}

/** On a repeated state the clock is late: nothing is begun by it. The state is entered anew, and then decides. */
function freshOnly({ retries, execution }: MachineEvent, next: Execution): Execution {
  return retries > 0 && next.next === 'ACT' ? { ...execution, memory: { ...next.memoryBefore }, next: 'WAIT', seconds: 0 } : next;
}

/** Lambda gives a rule's event two more tries. */
async function startOrReport(change: ScheduledChange): Promise<void> {
  try {
    const now = Date.now();
    await patiently(async () => startScheduled(clients, change, now));
  } catch (error) {
    reportChange(change.ResourceProperties.ClusterId, change.Scheduled, { status: 'FAILED', physicalId: '', reason: reasonOf(error) });
    throw error;
  }
}

/** When not even the machine can be started there is nobody else to answer: CloudFormation would wait for an hour. */
async function startOrRefuse(event: CloudFormationCustomResourceEvent): Promise<void> {
  try {
    lifecycleOf(event.ResourceType);
    const now = Date.now();
    await patiently(async () => start(clients, event, now));
  } catch (error) {
    console.log(JSON.stringify({ requestId: event.RequestId, start: reasonOf(error) }));
    await putAnswer(event.ResponseURL, {
      StackId: event.StackId,
      RequestId: event.RequestId,
      LogicalResourceId: event.LogicalResourceId,
      PhysicalResourceId: 'PhysicalResourceId' in event ? event.PhysicalResourceId : resourceKey({ stackId: event.StackId, logicalId: event.LogicalResourceId }),
      Status: 'FAILED',
      Reason: reasonOf(error),
    });
  }
}
