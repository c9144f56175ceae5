import type { Context, Output } from '../../../wire/operation';
import { createInterface } from '../dependencies';
import { isActivated, newHsmId, startHsm } from '../hsms';
import { clusterOf, demandClusterState, invalid } from '../refusals';
import { hsms, livingHsms } from '../state';
import type { ClusterRecord } from '../state';
import { hsmView } from '../view';

interface CreateHsmInput {
  readonly ClusterId: string;
  readonly AvailabilityZone: string;
  readonly IpAddress?: string;
}

/** Not idempotent: every call makes, and bills, another HSM. */
export function createHsm(context: Context, { ClusterId, AvailabilityZone, IpAddress }: CreateHsmInput): Output {
  const cluster = clusterOf(context, ClusterId);
  demandRoom(context, cluster);
  const subnetId = cluster.subnets[AvailabilityZone];
  if (!subnetId) throw invalid(context, 'text-zone-not-mapped', { cluster: ClusterId, zone: AvailabilityZone });
  const without = context.row<Record<string, string[]>>('zones-without-cloudhsm')[context.region] ?? [];
  if (without.includes(AvailabilityZone)) throw invalid(context, 'text-zone-without-cloudhsm', { zone: AvailabilityZone });
  demandQuotas(context, ClusterId);

  const hsmId = newHsmId(context, ClusterId);
  const eni = createInterface(context, {
    hsmId,
    clusterId: ClusterId,
    subnetId,
    securityGroup: cluster.securityGroup,
    address: IpAddress,
    ipv6: cluster.networkType === 'DUALSTACK',
  });
  const hsm = startHsm(context, cluster, hsmId, { availabilityZone: AvailabilityZone, subnetId, ...eni });
  return { Hsm: hsmView(hsm) };
}

/** Before activation a cluster takes one HSM only, and only before it is initialized. */
function demandRoom(context: Context, cluster: ClusterRecord): void {
  const unactivated = ['UNINITIALIZED', 'INITIALIZE_IN_PROGRESS', 'INITIALIZED'].includes(cluster.state);
  if (unactivated && livingHsms(context, cluster.clusterId).length > 0) {
    throw invalid(context, 'text-not-activated', { cluster: cluster.clusterId });
  }
  if (!isActivated(cluster)) demandClusterState(context, cluster, 'CreateHsm', ['UNINITIALIZED']);
}

function demandQuotas(context: Context, clusterId: string): void {
  const inCluster = context.row<number>('quota-hsms-per-cluster');
  if (livingHsms(context, clusterId).length >= inCluster) throw invalid(context, 'text-quota-hsms-per-cluster', { limit: inCluster });
  const inRegion = context.row<number>('quota-hsms');
  if (hsms(context).values().filter(({ gone }) => !gone).length >= inRegion) throw invalid(context, 'text-quota-hsms', { limit: inRegion });
}
