import { CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Cluster, ClusterMonitor, HealthProbe } from '../../src';
import type { ClusterMonitorProps, ClusterProps } from '../../src';
import { ResourceGraph } from '../_helpers/resource-graph';
import { clusterFixture, ENV, fixture, messageOf } from '../_helpers/stacks';

function monitored(props: Partial<ClusterMonitorProps> = {}, cluster: Partial<ClusterProps> = {}): { template: Template } {
  const made = clusterFixture(cluster);
  new ClusterMonitor(made.stack, 'Monitor', { cluster: made.cluster, topic: new sns.Topic(made.stack, 'Topic'), ...props });
  return { template: Template.fromStack(made.stack) };
}

const CLUSTER = { 'Fn::GetAtt': [Match.stringLikeRegexp('^Cluster'), 'ClusterId'] };
const TOPIC = [{ Ref: Match.stringLikeRegexp('^Topic') }];

describe('alarms', () => {
  const { template } = monitored();

  test.each([
    ['HsmUnhealthy', 'AWS/CloudHSM', { Threshold: 0, ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 1, Statistic: 'Maximum', TreatMissingData: 'missing' }],
    ['ActiveZones', 'CdkCloudHSM', { Threshold: 2, ComparisonOperator: 'LessThanThreshold', EvaluationPeriods: 2, Statistic: 'Minimum', TreatMissingData: 'breaching' }],
    ['BackupAge', 'CdkCloudHSM', { Threshold: 93_600, ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 1, TreatMissingData: 'breaching' }],
    ['TrustAnchorDaysLeft', 'CdkCloudHSM', { Threshold: 180, ComparisonOperator: 'LessThanThreshold', EvaluationPeriods: 1, TreatMissingData: 'breaching' }],
  ])('on %s of the cluster ring at the topic, and say when it is over', (MetricName, Namespace, expected) => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName, Namespace, ...expected, Period: 300, Dimensions: [{ Name: 'ClusterId', Value: CLUSTER }], AlarmActions: TOPIC, OKActions: TOPIC, AlarmDescription: Match.anyValue(),
    });
  });

  test('are four', () => template.resourceCountIs('AWS::CloudWatch::Alarm', 4));

  test.each([[0, 0], [1, 1], [2, 2], [3, 2]])('of a cluster with hsmCount %i want HSMs in %i zones', (hsmCount, Threshold) => {
    monitored({}, { hsmCount }).template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'ActiveZones', Threshold });
  });

  test('of a cluster in one zone want one, and as many as they are told', () => {
    const { vpc, stack } = fixture({ vpc: { availabilityZones: ['us-east-1a'], maxAzs: undefined } });
    new ClusterMonitor(stack, 'Monitor', { cluster: new Cluster(stack, 'Cluster', { vpc }), topic: new sns.Topic(stack, 'Topic') });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'ActiveZones', Threshold: 1 });

    monitored({ minActiveZones: 3 }).template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'ActiveZones', Threshold: 3 });
  });

  test('of a cluster that is imported, or whose count is a parameter, want two', () => {
    const { stack } = fixture();
    const topic = new sns.Topic(stack, 'Topic');
    new ClusterMonitor(stack, 'Monitor', { cluster: Cluster.fromClusterAttributes(stack, 'Known', { clusterId: 'cluster-igklspoyj5v' }), topic });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'ActiveZones', Threshold: 2, Dimensions: [{ Name: 'ClusterId', Value: 'cluster-igklspoyj5v' }] });

    const made = fixture();
    const cluster = new Cluster(made.stack, 'Cluster', { vpc: made.vpc, hsmCount: new CfnParameter(made.stack, 'Count', { type: 'Number' }).valueAsNumber });
    new ClusterMonitor(made.stack, 'Monitor', { cluster, topic: new sns.Topic(made.stack, 'Topic') });
    Template.fromStack(made.stack).hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'ActiveZones', Threshold: 2 });
  });

  test('follow the settings', () => {
    const { template: set } = monitored({ interval: Duration.minutes(10), maxBackupAge: Duration.hours(30), trustAnchorWarning: Duration.days(400) });

    set.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'BackupAge', Threshold: 108_000, Period: 600 });
    set.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'TrustAnchorDaysLeft', Threshold: 400, Period: 600 });
    set.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(10 minutes)' });
  });
});

