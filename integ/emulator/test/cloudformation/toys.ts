import { cloudformation } from '../../src/cloudformation/service';
import { ServiceError } from '../../src/wire/operation';
import type { Context, Service } from '../../src/wire/operation';
import { World } from '../_helpers/world';
import type { WorldOptions } from '../_helpers/world';

/** Log groups: made at once, for resources without any wait. */
interface Group { readonly logGroupName: string; readonly retentionInDays?: number; readonly kmsKeyId?: string }

const groups = (context: Context) => context.table<Group>('logs/groups');

const logs: Service = {
  name: 'logs',
  operations: {
    CreateLogGroup: (context: Context, { logGroupName, kmsKeyId }: Group) => {
      if (groups(context).has(logGroupName)) throw new ServiceError('ResourceAlreadyExistsException', 'The specified log group already exists');
      groups(context).put(logGroupName, { logGroupName, kmsKeyId });
    },
    DeleteLogGroup: (context: Context, { logGroupName }: { logGroupName: string }) => {
      if (!groups(context).has(logGroupName)) throw new ServiceError('ResourceNotFoundException', 'The specified log group does not exist.');
      groups(context).delete(logGroupName);
    },
    PutRetentionPolicy: (context: Context, { logGroupName, retentionInDays }: { logGroupName: string; retentionInDays: number }) => {
      groups(context).put(logGroupName, { logGroupName, retentionInDays });
    },
    DeleteRetentionPolicy: (context: Context, { logGroupName }: { logGroupName: string }) => {
      groups(context).put(logGroupName, { logGroupName });
    },
    DescribeLogGroups: (context: Context) => ({
      logGroups: groups(context).values().map((group) => ({ ...group, arn: context.arn('logs', `log-group:${group.logGroupName}:*`) })),
    }),
    TagResource: () => undefined,
  },
};

/** Clusters that take their time, for resources that have to be waited for. */
interface Cluster { readonly ClusterId: string; readonly State: string; readonly HsmType: string }

const clusters = (context: Context) => context.table<Cluster>('cloudhsm/clusters');

const cloudhsm: Service = {
  name: 'cloudhsmv2',
  operations: {
    CreateCluster: (context: Context, { HsmType }: { HsmType: string }) => {
      const ClusterId = `cluster-${'abcdefghijk'.slice(0, 10)}${'abcdefghijklmnopqrstuvwxyz'[clusters(context).size()]}`;
      context.after(60_000, { kind: 'created', args: { id: ClusterId } });
      return { Cluster: clusters(context).put(ClusterId, { ClusterId, State: 'CREATE_IN_PROGRESS', HsmType }) };
    },
    DescribeClusters: (context: Context, { Filters }: { Filters: { clusterIds: string[] } }) => ({
      Clusters: clusters(context).values().filter(({ ClusterId }) => Filters.clusterIds.includes(ClusterId)),
    }),
    ModifyCluster: () => undefined,
    TagResource: () => undefined,
    DeleteCluster: (context: Context, { ClusterId }: { ClusterId: string }) => {
      context.after(30_000, { kind: 'deleted', args: { id: ClusterId } });
      clusters(context).put(ClusterId, { ...clusters(context).get(ClusterId)!, State: 'DELETE_IN_PROGRESS' });
    },
  },
  events: {
    created: (context: Context, { id }: { id: string }) => {
      const cluster = clusters(context).get(id)!;
      if (cluster.State === 'CREATE_IN_PROGRESS') clusters(context).put(id, { ...cluster, State: 'UNINITIALIZED' });
    },
    deleted: (context: Context, { id }: { id: string }) => {
      clusters(context).put(id, { ...clusters(context).get(id)!, State: 'DELETED' });
    },
  },
};

/** What a function was asked, as CloudFormation writes it. */
export interface CustomEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceType: string;
  readonly ServiceToken: string;
  readonly ResourceProperties: { readonly [name: string]: unknown };
  readonly OldResourceProperties?: { readonly [name: string]: unknown };
}

/** How a function of that name answers; `undefined` stands for no answer at all. */
type Answer = (event: CustomEvent, nth: number) => { readonly [name: string]: unknown } | string | undefined;

