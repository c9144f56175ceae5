import { refuse } from './refusals';
import { inForce } from './spread';
import { policies, roles, users } from './state';
import type { Context } from '../../wire/operation';

interface AwsPolicy {
  readonly name: string;
  readonly path: string;
}

/**
 * A policy of AWS itself, by the form of its ARN. There are more than a thousand: any name that looks like one is taken
 * for one, and only a few have their documents here.
 */
export function awsPolicy(arn: string): AwsPolicy | undefined {
  const found = /^arn:aws[a-z-]*:iam::aws:policy(\/(?:service-role\/|job-function\/|aws-service-role\/|root-task\/)?)([A-Z][A-Za-z0-9_-]{2,126})$/.exec(arn);
  return found ? { path: found[1], name: found[2] } : undefined;
}

export function awsDocument(context: Context, { name }: AwsPolicy): string | undefined {
  const known = context.row<Readonly<Record<string, object>>>('iam/aws-managed-policies')[name];
  return known && JSON.stringify(known).replaceAll('arn:aws:', `arn:${context.partition}:`);
}

/** @throws NoSuchEntity for an ARN that nothing can be attached by */
export function checkAttachable(context: Context, arn: string, key: 'policy-attach' | 'boundary' = 'policy-attach'): void {
  if (!policies(context).has(arn) && !awsPolicy(arn)) throw refuse(context, key, arn);
}

/** The document in force of a managed policy; undefined for one of AWS whose document is not here, and for one that has not spread yet. */
export function documentInForce(context: Context, arn: string): string | undefined {
  const own = inForce(context, 'policy', arn, policies(context));
  if (own) return own.versions.find(({ number }) => number === own.defaultVersion)?.document;
  const aws = awsPolicy(arn);
  return aws && awsDocument(context, aws);
}

export function attachmentCount(context: Context, arn: string): number {
  return [...roles(context).values(), ...users(context).values()].filter(({ attached }) => attached.includes(arn)).length;
}

export function boundaryCount(context: Context, arn: string): number {
  return [...roles(context).values(), ...users(context).values()].filter(({ boundary }) => boundary === arn).length;
}
