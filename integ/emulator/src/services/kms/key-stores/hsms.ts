import { keyStoreRole } from './role';
import type { Context } from '../../../wire/operation';

/** What the HSMs answer KMS: see CloudHSM's BEHAVIOUR.md, `cloudhsm-hsm`. */
export type HsmAnswer<T> = ({ readonly ok: true } & T) | { readonly ok: false; readonly code: string; readonly missing?: string };

/** Speaks to the HSMs behind a cluster. */
export function hsm<T = object>(context: Context, operation: string, input: object): HsmAnswer<T> {
  return context.call<HsmAnswer<T>>('cloudhsm-hsm', operation, input, keyStoreRole(context));
}