export const ANSWERS: { readonly [name: string]: Answer } = {
  ok: ({ PhysicalResourceId, LogicalResourceId }, nth) => ({
    Status: 'SUCCESS', PhysicalResourceId: PhysicalResourceId ?? `made-${LogicalResourceId}-${nth}`, Data: { Answer: 42, Text: 'told' },
  }),
  fails: ({ RequestType }) => (RequestType === 'Delete' ? { Status: 'SUCCESS' } : { Status: 'FAILED', Reason: 'no luck', PhysicalResourceId: 'half-made' }),
  stuck: ({ RequestType }) => (RequestType === 'Delete' ? { Status: 'FAILED', Reason: 'still in use' } : { Status: 'SUCCESS', PhysicalResourceId: 'stuck' }),
  refusesUpdates: ({ RequestType, PhysicalResourceId }) => (RequestType === 'Update'
    ? { Status: 'FAILED', Reason: 'not now', PhysicalResourceId } : { Status: 'SUCCESS', PhysicalResourceId: PhysicalResourceId ?? 'steady' }),
  silent: ({ RequestType }) => (RequestType === 'Delete' ? { Status: 'SUCCESS' } : undefined),
  moves: ({ RequestType, PhysicalResourceId, ResourceProperties }) => ({
    Status: 'SUCCESS', PhysicalResourceId: RequestType === 'Delete' ? PhysicalResourceId : `at-${String(ResourceProperties.Place)}`,
  }),
  long: () => ({ Status: 'SUCCESS', PhysicalResourceId: 'long', Data: { Text: 'x'.repeat(5000) } }),
  broken: ({ RequestType }) => (RequestType === 'Delete' ? { Status: 'SUCCESS' } : 'no JSON'),
};

const invocations = (context: Context) => context.table<CustomEvent>('lambda/invocations');

const lambda: Service = {
  name: 'lambda',
  operations: {
    Invoke: (context: Context, { FunctionName, Payload }: { FunctionName: string; Payload: Buffer }) => {
      const name = FunctionName.split(':').pop()!;
      if (name === 'missing') throw new ServiceError('ResourceNotFoundException', `Function not found: ${FunctionName}`);
      const event = JSON.parse(Payload.toString('utf8')) as CustomEvent;
      const nth = invocations(context).size() + 1;
      invocations(context).put(`i${nth}`, event);
      const answer = ANSWERS[name](event, nth);
      if (answer === undefined) return { StatusCode: 202 };
      const body = typeof answer === 'string' ? answer : JSON.stringify({
        StackId: event.StackId, RequestId: event.RequestId, LogicalResourceId: event.LogicalResourceId, ...answer,
      });
      const key = decodeURIComponent(new URL(event.ResponseURL).pathname.slice(1));
      context.after(2_000, { kind: 'cloudformation.response-arrived', args: { key, blob: context.kernel.blobs.put(Buffer.from(body)) } });
      return { StatusCode: 202 };
    },
  },
};

const parameters = (context: Context) => context.table<{ Name: string; Value: string; Type: string }>('ssm/parameters');

const ssm: Service = {
  name: 'ssm',
  operations: {
    GetParameter: (context: Context, { Name }: { Name: string }) => {
      const found = parameters(context).get(Name);
      if (!found) throw new ServiceError('ParameterNotFound', '');
      return { Parameter: { ...found, ARN: context.arn('ssm', `parameter${Name}`) } };
    },
    PutParameter: (context: Context, { Name, Value, Type = 'String' }: { Name: string; Value: string; Type?: string }) => {
      parameters(context).put(Name, { Name, Value, Type });
      return { Version: 1 };
    },
    DeleteParameter: (context: Context, { Name }: { Name: string }) => parameters(context).delete(Name),
  },
};

const secretsmanager: Service = {
  name: 'secretsmanager',
  operations: { GetSecretValue: () => ({ SecretString: JSON.stringify({ password: 'hunter2' }) }) },
};

const s3: Service = {
  name: 's3',
  operations: {
    PutObject: (context: Context, { Key, Body }: { Key: string; Body: string }) => {
      context.table('s3/objects').put(Key, Body);
    },
    GetObject: (context: Context, { Key }: { Key: string }) => {
      const body = context.table<string>('s3/objects').get(Key);
      if (body === undefined) throw new ServiceError('NoSuchKey', 'The specified key does not exist.', { status: 404 });
      return { Body: Buffer.from(body) };
    },
  },
};

