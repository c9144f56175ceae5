import { ServiceError } from '../../../wire/operation';
import type { Caller, Context } from '../../../wire/operation';

const SERVICE = 'cks.kms.amazonaws.com';

/** KMS looking at things for whoever called it. */
export function onBehalf({ caller }: Context): Caller {
  return { principal: caller.principal, position: { kind: 'service', service: 'kms' }, activityId: undefined };
}

/** KMS acting by itself, by the service-linked role for custom key stores. */
export function keyStoreRole(context: Context): Caller {
  const arn = `arn:${context.partition}:iam::${context.account}:role/aws-service-role/${SERVICE}/${context.row<string>('kms/key-store-role')}`;
  return {
    principal: { kind: 'service', account: context.account, arn, roleArn: arn, service: SERVICE },
    position: { kind: 'service', service: 'kms' },
    activityId: undefined,
  };
}

/** KMS itself, where the role is not for it: what it learns of a network, and taking back interfaces of its own. */
export function byItself(context: Context): Caller {
  return {
    principal: { kind: 'service', account: context.account, arn: `arn:${context.partition}:iam::${context.account}:role/aws-service-role/${SERVICE}`, service: SERVICE },
    position: { kind: 'service', service: 'kms' },
    activityId: undefined,
  };
}

/** Makes the service-linked role, as the caller, unless it is there. */
export function ensureKeyStoreRole(context: Context): void {
  try {
    context.call('iam', 'GetRole', { RoleName: context.row('kms/key-store-role') }, byItself(context));
  } catch (error) {
    if (!(error instanceof ServiceError) || !/^NoSuchEntity/.test(error.code)) throw error;
    context.call('iam', 'CreateServiceLinkedRole', { AWSServiceName: SERVICE }, onBehalf(context));
  }
}
