import { isObject } from '../../template/template';
import type { Value, ValueMap } from '../../template/template';
import { neverStable } from '../row-handler';
import type { Request, Row } from '../row-handler';

/** Attributes are text on the wire; documents are JSON. */
function attributes(request: Request, names: readonly string[]): { [name: string]: string } {
  return Object.fromEntries(names.flatMap((name) => {
    const text = request.text(name);
    return text === undefined ? [] : [[name, text]];
  }));
}

/** Names of FIFO topics and queues say what they are. */
function withFifo(name: string, fifo: boolean = false): string {
  return fifo && !name.endsWith('.fifo') ? `${name}.fifo` : name;
}

// --- SNS

const TOPIC_ATTRIBUTES = ['DisplayName', 'KmsMasterKeyId', 'FifoTopic', 'ContentBasedDeduplication', 'SignatureVersion', 'TracingConfig', 'ArchivePolicy'] as const;

const topicRow: Row = {
  service: 'sns',
  taken: (request) => {
    const TopicArn = request.arn('sns', withFifo(request.name('TopicName'), request.flag('FifoTopic')));
    request.call('GetTopicAttributes', { TopicArn });
    return TopicArn;
  },
  create: (request) => {
    const Tags = request.tags();
    const Attributes = attributes(request, TOPIC_ATTRIBUTES);
    const { TopicArn } = request.call<{ TopicArn: string }>('CreateTopic', {
      Name: withFifo(request.name('TopicName'), request.flag('FifoTopic')),
      ...(Object.keys(Attributes).length > 0 ? { Attributes } : {}),
      ...(Tags.length > 0 ? { Tags } : {}),
    });
    for (const { Endpoint, Protocol } of request.list<ValueMap>('Subscription')) request.call('Subscribe', { TopicArn, Endpoint: String(Endpoint), Protocol: String(Protocol) });
    return TopicArn;
  },
  update: (request) => {
    for (const name of TOPIC_ATTRIBUTES) {
      if (request.changed(name)) request.call('SetTopicAttributes', { TopicArn: request.id, AttributeName: name, AttributeValue: request.text(name) ?? '' });
    }
    if (request.changed('Subscription')) {
      const before = new Set(((request.before('Subscription') ?? []) as unknown as ValueMap[]).map((each) => JSON.stringify(each)));
      for (const each of request.list<ValueMap>('Subscription')) {
        if (!before.has(JSON.stringify(each))) request.call('Subscribe', { TopicArn: request.id, Endpoint: String(each.Endpoint), Protocol: String(each.Protocol) });
      }
    }
    const removed = request.removedTags();
    if (removed.length > 0) request.call('UntagResource', { ResourceArn: request.id, TagKeys: removed });
    const Tags = request.tags().filter(({ Key }) => !Key.startsWith('aws:'));
    if (Tags.length > 0) request.call('TagResource', { ResourceArn: request.id, Tags });
  },
  delete: (request) => request.call('DeleteTopic', { TopicArn: request.id }),
  attributes: (request) => ({ TopicArn: request.id, TopicName: request.id.split(':').pop() }),
  read: (request) => {
    const { Attributes: found = {} } = request.call<{ Attributes?: { [name: string]: string } }>('GetTopicAttributes', { TopicArn: request.id });
    return Object.fromEntries(['DisplayName', 'KmsMasterKeyId'].filter((name) => request.value(name) !== undefined).map((name) => [name, found[name]]));
  },
};

const subscriptionRow: Row = {
  service: 'sns',
  create: (request) => {
    const Attributes = attributes(request, ['FilterPolicy', 'FilterPolicyScope', 'RawMessageDelivery', 'RedrivePolicy', 'DeliveryPolicy', 'SubscriptionRoleArn']);
    return request.call<{ SubscriptionArn: string }>('Subscribe', {
      TopicArn: request.text('TopicArn'), Protocol: request.text('Protocol'), Endpoint: request.text('Endpoint'), ReturnSubscriptionArn: true,
      ...(Object.keys(Attributes).length > 0 ? { Attributes } : {}),
    }).SubscriptionArn;
  },
  update: (request) => {
    for (const name of ['FilterPolicy', 'FilterPolicyScope', 'RawMessageDelivery', 'RedrivePolicy']) {
      if (request.changed(name)) request.call('SetSubscriptionAttributes', { SubscriptionArn: request.id, AttributeName: name, AttributeValue: request.text(name) ?? '' });
    }
  },
  delete: (request) => request.call('Unsubscribe', { SubscriptionArn: request.id }),
  attributes: (request) => ({ Arn: request.id }),
};

