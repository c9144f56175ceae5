import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { ENVIRONMENT, SERVICE_TIMEOUT_MINUTES } from '../../lifecycle/resource-contract';
import type { ScheduledChange } from '../../lifecycle/schedule-contract';
import { ATTEMPT_COUNTS_MS } from '../attempts';
import type { Aws } from '../aws';
import { scheduledRequest } from './scheduled-request';
import type { Execution } from '../engine/execution';
import { resourceKey } from '../engine/request';
import type { Request } from '../engine/request';
import { sealUrl } from '../respond/seal';

/**
 * Takes a request from CloudFormation: stops what still runs for the same resource, then starts the machine.
 *
 * CloudFormation cancels a Create whose sibling failed by sending a Delete, with a physical id it made up, while the
 * Create's execution still runs. So executions are found by stack and logical id, which is what their names begin with.
 * A stopped one may be acting for as long as the function may run, and what it asks for then is on no list for a while: the new one waits for both, also
 * when this is done for the second time, because something failed after the stop.
 */
export async function start(aws: Aws, event: CloudFormationCustomResourceEvent, now: number): Promise<void> {
  const request = toRequest(event, now);
  await begin(aws, request, now, async () => sealUrl(aws.keys, event.ResponseURL, request.requestId));
}

/** Takes a change from a schedule: an Update of the HSMs, under a key of its own. A newer one stops an older one that still runs. */
export async function startScheduled(aws: Aws, change: ScheduledChange, now: number): Promise<void> {
  await begin(aws, scheduledRequest(change, now), now);
}

async function begin(aws: Aws, request: Request, now: number, seal?: () => Promise<string>): Promise<void> {
  const machineArn = String(request.properties.StateMachineArn);
  const prefix = resourceKey(request);
  const name = `${prefix}-${request.requestId}`;
  const isOlder = (execution: { readonly name: string }) => execution.name.startsWith(prefix) && execution.name !== name;
  const older = (await aws.machine.running(machineArn)).filter(isOlder);
  for (const { arn } of older) await aws.machine.stop(arn, `superseded by request ${request.requestId}`);
  const stopped = older.length > 0 ? now : Math.max(...(await aws.machine.stopped(machineArn)).filter(isOlder).map(({ at }) => at));
  const execution: Execution = {
    request,
    ...seal && { sealedUrl: await seal() },
    startedAt: now,
    delay: fence(stopped, now),
    memory: {},
    next: 'WAIT',
    seconds: 0,
  };
  console.log(JSON.stringify({ type: request.type, logicalId: request.logicalId, requestId: request.requestId, stopped: older.length }));
  await aws.machine.start(machineArn, name, JSON.stringify(execution));
}

/** Seconds until nothing of what was stopped then can still have an effect that is on no list. */
function fence(stopped: number, now: number): number {
  const until = stopped + Number(process.env[ENVIRONMENT.functionTimeoutSeconds]) * 1000 + ATTEMPT_COUNTS_MS;
  return Math.max(0, Math.ceil((until - now) / 1000));
}

function toRequest(event: CloudFormationCustomResourceEvent, now: number): Request {
  const timeoutSeconds = Number(event.ResourceProperties.ServiceTimeout ?? SERVICE_TIMEOUT_MINUTES * 60);
  return {
    type: event.RequestType,
    requestId: event.RequestId,
    stackId: event.StackId,
    logicalId: event.LogicalResourceId,
    resourceType: event.ResourceType,
    physicalId: 'PhysicalResourceId' in event ? event.PhysicalResourceId : undefined,
    properties: event.ResourceProperties,
    oldProperties: 'OldResourceProperties' in event ? event.OldResourceProperties : undefined,
    deadline: now + timeoutSeconds * 1000,
  };
}
