import { clusterParameterName } from '../../lifecycle/resource-contract';
import { USER_TYPE } from '../../lifecycle/user-contract';
import type { UserProperties } from '../../lifecycle/user-contract';
import { actOnCommand, observeCommand } from '../client-command/command';
import type { Lifecycle } from '../engine/lifecycle';
import type { Request } from '../engine/request';
import { hashOf, otherClusterRefused, physicalId } from '../physical-id';
import { planUser } from './plan';
import type { ObservedUser, UserAct, UserMemory, UserRecord } from './plan';

/**
 * A user with his secret's password on every HSM.
 *
 * Users are not synchronized by the service: the client writes to the HSMs it is connected to, and an HSM that is joining comes
 * with the users of the moment it was asked for. So nothing is done while one joins or leaves, and coverage is checked.
 */
export const user: Lifecycle<ObservedUser, UserAct> = {
  type: USER_TYPE,
  needsLease: true,
  cleanUpMs: () => 60_000,
  clusterId: (request) => propertiesOf(request).ClusterId,
  physicalId: (request) => physicalId(propertiesOf(request).ClusterId, 'user', propertiesOf(request).UserName.toLowerCase()),
  refuse: (request) => request.type === 'Update' ? renameRefused(request) : undefined,
  observe: async (aws, request, memory: UserMemory) => {
    const { ClusterId, AdminClientGroupName } = propertiesOf(request);
    const [described, record, command] = await Promise.all([
      aws.cloudHsm.describe(ClusterId),
      aws.parameters.get(recordName(request)),
      observeCommand(aws, ClusterId, AdminClientGroupName, memory),
    ]);
    return { cluster: described?.cluster, record: record === undefined ? undefined : JSON.parse(record) as UserRecord, command };
  },
  plan: (request, observed, memory, now) => planUser(request, propertiesOf(request), observed, memory, now),
  act: async (aws, [one], request, memory) => {
    switch (one.kind) {
      case 'send-command':
      case 'record-refusal':
        return actOnCommand(aws, propertiesOf(request).ClusterId, one, memory);
      case 'record':
        await aws.parameters.overwrite(recordName(request), JSON.stringify(one.record));
        return memory;
      case 'forget':
        await aws.parameters.delete([recordName(request)]);
        return memory;
    }
  },
};

function renameRefused(request: Request): { code: string; message: string } | undefined {
  const { ClusterId, UserName } = propertiesOf(request);
  const other = otherClusterRefused(request.physicalId, ClusterId);
  if (other || request.physicalId?.endsWith(hashOf(UserName.toLowerCase()))) return other;
  return {
    code: 'UserRenamed',
    message: `a user cannot be renamed to ${UserName}: keys stay with the user who made them; keep the former name, or add another user with another construct id`,
  };
}

function recordName(request: Request): string {
  const { ClusterId, UserName } = propertiesOf(request);
  return clusterParameterName(ClusterId, `users/${UserName.toLowerCase()}`);
}

function propertiesOf(request: Request): UserProperties {
  return request.properties as unknown as UserProperties;
}
