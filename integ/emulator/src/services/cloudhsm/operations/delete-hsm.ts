import type { Context, Output } from '../../../wire/operation';
import { writeAudit } from '../audit';
import { startBackup } from '../backups';
import { partitions, snapshotOf } from '../hsm/partition';
import { isActivated, settleCluster } from '../hsms';
import { clusterOf, invalid, notFound } from '../refusals';
import { hsms, setHsmState } from '../state';
import type { ClusterRecord, HsmRecord } from '../state';

interface DeleteHsmInput {
  readonly ClusterId: string;
  readonly HsmId?: string;
  readonly EniId?: string;
  readonly EniIp?: string;
}

/** Needs no confirmation, not even for the last HSM. */
export function deleteHsm(context: Context, input: DeleteHsmInput): Output {
  const cluster = clusterOf(context, input.ClusterId);
  const hsm = selected(context, input);
  if (['INITIALIZE_IN_PROGRESS', 'MODIFY_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS'].includes(cluster.state)) {
    throw invalid(context, 'text-cluster-state', { cluster: cluster.clusterId, state: cluster.state, operation: 'DeleteHsm' });
  }
  if (!context.row<string[]>('delete-hsm-states').includes(hsm.state)) {
    throw invalid(context, 'text-hsm-state', { hsm: hsm.hsmId, state: hsm.state, operation: 'DeleteHsm' });
  }
  keepContent(context, cluster, hsm);
  setHsmState(context, hsm.hsmId, 'DELETE_IN_PROGRESS', { deletedBy: context.caller });
  settleCluster(context, cluster.clusterId);
  const duration = context.delay('delete-hsm', hsm.hsmId);
  context.busy('delete-hsm', cluster.clusterId, duration + context.delay('delete-hsm-list-lag', hsm.hsmId));
  context.after(duration, { kind: 'hsm-deleted', args: { hsmId: hsm.hsmId } });
  return { HsmId: hsm.hsmId };
}

function selected(context: Context, input: DeleteHsmInput): HsmRecord {
  const given = [input.HsmId, input.EniId, input.EniIp].filter((selector) => selector !== undefined);
  if (given.length === 0 || (given.length > 1 && context.row('delete-hsm-two-selectors') === 'refuse')) {
    throw invalid(context, 'text-hsm-selector');
  }
  const hsm = hsms(context).values().find(({ clusterId, hsmId, eniId, eniIp, gone }) => clusterId === input.ClusterId && !gone
    && hsmId === (input.HsmId ?? hsmId) && eniId === (input.EniId ?? eniId) && eniIp === (input.EniIp ?? eniIp));
  if (!hsm) throw notFound(context, 'text-hsm-not-found', { cluster: input.ClusterId, hsm: given.join(', ') });
  return hsm;
}

/** Removing an HSM from an active cluster makes a backup: also of the last one, so that the cluster can be brought back. */
function keepContent(context: Context, cluster: ClusterRecord, hsm: HsmRecord): void {
  if (hsm.state !== 'ACTIVE' || !partitions(context).has(hsm.hsmId)) return;
  const early = cluster.state === 'INITIALIZED' && context.row<boolean>('unactivated-delete-makes-backup');
  if (isActivated(cluster) || early) startBackup(context, cluster.clusterId, snapshotOf(context, hsm.hsmId));
  writeAudit(context, hsm, [{ opcode: 'END_MARKER_OPCODE' }]);
}
