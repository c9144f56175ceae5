import type { ResourceType } from './action-facts';
import type { Asked, Desk } from './asked';
import { ec2Resources } from './ec2-resources';
import { typedResources } from './forms';

/** How services name their things that do it in a way of their own; undefined: in the usual way after all. */
type OwnWay = (action: string, asked: Asked, desk: Desk, types: readonly ResourceType[]) => string[] | undefined;

export const OWN_WAYS: Readonly<Record<string, OwnWay>> = {
  autoscaling: autoScalingGroups,
  ec2: (_action, asked, desk, types) => ec2Resources(asked, desk, types),
  events: rules,
  iam: identities,
  kms: keys,
  lambda: functions,
  logs: logGroups,
  s3: bucketsAndObjects,
  secretsmanager: secrets,
  sns: topics,
  sqs: queues,
  ssm: managed,
};

function arn({ place }: Asked, service: string, resource: string, { region = place.region, account = place.account } = {}): string {
  return `arn:${place.partition}:${service}:${region}:${account}:${resource}`;
}

function texts(...values: readonly unknown[]): string[] {
  return values.flat().filter((value): value is string => typeof value === 'string' && value !== '');
}

/** The service knows its things by more names than an ARN shows. */
function resolved(service: string, action: string, asked: Asked, desk: Desk): string[] | undefined {
  return desk.look<{ Arns?: string[] }>(service, 'EmulatedResources', { Action: action, Input: asked.input }, asked.place)?.Arns;
}

function autoScalingGroups(_action: string, asked: Asked): string[] | undefined {
  const { AutoScalingGroupName, Tags } = asked.input as { AutoScalingGroupName?: string; Tags?: ReadonlyArray<{ ResourceId?: string }> };
  const names = texts(AutoScalingGroupName, ...(Tags ?? []).map(({ ResourceId }) => ResourceId));
  return names.length === 0 ? undefined : names.map((name) => arn(asked, 'autoscaling', `autoScalingGroup:*:autoScalingGroupName/${name}`));
}

/** Rules of a bus other than the default one carry its name. */
function rules(_action: string, asked: Asked): string[] | undefined {
  const { EventBusName = 'default', Rule, Name, Entries } = asked.input as {
    EventBusName?: string; Rule?: string; Name?: string; Entries?: ReadonlyArray<{ EventBusName?: string }>;
  };
  const bus = (name: string) => (name.startsWith('arn:') ? name : arn(asked, 'events', `event-bus/${name}`));
  if (Entries) return Entries.map((entry) => bus(entry.EventBusName ?? 'default'));
  const rule = Rule ?? (/Rule/.test(asked.operation) ? Name : undefined);
  if (rule === undefined) return undefined;
  const busName = EventBusName.split('/').at(-1)!;
  return [arn(asked, 'events', `rule/${busName === 'default' ? '' : `${busName}/`}${rule}`)];
}

/** Roles, users and policies have paths that callers leave out. */
function identities(action: string, asked: Asked, desk: Desk): string[] | undefined {
  if (action === 'iam:CreateServiceLinkedRole') {
    const { AWSServiceName } = asked.input as { AWSServiceName?: string };
    return [arn(asked, 'iam', `role/aws-service-role/${AWSServiceName}/*`, { region: '' })];
  }
  const { principal } = asked.caller;
  // Whoever asks about a user without a name means himself.
  if (/:(GetUser|\w+AccessKeys?)$/.test(action) && asked.input.UserName === undefined && principal.kind === 'user') return [principal.arn];
  return resolved('iam', action, asked, desk);
}

/** Of a key that is not there KMS says so, to everybody. */
function keys(action: string, asked: Asked, desk: Desk): string[] | undefined {
  if (asked.operation === 'CreateKey') return undefined;
  return resolved('kms', action, asked, desk);
}

/** A name, an ARN, a part of one, and a qualifier beside it or in it. */
function functions(_action: string, asked: Asked): string[] | undefined {
  const { FunctionName, Qualifier, Resource } = asked.input as { FunctionName?: string; Qualifier?: string; Resource?: string };
  const name = FunctionName ?? Resource;
  if (name === undefined) return undefined;
  const [, account, plain, inside] = /^(?:arn:[^:]+:lambda:[^:]+:)?(?:(\d{12}):)?(?:function:)?([\w-]+)(?::([\w$-]+))?$/.exec(name) ?? [];
  if (plain === undefined) return undefined;
  const qualifier = Qualifier ?? inside;
  return [arn(asked, 'lambda', `function:${plain}${qualifier === undefined ? '' : `:${qualifier}`}`, { account })];
}

