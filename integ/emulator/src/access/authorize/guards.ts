import type { Asked, Desk } from './asked';
import type { Need } from './needs';
import type { Guard } from '../../wire/guarded';

/** Where the things of an ARN are kept: services by the ARN's third part. */
const SERVICES: Readonly<Record<string, string>> = { cloudhsm: 'cloudhsmv2', states: 'stepfunctions' };

/** Services that answer for their things. */
const GUARDED = new Set(['acm-pca', 'autoscaling', 'cloudhsm', 'ec2', 'iam', 'kms', 'lambda', 's3', 'secretsmanager', 'sns', 'sqs', 'ssm']);

/** What is to be made says nothing yet, though somebody may have the name. */
const IS_NEW = new Set(['s3:CreateBucket', 'secretsmanager:CreateSecret']);

/** The account of a thing: its ARN's; of one that is AWS's own, or has none in its ARN, the account that is asked. */
export function ownerOf(resource: string, guard: Guard | undefined, { place }: Asked): string {
  return guard?.account ?? /^(?:[^:]*:){4}(\d{12}):/.exec(resource)?.[1] ?? place.account;
}

/** What a thing itself says about who gets at it; undefined for one that is not there or says nothing. */
export function guardOf({ resource, action }: Need, { place }: Asked, { look }: Desk): Guard | undefined {
  const [, , service, region, account] = resource.split(':');
  if (service === undefined || !GUARDED.has(service) || resource.endsWith('*') || IS_NEW.has(action)) return undefined;
  return look<Guard>(SERVICES[service] ?? service, 'EmulatedGuard', { Arn: resource, Action: action }, { account: account || place.account, region: region || place.region });
}