const topicPolicyRow: Row = {
  service: 'sns',
  create: (request) => {
    setTopicPolicy(request);
    return `${request.work.stackName}-${request.work.logicalId}-${request.random(12)}`;
  },
  update: setTopicPolicy,
  // The service puts its own policy back; the least it could be said to do is to take ours away.
  delete: (request) => {
    for (const TopicArn of request.list('Topics')) request.call('SetTopicAttributes', { TopicArn, AttributeName: 'Policy', AttributeValue: '' });
  },
  attributes: (request) => ({ Id: request.id }),
};

function setTopicPolicy(request: Request): void {
  for (const TopicArn of request.list('Topics')) {
    request.call('SetTopicAttributes', { TopicArn, AttributeName: 'Policy', AttributeValue: request.text('PolicyDocument') });
  }
}

// --- SQS

const QUEUE_ATTRIBUTES = [
  'DelaySeconds', 'MaximumMessageSize', 'MessageRetentionPeriod', 'ReceiveMessageWaitTimeSeconds', 'VisibilityTimeout', 'RedrivePolicy', 'RedriveAllowPolicy',
  'KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'SqsManagedSseEnabled', 'FifoQueue', 'ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit',
] as const;

function queueAttributes(request: Request): { [name: string]: string } {
  return request.call<{ Attributes?: { [name: string]: string } }>('GetQueueAttributes', { QueueUrl: request.id, AttributeNames: ['All'] }).Attributes ?? {};
}

const queueRow: Row = {
  service: 'sqs',
  taken: (request) => request.call<{ QueueUrl?: string }>('GetQueueUrl', {
    QueueName: withFifo(request.name('QueueName'), request.flag('FifoQueue')),
  }).QueueUrl,
  create: (request) => {
    const tags = request.tagMap();
    const Attributes = attributes(request, QUEUE_ATTRIBUTES);
    return request.call<{ QueueUrl: string }>('CreateQueue', {
      QueueName: withFifo(request.name('QueueName'), request.flag('FifoQueue')),
      ...(Object.keys(Attributes).length > 0 ? { Attributes } : {}),
      ...(Object.keys(tags).length > 0 ? { tags } : {}),
    }).QueueUrl;
  },
  update: (request) => {
    const changed = QUEUE_ATTRIBUTES.filter((name) => request.changed(name));
    const Attributes = Object.fromEntries(changed.map((name) => [name, request.text(name) ?? '']));
    if (changed.length > 0) request.call('SetQueueAttributes', { QueueUrl: request.id, Attributes });
    const removed = request.removedTags();
    if (removed.length > 0) request.call('UntagQueue', { QueueUrl: request.id, TagKeys: removed });
    const Tags = Object.fromEntries(Object.entries(request.tagMap()).filter(([name]) => !name.startsWith('aws:')));
    if (Object.keys(Tags).length > 0) request.call('TagQueue', { QueueUrl: request.id, Tags });
  },
  delete: (request) => request.call('DeleteQueue', { QueueUrl: request.id }),
  attributes: (request) => ({ QueueUrl: request.id, QueueName: request.id.split('/').pop(), Arn: queueAttributes(request).QueueArn }),
  read: (request) => {
    const found = queueAttributes(request);
    return Object.fromEntries(QUEUE_ATTRIBUTES.filter((name) => request.value(name) !== undefined && found[name] !== undefined && name !== 'RedrivePolicy')
      .map((name) => [name, found[name]]));
  },
};

const queuePolicyRow: Row = {
  service: 'sqs',
  create: (request) => {
    setQueuePolicy(request, request.text('PolicyDocument')!);
    return `${request.work.stackName}-${request.work.logicalId}-${request.random(12)}`;
  },
  update: (request) => setQueuePolicy(request, request.text('PolicyDocument')!),
  delete: (request) => setQueuePolicy(request, ''),
  attributes: (request) => ({ Id: request.id }),
};

function setQueuePolicy(request: Request, Policy: string): void {
  for (const QueueUrl of request.list('Queues')) request.call('SetQueueAttributes', { QueueUrl, Attributes: { Policy } });
}

// --- EventBridge

interface Target { readonly Id: string; readonly [name: string]: Value }

const ruleRow: Row = {
  service: 'events',
  taken: (request) => request.call<{ Arn?: string }>('DescribeRule', { Name: request.name('Name'), EventBusName: request.text('EventBusName') }).Arn,
  create: (request) => {
    const Name = request.name('Name');
    putRule(request, Name);
    return Name;
  },
  update: (request) => putRule(request, request.id),
  delete: (request) => {
    const Ids = request.list<Target>('Targets').map(({ Id }) => String(Id));
    if (Ids.length > 0) request.call('RemoveTargets', { Rule: request.id, EventBusName: request.text('EventBusName'), Ids });
    request.call('DeleteRule', { Name: request.id, EventBusName: request.text('EventBusName') });
  },
  attributes: (request) => ({
    RuleName: request.id,
    Arn: request.call<{ Arn: string }>('DescribeRule', { Name: request.id, EventBusName: request.text('EventBusName') }).Arn,
  }),
  read: (request) => {
    const { State, ScheduleExpression } = request.call<{ State?: string; ScheduleExpression?: string }>(
      'DescribeRule', { Name: request.id, EventBusName: request.text('EventBusName') });
    return Object.fromEntries(Object.entries({ State, ScheduleExpression }).filter(([name]) => request.value(name) !== undefined));
  },
};

