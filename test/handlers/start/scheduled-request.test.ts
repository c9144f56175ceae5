import { scheduledRequest } from '../../../src/handlers/start/scheduled-request';
import type { FleetProperties } from '../../../src/lifecycle/fleet-contract';
import type { ScheduledAction } from '../../../src/lifecycle/schedule-contract';
import { CLUSTER_ID, MINUTE, NOW, STACK_ID } from '../_helpers/request';

const FLEET: FleetProperties = {
  ServiceToken: 'token', ServiceTimeout: '3480', StateMachineArn: 'machine', ClusterId: CLUSTER_ID, HsmCount: '3', AvailabilityZones: 'a,b',
  Placement: ['subnet-a=2', 'subnet-b=1'],
};

const requestOf = (Scheduled: ScheduledAction) =>
  scheduledRequest({ Scheduled, RequestId: 'event', StackId: STACK_ID, ScheduleId: 'schedule', ResourceProperties: FLEET }, NOW);

const NONE = { ...FLEET, HsmCount: '0', Placement: ['subnet-a=0', 'subnet-b=0'] };

test.each<[ScheduledAction, FleetProperties, FleetProperties]>([['PAUSE', NONE, FLEET], ['RESUME', FLEET, NONE], ['RECONCILE', FLEET, FLEET]])(
  '%s is an update of the fleet under a key of its own', (action, properties, oldProperties) => {
    const request = requestOf(action);

    expect(request).toMatchObject({
      type: 'Update', requestId: 'event', stackId: STACK_ID, logicalId: 'schedule', resourceType: 'Custom::CloudHSMFleet', deadline: NOW + 58 * MINUTE, scheduled: action,
    });
    expect([request.properties, request.oldProperties]).toEqual([properties, oldProperties]);
    expect(request.physicalId).toMatch(new RegExp(`^${CLUSTER_ID}/fleet/`));
  },
);
