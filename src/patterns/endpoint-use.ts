/** What reaches AWS through the endpoints of a VPC. */
export enum EndpointUse {
  /** Admin clients and client instances: Systems Manager, CloudHSM, secrets, and packages in Amazon S3. */
  CLIENTS = 'CLIENTS',
  /** A lifecycle function that is attached to the VPC. */
  LIFECYCLE_FUNCTION = 'LIFECYCLE_FUNCTION',
  /** A lifecycle function that is attached to the VPC and has key stores to look after as well. */
  KEY_STORES = 'KEY_STORES',
}

/** The one service that is reached by a gateway. */
export const S3 = 's3';

const LIFECYCLE_SERVICES = ['autoscaling', 'cloudhsmv2', 'ec2', 'kms', 'logs', S3, 'secretsmanager', 'servicequotas', 'ssm', 'states', 'xray'];

const SERVICES: Readonly<Record<EndpointUse, readonly string[]>> = {
  [EndpointUse.CLIENTS]: ['cloudhsmv2', S3, 'secretsmanager', 'ssm', 'ssmmessages'],
  [EndpointUse.LIFECYCLE_FUNCTION]: LIFECYCLE_SERVICES,
  // On a deletion the function asks whether the stack is rolling back.
  [EndpointUse.KEY_STORES]: [...LIFECYCLE_SERVICES, 'cloudformation'],
};

/** By the last part of their names, in the order of the alphabet. */
export function servicesFor(uses: readonly EndpointUse[]): string[] {
  return [...new Set(uses.flatMap((use) => SERVICES[use]))].sort();
}