describe('the probe', () => {
  const { template } = monitored();

  test('looks at this cluster every five minutes', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(5 minutes)',
      Targets: [{ Input: { 'Fn::Join': ['', Match.arrayWith(['{"Probe":"CLUSTER","ClusterId":"'])] } }],
    });
  });

  test('may look at clusters and backups, read this trust anchor, and nothing else of CloudHSM or KMS', () => {
    const actions = Object.values(template.findResources('AWS::IAM::ManagedPolicy', { Properties: { Description: Match.stringLikeRegexp('^Probe') } }))
      .flatMap(({ Properties }) => (Properties as { PolicyDocument: { Statement: Array<{ Action: string | string[] }> } }).PolicyDocument.Statement)
      .flatMap(({ Action }) => Action);
    expect([...actions].sort()).toEqual([
      'cloudhsm:DescribeBackups', 'cloudhsm:DescribeClusters', 'logs:CreateLogStream', 'logs:PutLogEvents', 'ssm:GetParameters', 'xray:PutTelemetryRecords', 'xray:PutTraceSegments',
    ]);
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'ssm:GetParameters', Resource: { 'Fn::Join': ['', Match.arrayWith(['/trust-anchor'])] } })]) },
    });
  });

  test('is a traced function with a log of its own, encrypted and kept for a year', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Description: 'Looks at CloudHSM clusters and key stores', Architectures: ['arm64'], TracingConfig: { Mode: 'Active' }, Timeout: 30,
      LoggingConfig: { LogGroup: { Ref: Match.stringLikeRegexp('^CloudHsmProbeLog') } },
    });
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 365, KmsKeyId: Match.anyValue() });
    template.resourceCountIs('AWS::IAM::Policy', 0);
  });

  test('is one for all monitors of a stack, or one that is given', () => {
    const { stack, cluster } = clusterFixture();
    const topic = new sns.Topic(stack, 'Topic');
    new ClusterMonitor(stack, 'One', { cluster, topic });
    new ClusterMonitor(stack, 'Two', { cluster, topic });
    Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 2);

    const given = clusterFixture();
    const probe = new HealthProbe(given.stack, 'Probe', { vpc: given.vpc, encryptionKey: new kms.Key(given.stack, 'Key') });
    new ClusterMonitor(given.stack, 'Monitor', { cluster: given.cluster, topic: new sns.Topic(given.stack, 'Topic'), probe });
    Template.fromStack(given.stack).hasResourceProperties('AWS::Lambda::Function', { Description: 'Looks at CloudHSM clusters and key stores', VpcConfig: Match.anyValue() });
    expect(given.stack.node.tryFindChild('CloudHsmProbe')).toBeUndefined();
  });

  test('begins when the cluster is ready, and goes before it', () => {
    const graph = new ResourceGraph(template.toJSON() as ConstructorParameters<typeof ResourceGraph>[0]);
    const [fleet] = graph.ids({ prefix: 'ClusterFleet' });

    const monitor = graph.ids({ prefix: 'Monitor' });
    expect(monitor.length).toBeGreaterThan(6);
    for (const id of monitor) expect(graph.needs(id).has(fleet)).toBe(true);
    expect(graph.circular()).toEqual([]);
  });
});

describe('calls', () => {
  const { template } = monitored();
  const sources = { 'source': ['aws.cloudhsm', 'aws.cloudhsmv2'], 'detail-type': ['AWS API Call via CloudTrail'] };
  const eventSource = ['cloudhsm.amazonaws.com', 'cloudhsmv2.amazonaws.com'];

  test('that take HSMs from this cluster or change it are told', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { ...sources, detail: { eventSource, eventName: ['DeleteHsm', 'ModifyCluster'], requestParameters: { clusterId: [CLUSTER] } } },
      Targets: [{ Arn: { Ref: Match.stringLikeRegexp('^Topic') } }],
    });
  });

  test('that delete a backup are told, of whichever cluster', () => {
    template.hasResourceProperties('AWS::Events::Rule', { EventPattern: { ...sources, detail: { eventSource, eventName: ['DeleteBackup'], requestParameters: Match.absent() } } });
  });
});

