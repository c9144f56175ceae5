import { Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { BackupCopy, CertificateAuthority, PasswordRotation } from '../../src';
import type { BackupCopyProps } from '../../src';
import { clusterFixture, messageOf } from '../_helpers/stacks';

function copied(props: Partial<BackupCopyProps> = {}): Stack {
  const { stack, cluster } = clusterFixture();
  new BackupCopy(stack, 'Copy', { cluster, regions: ['eu-central-1', 'us-east-2'], ...props });
  return stack;
}

test('tells its function every hour what is to be where', () => {
  Template.fromStack(copied()).hasResourceProperties('AWS::Events::Rule', {
    ScheduleExpression: 'rate(1 hour)',
    Targets: [Match.objectLike({ Input: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('"Regions":\\["eu-central-1","us-east-2"\\],"RetentionDays":90')])] } })],
  });
});

test('deletes only what carries the tag of its cluster', () => {
  const policies = Template.fromStack(copied()).findResources('AWS::IAM::ManagedPolicy');
  const statements = Object.values(policies)
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Array<{ Action: string; Condition?: object }>);

  const deletes = statements.filter(({ Action }) => Action === 'cloudhsm:DeleteBackup');
  expect(deletes).toHaveLength(1);
  expect(deletes[0].Condition).toEqual({ StringEquals: { 'aws:ResourceTag/cdk-cloudhsm:copy-of': expect.anything() } });
});

test('rings when a copy is too old or nothing is heard, and tells the topic', () => {
  const { stack, cluster } = clusterFixture();
  new BackupCopy(stack, 'Copy', { cluster, regions: ['eu-central-1'], interval: Duration.hours(2), maxAge: Duration.hours(30), topic: new sns.Topic(stack, 'Topic') });

  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'BackupCopyAge', Namespace: 'CdkCloudHSM', Statistic: 'Maximum', Period: 7_200, Threshold: 108_000, TreatMissingData: 'breaching',
    AlarmActions: [{ Ref: Match.stringLikeRegexp('Topic') }],
  });
});

test('keeps copies as long as the cluster keeps its backups, and no longer where passwords of older ones are dropped', () => {
  const props = { backupRetention: Duration.days(30), adminRotation: PasswordRotation.maintenanceWindow() };
  const days = (copyProps: Partial<BackupCopyProps> = {}) => {
    const { stack, cluster } = clusterFixture(props);
    new BackupCopy(stack, 'Copy', { cluster, regions: ['eu-central-1'], ...copyProps });
    return /"RetentionDays":(\d+)/.exec(JSON.stringify(Template.fromStack(stack).findResources('AWS::Events::Rule')).replaceAll('\\"', '"'))![1];
  };

  expect(days()).toBe('30');
  expect(days({ retention: Duration.days(7) })).toBe('7');
  expect(messageOf(() => days({ retention: Duration.days(31) }))).toMatch(/^CopiesOutliveBackups: retention is 31 days, .* kept for 30, .* choose 30 days or less/);
});

test('refuses a cluster that is not going to be ACTIVE', () => {
  const { stack, cluster } = clusterFixture({ certificateAuthority: CertificateAuthority.external() });

  expect(messageOf(() => new BackupCopy(stack, 'Copy', { cluster, regions: ['eu-central-1'] }))).toMatch(/^ClusterNotActivated: a copy of backups needs/);
});

test.each<[string, Partial<BackupCopyProps>, RegExp]>([
  ['no Region', { regions: [] }, /^NoCopyRegion: .* got none; name where/],
  ['the cluster\'s own Region', { regions: ['us-east-1'] }, /^CopyToOwnRegion: .* got us-east-1.*name another/],
  ['a Region twice', { regions: ['eu-central-1', 'eu-central-1'] }, /^CopyRegionTwice: regions names eu-central-1 twice/],
  ['a Region without CloudHSM', { regions: ['mars-north-1'] }, /^UnknownCopyRegion: .* got mars-north-1; choose one of us-east-1, /],
  ['a Region of another partition', { regions: ['us-gov-west-1'] }, /^CopyToOtherPartition: .* from us-east-1 to us-gov-west-1/],
  ['a retention that is too short', { retention: Duration.days(6) }, /^InvalidCopyRetention: retention must be 7 to 379 whole days, got 6/],
  ['a retention that is too long', { retention: Duration.days(380) }, /^InvalidCopyRetention: .* got 380/],
  ['an interval that is too short', { interval: Duration.minutes(30) }, /^InvalidCopyInterval: interval must be 1 to 24 whole hours, got 0.5/],
  ['an age that is always passed', { maxAge: Duration.hours(30), interval: Duration.hours(3) }, /^InvalidMaxCopyAge: maxAge must be more than 30 hours, got 30/],
])('refuses %s', (_title, props, message) => {
  expect(messageOf(() => copied(props))).toMatch(message);
});
