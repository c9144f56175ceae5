import type { Hsm } from './aws/cloudhsm';
import { presenceOf } from './cluster-state';

/** When a removal was last asked for, by HSM id: the list goes on showing an HSM as ACTIVE for a while after. */
export type Removals = Readonly<Record<string, number>>;

/** An HSM is off the list 10 to 15 minutes after its removal was asked for. */
export const REMOVAL_LIMIT_MS = 15 * 60_000;

/** A removal that shows no effect is asked for again after this long. */
const ASK_AGAIN_MS = 180_000;

/** Of the HSMs that are to go, those for which DeleteHsm is to be called now. */
export function toRemoveNow(hsms: readonly Hsm[], removals: Removals, now: number): Hsm[] {
  return hsms.filter((hsm) => ['joining', 'present'].includes(presenceOf(hsm)) && now - (removals[hsm.hsmId] ?? 0) > ASK_AGAIN_MS);
}

/** Removals with these added. */
export function removalsWith(removals: Removals, hsms: readonly Hsm[], now: number): Removals {
  return { ...removals, ...Object.fromEntries(hsms.map(({ hsmId }) => [hsmId, now])) };
}

/**
 * What is said of HSMs that are still on the list when time runs out: they are billed, and only the user can go on. `undefined` when there are none.
 *
 * CloudHSM may refuse to delete an HSM that is still being created, and there is no other way to be rid of it.
 */
export function remainsOf(clusterId: string, hsms: readonly Hsm[]): string | undefined {
  if (hsms.length === 0) return undefined;
  const [what, are, them, id] = hsms.length === 1 ? ['HSM', 'remains and is', 'it', hsms[0].hsmId] : ['HSMs', 'remain and are', 'them', '<each>'];
  return `${what} ${hsms.map(({ hsmId, state }) => `${hsmId} (${state})`).join(', ')} of ${clusterId} ${are} billed; wait until the state has changed and remove `
    + `${them} (aws cloudhsmv2 delete-hsm --cluster-id ${clusterId} --hsm-id ${id}), or roll back or delete the stack again unless it keeps ${them}; `
    + 'ask AWS Support if the state stays';
}
