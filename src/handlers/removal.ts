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
