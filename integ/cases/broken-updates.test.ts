import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { SecretValue, Stack } from 'aws-cdk-lib';
import type { App, AppProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { onAdminClient } from './_harness/admin-client';
import { Offline } from './_harness/offline';
import { quickStart } from '../apps/quick-start';
import { failingSibling } from '../apps/sibling';
import { Cluster } from 'cdk-cloudhsm';

let offline: Offline;

afterEach(() => offline.stop());

function stackStatus(): string {
  return offline.report().stacks.find(({ name }) => name === 'Hsm')?.status ?? 'gone';
}

function interfaces(): Array<string | undefined> {
  return offline.report().clusters[0].hsms.filter(({ state }) => state !== 'DELETED').map(({ eniId }) => eniId).sort();
}

const ADMIN = 'cdk_automation';
const PASSWORDS = { A: 'first-password-1', B: 'second-password-2' };
type Which = keyof typeof PASSWORDS;

/** Both secrets are there all the time; the cluster is given one of them. */
function withAdminSecret(which: Which): (app: App) => void {
  return (app) => {
    const vpc = new ec2.Vpc(new Stack(app, 'Network'), 'Vpc', { maxAzs: 2, natGateways: 1 });
    const stack = new Stack(app, 'Hsm');
    const secrets = (['A', 'B'] as const).map((name) => new secretsmanager.Secret(stack, `Admin${name}`, {
      secretStringValue: SecretValue.unsafePlainText(JSON.stringify({ username: ADMIN, password: PASSWORDS[name] })),
    }));
    new Cluster(stack, 'Cluster', { vpc, adminSecret: secrets[which === 'A' ? 0 : 1] });
  };
}

/** A command of the client as the automation admin with a password, on all HSMs: as AWS advises, the client is configured anew before. */
async function asAdmin(password: string, command: string): Promise<string> {
  const { clusterId } = offline.report().clusters[0];
  const { output, errorOutput } = await onAdminClient(
    offline, `/opt/cloudhsm/bin/configure-cli --cluster-id ${clusterId} --region eu-west-1 >/dev/null
CLOUDHSM_ROLE=admin CLOUDHSM_PIN='${ADMIN}:${password}' /opt/cloudhsm/bin/cloudhsm-cli ${command} 2>&1`);
  return output + errorOutput;
}

/** Logins of the automation admin that the HSMs refused, by HSM: what the audit log says. */
async function refusedLogins(): Promise<number[]> {
  const logGroupName = `/aws/cloudhsm/${offline.report().clusters[0].clusterId}`;
  const { events = [] } = await new CloudWatchLogsClient(offline.client).send(new FilterLogEventsCommand({ logGroupName, limit: 10_000 }));
  const refused = events.filter(({ message = '' }) => /CN_LOGIN/.test(message) && message.includes(ADMIN) && !/SUCCESS/.test(message));
  return offline.report().clusters[0].hsms.map(({ hsmId }) => refused.filter(({ logStreamName }) => logStreamName === hsmId).length);
}

test('growth whose HSM never comes, and may be deleted all the same, fails with what to do, and leaves the two former HSMs', async () => {
  offline = await Offline.start({ region: 'eu-west-1', variants: ['cloudhsmv2/delete-hsm-states=other'] });
  await offline.mustDeploy(quickStart());
  const before = interfaces();
  offline.emulator.addFault({ service: 'cloudhsmv2', operation: 'hsm-created', kind: 'never' });

  const { exitCode, output } = await offline.deploy(quickStart({ hsmCount: 3 }));

  expect(exitCode).toBe(1);
  expect(output).toMatch(/HsmNeverCame.*they are removed again, deploy again later/s);
  expect(stackStatus()).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(before).toHaveLength(2);
  expect(interfaces()).toEqual(before);
});

test('growth whose HSM comes hours late, and may not be deleted before, is named with its bill and the way out, and cdk rollback takes it when it can', async () => {
  offline = await Offline.start({ region: 'eu-west-1', variants: ['cloudhsmv2/delete-hsm-states=default'] });
  await offline.mustDeploy(quickStart());
  const before = interfaces();
  offline.emulator.addFault({ service: 'cloudhsmv2', operation: 'hsm-created', kind: 'late', params: { seconds: 5 * 3600 } });

  const { exitCode, output } = await offline.deploy(quickStart({ hsmCount: 3 }));
  const failed = { status: stackStatus(), hsms: offline.report().clusters[0].hsms.map(({ state }) => state).sort() };
  await offline.emulator.advance(5 * 3_600_000);
  const rollback = await offline.cdk(quickStart(), ['rollback', 'Hsm']);

  expect(exitCode).toBe(1);
  expect(output).toMatch(/HsmNeverCame/);
  expect(output).toMatch(/HSM (\S+) \(CREATE_IN_PROGRESS\) of (\S+) remains and is billed;.*aws cloudhsmv2 delete-hsm --cluster-id \2 --hsm-id \1.*ask AWS Support/s);
  expect(failed).toEqual({ status: 'UPDATE_ROLLBACK_FAILED', hsms: ['ACTIVE', 'ACTIVE', 'CREATE_IN_PROGRESS'] });
  expect(rollback.exitCode).toBe(0);
  expect(stackStatus()).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(before).toHaveLength(2);
  expect(interfaces()).toEqual(before);
});

test('growth that is cancelled by a failing sibling ends with the two former HSMs', async () => {
  offline = await Offline.start({ region: 'eu-west-1' });
  await offline.mustDeploy(quickStart());
  const before = interfaces();

  const { exitCode, output } = await offline.deploy(quickStart({ hsmCount: 3, and: failingSibling(60) }));

  expect(exitCode).toBe(1);
  expect(output).toMatch(/WaitCondition timed out/);
  expect(offline.emulator.calls.records.filter(({ operation }) => operation === 'CreateHsm')).toHaveLength(3);
  expect(stackStatus()).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(before).toHaveLength(2);
  expect(interfaces()).toEqual(before);
});

test('another subnet set is refused before anything is touched', async () => {
  offline = await Offline.start();
  const env = { account: '123456789012', region: 'us-east-1' };
  const zones: AppProps = { context: { 'availability-zones:account=123456789012:region=us-east-1': ['us-east-1a', 'us-east-1b', 'us-east-1c'] } };
  const deploy = ['deploy', '--all', '--require-approval', 'never', '--progress', 'events'];
  const vpcSubnets: ec2.SubnetSelection = { availabilityZones: ['us-east-1b', 'us-east-1c'], subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS };
  const first = await offline.cdk(quickStart({ stackProps: { env }, vpcSubnets }), deploy, zones);
  expect(first.exitCode).toBe(0);
  const before = offline.report().clusters;

  const { exitCode, output } = await offline.cdk(quickStart({ stackProps: { env } }), deploy, zones);

  expect(exitCode).toBe(1);
  expect(output).toMatch(/ClusterReplacementRefused.*choose vpcSubnets explicitly/s);
  expect(stackStatus()).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(offline.report().clusters).toEqual(before);
  const made = offline.emulator.calls.records.filter(({ operation }) => operation === 'CreateCluster');
  expect(made).toHaveLength(1);
});

test('a VPC that grows from two zones to three would replace a cluster without chosen subnets: refused before the cluster is touched', async () => {
  offline = await Offline.start({ region: 'eu-west-1' });
  const env = { account: '123456789012', region: 'eu-west-1' };
  const zones: AppProps = { context: { 'availability-zones:account=123456789012:region=eu-west-1': ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'] } };
  const deploy = ['deploy', '--all', '--require-approval', 'never', '--progress', 'events'];
  const first = await offline.cdk(quickStart({ stackProps: { env }, maxAzs: 2, reservedAzs: 1 }), deploy, zones);
  expect(first.exitCode).toBe(0);
  const before = offline.report().clusters;

  const { exitCode, output } = await offline.cdk(quickStart({ stackProps: { env }, maxAzs: 3 }), deploy, zones);

  expect(exitCode).toBe(1);
  expect(output).toMatch(/ClusterReplacementRefused.*choose vpcSubnets explicitly/s);
  expect(offline.report().stacks.map(({ name, status }) => [name, status])).toEqual([['Network', 'UPDATE_COMPLETE'], ['Hsm', 'UPDATE_ROLLBACK_COMPLETE']]);
  expect(offline.report().clusters).toEqual(before);
  expect(offline.emulator.calls.records.filter(({ operation }) => operation === 'CreateCluster')).toHaveLength(1);
});

test('a rollback that failed as well is ended by cdk rollback, and then the growth is deployed', async () => {
  offline = await Offline.start({ region: 'eu-west-1' });
  await offline.mustDeploy(quickStart());
  const before = interfaces();
  offline.emulator.addFault({ service: 'lambda', operation: 'invoke', kind: 'kill', resource: 'Hsm-', times: 0 });

  const failed = await offline.deploy(quickStart({ hsmCount: 3 }));
  const failedStatus = stackStatus();
  offline.emulator.clearFaults();
  const rollback = await offline.cdk(quickStart({ hsmCount: 3 }), ['rollback', 'Hsm']);

  expect(failed.exitCode).toBe(1);
  expect(failedStatus).toBe('UPDATE_ROLLBACK_FAILED');
  expect(rollback.output).not.toMatch(/FAILED/);
  expect(rollback.exitCode).toBe(0);
  expect(stackStatus()).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(interfaces()).toEqual(before);
  const { clusters: [cluster] } = await offline.mustDeploy(quickStart({ hsmCount: 3 }));
  expect(cluster.hsms).toHaveLength(3);
});

test('another adminSecret for the same admin: its password logs in, the former one does not', async () => {
  offline = await Offline.start({ region: 'eu-west-1' });
  await offline.mustDeploy(withAdminSecret('A'));
  const before = await asAdmin(PASSWORDS.A, 'key list --max-items 1');

  await offline.mustDeploy(withAdminSecret('B'));

  expect(before).toMatch(/"error_code": *0/);
  expect(await refusedLogins()).toEqual([0, 0]);
  expect(await asAdmin(PASSWORDS.B, 'key list --max-items 1')).toMatch(/"error_code": *0/);
  expect(await asAdmin(PASSWORDS.A, 'key list --max-items 1')).not.toMatch(/"error_code": *0/);
});

test('an admin password changed by hand and put into another secret is taken over, with one refused login', async () => {
  offline = await Offline.start({ region: 'eu-west-1' });
  await offline.mustDeploy(withAdminSecret('A'));
  const changed = await asAdmin(PASSWORDS.A, `user change-password --username ${ADMIN} --role admin --password ${PASSWORDS.B}`);

  await offline.mustDeploy(withAdminSecret('B'));

  expect(changed).toMatch(/"error_code": *0/);
  expect(await refusedLogins()).toEqual([1, 1]);
  expect(await asAdmin(PASSWORDS.B, 'key list --max-items 1')).toMatch(/"error_code": *0/);
  expect(await asAdmin(PASSWORDS.B, 'user list')).not.toMatch(/"locked": *"?true/);
});

test('an admin password changed by hand: another secret that is wrong as well is refused, each version tried once, and the rollback ends well', async () => {
  offline = await Offline.start({ region: 'eu-west-1' });
  await offline.mustDeploy(withAdminSecret('A'));
  await asAdmin(PASSWORDS.A, `user change-password --username ${ADMIN} --role admin --password by-hand-3`);

  const first = await offline.deploy(withAdminSecret('B'));
  const tried = await refusedLogins();
  const second = await offline.deploy(withAdminSecret('B'));

  expect(first.exitCode).toBe(1);
  expect(first.output).toMatch(/LoginRefused/);
  expect(Math.max(...tried)).toBe(2);
  expect(second.output).toMatch(/LoginRefusedBefore/);
  expect(await refusedLogins()).toEqual(tried);
  expect(stackStatus()).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await asAdmin('by-hand-3', 'user list')).not.toMatch(/"locked": *"?true/);
});
