import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { CustomKeyStore, CustomKeyStoreKey, KeyStoreMonitor } from '../../src';
import type { ClusterProps, KeyStoreMonitorProps } from '../../src';
import { ResourceGraph } from '../_helpers/resource-graph';
import { clusterFixture, messageOf } from '../_helpers/stacks';

function storeFixture(cluster: Partial<ClusterProps> = {}): { stack: Stack; keyStore: CustomKeyStore } {
  const made = clusterFixture(cluster);
  return { stack: made.stack, keyStore: made.cluster.addKeyStore('Store') };
}

function monitored(props: Partial<KeyStoreMonitorProps> = {}, cluster: Partial<ClusterProps> = {}): { template: Template } {
  const { stack, keyStore } = storeFixture(cluster);
  new KeyStoreMonitor(stack, 'Monitor', { keyStore, topic: new sns.Topic(stack, 'Topic'), ...props });
  return { template: Template.fromStack(stack) };
}

interface Policy {
  readonly PolicyDocument: { readonly Statement: ReadonlyArray<{ readonly Action: string | string[]; readonly Resource: unknown }> };
}

const STORE = { 'Fn::GetAtt': [Match.stringLikeRegexp('^ClusterStore'), 'CustomKeyStoreId'] };
const TOPIC = { Ref: Match.stringLikeRegexp('^Topic') };

describe('by default', () => {
  const { template } = monitored();

  test('an alarm rings when two data keys in a row are not made, and when nobody tries any more', () => {
    template.resourceCountIs('AWS::CloudWatch::Alarm', 1);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'DataKeyMade', Namespace: 'CdkCloudHSM', Dimensions: [{ Name: 'CustomKeyStoreId', Value: STORE }], Period: 300, EvaluationPeriods: 2, Threshold: 1,
      ComparisonOperator: 'LessThanThreshold', TreatMissingData: 'breaching', AlarmActions: [TOPIC], OKActions: [TOPIC],
    });
  });

  test('the probe has a key of its own in the store, deleted as soon as KMS allows', () => {
    template.hasResourceProperties('Custom::KMSCustomKeyStoreKey', { CustomKeyStoreId: STORE, PendingWindowDays: '7' });
  });

  test('the probe may make data keys with that key without seeing them, and nothing else with any key', () => {
    const statements = Object.values(template.findResources('AWS::IAM::ManagedPolicy', { Properties: { Description: Match.stringLikeRegexp('^Probe') } }))
      .flatMap(({ Properties }) => (Properties as Policy).PolicyDocument.Statement);
    expect(statements.filter(({ Action }) => [Action].flat().some((action) => action.startsWith('kms:')))).toEqual([
      { Action: 'kms:GenerateDataKeyWithoutPlaintext', Effect: 'Allow', Resource: { 'Fn::GetAtt': [expect.stringMatching(/^MonitorKey/), 'KeyArn'] } },
    ]);
    expect(statements.flatMap(({ Action }) => Action).filter((action) => /^(cloudhsm|ssm):/.test(action))).toEqual([]);
  });

  test('calls that disconnect this store are told', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        'source': ['aws.kms'], 'detail-type': ['AWS API Call via CloudTrail'],
        'detail': { eventSource: ['kms.amazonaws.com'], eventName: ['DisconnectCustomKeyStore'], requestParameters: { customKeyStoreId: [STORE] } },
      },
      Targets: [{ Arn: TOPIC }],
    });
  });

  test('calls that schedule the deletion of a key are told, of whichever store', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { detail: { eventSource: ['kms.amazonaws.com'], eventName: ['ScheduleKeyDeletion'], requestParameters: Match.absent() } }, Targets: [{ Arn: TOPIC }],
    });
  });

  test('it begins when the store is connected, and goes before it', () => {
    const graph = new ResourceGraph(template.toJSON() as ConstructorParameters<typeof ResourceGraph>[0]);
    const [store] = graph.ids({ type: 'Custom::KMSCustomKeyStore' });

    for (const id of graph.ids({ prefix: 'Monitor' })) expect(graph.needs(id).has(store)).toBe(true);
    expect(graph.circular()).toEqual([]);
  });
});