function logGroups(action: string, asked: Asked, desk: Desk, types: readonly ResourceType[]): string[] | undefined {
  if (types.some(({ name }) => name === 'log-stream')) return undefined;
  const { logGroupName, logGroupIdentifier, resourceArn, logGroupNames } = asked.input;
  const named = texts(logGroupName, logGroupIdentifier, resourceArn, logGroupNames).map((name) => name.replace(/^arn:.*:log-group:/, '').replace(/:\*$/, ''));
  if (named.length === 0) return undefined;
  // Tags are of the group itself; everything else is asked for on what is in it.
  const form = /:(Tag|Untag|ListTags)/.test(action) ? '{name}' : desk.row<string>('log-group-form');
  return named.map((name) => arn(asked, 'logs', `log-group:${form.replace('{name}', name)}`));
}

function bucketsAndObjects(_action: string, asked: Asked, _desk: Desk, types: readonly ResourceType[]): string[] | undefined {
  const { Bucket, Key, Delete } = asked.input as { Bucket?: string; Key?: string; Delete?: { Objects?: ReadonlyArray<{ Key?: string }> } };
  if (Bucket === undefined) return undefined;
  const bucket = `arn:${asked.place.partition}:s3:::${Bucket}`;
  if (!types.some(({ name }) => name === 'object')) return [bucket];
  return [...(Delete?.Objects ?? []).map((object) => object.Key), Key].filter((key) => key !== undefined).map((key) => `${bucket}/${key}`);
}

function secrets(action: string, asked: Asked, desk: Desk): string[] | undefined {
  const { Name } = asked.input as { Name?: string };
  if (asked.operation === 'CreateSecret' && Name !== undefined) return [arn(asked, 'secretsmanager', `secret:${Name}`)];
  return action === 'secretsmanager:BatchGetSecretValue' ? ['*'] : resolved('secretsmanager', action, asked, desk);
}

/** A subscription's ARN is its topic's and an id. */
function topics(_action: string, asked: Asked): string[] | undefined {
  const { TopicArn, TargetArn, ResourceArn, SubscriptionArn, Name } = asked.input;
  const named = texts(TopicArn, TargetArn, ResourceArn);
  if (named.length > 0) return named;
  const ofSubscription = texts(SubscriptionArn).map((subscription) => subscription.split(':').slice(0, 6).join(':'));
  return ofSubscription.length > 0 ? ofSubscription : texts(Name).map((name) => arn(asked, 'sns', name));
}

/** An address, of which the last two parts count. */
function queues(_action: string, asked: Asked): string[] | undefined {
  const { QueueUrl, QueueName, QueueOwnerAWSAccountId } = asked.input;
  const [url] = texts(QueueUrl);
  const [name] = url === undefined ? texts(QueueName) : [url.split('/').at(-1)!];
  if (name === undefined) return undefined;
  const [account = asked.place.account] = url === undefined ? texts(QueueOwnerAWSAccountId) : [/(\d{12})\/[^/]+$/.exec(url)?.[1] ?? asked.place.account];
  return [arn(asked, 'sqs', name, { account })];
}

/** Parameters with their paths and versions, AWS's own documents, instances by their targets. */
function managed(action: string, asked: Asked, desk: Desk, types: readonly ResourceType[]): string[] | undefined {
  const { Name, Names, Path, ResourceType: kind, ResourceId, Targets } = asked.input;
  const wants = (type: string) => types.some(({ name }) => name === type);
  // AWS's own parameters are of no account.
  const parameter = (name: string) => (name.startsWith('arn:') ? name
    : arn(asked, 'ssm', `parameter/${name.replace(/^\//, '').replace(/:.*$/, '')}`, name.startsWith('/aws/') ? { account: '' } : {}));
  const document = (name: string) => (name.startsWith('arn:') ? name : arn(asked, 'ssm', `document/${name}`, /^(AWS|Amazon)-?/.test(name) ? { account: '' } : {}));
  if (kind !== undefined) return texts(ResourceId).map((id) => (kind === 'Document' ? document(id) : kind === 'Parameter' ? parameter(id) : arn(asked, 'ssm', `${String(kind).toLowerCase()}/${id}`)));
  if (wants('parameter')) return texts(Name, Names, Path).map(parameter);
  if (action !== 'ssm:SendCommand') return wants('document') ? texts(Name, asked.input.DocumentName).map(document) : undefined;
  const others = typedResources('ssm', types.filter(({ name }) => name === 'instance' || name === 'bucket'), asked, desk);
  const byTarget = Array.isArray(Targets) && Targets.length > 0 ? [arn(asked, 'ec2', 'instance/*')] : [];
  return [...texts(asked.input.DocumentName).map(document), ...others, ...byTarget];
}
