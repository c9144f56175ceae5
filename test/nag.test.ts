import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as nag from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { hardened } from '../examples/hardened/hardened';
import { BackupCopy, ClientInstance, ClusterMonitor, FleetSchedule, KeyStoreMonitor } from '../src';
import { clusterFixture } from './_helpers/stacks';

const PACKS = [
  nag.AwsSolutionsChecks, nag.HIPAASecurityChecks, nag.NIST80053R4Checks, nag.NIST80053R5Checks, nag.PCIDSS321Checks, nag.ServerlessChecks,
];

/** Findings as `<rule> <construct>`; all of them, or those that are not acknowledged. */
function findings(app: App, scope: IConstruct, { all = false } = {}): string[] {
  return PACKS.flatMap((Pack) => {
    const pack = new Pack(app);
    if (all) Object.assign(pack, { isAcknowledged: () => false });
    return pack.validateScope(scope).violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources!.map(({ constructPath }) => `${ruleName} ${constructPath}`));
  }).sort();
}

const ROTATION_RULES = ['AwsSolutions-SMG4', 'HIPAA.Security-SecretsManagerRotationEnabled', 'NIST.800.53.R5-SecretsManagerRotationEnabled'];

/** Rules that a construct of the default form does not keep, and why it is so. Deployability comes before nag: a default must work in every account. */
const DEFAULT_FORM: ReadonlyArray<readonly [reason: string, ...found: string[]]> = [
  ['no narrower resource exists for these actions (service authorization reference); they are in policies of their own',
    'AwsSolutions-IAM5[Resource::*] Hsm/CloudHsmLifecycle/Permissions/Unscoped/Resource',
    'AwsSolutions-IAM5[Resource::*] Hsm/CloudHsmLifecycle/MachinePolicy/Resource'],
  ['the Systems Manager agent\'s actions and DescribeClusters take no resource',
    'AwsSolutions-IAM5[Resource::*] Hsm/Cluster/AdminClient/Policy/Resource',
    'AwsSolutions-IAM5[Resource::*] Hsm/Web/Policy/Resource'],
  ['the id of a cluster is known only after it is made, and the policies come before it',
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:cloudhsm:us-east-1:111122223333:cluster/*] Hsm/CloudHsmLifecycle/Permissions/Clusters/Resource',
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:logs:us-east-1:111122223333:log-group:/aws/cloudhsm/*] Hsm/CloudHsmLifecycle/Permissions/Clusters/Resource',
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ssm:us-east-1:111122223333:parameter/cdk-cloudhsm/*] Hsm/CloudHsmLifecycle/Permissions/Clusters/Resource',
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ssm:us-east-1:111122223333:parameter/cdk-cloudhsm/*] Hsm/Cluster/AdminClient/Policy/Resource'],
  ['executions have names of their own, below the machine\'s',
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:us-east-1:111122223333:execution:<CloudHsmLifecycleMachine9A62F253.Name>:*] '
    + 'Hsm/CloudHsmLifecycle/Permissions/Function/Resource'],
  ['instances come and go; a condition admits those that carry the admin client\'s tag only',
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ec2:us-east-1:111122223333:instance/*] Hsm/CloudHsmLifecycle/Permissions/Commands/Resource'],
  ['a topic costs a subscription: adminClient.notificationTopic takes one', 'AwsSolutions-AS3 Hsm/Cluster/AdminClient/Group/ASG'],
  ['a protected instance stops cdk destroy and every replacement: instance.instance.disableApiTermination sets it', 'AwsSolutions-EC29 Hsm/Web/Instance/Resource'],
  ['what is logged in as a user keeps his password from being changed, so a window is the user\'s to choose: adminRotation and rotation take one',
    ...ROTATION_RULES.flatMap((rule) => ['AdminSecret', 'App/Secret'].map((secret) => `${rule} Hsm/Cluster/${secret}/Resource`))],
  ['nobody can read the password of admin after activation, nor log in with it',
    ...ROTATION_RULES.map((rule) => `${rule} Hsm/Cluster/SealedAdminSecret/Resource`)],
  ['a function in a VPC needs endpoints or NAT there, which not every VPC has: LifecycleProvider takes a vpc',
    ...['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'].map((pack) => `${pack}-LambdaInsideVPC Hsm/CloudHsmLifecycle/Handler/Resource`)],
  ['an account with a limit of 10 cannot reserve any: LifecycleProvider takes reservedConcurrentExecutions',
    ...['HIPAA.Security', 'NIST.800.53.R5'].map((pack) => `${pack}-LambdaConcurrency Hsm/CloudHsmLifecycle/Handler/Resource`)],
  ['a dead letter holds the response URL: LifecycleProvider takes a deadLetterTopic of those who may read it',
    ...['HIPAA.Security', 'NIST.800.53.R5', 'Serverless'].map((pack) => `${pack}-LambdaDLQ Hsm/CloudHsmLifecycle/Handler/Resource`)],
];

/** What a key store and a key add to these. */
const KEY_STORE_FORM: typeof DEFAULT_FORM = [
  ['listing stores and keys, and making a store or a key, take no resource; the policies come and go with what they are for',
    'AwsSolutions-IAM5[Resource::*] Hsm/CloudHsmLifecycle/Permissions/KeyStores/Resource',
    'AwsSolutions-IAM5[Resource::*] Hsm/CloudHsmLifecycle/Permissions/StoreKeys/Resource'],
  ['keys are known to the function by their tag, looked for among all of the account, and made after its policies',
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:kms:us-east-1:111122223333:key/*] Hsm/CloudHsmLifecycle/Permissions/KeyStores/Resource',
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:kms:us-east-1:111122223333:key/*] Hsm/CloudHsmLifecycle/Permissions/StoreKeys/Resource'],
  ['each temporary password has a name of its own, below this one',
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:secretsmanager:us-east-1:111122223333:secret:cdk-cloudhsm/kmsuser/*] Hsm/CloudHsmLifecycle/Permissions/KeyStores/Resource'],
  ['the service-linked role of key stores, which the first one of an account makes',
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:iam::111122223333:role/aws-service-role/cks.kms.amazonaws.com/*] Hsm/CloudHsmLifecycle/Permissions/KeyStores/Resource'],
];

/** What monitors on both add to these. */
const MONITOR_FORM: typeof DEFAULT_FORM = [
  ['DescribeClusters, DescribeBackups and tracing take no resource; they are in a policy of their own', 'AwsSolutions-IAM5[Resource::*] Hsm/CloudHsmProbe/Unscoped/Resource'],
  ['a function in a VPC needs endpoints or NAT there, which not every VPC has: HealthProbe takes a vpc',
    ...['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'].map((pack) => `${pack}-LambdaInsideVPC Hsm/CloudHsmProbe/Handler/Resource`)],
  ['it is called by the clock alone, and an account with a limit of 10 cannot reserve any',
    ...['HIPAA.Security', 'NIST.800.53.R5'].map((pack) => `${pack}-LambdaConcurrency Hsm/CloudHsmProbe/Handler/Resource`)],
  ['a look that fails is of no use later: it is missing, which is what the alarms ring for',
    ...['HIPAA.Security', 'NIST.800.53.R5', 'Serverless'].map((pack) => `${pack}-LambdaDLQ Hsm/CloudHsmProbe/Handler/Resource`),
    ...['ClusterMonitor', 'KeyStoreMonitor'].map((monitor) => `Serverless-EventBusDLQ Hsm/${monitor}/Schedule/Resource`)],
  ['EventBridge tries a topic for a day; a queue that nobody watches would tell nobody',
    ...['ClusterMonitor/BackupCalls', 'ClusterMonitor/ClusterCalls', 'KeyStoreMonitor/KeyCalls', 'KeyStoreMonitor/StoreCalls'].map((rule) =>
      `Serverless-EventBusDLQ Hsm/${rule}/Resource`)],
];

/** What copies of backups add. */
const COPY_FORM: typeof DEFAULT_FORM = [
  ['DescribeClusters, DescribeBackups and tracing take no resource; they are in a policy of their own', 'AwsSolutions-IAM5[Resource::*] Hsm/Copy/Unscoped/Resource'],
  ['the ids of backups are not known before they are made; copies are tagged as they are made, and deleted by their tag only',
    ...['eu-central-1', 'us-east-1'].map((region) => `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:cloudhsm:${region}:111122223333:backup/*] Hsm/Copy/Policy/Resource`)],
  ['a function in a VPC has no way to another Region but NAT, which not every VPC has: BackupCopy takes a vpc',
    ...['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'].map((pack) => `${pack}-LambdaInsideVPC Hsm/Copy/Handler/Resource`)],
  ['it is called by the clock alone, and an account with a limit of 10 cannot reserve any',
    ...['HIPAA.Security', 'NIST.800.53.R5'].map((pack) => `${pack}-LambdaConcurrency Hsm/Copy/Handler/Resource`)],
  ['what one look does not do the next one does, and the alarm rings for what none does',
    ...['HIPAA.Security', 'NIST.800.53.R5', 'Serverless'].map((pack) => `${pack}-LambdaDLQ Hsm/Copy/Handler/Resource`),
    'Serverless-EventBusDLQ Hsm/Copy/Schedule/Resource'],
];

/** What a schedule adds. */
const SCHEDULE_FORM: typeof DEFAULT_FORM = [
  ['a pause or a reconciliation that comes late does harm; one that does not come shows on the bill, and one that fails rings',
    ...['Pause', 'ReconcileOnDemand'].map((rule) => `Serverless-EventBusDLQ Hsm/Schedule/${rule}/Resource`)],
];

test('a cluster with a user and a client has just these findings by default', () => {
  const { app, stack, cluster } = clusterFixture();
  cluster.addCryptoUser('App');
  new ClientInstance(stack, 'Web', { cluster });

  expect(findings(app, stack)).toEqual(DEFAULT_FORM.flatMap(([, ...found]) => found).sort());
});

test('a key store and a key add just these', () => {
  const { app, stack, cluster } = clusterFixture();
  cluster.addCryptoUser('App');
  cluster.addKeyStore('Store').addKey('Key', { alias: 'orders' });
  new ClientInstance(stack, 'Web', { cluster });

  expect(findings(app, stack)).toEqual([...DEFAULT_FORM, ...KEY_STORE_FORM].flatMap(([, ...found]) => found).sort());
});

test('monitors add just these', () => {
  const { app, stack, cluster } = clusterFixture();
  cluster.addCryptoUser('App');
  const keyStore = cluster.addKeyStore('Store');
  const topic = sns.Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:us-east-1:111122223333:alarms');
  new ClusterMonitor(stack, 'ClusterMonitor', { cluster, topic });
  new KeyStoreMonitor(stack, 'KeyStoreMonitor', { keyStore, topic });
  new ClientInstance(stack, 'Web', { cluster });

  expect(findings(app, stack)).toEqual([...DEFAULT_FORM, ...KEY_STORE_FORM, ...MONITOR_FORM].flatMap(([, ...found]) => found).sort());
});

test('copies of backups and a schedule add just these', () => {
  const { app, stack, cluster } = clusterFixture();
  cluster.addCryptoUser('App');
  const topic = sns.Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:us-east-1:111122223333:alarms');
  new BackupCopy(stack, 'Copy', { cluster, regions: ['eu-central-1'], topic });
  new FleetSchedule(stack, 'Schedule', { cluster, topic, pause: events.Schedule.expression('rate(1 day)') });
  new ClientInstance(stack, 'Web', { cluster });

  expect(findings(app, stack)).toEqual([...DEFAULT_FORM, ...COPY_FORM, ...SCHEDULE_FORM].flatMap(([, ...found]) => found).sort());
});

describe('examples/hardened', () => {
  const environment = { ...process.env };
  afterEach(() => { process.env = { ...environment }; });

  test.each([['us-east-1', '111122223333'], [undefined, undefined]])('is clean on all six packs in Region %s: what is left is acknowledged', (region, account) => {
    if (region) Object.assign(process.env, { CDK_DEFAULT_REGION: region, CDK_DEFAULT_ACCOUNT: account });
    const app = new App();

    hardened(app);

    expect(findings(app, app)).toEqual([]);
  });

  test('acknowledges nothing that is not found', () => {
    Object.assign(process.env, { CDK_DEFAULT_REGION: 'us-east-1', CDK_DEFAULT_ACCOUNT: '111122223333' });
    const app = new App();
    hardened(app);

    const accepted = app.node.findAll().flatMap(({ node }) => node.metadata.filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.keys(data as object).map((id) => id.replace(/^annotation::/i, ''))));
    expect(accepted.length).toBeGreaterThan(10);
    // Of rules that are not cdk-nag's, the library acknowledges one on its own launch templates.
    expect([...new Set(accepted.filter((id) => !id.startsWith('CloudFormation-')))].sort())
      .toEqual([...new Set(findings(app, app, { all: true }).map((finding) => finding.split(' ')[0]))].sort());
  });
});

test('src does not import cdk-nag, which would make it a dependency of every user', () => {
  const sources = (readdirSync(join(__dirname, '../src'), { recursive: true }) as string[]).filter((file) => file.endsWith('.ts'));

  expect(sources.length).toBeGreaterThan(50);
  expect(sources.filter((file) => readFileSync(join(__dirname, '../src', file), 'utf8').includes('cdk-nag'))).toEqual([]);
});
