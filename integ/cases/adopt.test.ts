import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { CloudHSMV2Client, DescribeClustersCommand } from '@aws-sdk/client-cloudhsm-v2';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DeleteParameterCommand, GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { AppProps } from 'aws-cdk-lib';
import { asUser } from './_harness/admin-client';
import { beginWith } from './_harness/beginning';
import { deleteDirectly, deployDirectly, mustDeployDirectly } from './_harness/direct';
import { failures } from './_harness/failures';
import { stores } from './_harness/key-stores';
import type { Build, CliResult, Offline } from './_harness/offline';
import { Snapshot } from './_harness/snapshot';
import { adopted } from '../apps/adopted';
import type { Kept } from '../apps/adopted';
import { besideMadeByHand } from '../apps/made-by-hand';
import { QUICK_START, quickStart } from '../apps/quick-start';
import { failingSibling } from '../apps/sibling';

let snapshot: Snapshot;
let kept: Kept & { readonly checkValue: string };
let offline: Offline;

beforeAll(async () => {
  ({ snapshot, made: kept } = await Snapshot.of({ region: 'eu-west-1' }, keptQuickStart, () => beginWith(QUICK_START)));
});

beforeEach(async () => {
  offline = await snapshot.start();
});

afterEach(() => offline.stop());

afterAll(() => snapshot.remove());

const IMPORTING: AppProps = { context: { 'cdk-cloudhsm:import': 'true' } };

/** Calls that buy, remove or set up something for ever. */
const CHANGES = ['CreateCluster', 'CreateHsm', 'DeleteHsm', 'DeleteCluster', 'InitializeCluster', 'ModifyCluster'];

function changes(): string[] {
  return offline.emulator.calls.records.map(({ operation }) => operation).filter((operation) => CHANGES.includes(operation));
}

function stackStatus(): string {
  return offline.report().stacks.find(({ name, status }) => name === 'Hsm' && status !== 'DELETE_COMPLETE')?.status ?? 'gone';
}

/** The quick start, with a key in its HSMs, whose cluster stack is destroyed: what an operator writes down before. */
async function keptQuickStart(fresh: Offline): Promise<Kept & { readonly checkValue: string }> {
  const { StackResourceSummaries = [] } = await new CloudFormationClient(fresh.client).send(new ListStackResourcesCommand({ StackName: 'Hsm' }));
  const idOf = (logicalId: RegExp, type: string) => StackResourceSummaries
    .find(({ LogicalResourceId, ResourceType }) => ResourceType === type && logicalId.test(LogicalResourceId!))!.PhysicalResourceId!;
  const left = {
    clusterId: fresh.report().clusters[0].clusterId,
    encryptionKeyArn: `arn:aws:kms:eu-west-1:123456789012:key/${idOf(/^ClusterKey/, 'AWS::KMS::Key')}`,
    adminSecretArn: idOf(/^ClusterAdminSecret/, 'AWS::SecretsManager::Secret'),
    userSecretArn: idOf(/^ClusterUserapp/, 'AWS::SecretsManager::Secret'),
  };
  const made = await asUser(fresh, left.userSecretArn, 'key generate-symmetric aes --label kept --key-length-bytes 32');
  const destroyed = await fresh.cdk(quickStart(), ['destroy', 'Hsm', '--force']);
  if (destroyed.exitCode !== 0) throw new Error(destroyed.output);
  return { ...left, checkValue: /"check-value": *"(0x[0-9a-f]+)"/.exec(made)![1] };
}

/** ARN of the secret whose name begins so. */
async function secretNamed(beginning: string): Promise<string> {
  const { SecretList = [] } = await new SecretsManagerClient(offline.client).send(new ListSecretsCommand({ MaxResults: 100 }));
  return SecretList.find(({ Name }) => Name!.startsWith(beginning))!.ARN!;
}

/** `cdk import` of the cluster, by the logical id that the warning names. */
async function importCluster(app: Build, clusterId: string, props: AppProps = IMPORTING): Promise<CliResult> {
  const file = join(offline.synth(app, IMPORTING), 'mapping.json');
  const named = await offline.cdk(app, ['synth', '--quiet'], IMPORTING);
  const logicalId = /The resource to import is (\w+)/.exec(named.output)![1];
  writeFileSync(file, JSON.stringify({ [logicalId]: { Arn: `arn:aws:cloudhsm:eu-west-1:123456789012:cluster/${clusterId}` } }));
  return offline.cdk(app, ['import', 'Hsm', '--resource-mapping', file], props);
}

/** Logins as the automation admin in the HSMs' audit log. */
async function adminLogins(): Promise<number[]> {
  const logGroupName = `/aws/cloudhsm/${offline.report().clusters[0].clusterId}`;
  const { events = [] } = await new CloudWatchLogsClient(offline.client).send(new FilterLogEventsCommand({ logGroupName, limit: 10_000 }));
  const logins = events.filter(({ message = '' }) => /CN_LOGIN/.test(message) && message.includes('cdk_automation'));
  return offline.report().clusters[0].hsms.map(({ hsmId }) => logins.filter(({ logStreamName }) => logStreamName === hsmId).length);
}

