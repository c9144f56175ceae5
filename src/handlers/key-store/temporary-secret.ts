import { TEMPORARY_SECRET_PREFIX } from '../../lifecycle/key-store-contract';
import { resourceKey } from '../engine/request';
import type { Request } from '../engine/request';

/** A name of its own for each password: one that was just deleted cannot be used at once. */
export function newSecretName(request: Request, round: number): string {
  return `${TEMPORARY_SECRET_PREFIX}${resourceKey(request)}-${request.requestId.slice(0, 8)}-${round}`;
}
