import type { Aws } from '../aws';
import { putAnswer } from './put-answer';
import { reportChange } from './report-change';
import { openUrl } from './seal';
import { isUnconnected, NO_WAY } from '../aws/errors';
import type { Execution, Outcome } from '../engine/execution';
import { claimantOf, releaseLease } from '../engine/lease';
import type { AnyLifecycle } from '../engine/lifecycle';

/** Gives the lease back and answers CloudFormation, or reports where a schedule asked. Also reached when a state of the machine failed. */
export async function respond(aws: Aws, lifecycle: AnyLifecycle, execution: Execution): Promise<void> {
  const { request, memory } = execution;
  const clusterId = lifecycle.clusterId(request);
  if (lifecycle.needsLease && clusterId && memory.lease) {
    try {
      await releaseLease(aws.parameters, claimantOf(clusterId, execution));
    } catch (error) {
      // It runs out by itself; the answer matters more.
      console.log(JSON.stringify({ requestId: request.requestId, releaseLease: String(error) }));
    }
  }
  const outcome = execution.error ? brokenOff(lifecycle, execution) : execution.outcome!;
  if (execution.sealedUrl === undefined) {
    reportChange(clusterId!, request.scheduled!, outcome);
    return;
  }
  const url = await openUrl(aws.keys, execution.sealedUrl, request.requestId);
  await putAnswer(url, {
    StackId: request.stackId,
    RequestId: request.requestId,
    LogicalResourceId: request.logicalId,
    PhysicalResourceId: outcome.physicalId,
    Status: outcome.status,
    ...(outcome.status === 'FAILED' ? { Reason: outcome.reason } : { Data: outcome.attributes, Reason: outcome.note }),
  });
}

function brokenOff(lifecycle: AnyLifecycle, { request, error }: Execution): Outcome {
  const why = isUnconnected(error?.Error, error?.Cause ?? '') ? NO_WAY : 'a step of the lifecycle machine failed';
  return {
    status: 'FAILED',
    physicalId: request.type === 'Create' ? lifecycle.physicalId(request) : request.physicalId!,
    reason: `${error?.Error ?? 'Error'}: ${why}, see the function's log (request ${request.requestId})`,
  };
}