test('a cluster that its stack left is imported and deployed: nothing happens to its HSMs, and key and user are usable', async () => {
  const { clusters: [before] } = offline.report();
  const changesBefore = changes();
  const loginsBefore = await adminLogins();

  const imported = await importCluster(adopted(kept), kept.clusterId);
  const importStatus = stackStatus();
  const deployed = await offline.deploy(adopted(kept));
  const diff = await offline.cdk(adopted(kept), ['diff', '--fail']);
  const drift = await offline.cdk(adopted(kept), ['drift', 'Hsm', '--fail']);

  expect(imported.output).not.toMatch(/❌/);
  expect(imported.exitCode).toBe(0);
  expect(importStatus).toBe('IMPORT_COMPLETE');
  expect(deployed.output).not.toMatch(/FAILED/);
  expect(deployed.exitCode).toBe(0);
  expect(offline.report().clusters).toEqual([before]);
  expect(changes()).toEqual(changesBefore);
  expect((await adminLogins()).map((count, at) => count - loginsBefore[at])).toEqual([1, 1]);
  expect(diff.output).not.toMatch(/\[[-+~]\]/);
  expect(diff.exitCode).toBe(0);
  expect(drift.exitCode).toBe(0);
  expect(await asUser(offline, kept.userSecretArn, 'key list --verbose --filter attr.label=kept')).toContain(kept.checkValue);
});

test('an adoption that fails takes nothing away, early or late, and the next one succeeds', async () => {
  const { clusters: [before] } = offline.report();
  const changesBefore = changes();
  const ssm = new SSMClient(offline.client);
  const Name = `/cdk-cloudhsm/${kept.clusterId}/trust-anchor`;
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name }));
  await ssm.send(new DeleteParameterCommand({ Name }));
  await importCluster(adopted(kept), kept.clusterId);

  const early = await offline.deploy(adopted(kept));
  const afterEarly = offline.report().clusters;
  await ssm.send(new PutParameterCommand({ Name, Value: Parameter!.Value!, Type: 'String', Tier: 'Advanced' }));
  await deployDirectly(offline, offline.synth(adopted(kept, { and: (stack, user) => failingSibling(1, user)(stack) })));
  const late = { status: stackStatus(), why: await failures(offline, 'Hsm') };
  const afterLate = offline.report().clusters;
  await mustDeployDirectly(offline, adopted(kept));

  expect(early.exitCode).toBe(1);
  expect(early.output).toMatch(/TrustAnchorMissing.*deploy again/s);
  expect(afterEarly).toEqual([before]);
  expect(late).toEqual({ status: 'UPDATE_ROLLBACK_COMPLETE', why: expect.stringMatching(/WaitCondition timed out/) });
  expect(afterLate).toEqual([before]);
  expect(offline.report().clusters).toEqual([before]);
  expect(changes()).toEqual(changesBefore);
  expect(await asUser(offline, kept.userSecretArn, 'key list --verbose --filter attr.label=kept')).toContain(kept.checkValue);
});

test('without its import an adoption buys nothing, and an import that waits for the pre-flight is refused by CloudFormation', async () => {
  const { clusters: [before] } = offline.report();
  const hsmsBought = changes().filter((operation) => operation === 'CreateHsm');

  const imported = await importCluster(adopted(kept), kept.clusterId, {});
  const deployed = await offline.deploy(adopted(kept));

  expect(imported.output).toMatch(/Unresolved resource dependencies \[ClusterPlacement\w*\]/);
  expect(imported.exitCode).toBe(1);
  expect(deployed.output).toMatch(/ClusterNotImported.*bring cluster-\w+ into the stack by cdk import/s);
  expect(deployed.exitCode).toBe(1);
  expect(changes().filter((operation) => operation === 'CreateHsm')).toEqual(hsmsBought);
  expect(offline.report().clusters.filter(({ state }) => state !== 'DELETED')).toEqual([before]);
});

test('beside a cluster in no stack there are an admin client, a user, a key store and alarms; the cluster is left alone', async () => {
  const { clusters: [before] } = offline.report();
  const changesBefore = changes();
  const asked = new DescribeClustersCommand({ Filters: { clusterIds: [kept.clusterId] } });
  const { Clusters: [{ SecurityGroup }] = [{}] } = await new CloudHSMV2Client(offline.client).send(asked);
  const beside = besideMadeByHand({ ...kept, securityGroupId: SecurityGroup! });
  const kms = new KMSClient(offline.client);

  await mustDeployDirectly(offline, beside);
  const made = await asUser(offline, await secretNamed('Signer'), 'key generate-symmetric aes --label of_signer --key-length-bytes 32');
  const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: 'alias/beside', Plaintext: Buffer.from('kept') }));
  const users = offline.report().clusters[0].users.map(({ username }) => username);
  const deleted = await deleteDirectly(offline, 'Beside');
  const { Plaintext } = await kms.send(new DecryptCommand({ CiphertextBlob }));

  expect(users).toEqual(expect.arrayContaining([...before.users.map(({ username }) => username), 'signer', 'kmsuser']));
  expect(made).toMatch(/"label": *"of_signer"/);
  expect(deleted.status).toBe('DELETE_COMPLETE');
  expect(await stores(offline)).toEqual(['beside: CONNECTED']);
  expect(Buffer.from(Plaintext!).toString()).toBe('kept');
  expect(offline.report().clusters[0].hsms).toEqual(before.hsms);
  expect(changes()).toEqual(changesBefore);
});
