import { iam } from '../../src/services/iam/service';
import { World } from '../_helpers/world';
import type { WorldOptions } from '../_helpers/world';
import { strays } from '../ec2/conforms';

export const TRUST = JSON.stringify({
  Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

export function policy(...statements: object[]): string {
  const all = statements.length > 0 ? statements : [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }];
  return JSON.stringify({ Version: '2012-10-17', Statement: all });
}

export class Iam extends World {
  public constructor(options: Partial<WorldOptions> = {}) {
    super({ services: [iam], ...options });
  }

  public iam<O = Record<string, unknown>>(operation: string, input: object = {}): O {
    const output = this.call<O>('iam', operation, input);
    expect(strays('iam', operation, output)).toEqual([]);
    return output;
  }

  public iamRefusal(operation: string, input: object = {}): { code: string; status?: number; message: string } {
    const { code, message, options } = this.refusal('iam', operation, input);
    return { code, status: options.status, message };
  }

  public role(RoleName: string, more: object = {}): string {
    return this.iam<{ Role: { Arn: string } }>('CreateRole', { RoleName, AssumeRolePolicyDocument: TRUST, ...more }).Role.Arn;
  }

  public policy(PolicyName: string, PolicyDocument: string = policy()): string {
    return this.iam<{ Policy: { Arn: string } }>('CreatePolicy', { PolicyName, PolicyDocument }).Policy.Arn;
  }
}
