import type { Caller, Context } from '../../wire/operation';

/** Systems Manager where it looks at things by itself, whoever has called it. */
export function itself({ account, partition }: Context): Partial<Caller> {
  const service = 'ssm.amazonaws.com';
  return {
    principal: { kind: 'service', account, service, arn: `arn:${partition}:iam::${account}:role/aws-service-role/${service}` },
    position: { kind: 'service', service: 'ssm' },
    activityId: undefined,
  };
}
