import { BEGIN_BEFORE_END_MS } from './clock';
import type { Clock } from './clock';
import type { ParameterApi } from '../aws/parameters';
import { Failure } from '../engine/failure';
import { claimLease, holdsLease, isFarFromItsEnd, releaseLease } from '../engine/lease';
import type { Claimant } from '../engine/lease';
import { SOON } from '../engine/step';

/** The lease while work goes on under it. */
export interface HeldLease {
  /** Renews it when it comes near its end. */
  renew(): Promise<void>;
  /** Right before an act. */
  isHeld(): Promise<boolean>;
}

/** Work that goes on though nobody waits for it any more: its lease runs out by itself. */
export class LeftRunning extends Failure {}

/** Waits for the cluster's lease, works under it, and gives it back. */
export async function underLease<T>(parameters: ParameterApi, claimant: Claimant, clock: Clock, work: (lease: HeldLease) => Promise<T>): Promise<T> {
  let lease = await claimLease(parameters, claimant, clock.now());
  while (!lease) {
    if (clock.end - clock.now() < BEGIN_BEFORE_END_MS) {
      throw new Failure('ClusterBusy', `another change of cluster ${claimant.clusterId} went on for all the time that the rotation could wait; rotate again when it is over`);
    }
    await clock.sleep(SOON);
    lease = await claimLease(parameters, claimant, clock.now());
  }
  let held = lease;
  const outcome = await work({
    renew: async () => {
      if (!isFarFromItsEnd(held, clock.now())) held = await claimLease(parameters, claimant, clock.now()) ?? held;
    },
    isHeld: async () => holdsLease(parameters, claimant, clock.now()),
  }).catch(async (error: unknown) => {
    if (!(error instanceof LeftRunning)) await releaseLease(parameters, claimant);
    throw error;
  });
  await releaseLease(parameters, claimant);
  return outcome;
}
