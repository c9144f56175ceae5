import type { Aws } from '../aws';
import type { Execution } from './execution';
import { holdsLease } from './lease';
import type { Lifecycle } from './lifecycle';
import { resourceKey } from './request';

/**
 * Carries out what a plan asked for, once. The machine never repeats this state: whatever becomes of it, it goes back to
 * observing.
 */
export async function act<O, A>(aws: Aws, lifecycle: Lifecycle<O, A>, execution: Execution, now: number): Promise<Execution> {
  const { request, memory } = execution;
  const clusterId = lifecycle.clusterId(request);
  const again: Execution = { ...execution, acts: undefined, memoryBefore: undefined, next: 'WAIT', seconds: 1 };
  if (lifecycle.needsLease && clusterId) {
    const claimant = { clusterId, resource: resourceKey(request), request: request.requestId };
    if (!await holdsLease(aws.parameters, claimant, now)) {
      return { ...again, memory: { ...execution.memoryBefore, lease: undefined } };
    }
  }
  const learned = await lifecycle.act(aws, execution.acts as readonly A[], request, memory, now);
  return { ...again, memory: learned };
}
