import { FLEET_TYPE } from '../../lifecycle/fleet-contract';
import type { FleetProperties } from '../../lifecycle/fleet-contract';
import { clusterParameterName, PARAMETER_NAMES } from '../../lifecycle/resource-contract';
import type { Attempt } from '../attempts';
import type { Aws } from '../aws';
import { isAccessDenied, isRefusal, refusalOf } from '../aws/errors';
import { isLeftBehind } from '../aws/left-behind';
import { recordsOf } from '../cluster-records';
import type { Lifecycle } from '../engine/lifecycle';
import type { Request } from '../engine/request';
import { observeRemoval, recordRemoval } from '../last-hsm';
import { originIn } from '../origin';
import { otherClusterRefused, physicalId } from '../physical-id';
import { REMOVAL_LIMIT_MS } from '../removal';
import { mayShrink, mayTakeLast, planFleet } from './plan';
import type { FleetAct, FleetMemory, ObservedFleet } from './state';

/** What is left of the time of a cluster that had none: enough to ask for the removal. The roll back sees to the rest. */
const RESUME_CLEAN_UP_MS = 4 * 60_000;

/**
 * HSMs 2 to n of an ACTIVE cluster.
 *
 * Counts by zone and state, never by HSM id: the service replaces a failed HSM by one with another id on the same interface.
 * New HSMs are asked for in one batch. Growth that fails removes what it added, and only that.
 */
export const fleet: Lifecycle<ObservedFleet, FleetAct> = {
  type: FLEET_TYPE,
  needsLease: true,
  cleanUpMs,
  clusterId: (request) => propertiesOf(request).ClusterId,
  physicalId: (request) => physicalId(propertiesOf(request).ClusterId, 'fleet'),
  refuse: (request) => request.type === 'Update' ? otherClusterRefused(request.physicalId, propertiesOf(request).ClusterId) : undefined,
  observe: async (aws, request) => {
    const { ClusterId, PauseKeyStores } = propertiesOf(request);
    const [described, [origin, latecomers, firstRemoval], stores] = await Promise.all([
      aws.cloudHsm.describe(ClusterId),
      recordsOf(aws.parameters, ClusterId, PARAMETER_NAMES.origin, PARAMETER_NAMES.latecomers, PARAMETER_NAMES.firstRemoval),
      PauseKeyStores === 'true' ? aws.keyStores.all() : [],
    ]);
    const cluster = described?.cluster;
    return {
      removal: await observeRemoval(aws, ClusterId, request, firstRemoval, mayTakeLast(request, cluster)),
      cluster,
      origin: originIn(origin),
      keyStores: mayShrink(request, cluster) ? await aws.keys.keyStoresOf(ClusterId) : undefined,
      pausable: stores.filter((store) => store.clusterId === ClusterId && !isLeftBehind(store)),
      latecomers: request.type === 'Update' ? latecomers?.split(',') : undefined,
    };
  },
  plan: (request, observed, memory, now) => planFleet(request, propertiesOf(request), observed, memory, now),
  act: async (aws, acts, request, memory: FleetMemory, now) => {
    const { ClusterId } = propertiesOf(request);
    const denied: unknown[] = [];
    const others = acts.filter(({ kind }) => kind !== 'record-removal');
    // First, and if it cannot be written nothing goes.
    if (others.length < acts.length) await recordRemoval(aws, ClusterId, request);
    const settled = await Promise.all(others.map((one) => actOnce(aws, ClusterId, one, now, denied)));
    if (denied.length > 0 && denied.length === others.length) throw denied[0];
    const byId = new Map(settled.flatMap((result) => (result ? [result] : [])));
    const attempts = (memory.attempts ?? []).map((attempt) => ({ ...attempt, ...byId.get(attempt.id) }));
    return { ...memory, attempts };
  },
};

async function actOnce(aws: Aws, clusterId: string, act: FleetAct, now: number, denied: unknown[]): Promise<[string, Partial<Attempt>] | undefined> {
  try {
    if (act.kind === 'record-latecomers') {
      await aws.parameters.overwrite(latecomersOf(clusterId), act.hsmIds.join(','));
      return undefined;
    }
    if (act.kind === 'delete-hsm') {
      await aws.cloudHsm.deleteHsm(clusterId, act.hsmId);
      return undefined;
    }
    if (act.kind === 'disconnect-store') await aws.keyStores.disconnect(act.storeId);
    if (act.kind === 'connect-store') await aws.keyStores.connect(act.storeId);
    if (act.kind !== 'create-hsm') return undefined;
    return [act.attemptId, { at: now, hsmId: await aws.cloudHsm.createHsm(clusterId, act.availabilityZone, act.ipAddress) }];
  } catch (error) {
    const refused = refusalOf(error);
    console.log(JSON.stringify({ clusterId, act, ...refused }));
    if (isAccessDenied(error)) denied.push(error);
    // A refused removal is asked for again later; an unknown outcome of a creation counts as an HSM until it shows.
    return act.kind === 'create-hsm' ? [act.attemptId, isRefusal(error) ? { refused } : { at: now }] : undefined;
  }
}

function latecomersOf(clusterId: string): string {
  return clusterParameterName(clusterId, PARAMETER_NAMES.latecomers);
}

/** An update that only takes HSMs away has nothing to take back, and asks on as long as it can. */
function cleanUpMs({ removals, attempts, hasFirst }: FleetMemory): number {
  if (removals && !attempts?.length) return 0;
  return hasFirst ? RESUME_CLEAN_UP_MS : REMOVAL_LIMIT_MS;
}

function propertiesOf(request: Request): FleetProperties {
  return request.properties as unknown as FleetProperties;
}
