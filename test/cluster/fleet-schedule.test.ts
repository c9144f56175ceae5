import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as sns from 'aws-cdk-lib/aws-sns';
import { CertificateAuthority, Cluster, FleetSchedule } from '../../src';
import type { ClusterProps, FleetScheduleProps } from '../../src';

const FRIDAY = events.Schedule.cron({ weekDay: 'FRI', hour: '20', minute: '0' });
const MONDAY = events.Schedule.cron({ weekDay: 'MON', hour: '6', minute: '0' });

type And = (stack: Stack, cluster: Cluster) => void;

function scheduled(props: Partial<FleetScheduleProps>, clusterProps: Partial<ClusterProps> = {}, and: And = () => {}): Stack {
  const app = new App();
  const vpc = new ec2.Vpc(new Stack(app, 'Network'), 'Vpc', { maxAzs: 3 });
  const stack = new Stack(app, 'Hsm');
  const cluster = new Cluster(stack, 'Cluster', { vpc, ...clusterProps });
  new FleetSchedule(stack, 'Schedule', { cluster, ...props });
  and(stack, cluster);
  return stack;
}

/** What the target of a rule is told, by the rule's schedule; tokens as they stand in the template. */
function told(stack: Stack): Record<string, string> {
  const rules = Object.values(Template.fromStack(stack).findResources('AWS::Events::Rule'));
  return Object.fromEntries(rules.map(({ Properties }) => [
    Properties.ScheduleExpression ?? Properties.EventPattern.source[0], JSON.stringify(Properties.Targets[0].InputTransformer),
  ]));
}

test('tells the lifecycle function when to pause, resume and reconcile, and to reconcile on an event', () => {
  const said = told(scheduled({ pause: FRIDAY, resume: MONDAY, reconcile: events.Schedule.expression('rate(1 day)') }));

  const actions = Object.entries(said).map(([when, text]) => [when, /\\"Scheduled\\":\\"(\w+)\\"/.exec(text)?.[1]]);
  expect(Object.fromEntries(actions)).toEqual({
    'cron(0 20 ? * FRI *)': 'PAUSE', 'cron(0 6 ? * MON *)': 'RESUME', 'rate(1 day)': 'RECONCILE', 'cdk-cloudhsm': 'RECONCILE',
  });
});

test('a pause and its resume stop each other, a reconciliation stops neither', () => {
  const said = told(scheduled({ pause: FRIDAY, resume: MONDAY }));

  const [pause, resume, reconcile] = ['cron(0 20 ? * FRI *)', 'cron(0 6 ? * MON *)', 'cdk-cloudhsm'].map((when) => /\\"ScheduleId\\":\\"([^"]+)\\"/.exec(said[when])![1]);
  expect(pause).toBe(resume);
  expect(reconcile).not.toBe(pause);
});

test('sends the properties of the fleet and an id for each event', () => {
  const stack = scheduled({ pause: FRIDAY }, { hsmCount: 3 });
  const [[fleetId, fleet]] = Object.entries(Template.fromStack(stack).findResources('Custom::CloudHSMFleet'));
  const text = told(stack)['cron(0 20 ? * FRI *)'];

  expect(text).toContain('\\"HsmCount\\":\\"3\\"');
  expect(text).toContain('\\"ServiceTimeout\\":\\"3480\\"');
  expect(text).toContain(JSON.stringify(fleet.Properties.ClusterId));
  expect(text).toMatch(/\\"RequestId\\":(\\")?<[\w-]+>/);
  Template.fromStack(stack).hasResource('AWS::Events::Rule', { DependsOn: Match.arrayWith([fleetId]), Properties: { ScheduleExpression: 'cron(0 20 ? * FRI *)' } });
});

test('does not come late', () => {
  Template.fromStack(scheduled({ pause: FRIDAY })).allResourcesProperties('AWS::Events::Rule', {
    Targets: [Match.objectLike({ RetryPolicy: { MaximumEventAgeInSeconds: 900, MaximumRetryAttempts: 10 } })],
  });
});

test('may call the function from its rules only', () => {
  Template.fromStack(scheduled({ pause: FRIDAY })).allResourcesProperties('AWS::Lambda::Permission', {
    Action: 'lambda:InvokeFunction', Principal: 'events.amazonaws.com', SourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Schedule'), 'Arn'] },
  });
});

test('rings until a change is carried out, and tells the topic', () => {
  const stack = scheduled({ pause: FRIDAY }, {}, (of, cluster) => {
    new FleetSchedule(of, 'Loud', { cluster, topic: new sns.Topic(of, 'Topic') });
  });

  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
    Namespace: 'CdkCloudHSM', MetricName: 'ScheduledChangeFailed', Statistic: 'Maximum', Threshold: 1, TreatMissingData: 'ignore',
    AlarmActions: [{ Ref: Match.stringLikeRegexp('Topic') }], OKActions: [{ Ref: Match.stringLikeRegexp('Topic') }],
  });
});

describe('refuses', () => {
  test.each<[string, Partial<FleetScheduleProps>, Partial<ClusterProps>, RegExp]>([
    ['a paused cluster, which would never come back', { pause: FRIDAY }, { hsmCount: 0 }, /ScheduleOfPausedCluster: .* hsmCount is 0.*set hsmCount/],
    ['a cluster without certificates', {}, { certificateAuthority: CertificateAuthority.external() }, /ClusterNotActivated: a schedule needs an ACTIVE cluster/],
    ['a cluster that is not activated', {}, { activate: false, hsmCount: 1 }, /ClusterNotActivated/],
  ])('%s', (_title, props, clusterProps, message) => {
    expect(() => scheduled(props, clusterProps)).toThrow(message);
  });

  test('a stack that is not the cluster\'s', () => {
    const stack = scheduled({});
    const cluster = stack.node.findChild('Cluster') as Cluster;

    expect(() => new FleetSchedule(new Stack(stack.node.root, 'Other'), 'Schedule', { cluster })).toThrow(/ScheduleInOtherStack: .* make it there/);
  });

  test('to pause under a key store that may not be, whichever is made first', () => {
    const stack = scheduled({ pause: FRIDAY }, {}, (_, cluster) => cluster.addKeyStore('Store'));

    expect(() => Template.fromStack(stack)).toThrow(/KeyStoreNotPaused: .* key store Hsm\/Cluster\/Store rests.* set pauseKeyStores/);
  });
});

test('pauses under a key store that may be, and reconciles under any', () => {
  const store = (_: Stack, cluster: Cluster) => cluster.addKeyStore('Store');

  expect(() => Template.fromStack(scheduled({ pause: FRIDAY }, { pauseKeyStores: true }, store))).not.toThrow();
  expect(() => Template.fromStack(scheduled({ reconcile: MONDAY }, { removalPolicy: RemovalPolicy.DESTROY }, store))).not.toThrow();
});
