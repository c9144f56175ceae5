import { partitionOf, serviceCaller } from './access/call';
import type { Calls } from './access/call';
import type { Caller } from './wire/operation';
import { ServiceError } from './wire/operation';

/** The qualifier that the CDK uses unless told otherwise. */
export const DEFAULT_QUALIFIER = 'hnb659fds';

/** What the parameter of the CDK's bootstrap template allows. */
const QUALIFIER = /^[A-Za-z0-9_-]{1,10}$/;

/** @throws Error for what the CDK would not take, `none` apart */
export function checkedQualifier(qualifier: string): string {
  if (QUALIFIER.test(qualifier)) return qualifier;
  throw new Error(`[emulator] a qualifier has 1 to 10 letters, digits, hyphens and underscores (or is none, for no bootstrapping), got ${qualifier}`);
}

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
  const administrator: Caller = {
    principal: { kind: 'user', account, arn: `arn:aws:iam::${account}:user/outside` }, position: { kind: 'outside' },
  };
  const make = (service: string, operation: string, input: object) => {
    try {
      // It was done long ago: its roles are known everywhere.
      calls.make({ service, account, region }, operation, input, service === 'iam' ? serviceCaller('bootstrap', account) : administrator);
    } catch (error) {
      // A state folder that is opened again has it all.
      const there = ['BucketAlreadyOwnedByYou', 'EntityAlreadyExists', 'ParameterAlreadyExists'];
      if (!(error instanceof ServiceError && there.includes(error.code))) throw error;
    }
  };
  make('s3', 'CreateBucket', { Bucket: `cdk-${qualifier}-assets-${account}-${region}` });
  make('ssm', 'PutParameter', { Name: `/cdk-bootstrap/${qualifier}/version`, Value: BOOTSTRAP_VERSION, Type: 'String' });
  const roles = calls.row<Readonly<Record<string, BootstrapRole>>>('bootstrap/roles');
  const trust = calls.row<object>('bootstrap/trust');
  const words = { account, region, qualifier, partition: partitionOf(region) };
  const spelled = (text: string): string => text.replace(/\{(account|region|qualifier|partition)\}/g, (_, name: keyof typeof words) => words[name]);
  const document = (value: object): string => spelled(JSON.stringify(value));
  for (const [name, { attached = [], inline = {}, service }] of Object.entries(roles)) {
    const RoleName = `cdk-${qualifier}-${name}-role-${account}-${region}`;
    const byService = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } }] };
    make('iam', 'CreateRole', { RoleName, AssumeRolePolicyDocument: document(service === undefined ? trust : byService) });
    for (const policy of attached) make('iam', 'AttachRolePolicy', { RoleName, PolicyArn: `arn:${words.partition}:iam::aws:policy/${policy}` });
    for (const [policy, content] of Object.entries(inline)) {
      make('iam', 'PutRolePolicy', { RoleName, PolicyName: spelled(policy), PolicyDocument: document(content) });
    }
  }
}

/** A role of the bootstrap template: AWS's policies, its own ones, and the service that takes it on. */
interface BootstrapRole {
  readonly attached?: readonly string[];
  readonly inline?: Readonly<Record<string, object>>;
  readonly service?: string;
}
