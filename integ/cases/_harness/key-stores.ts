import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeCustomKeyStoresCommand, DescribeKeyCommand, KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Offline } from './offline';

export const DAY = 86_400_000;

/** Outputs of a stack. */
export async function outputs({ client }: Offline, stack: string = 'Hsm'): Promise<Record<string, string>> {
  const { Stacks = [] } = await new CloudFormationClient(client).send(new DescribeStacksCommand({ StackName: stack }));
  return Object.fromEntries((Stacks[0].Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey!, OutputValue!]));
}

/** Name and state of every key store. */
export async function stores({ client }: Offline): Promise<string[]> {
  const { CustomKeyStores = [] } = await new KMSClient(client).send(new DescribeCustomKeyStoresCommand({}));
  return CustomKeyStores.map(({ CustomKeyStoreName, ConnectionState }) => `${CustomKeyStoreName}: ${ConnectionState}`);
}

/** Keys of any key store. */
export async function storeKeys({ client }: Offline): Promise<Array<{ state: string; days: number }>> {
  const kms = new KMSClient(client);
  const { Keys = [] } = await kms.send(new ListKeysCommand({ Limit: 1000 }));
  const described = await Promise.all(Keys.map(async ({ KeyId }) => (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata!));
  return described.filter(({ CustomKeyStoreId }) => CustomKeyStoreId)
    .map(({ KeyState, DeletionDate }) => ({ state: KeyState!, days: DeletionDate ? Math.round((DeletionDate.getTime() - Date.now()) / DAY) : 0 }));
}

/** Names of the secrets that are, or were until they expire, there for `kmsuser`. */
export async function kmsUserSecrets({ client }: Offline): Promise<string[]> {
  const { SecretList = [] } = await new SecretsManagerClient(client).send(new ListSecretsCommand({ IncludePlannedDeletion: true, MaxResults: 100 }));
  return SecretList.map(({ Name }) => Name!).filter((name) => name.includes('kmsuser'));
}

/** Logins as `kmsuser` that an HSM of a cluster refused: what its audit log says. */
export async function refusedKmsLogins({ client }: Offline, clusterId: string): Promise<string[]> {
  const { events = [] } = await new CloudWatchLogsClient(client).send(new FilterLogEventsCommand({ logGroupName: `/aws/cloudhsm/${clusterId}`, limit: 10_000 }));
  return events.map(({ message = '' }) => message).filter((message) => /CN_LOGIN/.test(message) && message.includes('kmsuser') && !/SUCCESS/.test(message));
}
