import { addressesBySubnet, isUsable, usableRange } from '../../lifecycle/fixed-addresses-contract';
import type { PlacementProperties } from '../../lifecycle/placement-contract';
import type { BackupSource } from '../../lifecycle/restored-cluster-contract';
import type { Cluster } from '../aws/cloudhsm';
import type { PrivateCa } from '../aws/private-cas';
import { phaseOf, presenceOf } from '../cluster-state';
import type { Request } from '../engine/request';
import type { Step } from '../engine/step';
import { privateCaProblem } from '../private-ca/private-ca';
import { sourceProblem } from '../restored-cluster/source';
import type { ObservedSource } from '../restored-cluster/source';

export interface ObservedPlacement {
  /** Zones that offer CloudHSM; `undefined` when the Region does not say. */
  readonly zones: readonly string[] | undefined;
  readonly subnets: ReadonlyMap<string, {
    readonly availabilityZone: string; readonly vpcId: string; readonly cidr: string; readonly freeAddresses: number;
  }>;
  /** Clusters and HSMs that the account has in the Region. */
  readonly clusters: number;
  readonly hsms: number;
  /** The account's quotas; `undefined` when they cannot be read. */
  readonly clusterQuota: number | undefined;
  readonly hsmQuota: number | undefined;
  /** The cluster that is to be adopted, if one is and it is there. */
  readonly adopted?: Cluster;
  /** The backup that the cluster is to be made from, if it is made from one. */
  readonly source?: ObservedSource;
  /** The authority of AWS Private CA that is to sign, if one is and it is there. */
  readonly privateCa?: PrivateCa;
  /** When it was looked at. */
  readonly at?: number;
}

/** What the cluster is made from; `undefined`: it is a new one. */
export function sourceOf({ BackupId, SourceClusterId, BackupAdminSecretArn, TrustAnchorSource }: PlacementProperties): BackupSource | undefined {
  return BackupAdminSecretArn === undefined ? undefined : { BackupId, SourceClusterId, BackupAdminSecretArn, TrustAnchorSource };
}

export function planPlacement(request: Request, properties: PlacementProperties, hash: string, observed: ObservedPlacement): Step<never> {
  if (request.type === 'Delete') return { kind: 'done', attributes: {} };
  const offered = offeredZones(properties.SubnetIds, observed);
  if (request.type === 'Update') {
    if (request.physicalId !== `placement/${hash}`) return replacementRefused(properties);
    return addressProblem(properties, observed) ?? { kind: 'done', attributes: { AvailabilityZones: offered.join(',') } };
  }
  const problem = properties.AdoptedClusterId === undefined
    ? privateCaRefused(properties, observed) ?? backupProblem(properties, observed) ?? zoneProblem(properties, observed, offered)
      ?? quotaProblem(Number(properties.HsmCount), observed)
    : adoptionProblem(properties, observed) ?? quotaProblem(Number(properties.HsmCount), without(observed.adopted!, observed));
  return problem ?? addressProblem(properties, observed) ?? { kind: 'done', attributes: { AvailabilityZones: offered.join(',') } };
}

function offeredZones(subnetIds: readonly string[], { subnets, zones }: ObservedPlacement): string[] {
  const ours = subnetIds.map((id) => subnets.get(id)?.availabilityZone).filter((zone): zone is string => zone !== undefined);
  return [...new Set(ours)].filter((zone) => zones === undefined || zones.includes(zone)).sort();
}

function backupProblem(properties: PlacementProperties, { source: observed }: ObservedPlacement): Step<never> | undefined {
  const source = sourceOf(properties);
  const problem = source && sourceProblem(source, properties, observed!);
  return problem && { kind: 'fail', ...problem };
}

/** It has to be able to sign before there is anything to be signed. */
function privateCaRefused({ PrivateCaArn, PrivateCaYears }: PlacementProperties, { privateCa, at = 0 }: ObservedPlacement): Step<never> | undefined {
  const problem = PrivateCaArn === undefined ? undefined : privateCaProblem(PrivateCaArn, privateCa, PrivateCaYears, at);
  return problem && { kind: 'fail', ...problem };
}

/** Said again because synth does not know the blocks of all subnets. */
function addressProblem({ Addresses }: PlacementProperties, { subnets }: ObservedPlacement): Step<never> | undefined {
  for (const [subnetId, addresses] of addressesBySubnet(Addresses)) {
    const cidr = subnets.get(subnetId)?.cidr;
    const unusable = cidr === undefined ? undefined : addresses.find((address) => !isUsable(address, cidr));
    if (unusable !== undefined) {
      const { first, last } = usableRange(cidr!)!;
      return {
        kind: 'fail',
        code: 'AddressOutsideSubnet',
        message: `address ${unusable} cannot be an HSM's in ${subnetId} (${cidr}): addresses from ${first} to ${last} can, AWS keeps the first four and the last one; correct ipAddresses of placement`,
      };
    }
  }
  return undefined;
}