test('the key of the probe is kept or goes as the store does', () => {
  monitored().template.hasResource('Custom::KMSCustomKeyStoreKey', { DeletionPolicy: 'RetainExceptOnCreate' });
  monitored({}, { removalPolicy: RemovalPolicy.DESTROY }).template.hasResource('Custom::KMSCustomKeyStoreKey', { DeletionPolicy: 'Delete' });
});

test('a key that is given is used instead', () => {
  const { stack, keyStore } = storeFixture();
  const key = keyStore.addKey('Orders');

  const monitor = new KeyStoreMonitor(stack, 'Monitor', { keyStore, topic: new sns.Topic(stack, 'Topic'), key });

  expect(monitor.key).toBe(key);
  Template.fromStack(stack).resourceCountIs('Custom::KMSCustomKeyStoreKey', 1);
});

test('the interval is the alarm\'s period', () => {
  const { template } = monitored({ interval: Duration.minutes(1) });

  template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(1 minute)' });
  template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'DataKeyMade', Period: 60 });
});

test('an imported store is watched by its id', () => {
  const { stack } = clusterFixture();
  const keyStore = CustomKeyStore.fromCustomKeyStoreId(stack, 'Known', 'cks-1234567890abcdef0');
  new KeyStoreMonitor(stack, 'Monitor', { keyStore, topic: new sns.Topic(stack, 'Topic'), key: kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:111122223333:key/abc') });

  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', { Dimensions: [{ Name: 'CustomKeyStoreId', Value: 'cks-1234567890abcdef0' }] });
});

describe('refusals', () => {
  test.each([
    ['itself', (key: kms.IKey) => key],
    ['by an alias', (key: kms.IKey, stack: Stack) => new kms.Alias(stack, 'Alias', { aliasName: 'topic', targetKey: key })],
  ])('a topic that is encrypted with a key of the store, %s', (_title, keyOf) => {
    const { stack, keyStore } = storeFixture();
    const topic = new sns.Topic(stack, 'Topic', { masterKey: keyOf(keyStore.addKey('Orders'), stack) });

    expect(messageOf(() => new KeyStoreMonitor(stack, 'Monitor', { keyStore, topic }))).toBe(
      'TopicKeyOfWatchedStore: the topic is encrypted with Hsm/Cluster/Store/Orders, whose material is in the HSMs of the key store that is watched: when they fail the alarm could '
      + 'not be sent; use kms.Key for the topic [Hsm/Monitor]');
  });

  test('not a topic with a key of another store', () => {
    const { stack, keyStore } = storeFixture();
    const elsewhere = CustomKeyStore.fromCustomKeyStoreId(stack, 'Elsewhere', 'cks-1234567890abcdef0');
    const topic = new sns.Topic(stack, 'Topic', { masterKey: new CustomKeyStoreKey(stack, 'Key', { keyStore: elsewhere }) });

    expect(new KeyStoreMonitor(stack, 'Monitor', { keyStore, topic }).dataKeyAlarm).toBeDefined();
  });

  test('a key of another store for the probe', () => {
    const { stack } = clusterFixture();
    const one = CustomKeyStore.fromCustomKeyStoreId(stack, 'One', 'cks-11111111111111111');
    const other = CustomKeyStore.fromCustomKeyStoreId(stack, 'Other', 'cks-22222222222222222');
    const key = new CustomKeyStoreKey(stack, 'Key', { keyStore: other });

    expect(messageOf(() => new KeyStoreMonitor(stack, 'Monitor', { keyStore: one, topic: new sns.Topic(stack, 'Topic'), key }))).toBe(
      'KeyOfOtherStore: key Hsm/Key is in another key store than the one that is watched; use a key of that, or leave it out [Hsm/Monitor]');
  });

  test('an interval that is none', () => {
    expect(messageOf(() => monitored({ interval: Duration.seconds(90) }))).toMatch(/^InvalidInterval: .* got 1.5/);
  });
});
