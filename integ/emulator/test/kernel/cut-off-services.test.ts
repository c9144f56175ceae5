import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { Emulator } from '../../src/index';
import { wholeLines } from '../../src/kernel/journal';
import { outside } from '../_helpers/world';

const ACCOUNT = '123456789012';
const TRUST = (service: string) => JSON.stringify({
  Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
});
const ROLE = `arn:aws:iam::${ACCOUNT}:role/all`;

type Made = Record<string, unknown>;

let home: string;
let journal: Buffer;

function call(emulator: Emulator, service: string, operation: string, input: object): Made {
  return emulator.calls.make({ service, account: ACCOUNT, region: 'us-east-1' }, operation, input, outside()) as Made;
}

/** Something in every service, most of it with something that is still to come. */
function writeEverywhere(emulator: Emulator): void {
  const at = (service: string, operation: string, input: object) => call(emulator, service, operation, input);
  const { VpcId } = at('ec2', 'CreateVpc', { CidrBlock: '10.0.0.0/16' }).Vpc as { VpcId: string };
  const { SubnetId } = at('ec2', 'CreateSubnet', { VpcId, CidrBlock: '10.0.0.0/24', AvailabilityZone: 'us-east-1b' }).Subnet as { SubnetId: string };
  at('ec2', 'CreateLaunchTemplate', { LaunchTemplateName: 'launch-template', LaunchTemplateData: { InstanceType: 't3.micro', ImageId: 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64' } });
  at('autoscaling', 'CreateAutoScalingGroup', {
    AutoScalingGroupName: 'group', MinSize: 0, MaxSize: 1, LaunchTemplate: { LaunchTemplateName: 'launch-template' }, VPCZoneIdentifier: SubnetId,
  });
  at('iam', 'CreateRole', { RoleName: 'all', AssumeRolePolicyDocument: TRUST('lambda.amazonaws.com') });
  at('iam', 'CreateRole', { RoleName: 'states', AssumeRolePolicyDocument: TRUST('states.amazonaws.com') });
  at('cloudhsmv2', 'CreateCluster', { HsmType: 'hsm2m.medium', Mode: 'FIPS', SubnetIds: [SubnetId] });
  at('kms', 'CreateKey', {});
  at('acm-pca', 'CreateCertificateAuthority', {
    CertificateAuthorityType: 'ROOT',
    CertificateAuthorityConfiguration: { KeyAlgorithm: 'RSA_2048', SigningAlgorithm: 'SHA256WITHRSA', Subject: { CommonName: 'authority' } },
  });
  at('secretsmanager', 'CreateSecret', { Name: 'secret', SecretString: 'x', ClientRequestToken: '0'.repeat(32) });
  at('ssm', 'PutParameter', { Name: 'parameter', Value: '1', Type: 'String' });
  at('s3', 'CreateBucket', { Bucket: 'bucket' });
  at('s3', 'PutObject', { Bucket: 'bucket', Key: 'key', Body: Buffer.from('body') });
  at('sns', 'CreateTopic', { Name: 'topic' });
  at('sqs', 'CreateQueue', { QueueName: 'queue' });
  at('logs', 'CreateLogGroup', { logGroupName: 'group' });
  at('events', 'PutRule', { Name: 'rule', ScheduleExpression: 'rate(1 hour)' });
  at('cloudwatch', 'PutMetricAlarm', {
    AlarmName: 'alarm', Namespace: 'N', MetricName: 'M', Statistic: 'Sum', Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanThreshold',
  });
  at('ecr', 'CreateRepository', { repositoryName: 'repository' });
  at('lambda', 'CreateFunction', {
    FunctionName: 'function', Runtime: 'nodejs22.x', Role: ROLE, Handler: 'index.handler',
    Code: { ZipFile: Buffer.from(zipSync({ 'index.js': Buffer.from('exports.handler = async () => 1;') })) },
  });
  at('stepfunctions', 'CreateStateMachine', {
    name: 'machine', roleArn: `arn:aws:iam::${ACCOUNT}:role/states`, definition: JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Wait', Seconds: 60, End: true } } }),
  });
  at('stepfunctions', 'StartExecution', { stateMachineArn: `arn:aws:states:us-east-1:${ACCOUNT}:stateMachine:machine`, name: 'execution' });
  at('cloudformation', 'CreateStack', { StackName: 'stack', TemplateBody: JSON.stringify({ Resources: { Topic: { Type: 'AWS::SNS::Topic' } } }) });
}

/** These keep nothing. What is inside HSMs and on instances takes a deploy to come about: `npm run cuts` cuts through one. */
const WITHOUT_STATE = ['sts', 'cloudtrail', 'servicequotas', 'cloudhsm-hsm', 'cloudhsm-client'];

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'cut-off-services-'));
  // Everything is written at one instant, also what needs a role of that instant.
  const variants = ['iam/spread=at-once'];
  const emulator = await Emulator.start({ region: 'us-east-1', clock: { kind: 'manual' }, state: join(home, 'whole'), variants });
  try {
    writeEverywhere(emulator);
    await emulator.advance(10_000);
  } finally {
    await emulator.stop();
  }
  journal = readFileSync(join(home, 'whole', 'journal'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

test('every service has written something that a cut may take away', async () => {
  const emulator = await Emulator.start({ region: 'us-east-1', clock: { kind: 'manual' }, state: join(home, 'whole') });
  const written = new Set(emulator.kernel.store.contents().filter(({ entries }) => entries.length > 0).map(({ table }) => table.split('/')[0]));
  const silent = emulator.calls.all().map(({ name }) => name).filter((name) => !written.has(name) && !WITHOUT_STATE.includes(name));
  await emulator.stop();

  expect(silent).toEqual([]);
});

test('cut anywhere, the state opens, shows what there is, and goes on until nothing is owed any more', async () => {
  const ends = [...journal.entries()].filter(([, byte]) => byte === 10).map(([at]) => at + 1);
  expect(ends.length).toBeGreaterThan(30);
  for (const [at, end] of ends.entries()) {
    const folder = join(home, `cut-${at}`);
    cpSync(join(home, 'whole', 'blobs'), join(folder, 'blobs'), { recursive: true });
    writeFileSync(join(folder, 'journal'), journal.subarray(0, end + (at % 2 === 0 ? 0 : 20)));
    const internal: Error[] = [];
    const emulator = await Emulator.start({ region: 'us-east-1', clock: { kind: 'manual' }, state: folder });
    emulator.kernel.onInternalError = (error) => internal.push(error);

    await emulator.advance(3_600_000);
    const report = emulator.report();
    await emulator.stop();

    expect({ at, internal }).toEqual({ at, internal: [] });
    expect(report.stacks.every(({ status }) => !status.endsWith('_IN_PROGRESS'))).toBe(true);
    expect(wholeLines(readFileSync(join(folder, 'journal'))).lines.length).toBeGreaterThanOrEqual(at + 1);
  }
});
