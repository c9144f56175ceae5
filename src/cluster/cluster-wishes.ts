import { Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';
import { ClusterMode } from './cluster-mode';
import { clusterSubnets, knownCidr, knownSubnets } from './cluster-subnets';
import type { HsmPlacement } from './hsm-placement';
import { HsmType } from './hsm-type';
import { NetworkType } from './network-type';
import { fixedAddresses } from '../lifecycle/fixed-addresses-contract';
import { addressProblems } from '../private/address-validation';
import { restoreProblems } from '../private/backup-validation';
import type { Problem } from '../private/errors';
import { knownDays, knownList, knownNumber, knownText } from '../private/known';
import {
  adoptionProblems, backupRetentionProblem, hsmCountProblem, hsmTypeProblems, placementProblems, providerStackProblem, removalPolicyProblem,
  subnetProblems,
} from '../private/validation';
import type { KnownSubnet } from '../private/validation';

/** Properties of a cluster, as far as they say what it is to be. */
export interface WishedCluster {
  readonly vpc: ec2.IVpc;
  readonly vpcSubnets?: ec2.SubnetSelection;
  readonly allowPublicSubnets?: boolean;
  readonly hsmType?: HsmType;
  readonly mode?: ClusterMode;
  readonly networkType?: NetworkType;
  readonly hsmCount?: number;
  readonly placement?: HsmPlacement[];
  readonly pauseKeyStores?: boolean;
  readonly backupRetention?: Duration;
  readonly activate?: boolean;
  readonly adoptedClusterId?: string;
  readonly removalPolicy?: RemovalPolicy;
  /** Of these it counts only whether, and where, they are given. */
  readonly adminSecret?: IConstruct;
  readonly certificateAuthority?: object;
  readonly hsmIdentity?: object;
  readonly backup?: object;
  readonly lifecycleProvider?: IConstruct;
}

/** What a cluster is to be: its properties, with what they leave out. */
export interface ClusterWishes {
  readonly hsmType: HsmType;
  readonly mode: ClusterMode;
  readonly networkType: NetworkType;
  readonly hsmCount: number;
  /** `undefined` where synth does not know it; so below. */
  readonly knownCount: number | undefined;
  readonly placement: ReadonlyArray<Omit<HsmPlacement, 'count'> & { readonly count: number | undefined }> | undefined;
  /** As the custom resources take them. */
  readonly addresses: string[] | undefined;
  readonly subnets: ec2.ISubnet[];
  readonly knownSubnets: readonly KnownSubnet[];
  readonly activate: boolean;
  readonly isAdopted: boolean;
  /** Neither taken over nor made from a backup. */
  readonly isNew: boolean;
  readonly pauseKeyStores: boolean;
  readonly removalPolicy: RemovalPolicy;
}

const DEFAULT_HSM_COUNT = 2;

export function wishesOf(props: WishedCluster): ClusterWishes {
  const placement = props.placement?.map(({ subnet, count, ipAddresses }) => ({ subnet, count: knownNumber(count), ipAddresses }));
  const hsmCount = props.hsmCount ?? placement?.reduce((sum, { count = 0 }) => sum + count, 0) ?? DEFAULT_HSM_COUNT;
  const subnets = clusterSubnets(props.vpc, props.vpcSubnets);
  return {
    hsmType: props.hsmType ?? HsmType.HSM2M_MEDIUM,
    mode: props.mode ?? ClusterMode.FIPS,
    networkType: props.networkType ?? NetworkType.IPV4,
    hsmCount,
    knownCount: knownNumber(hsmCount),
    placement,
    addresses: addressesOf(placement),
    subnets,
    knownSubnets: knownSubnets(props.vpc, subnets),
    activate: props.activate ?? true,
    isAdopted: props.adoptedClusterId !== undefined,
    isNew: props.adoptedClusterId === undefined && props.backup === undefined,
    pauseKeyStores: props.pauseKeyStores ?? false,
    removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  };
}

function addressesOf(placement: ClusterWishes['placement']): string[] | undefined {
  const entries = (placement ?? []).flatMap(({ subnet, ipAddresses }) => (ipAddresses?.length === 0 || !ipAddresses ? [] : fixedAddresses(subnet.subnetId, Fn.join(',', ipAddresses))));
  return entries.length === 0 ? undefined : entries;
}

/** What is wrong with them, before anything is made. */
export function wishProblems(scope: IConstruct, props: WishedCluster, wishes: ClusterWishes): Array<Problem | undefined> {
  const { hsmType, mode, knownCount, placement, subnets, activate, isAdopted } = wishes;
  return [
    ...placementProblems({ hsmCount: props.hsmCount, placement, subnets, activate, total: knownCount }),
    ...addressProblems((placement ?? []).map(({ subnet, count, ipAddresses }) => ({
      path: subnet.node.path, count, ipAddresses: knownList(ipAddresses)?.map(knownText), cidr: knownCidr(subnet),
    }))),
    hsmCountProblem(knownCount),
    backupRetentionProblem(knownDays(props.backupRetention)),
    ...hsmTypeProblems(hsmType, mode === ClusterMode.NON_FIPS, !wishes.isNew),
    ...subnetProblems(wishes.knownSubnets, props.allowPublicSubnets ?? false),
    removalPolicyProblem('cluster', wishes.removalPolicy),
    props.lifecycleProvider && providerStackProblem(Stack.of(props.lifecycleProvider).node.path, Stack.of(scope).node.path),
    ...adoptionProblems({
      isAdopted,
      clusterId: knownText(props.adoptedClusterId),
      hasAdminSecret: props.adminSecret !== undefined,
      hasAuthority: props.certificateAuthority !== undefined,
      activate,
    }),
    ...restoreProblems({
      isRestored: props.backup !== undefined,
      isAdopted,
      hasAuthority: props.certificateAuthority !== undefined,
      hasIdentity: props.hsmIdentity !== undefined,
      activate,
    }),
  ];
}
