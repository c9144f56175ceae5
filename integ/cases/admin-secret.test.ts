import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { SecretValue, Stack } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { onAdminClient } from './_harness/admin-client';
import { beginWith } from './_harness/beginning';
import { mustDeployDirectly } from './_harness/direct';
import type { Offline } from './_harness/offline';
import { Cluster } from 'cdk-cloudhsm';

let offline: Offline;

afterEach(() => offline.stop());

function stackStatus(): string {
  return offline.report().stacks.find(({ name }) => name === 'Hsm')?.status ?? 'gone';
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

const OWN_ADMIN_SECRET = { name: 'own-admin-secret', region: 'eu-west-1', build: withAdminSecret('A') };

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

test('another adminSecret for the same admin: its password logs in, the former one does not', async () => {
  offline = await beginWith(OWN_ADMIN_SECRET);
  const before = await asAdmin(PASSWORDS.A, 'key list --max-items 1');

  await offline.mustDeploy(withAdminSecret('B'));

  expect(before).toMatch(/"error_code": *0/);
  expect(await refusedLogins()).toEqual([0, 0]);
  expect(await asAdmin(PASSWORDS.B, 'key list --max-items 1')).toMatch(/"error_code": *0/);
  expect(await asAdmin(PASSWORDS.A, 'key list --max-items 1')).not.toMatch(/"error_code": *0/);
});

test('an admin password changed by hand and put into another secret is taken over, with one refused login', async () => {
  offline = await beginWith(OWN_ADMIN_SECRET);
  const changed = await asAdmin(PASSWORDS.A, `user change-password --username ${ADMIN} --role admin --password ${PASSWORDS.B}`);

  await mustDeployDirectly(offline, withAdminSecret('B'));

  expect(changed).toMatch(/"error_code": *0/);
  expect(await refusedLogins()).toEqual([1, 1]);
  expect(await asAdmin(PASSWORDS.B, 'key list --max-items 1')).toMatch(/"error_code": *0/);
  expect(await asAdmin(PASSWORDS.B, 'user list')).not.toMatch(/"locked": *"?true/);
});

test('an admin password changed by hand: another secret that is wrong as well is refused, each version tried once, and the rollback ends well', async () => {
  offline = await beginWith(OWN_ADMIN_SECRET);
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
