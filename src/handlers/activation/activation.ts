import { planActivation } from './plan';
import type { ActivationAct, AdminChange, ActivationMemory, ObservedActivation } from './plan';
import { ACTIVATION_TYPE } from '../../lifecycle/activation-contract';
import type { ActivationProperties } from '../../lifecycle/activation-contract';
import { clusterParameterName, PARAMETER_NAMES } from '../../lifecycle/resource-contract';
import type { Aws } from '../aws';
import { isKeyGone } from '../aws/keys';
import { actOnCommand, observeCommand } from '../client-command/command';
import { recordsOf } from '../cluster-records';
import type { Lifecycle } from '../engine/lifecycle';
import type { Request } from '../engine/request';
import { originIn } from '../origin';
import { otherClusterRefused, physicalId } from '../physical-id';

/**
 * Sets the first password of `admin`, makes the automation admin, and waits until CloudHSM says ACTIVE.
 *
 * Activation is no API: a client host sets the password on the HSM, and the control plane notices. The script decides by
 * looking at the HSM's users, logs in at most once with a secret's version, and says only whether it worked.
 *
 * @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/activate-cluster.html
 */
export const activation: Lifecycle<ObservedActivation, ActivationAct> = {
  type: ACTIVATION_TYPE,
  needsLease: true,
  clusterId: (request) => propertiesOf(request).ClusterId,
  physicalId: (request) => physicalId(propertiesOf(request).ClusterId, 'activation'),
  refuse: (request) => request.type === 'Update' ? otherClusterRefused(request.physicalId, propertiesOf(request).ClusterId) : undefined,
  observe: async (aws, request, memory: ActivationMemory) => {
    const { ClusterId, AdminClientGroupName } = propertiesOf(request);
    const [described, [origin, failed], command] = await Promise.all([
      aws.cloudHsm.describe(ClusterId),
      recordsOf(aws.parameters, ClusterId, PARAMETER_NAMES.origin, PARAMETER_NAMES.failedAdminChange),
      observeCommand(aws, ClusterId, AdminClientGroupName, memory),
    ]);
    const failedChange = failed === undefined ? undefined : JSON.parse(failed) as AdminChange;
    return { cluster: described?.cluster, origin: originIn(origin), command, failedChange };
  },
  plan: (request, observed, memory, now) => planActivation(request, propertiesOf(request), observed, memory, now),
  act: async (aws, [one], request, memory) => {
    const { ClusterId } = propertiesOf(request);
    switch (one.kind) {
      case 'seal':
        await seal(aws, propertiesOf(request));
        return { ...memory, sealed: true } satisfies ActivationMemory;
      case 'note-failed-change':
        await aws.parameters.overwrite(failedChangeName(ClusterId), JSON.stringify(one.change));
        return memory;
      case 'forget-failed-change':
        await aws.parameters.delete([failedChangeName(ClusterId)]);
        return memory;
      default:
        return actOnCommand(aws, ClusterId, one, memory);
    }
  },
};

function failedChangeName(clusterId: string): string {
  return clusterParameterName(clusterId, PARAMETER_NAMES.failedAdminChange);
}

async function seal(aws: Aws, { AuthorityKeyArn, SealedAdminSecretArn }: ActivationProperties): Promise<void> {
  if (SealedAdminSecretArn) await aws.secrets.seal(SealedAdminSecretArn);
  if (!AuthorityKeyArn) return;
  try {
    await aws.keys.disable(AuthorityKeyArn);
  } catch (error) {
    if (!isKeyGone(error)) throw error;
  }
}

function propertiesOf(request: Request): ActivationProperties {
  return request.properties as unknown as ActivationProperties;
}