function replacementRefused({ SubnetIds, HsmType, Mode, NetworkType, ...source }: PlacementProperties): Step<never> {
  const from = source.BackupId ?? source.SourceClusterId;
  return {
    kind: 'fail',
    code: 'ClusterReplacementRefused',
    message: `this change (subnets ${SubnetIds.join(', ')}, ${HsmType}, ${Mode}, ${NetworkType}${from === undefined ? '' : `, from a backup: ${from}`}) would replace the cluster by an empty one and lose `
      + 'its keys; undo it (choose vpcSubnets explicitly when the VPC grew; leave backup as it was), or make a second Cluster with another construct id and move the keys there',
  };
}

/**
 * What is imported is taken as the template has it, and another template later would replace it. Subnets are compared here because nobody else can:
 * CloudFormation does not read them. Mode and network type are left to its drift detection; the client used here does not show them.
 */
function adoptionProblem(properties: PlacementProperties, { adopted }: ObservedPlacement): Step<never> | undefined {
  const { AdoptedClusterId, SubnetIds, HsmType } = properties;
  if (phaseOf(adopted) === 'gone') {
    return { kind: 'fail', code: 'AdoptedClusterGone', message: `cluster ${AdoptedClusterId} does not exist in this Region or is being deleted; correct adoptedClusterId` };
  }
  if (phaseOf(adopted) !== 'active') {
    return {
      kind: 'fail', code: 'AdoptedClusterNotActive',
      message: `cluster ${AdoptedClusterId} is ${adopted!.state}; only an ACTIVE cluster is adopted: activate it with the tool that made it, then deploy again`,
    };
  }
  const { hsmType = HsmType, subnets } = adopted!;
  const there = `${hsmType} in ${Object.values(subnets).sort().join(', ')}`;
  const said = `${HsmType} in ${[...SubnetIds].sort().join(', ')}`;
  if (there === said) return undefined;
  return {
    kind: 'fail',
    code: 'AdoptedClusterDiffers',
    message: `cluster ${AdoptedClusterId} is ${there}, the template says ${said}; set vpcSubnets and hsmType to what is there, cdk destroy the stack, which keeps the `
      + 'cluster, and import it again: corrected in place, CloudFormation would replace it',
  };
}

/** What the account has besides. */
function without({ hsms }: Cluster, observed: ObservedPlacement): ObservedPlacement {
  return { ...observed, clusters: observed.clusters - 1, hsms: observed.hsms - hsms.filter((hsm) => presenceOf(hsm) !== 'gone').length };
}

function zoneProblem({ SubnetIds, HsmCount }: PlacementProperties, observed: ObservedPlacement, offered: string[]): Step<never> | undefined {
  const used = SubnetIds.map((id) => observed.subnets.get(id)?.availabilityZone);
  const twice = used.find((zone, index) => zone && used.indexOf(zone) !== index);
  if (twice) {
    return {
      kind: 'fail',
      code: 'SubnetsShareZone',
      message: `two of the subnets ${SubnetIds.join(', ')} are in ${twice}; a cluster takes one subnet for each Availability Zone`,
    };
  }
  const needed = Number(HsmCount) === 1 ? 1 : 2;
  if (offered.length >= needed) return undefined;
  return {
    kind: 'fail',
    code: 'TooFewZones',
    message: `${needed === 1 ? 'one Availability Zone' : 'two Availability Zones'} with CloudHSM needed, the subnets are in ${used.join(', ')}, of which `
      + `${offered.length === 0 ? 'none offers' : `only ${offered.join(', ')} offers`} it (CloudHSM is in ${observed.zones?.join(', ') ?? 'unknown zones'}); `
      + 'choose vpcSubnets in those zones',
  };
}

function quotaProblem(hsmCount: number, { clusters, hsms, clusterQuota, hsmQuota }: ObservedPlacement): Step<never> | undefined {
  if (clusterQuota !== undefined && clusters >= clusterQuota) {
    return {
      kind: 'fail',
      code: 'ClusterQuotaReached',
      message: `the account has ${clusters} of ${clusterQuota} CloudHSM clusters in this Region; raise quota L-4B16B391 in Service Quotas or delete one`,
    };
  }
  const wanted = Math.max(1, hsmCount);
  if (hsmQuota !== undefined && hsms + wanted > hsmQuota) {
    return {
      kind: 'fail',
      code: 'HsmQuotaReached',
      message: `${wanted} HSMs wanted, but the account has ${hsms} of ${hsmQuota} in this Region; raise quota L-95BA35D1 in Service Quotas or lower hsmCount`,
    };
  }
  return undefined;
}
