import type { Calls } from './access/call';
import type { Caller } from './wire/operation';
import { ServiceError } from './wire/operation';

/** The qualifier that the CDK uses unless told otherwise. */
export const DEFAULT_QUALIFIER = 'hnb659fds';

/** Version of the CDK's bootstrap template that the seed stands for. */
const BOOTSTRAP_VERSION = '30';

/**
 * Makes an account and Region look as after `cdk bootstrap`, without its stack: what the CDK CLI asks for is a version parameter, a bucket for
 * assets and the roles. Running `cdk bootstrap` itself works too.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
 */
export function seedBootstrap(calls: Calls, place: { account: string; region: string; qualifier: string }): void {
  const { account, region, qualifier } = place;
  const caller: Caller = {
    principal: { kind: 'user', account, arn: `arn:aws:iam::${account}:user/outside` }, position: { kind: 'outside' },
  };
  const make = (service: string, operation: string, input: object) => {
    try {
      calls.make({ service, account, region }, operation, input, caller);
    } catch (error) {
      // A state folder that is opened again has it all.
      const there = ['BucketAlreadyOwnedByYou', 'EntityAlreadyExists', 'ParameterAlreadyExists'];
      if (!(error instanceof ServiceError && there.includes(error.code))) throw error;
    }
  };
  make('s3', 'CreateBucket', { Bucket: `cdk-${qualifier}-assets-${account}-${region}` });
  make('ssm', 'PutParameter', { Name: `/cdk-bootstrap/${qualifier}/version`, Value: BOOTSTRAP_VERSION, Type: 'String' });
  for (const [role, service] of ROLES) {
    make('iam', 'CreateRole', {
      RoleName: `cdk-${qualifier}-${role}-role-${account}-${region}`,
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: service ? { Service: service } : { AWS: account } }],
      }),
    });
  }
}

/** Roles of the bootstrap template, and the service that takes one on. */
const ROLES: ReadonlyArray<readonly [string, string | undefined]> = [
  ['deploy', undefined], ['file-publishing', undefined], ['image-publishing', undefined], ['lookup', undefined], ['cfn-exec', 'cloudformation.amazonaws.com'],
];
