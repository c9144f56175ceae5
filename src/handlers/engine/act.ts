import type { Aws } from '../aws';
import type { Execution } from './execution';
import { reasonOf } from './failure';
import { claimantOf, holdsLease } from './lease';
import type { Lifecycle } from './lifecycle';
import type { Memory } from './memory';
import { SOON } from './step';
import { isAccessDenied, PERMISSIONS_SETTLE_MS } from '../aws/errors';

/** After so many acts each one is followed by a longer wait: an execution has 25,000 events, of which a round takes 14. */
const QUICK_ACTS = 100;

/**
 * Carries out what a plan asked for, once. The machine never repeats this state: whatever becomes of it, it goes back to
 * observing.
 */
export async function act<O, A>(aws: Aws, lifecycle: Lifecycle<O, A>, execution: Execution, now: number): Promise<Execution> {
  const { request, memory, memoryBefore = {} } = execution;
  const actCount = Number(memoryBefore.actCount ?? 0) + 1;
  const again = (learned: Memory, seconds = actCount > QUICK_ACTS ? SOON : 0): Execution => ({
    ...execution, acts: undefined, memoryBefore: undefined, isRepeatable: undefined, next: 'WAIT', seconds, memory: { ...learned, actCount },
  });
  const clusterId = lifecycle.clusterId(request);
  if (lifecycle.needsLease && clusterId && !await holdsLease(aws.parameters, claimantOf(clusterId, execution), now)) {
    return again({ ...memoryBefore, lease: undefined });
  }
  try {
    return again({ ...await lifecycle.act(aws, execution.acts as readonly A[], request, memory, now), actFailures: undefined });
  } catch (error) {
    if (!isAccessDenied(error) || now - execution.startedAt >= PERMISSIONS_SETTLE_MS) throw error;
    console.log(JSON.stringify({ requestId: request.requestId, act: reasonOf(error) }));
    return again(memoryBefore, SOON);
  }
}