function putRule(request: Request, Name: string): void {
  const Tags = request.tags();
  request.send('PutRule', { Name, EventPattern: request.text('EventPattern'), ...(Tags.length > 0 && !request.work.previous ? { Tags } : { Tags: undefined }) });
  const EventBusName = request.text('EventBusName');
  const targets = request.list<Target>('Targets');
  const before = (request.before('Targets') ?? []) as unknown as readonly Target[];
  const gone = before.filter(({ Id }) => !targets.some((each) => each.Id === Id)).map(({ Id }) => String(Id));
  if (gone.length > 0) request.call('RemoveTargets', { Rule: Name, EventBusName, Ids: gone });
  if (targets.length === 0) return;
  const { FailedEntryCount = 0, FailedEntries = [] } = request.send<{ FailedEntryCount?: number; FailedEntries?: Array<{ ErrorMessage?: string }> }>(
    'PutTargets', { Rule: Name }, { Targets: targets as unknown as Value, EventBusName });
  if (FailedEntryCount > 0) throw neverStable(FailedEntries[0]?.ErrorMessage ?? 'A target was refused');
}

const busRow: Row = {
  service: 'events',
  create: (request) => {
    request.send('CreateEventBus', { Tags: undefined });
    return request.text('Name')!;
  },
  delete: (request) => request.call('DeleteEventBus', { Name: request.id }),
  attributes: (request) => ({ Name: request.id, Arn: request.arn('events', `event-bus/${request.id}`) }),
};

// --- Step Functions

interface Machine {
  readonly name?: string;
  readonly status?: string;
  readonly revisionId?: string;
  readonly definition?: string;
  readonly roleArn?: string;
}

function machine(request: Request): Machine {
  return request.call<Machine>('DescribeStateMachine', { stateMachineArn: request.id });
}

/** The definition as text, with `${…}` filled in. */
function definition(request: Request): string {
  const object = request.value('Definition');
  const text = request.text('DefinitionString') ?? (isObject(object) ? JSON.stringify(object) : undefined);
  if (text === undefined) {
    request.notBuilt('DefinitionS3Location');
    return '{}';
  }
  const substitutions = request.map('DefinitionSubstitutions');
  return text.replace(/\$\{([^}]+)\}/g, (whole, name: string) => (substitutions[name] === undefined ? whole : String(substitutions[name])));
}

const stateMachineRow: Row = {
  service: 'stepfunctions',
  taken: (request) => request.call<{ stateMachineArn?: string }>('DescribeStateMachine', {
    stateMachineArn: request.arn('states', `stateMachine:${request.name('StateMachineName')}`),
  }).stateMachineArn,
  create: (request) => {
    const tags = request.tags();
    return request.send<{ stateMachineArn: string }>('CreateStateMachine', {
      name: request.name('StateMachineName'), type: request.text('StateMachineType') ?? 'STANDARD', definition: definition(request),
      ...(tags.length > 0 ? { tags: tags.map(({ Key, Value: value }) => ({ key: Key, value })) } : { tags: undefined }),
    }).stateMachineArn;
  },
  update: (request) => {
    request.send('UpdateStateMachine', { stateMachineArn: request.id, definition: definition(request) });
    const removed = request.removedTags();
    if (removed.length > 0) request.call('UntagResource', { resourceArn: request.id, tagKeys: removed });
    const tags = request.tags().filter(({ Key }) => !Key.startsWith('aws:'));
    if (tags.length > 0) request.call('TagResource', { resourceArn: request.id, tags: tags.map(({ Key, Value: value }) => ({ key: Key, value })) });
  },
  delete: (request) => request.call('DeleteStateMachine', { stateMachineArn: request.id }),
  gone: (request) => machine(request).status === undefined,
  attributes: (request) => {
    const { name, revisionId } = machine(request);
    return { Arn: request.id, Name: name, StateMachineRevisionId: revisionId ?? 'INITIAL' };
  },
  read: (request) => ({ RoleArn: machine(request).roleArn }),
};

export const MESSAGING: { readonly [type: string]: Row } = {
  'AWS::SNS::Topic': topicRow,
  'AWS::SNS::Subscription': subscriptionRow,
  'AWS::SNS::TopicPolicy': topicPolicyRow,
  'AWS::SQS::Queue': queueRow,
  'AWS::SQS::QueuePolicy': queuePolicyRow,
  'AWS::Events::Rule': ruleRow,
  'AWS::Events::EventBus': busRow,
  'AWS::StepFunctions::StateMachine': stateMachineRow,
};
