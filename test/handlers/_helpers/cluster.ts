import { CLUSTER_ID, newRequest, OTHER_STACK_ID } from './request';
import type { Cluster, Hsm } from '../../../src/handlers/aws/cloudhsm';
import { originOf } from '../../../src/handlers/origin';
import type { Origin } from '../../../src/handlers/origin';

export const ZONES = ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'] as const;
export const [A, B, C] = ZONES;

/** All states that the API documents. */
export const CLUSTER_STATES = [
  'CREATE_IN_PROGRESS', 'UNINITIALIZED', 'INITIALIZE_IN_PROGRESS', 'INITIALIZED', 'ACTIVE', 'UPDATE_IN_PROGRESS', 'MODIFY_IN_PROGRESS',
  'ROLLBACK_IN_PROGRESS', 'DELETE_IN_PROGRESS', 'DELETED', 'DEGRADED',
] as const;
export const HSM_STATES = ['CREATE_IN_PROGRESS', 'ACTIVE', 'DEGRADED', 'DELETE_IN_PROGRESS', 'DELETED'] as const;

export type ClusterState = typeof CLUSTER_STATES[number] | 'NEW_STATE';
export type HsmState = typeof HSM_STATES[number] | 'NEW_STATE';

export function hsm(id: string, availabilityZone: string, state: HsmState = 'ACTIVE', overrides: Partial<Hsm> = {}): Hsm {
  return { hsmId: `hsm-${id}`, availabilityZone, state, eniId: `eni-${id}`, eniIp: `10.0.0.${id.charCodeAt(0)}`, ...overrides };
}

export function cluster(state: ClusterState, hsms: readonly Hsm[] = [], overrides: Partial<Cluster> = {}): Cluster {
  return {
    clusterId: CLUSTER_ID,
    state,
    vpcId: 'vpc-1',
    securityGroup: 'sg-cluster',
    createdAt: Date.UTC(2026, 10, 23, 17, 0),
    subnets: { [A]: 'subnet-a', [B]: 'subnet-b', [C]: 'subnet-c' },
    hsms,
    ...overrides,
  };
}

const FIRST_HSM = newRequest('Create', 'Custom::CloudHSMFirstHsm', {});

/** This stack made the cluster. */
export const MADE_HERE: Origin = originOf(FIRST_HSM, 'made');
/** A stack that is gone made it and left it. */
export const MADE_ELSEWHERE: Origin = originOf({ ...FIRST_HSM, stackId: OTHER_STACK_ID }, 'made');
export const ADOPTED: Origin = originOf(FIRST_HSM, 'adopted');
