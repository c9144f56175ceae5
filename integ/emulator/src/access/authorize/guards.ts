import type { Asked, Desk } from './asked';
import type { Need } from './needs';
import type { Guard } from '../../wire/guarded';

/** Where the things of an ARN are kept: services by the ARN's third part. */
const SERVICES: Readonly<Record<string, string>> = { cloudhsm: 'cloudhsmv2', states: 'stepfunctions' };

/** Services that answer for their things. */
const GUARDED = new Set(['cloudhsm', 'ec2', 'iam', 'kms', 'lambda', 's3', 'secretsmanager', 'sns', 'sqs', 'ssm']);

/** What a thing itself says about who gets at it; undefined for one that is not there or says nothing. */
export function guardOf({ resource, action }: Need, { place }: Asked, { look }: Desk): Guard | undefined {
  const [, , service, region, account] = resource.split(':');
  if (service === undefined || !GUARDED.has(service) || resource.endsWith('*')) return undefined;
  return look<Guard>(SERVICES[service] ?? service, 'EmulatedGuard', { Arn: resource, Action: action }, { account: account || place.account, region: region || place.region });
}
