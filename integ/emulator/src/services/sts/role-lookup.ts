import { ServiceError } from '../../wire/operation';
import type { Context } from '../../wire/operation';

export interface RoleFacts {
  readonly RoleName: string;
  readonly RoleId: string;
  readonly Arn: string;
  readonly MaxSessionDuration?: number;
}

/** The role of an ARN, in whichever account it is; undefined when there is none. STS looks by itself. */
export function roleOf(context: Context, arn: string): RoleFacts | undefined {
  const parts = /^arn:[^:]+:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(arn);
  if (!parts) return undefined;
  const [, account, RoleName] = parts;
  const service = 'sts.amazonaws.com';
  try {
    const { Role } = context.at({ account }).call<{ Role: RoleFacts }>('iam', 'GetRole', { RoleName }, {
      principal: { kind: 'service', account, arn: `arn:${context.partition}:iam::${account}:root`, service },
      position: { kind: 'service', service: 'sts' },
    });
    return Role.Arn === arn ? Role : undefined;
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'NoSuchEntity') return undefined;
    throw error;
  }
}