export interface StackEvent {
  readonly LogicalResourceId: string;
  readonly ResourceStatus: string;
  readonly ResourceStatusReason?: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties?: string;
}

interface StackOutput {
  readonly StackId: string;
  readonly StackStatus: string;
  readonly StackStatusReason?: string;
  readonly Outputs?: Array<{ OutputKey: string; OutputValue: string }>;
}

export const TOYS: readonly Service[] = [cloudformation, logs, cloudhsm, lambda, ssm, secretsmanager, s3];

/** CloudFormation among toy services. */
export class StackWorld extends World {
  public constructor(options: Partial<WorldOptions> = {}) {
    super({ services: TOYS, ...options });
  }

  public cfn<O = { [name: string]: never }>(operation: string, input: object = {}): O {
    return this.call<O>('cloudformation', operation, input);
  }

  /** Creates or updates, and runs until the stack has come to rest. */
  public async deploy(template: object, options: { name?: string; input?: object; operation?: 'CreateStack' | 'UpdateStack' } = {}): Promise<string> {
    const { name = 'Stack', input = {} } = options;
    const exists = this.stack(name) !== undefined;
    this.cfn(options.operation ?? (exists ? 'UpdateStack' : 'CreateStack'), { StackName: name, TemplateBody: JSON.stringify(template), ...input });
    return this.settle(name);
  }

  public async remove(name: string = 'Stack', input: object = {}): Promise<string> {
    const { StackId } = this.stack(name)!;
    this.cfn('DeleteStack', { StackName: name, ...input });
    return this.settle(StackId);
  }

  public async settle(name: string = 'Stack'): Promise<string> {
    const { StackId } = this.stack(name)!;
    const busy = (): boolean => this.context('cloudformation').table('cloudformation/operations').has(StackId);
    await this.kernel.advanceUntil(() => !busy(), 48 * 3_600_000);
    if (this.internalErrors.length > 0) throw this.internalErrors[0];
    if (busy()) throw new Error('the stack does not come to rest');
    return this.stack(StackId)!.StackStatus;
  }

  public stack(name: string = 'Stack'): StackOutput | undefined {
    try {
      return this.cfn<{ Stacks: [never] }>('DescribeStacks', { StackName: name }).Stacks[0];
    } catch (error) {
      if (error instanceof ServiceError) return undefined;
      throw error;
    }
  }

  public output(key: string, name: string = 'Stack'): string | undefined {
    return this.stack(name)?.Outputs?.find(({ OutputKey }) => OutputKey === key)?.OutputValue;
  }

  /** Oldest first. */
  public events(name: string = 'Stack'): StackEvent[] {
    return this.cfn<{ StackEvents: StackEvent[] }>('DescribeStackEvents', { StackName: name }).StackEvents.reverse();
  }

  /** `Logical STATUS reason`, as many as came after the first `skip`. */
  public story(name: string = 'Stack', skip: number = 0): string[] {
    return this.events(name).slice(skip).map(({ LogicalResourceId, ResourceStatus, ResourceStatusReason }) =>
      [LogicalResourceId, ResourceStatus, ResourceStatusReason].filter((part) => part !== undefined).join(' '));
  }

  public invocations(): CustomEvent[] {
    return invocations(this.context('lambda')).values();
  }

  public groupNames(): string[] {
    return groups(this.context('logs')).values().map(({ logGroupName }) => logGroupName);
  }

  public group(name: string): Group | undefined {
    return groups(this.context('logs')).get(name);
  }

  public clusterStates(): string[] {
    return clusters(this.context('cloudhsmv2')).values().map(({ State }) => State);
  }
}

export function lambdaArn(name: string): string {
  return `arn:aws:lambda:us-east-1:123456789012:function:${name}`;
}

export function custom(name: string, properties: object = {}, extra: object = {}): object {
  return { Type: 'Custom::Thing', Properties: { ServiceToken: lambdaArn(name), ...properties }, ...extra };
}

export function logGroup(name: string, properties: object = {}, extra: object = {}): object {
  return { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: name, ...properties }, ...extra };
}
