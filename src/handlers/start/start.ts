import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { ENVIRONMENT, SERVICE_TIMEOUT_MINUTES } from '../../lifecycle/resource-contract';
import { ATTEMPT_COUNTS_MS } from '../attempts';
import type { Aws } from '../aws';
import type { Execution } from '../engine/execution';
import { resourceKey } from '../engine/request';
import type { Request } from '../engine/request';
import { sealUrl } from '../respond/seal';

/**
 * Takes a request from CloudFormation: stops what still runs for the same resource, then starts the machine.
 *
 * CloudFormation cancels a Create whose sibling failed by sending a Delete, with a physical id it made up, while the
 * Create's execution still runs. So executions are found by stack and logical id, which is what their names begin with.
 * A stopped one may be acting for as long as the function may run, and what it asks for then is on no list for a while: the new one waits for both.
 */
export async function start(aws: Aws, event: CloudFormationCustomResourceEvent, now: number): Promise<void> {
  const request = toRequest(event, now);
  const machineArn = String(event.ResourceProperties.StateMachineArn);
  const prefix = resourceKey(request);
  const name = `${prefix}-${request.requestId}`;
  const older = (await aws.machine.running(machineArn)).filter((execution) => execution.name.startsWith(prefix) && execution.name !== name);
  for (const { arn } of older) await aws.machine.stop(arn, `superseded by request ${request.requestId}`);
  const execution: Execution = {
    request,
    sealedUrl: await sealUrl(aws.keys, event.ResponseURL, request.requestId),
    startedAt: now,
    delay: older.length > 0 ? Number(process.env[ENVIRONMENT.functionTimeoutSeconds]) + ATTEMPT_COUNTS_MS / 1000 : 0,
    memory: {},
    next: 'WAIT',
    seconds: 0,
  };
  console.log(JSON.stringify({ type: request.type, logicalId: request.logicalId, requestId: request.requestId, stopped: older.length }));
  await aws.machine.start(machineArn, name, JSON.stringify(execution));
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
