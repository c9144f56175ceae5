import type { Cluster } from './aws/cloudhsm';
import { counted, listed, presenceOf } from './cluster-state';

/** Why no user may be touched now, if so: an HSM is joining, leaving, or there is none. */
export function unquiet(cluster: Cluster): string | undefined {
  if (counted(cluster).length === 0) return 'none';
  const moving = listed(cluster).find((hsm) => ['joining', 'leaving'].includes(presenceOf(hsm)) || hsm.state === 'DEGRADED');
  return moving && `${moving.hsmId} is ${moving.state}`;
}
