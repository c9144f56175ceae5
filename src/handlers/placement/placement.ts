import { PLACEMENT_TYPE } from '../../lifecycle/placement-contract';
import type { PlacementProperties } from '../../lifecycle/placement-contract';
import type { Aws } from '../aws';
import { planPlacement, sourceOf } from './plan';
import type { ObservedPlacement } from './plan';
import type { Lifecycle } from '../engine/lifecycle';
import type { Memory } from '../engine/memory';
import type { Request } from '../engine/request';
import { hashOf } from '../physical-id';
import { observeSource } from '../restored-cluster/source';

/**
 * Pre-flight and guard.
 *
 * Made before the cluster, which depends on it: what it refuses costs nothing. A cluster that is to be adopted is compared with what the template says of
 * it: CloudFormation imports it unseen, and would replace it when the template is put right. On an Update that would make CloudFormation
 * replace the cluster it fails before anything is touched; CloudFormation updates it first for the same reason.
 */
export const placement: Lifecycle<ObservedPlacement, never> = {
  type: PLACEMENT_TYPE,
  needsLease: false,
  clusterId: () => undefined,
  physicalId: (request) => (request.type === 'Create' ? `placement/${placementHash(propertiesOf(request))}` : request.physicalId!),
  observe: async (aws: Aws, request: Request, _memory: Memory, now: number) => {
    // There is nothing to take back, and a rollback must not hang on what may have failed the Create: a service that cannot be reached.
    if (request.type === 'Delete') return { zones: undefined, subnets: new Map(), clusters: 0, hsms: 0, clusterQuota: undefined, hsmQuota: undefined };
    const { SubnetIds, AdoptedClusterId, PrivateCaArn } = propertiesOf(request);
    const source = request.type === 'Create' ? sourceOf(propertiesOf(request)) : undefined;
    const [zones, subnets, usage, adopted, observedSource, privateCa] = await Promise.all([
      aws.ec2.cloudHsmZones(), aws.ec2.subnets(SubnetIds), aws.quotas.cloudHsm(),
      AdoptedClusterId === undefined ? undefined : aws.cloudHsm.describe(AdoptedClusterId),
      source && observeSource(aws, source, request.stackId, now),
      PrivateCaArn !== undefined && request.type === 'Create' ? aws.privateCas.describe(PrivateCaArn) : undefined,
    ]);
    return { zones, subnets, ...usage, adopted: adopted?.cluster, source: observedSource, privateCa, at: now };
  },
  plan: (request, observed) => planPlacement(request, propertiesOf(request), placementHash(propertiesOf(request)), observed),
  act: async (_aws, _acts, _request, memory) => memory,
};

function propertiesOf(request: Request): PlacementProperties {
  return request.properties as unknown as PlacementProperties;
}

/** What CloudFormation would replace the cluster for. The order of subnets means nothing. */
function placementHash(properties: PlacementProperties): string {
  const { SubnetIds, HsmType, Mode, NetworkType } = properties;
  const source = sourceOf(properties);
  return hashOf(...[...SubnetIds].sort(), HsmType, Mode, NetworkType, ...source ? [source.BackupId ?? `latest of ${source.SourceClusterId}`] : []);
}
