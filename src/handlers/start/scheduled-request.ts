import { FLEET_TYPE } from '../../lifecycle/fleet-contract';
import type { FleetProperties } from '../../lifecycle/fleet-contract';
import type { ScheduledChange } from '../../lifecycle/schedule-contract';
import type { Request } from '../engine/request';
import { physicalId } from '../physical-id';

/**
 * A scheduled change as the fleet's lifecycle takes it: an Update, to no HSM and back. To come back is an update from a paused cluster, whose key stores are
 * connected again.
 */
export function scheduledRequest({ Scheduled, RequestId, StackId, ScheduleId, ResourceProperties }: ScheduledChange, now: number): Request {
  const paused = without(ResourceProperties);
  return {
    type: 'Update',
    requestId: RequestId,
    stackId: StackId,
    logicalId: ScheduleId,
    resourceType: FLEET_TYPE,
    physicalId: physicalId(ResourceProperties.ClusterId, 'fleet'),
    properties: { ...Scheduled === 'PAUSE' ? paused : ResourceProperties },
    oldProperties: { ...Scheduled === 'RESUME' ? paused : ResourceProperties },
    deadline: now + Number(ResourceProperties.ServiceTimeout) * 1000,
    scheduled: Scheduled,
  };
}

/** The same with no HSM in any zone. */
function without(properties: FleetProperties): FleetProperties {
  return { ...properties, HsmCount: '0', ...properties.Placement && { Placement: properties.Placement.map((entry) => entry.replace(/=.*$/, '=0')) } };
}
