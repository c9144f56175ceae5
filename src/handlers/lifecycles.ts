import { activation } from './activation/activation';
import { Failure } from './engine/failure';
import type { AnyLifecycle } from './engine/lifecycle';
import { firstHsm } from './first-hsm/first-hsm';
import { fleet } from './fleet/fleet';
import { initialization } from './initialization/initialization';
import { keyStore } from './key-store/key-store';
import { keyStoreKey } from './key-store-key/key-store-key';
import { placement } from './placement/placement';
import { restoredCluster } from './restored-cluster/restored-cluster';
import { user } from './user/user';

/** Every custom resource, in the order of a cluster's life. */
const LIFECYCLES = [
  placement, restoredCluster, firstHsm, initialization, activation, fleet, user, keyStore, keyStoreKey,
] as unknown as readonly AnyLifecycle[];

export function lifecycleOf(resourceType: string): AnyLifecycle {
  const found = LIFECYCLES.find(({ type }) => type === resourceType);
  if (!found) throw new Failure('UnknownResourceType', `${resourceType} is not one of ${LIFECYCLES.map(({ type }) => type).join(', ')}`);
  return found;
}
