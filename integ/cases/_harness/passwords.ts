import { CloudWatchLogsClient, DescribeLogGroupsCommand, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeSecretCommand, ListSecretsCommand, RotateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Offline } from './offline';

/** The whole ARN of the one secret whose description says so. */
export async function secretOf(offline: Offline, description: string, isMeant: (name: string) => boolean = () => true): Promise<string> {
  const { SecretList = [] } = await new SecretsManagerClient(offline.client).send(new ListSecretsCommand({ MaxResults: 100 }));
  const found = SecretList.filter(({ Name, Description }) => Description?.startsWith(description) && isMeant(Name!));
  if (found.length !== 1) throw new Error(`${found.length} secrets are described as ${description}`);
  return found[0].ARN!;
}

/** Labels of the versions that have any, by version. */
export async function labelsOf(offline: Offline, SecretId: string): Promise<Record<string, string[]>> {
  const { VersionIdsToStages = {} } = await new SecretsManagerClient(offline.client).send(new DescribeSecretCommand({ SecretId }));
  return VersionIdsToStages;
}

export async function holderOf(offline: Offline, secretArn: string, label: string): Promise<string | undefined> {
  return Object.entries(await labelsOf(offline, secretArn)).find(([, labels]) => labels.includes(label))?.[0];
}

/** Asks for a rotation and waits until it is over, one way or the other. */
export async function rotateNow(offline: Offline, SecretId: string): Promise<string> {
  const { VersionId } = await new SecretsManagerClient(offline.client).send(new RotateSecretCommand({ SecretId }));
  await offline.emulator.idle();
  return VersionId!;
}

/** Logins of a user that the HSMs refused, by HSM: what the audit log says. */
export async function refusedLogins(offline: Offline, userName: string): Promise<number[]> {
  const [cluster] = offline.report().clusters;
  const { events = [] } = await new CloudWatchLogsClient(offline.client).send(new FilterLogEventsCommand({
    logGroupName: `/aws/cloudhsm/${cluster.clusterId}`, limit: 10_000,
  }));
  const refused = events.filter(({ message = '' }) => /CN_LOGIN/.test(message) && message.includes(userName) && !/SUCCESS/.test(message));
  return cluster.hsms.map(({ hsmId }) => refused.filter(({ logStreamName }) => logStreamName === hsmId).length);
}

/** Lines of all function logs that hold a word. */
export async function logged(offline: Offline, logGroupNamePart: string): Promise<string> {
  const client = new CloudWatchLogsClient(offline.client);
  const { logGroups = [] } = await client.send(new DescribeLogGroupsCommand({ limit: 50 }));
  const names = logGroups.map(({ logGroupName }) => logGroupName!).filter((name) => name.includes(logGroupNamePart));
  const pages = await Promise.all(names.map((logGroupName) => client.send(new FilterLogEventsCommand({ logGroupName, limit: 10_000 }))));
  return pages.flatMap(({ events = [] }) => events.map(({ message }) => message)).join('\n');
}
