import { createHash } from 'crypto';
import { clusterParameterName, PARAMETER_NAMES } from '../lifecycle/resource-contract';
import type { ParameterApi } from './aws/parameters';
import { resourceKey } from './engine/request';
import type { Request } from './engine/request';

/**
 * How a cluster came under our care, written down before anything is bought. Only what we made is ever deleted: the HSMs of
 * an adopted cluster survive a rollback of the deploy that adopted it.
 */
export interface Origin {
  readonly how: 'made' | 'adopted';
  /** Hash of the stack that did it. */
  readonly stack: string;
  /** Key of the resource that did it. */
  readonly resource: string;
}

export function originOf(request: Request, how: Origin['how']): Origin {
  return { how, stack: stackHash(request), resource: resourceKey(request) };
}

/** Whether this request's stack made the cluster's first HSM. */
export function isMadeHere(origin: Origin | undefined, request: Request): boolean {
  return origin?.how === 'made' && origin.stack === stackHash(request);
}

/** The origin as it is written down. */
export function originIn(text: string | undefined): Origin | undefined {
  return text === undefined ? undefined : JSON.parse(text) as Origin;
}

export async function writeOrigin(parameters: ParameterApi, clusterId: string, origin: Origin): Promise<void> {
  await parameters.create(clusterParameterName(clusterId, PARAMETER_NAMES.origin), JSON.stringify(origin));
}

function stackHash(request: Request): string {
  return createHash('sha256').update(request.stackId).digest('hex').slice(0, 24);
}
