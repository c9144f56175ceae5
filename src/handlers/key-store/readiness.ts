import type { Cluster } from '../aws/cloudhsm';
import { counted, listed, phaseOf, presenceOf } from '../cluster-state';
import { LATER, SOON } from '../engine/step';

export type Readiness =
  | { readonly kind: 'ready' }
  | { readonly kind: 'wait'; readonly seconds: number; readonly because: string }
  | { readonly kind: 'fail'; readonly code: string; readonly message: string };

/**
 * Whether a cluster is fit for a key store: ACTIVE, two active HSMs in two zones, and none coming or going, because `kmsuser` would be missing on one that
 * joins.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/create-keystore.html
 */
export function readinessOf(clusterId: string, cluster: Cluster | undefined): Readiness {
  const phase = phaseOf(cluster);
  if (phase === 'changing') return { kind: 'wait', seconds: LATER, because: `cluster is ${cluster!.state}` };
  if (phase !== 'active') {
    return { kind: 'fail', code: 'ClusterNotActive', message: `cluster ${clusterId} is ${cluster?.state ?? 'gone'}; a key store needs an ACTIVE one` };
  }
  const moving = listed(cluster!).find((hsm) => ['joining', 'leaving'].includes(presenceOf(hsm)) || hsm.state === 'DEGRADED');
  if (moving) return { kind: 'wait', seconds: SOON, because: `${moving.hsmId} is ${moving.state}` };
  const active = counted(cluster!);
  const zones = new Set(active.map(({ availabilityZone }) => availabilityZone));
  if (zones.size >= 2) return { kind: 'ready' };
  return {
    kind: 'fail',
    code: 'TooFewHsms',
    message: `cluster ${clusterId} has ${active.length} active HSMs in ${zones.size === 0 ? 'no Availability Zone' : [...zones].join(', ')}; a key store needs two in two `
      + 'Availability Zones: raise hsmCount, then deploy again',
  };
}