describe('the topic', () => {
  test('lets alarms of this account and rules in', () => {
    monitored().template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Principal: { Service: 'cloudwatch.amazonaws.com' }, Action: 'sns:Publish', Condition: { StringEquals: { 'aws:SourceAccount': ENV.account } } }),
          Match.objectLike({ Principal: { Service: 'events.amazonaws.com' }, Action: 'sns:Publish' }),
        ]),
      },
    });
  });

  test('that is encrypted with a key of this app has them on the key too', () => {
    const { stack, cluster } = clusterFixture();
    new ClusterMonitor(stack, 'Monitor', { cluster, topic: new sns.Topic(stack, 'Topic', { masterKey: new kms.Key(stack, 'TopicKey') }) });

    Template.fromStack(stack).hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([Match.objectLike({
          Principal: { Service: ['cloudwatch.amazonaws.com', 'events.amazonaws.com'] }, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        })]),
      },
    });
    Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('importedAlarmTopic'));
  });

  test('that is imported, or its key, is the user\'s to open: it warns', () => {
    const { stack, cluster } = clusterFixture();
    const imported = sns.Topic.fromTopicArn(stack, 'Imported', `arn:aws:sns:us-east-1:${ENV.account}:alarms`);
    new ClusterMonitor(stack, 'One', { cluster, topic: imported });
    const masterKey = kms.Alias.fromAliasName(stack, 'AwsKey', 'alias/aws/sns');
    new ClusterMonitor(stack, 'Two', { cluster, topic: new sns.Topic(stack, 'Topic', { masterKey }) });

    Annotations.fromStack(stack).hasWarning('/Hsm/One', Match.stringLikeRegexp('its policy is not changed here: it must allow sns:Publish to cloudwatch.amazonaws.com .*cdk-cloudhsm:importedAlarmTopic\\]'));
    Annotations.fromStack(stack).hasWarning('/Hsm/Two', Match.stringLikeRegexp('kms:GenerateDataKey\\* to cloudwatch.amazonaws.com .*cdk-cloudhsm:importedAlarmTopicKey\\]'));
    Annotations.fromStack(stack).hasNoWarning('/Hsm/Two', Match.stringLikeRegexp('importedAlarmTopic\\]'));
  });

  test('may be in another stack', () => {
    const made = clusterFixture();
    const topic = new sns.Topic(new Stack(made.app, 'Alarms', { env: ENV }), 'Topic');
    new ClusterMonitor(made.stack, 'Monitor', { cluster: made.cluster, topic });

    Template.fromStack(Stack.of(topic)).resourceCountIs('AWS::SNS::TopicPolicy', 1);
    Template.fromStack(made.stack).resourceCountIs('AWS::CloudWatch::Alarm', 4);
  });
});

describe('refusals', () => {
  const failure = (props: Partial<ClusterMonitorProps>) => messageOf(() => monitored(props));

  test.each([
    ['an interval below a minute', { interval: Duration.seconds(30) }, 'InvalidInterval: interval must be 1 to 60 whole minutes, got 0.5; choose such a duration [Hsm/Monitor]'],
    ['an interval above an hour', { interval: Duration.hours(2) }, 'InvalidInterval: interval must be 1 to 60 whole minutes, got 120; choose such a duration [Hsm/Monitor]'],
    ['a backup age that rings every day', { maxBackupAge: Duration.days(1) },
      'InvalidMaxBackupAge: maxBackupAge must be more than 24 hours, got 24: CloudHSM makes a backup a day; choose a longer one [Hsm/Monitor]'],
    ['zones that are none', { minActiveZones: 0 }, 'InvalidMinActiveZones: minActiveZones must be a whole number, one or more, got 0; choose such a number [Hsm/Monitor]'],
    ['a warning of no days', { trustAnchorWarning: Duration.hours(12) },
      'InvalidTrustAnchorWarning: trustAnchorWarning must be whole days, one or more, got 0.5; choose such a duration [Hsm/Monitor]'],
  ])('%s', (_title, props, text) => {
    expect(failure(props)).toBe(text);
  });

  test('a topic whose key is in the HSMs of the cluster', () => {
    const { stack, cluster } = clusterFixture();
    const key = cluster.addKeyStore('Store').addKey('Key');

    expect(messageOf(() => new ClusterMonitor(stack, 'Monitor', { cluster, topic: new sns.Topic(stack, 'Topic', { masterKey: key }) }))).toBe(
      'TopicKeyOfWatchedStore: the topic is encrypted with Hsm/Cluster/Store/Key, whose material is in the HSMs of the cluster that is watched: when they fail the alarm could '
      + 'not be sent; use kms.Key for the topic [Hsm/Monitor]');
  });
});
