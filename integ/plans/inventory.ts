import { CloudFormationClient, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { asUser } from '../cases/_harness/admin-client';
import { kmsUserSecrets, outputs, stores } from '../cases/_harness/key-stores';
import type { Offline } from '../cases/_harness/offline';

/** What there is that must not be lost, locked or bought unasked. */
export interface Inventory {
  readonly clusters: readonly string[];
  /** Interfaces of the HSMs: one that the service replaces keeps its own. */
  readonly interfaces: readonly string[];
  readonly hsmStates: readonly string[];
  /** `<cluster>/<HSM>`, as the timeline calls them. */
  readonly hsms: readonly string[];
  readonly stores: readonly string[];
  /** Secrets that hold, or held, a password of `kmsuser`. */
  readonly kmsUserSecrets: readonly string[];
  /** Names of users with what is wrong: coverage or lock. */
  readonly troubledUsers: readonly string[];
}

export async function inventoryOf(offline: Offline): Promise<Inventory> {
  const { clusters } = offline.report();
  const living = clusters.filter(({ state }) => state !== 'DELETED');
  const hsms = living.flatMap(({ clusterId, hsms: all }) => all.filter(({ state }) => state !== 'DELETED').map((hsm) => ({ ...hsm, name: `${clusterId}/${hsm.hsmId}` })));
  return {
    clusters: living.map(({ clusterId }) => clusterId),
    interfaces: hsms.map(({ eniId, hsmId }) => eniId ?? hsmId).sort(),
    hsmStates: hsms.map(({ state }) => state).sort(),
    hsms: hsms.map(({ name }) => name).sort(),
    stores: await stores(offline),
    kmsUserSecrets: await kmsUserSecrets(offline),
    troubledUsers: living.flatMap(({ clusterId }) => usersOf(offline, clusterId))
      .filter(({ coverage, locked }) => coverage !== 'full' || locked !== 'false').map(({ username, coverage, locked }) => `${username} (${coverage}, locked ${locked})`),
  };
}

interface User {
  readonly username: string;
  readonly coverage: string;
  readonly locked: string;
}

function usersOf({ emulator }: Offline, clusterId: string): readonly User[] {
  const place = { service: 'cloudhsm-hsm', account: emulator.environment.AWS_ACCESS_KEY_ID, region: emulator.region };
  const service = { principal: { kind: 'service' as const, account: place.account, arn: 'arn:aws:iam::aws:root', service: 'plans' }, position: { kind: 'service' as const, service: 'plans' } };
  return (emulator.calls.look(place, 'DescribeUsers', { clusterId }, service) as { users: User[] }).users;
}

/** Logins that an HSM refused since the groups were made, by user: what the audit logs say. */
export async function refusedLogins({ client }: Offline, clusterId: string): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  const logs = new CloudWatchLogsClient(client);
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: `/aws/cloudhsm/${clusterId}`, limit: 10_000 }));
  for (const { message = '' } of events.filter(({ message: text = '' }) => /CN_LOGIN/.test(text) && !/SUCCESS/.test(text))) {
    const user = /"username" *: *"([^"]+)"|Username: *(\S+)/i.exec(message)?.slice(1).find(Boolean) ?? message;
    counts[user] = (counts[user] ?? 0) + 1;
  }
  return counts;
}

/** What only its key can open: made once, opened after every deed. */
export interface Sealed {
  readonly keyArn: string;
  readonly text: Uint8Array;
}

export async function seal(offline: Offline): Promise<Sealed | undefined> {
  const { KeyArn: keyArn } = await outputs(offline);
  if (keyArn === undefined) return undefined;
  const { CiphertextBlob } = await new KMSClient(offline.client).send(new EncryptCommand({ KeyId: keyArn, Plaintext: Buffer.from('kept') }));
  return { keyArn, text: CiphertextBlob! };
}

export async function opens(offline: Offline, { keyArn, text }: Sealed): Promise<boolean> {
  const { Plaintext } = await new KMSClient(offline.client).send(new DecryptCommand({ KeyId: keyArn, CiphertextBlob: text }));
  return Buffer.from(Plaintext!).toString('utf8') === 'kept';
}

/** The user of the stack, by his secret's password, on the admin client. @throws Error when he cannot */
export async function logIn(offline: Offline): Promise<void> {
  const { StackResourceSummaries = [] } = await new CloudFormationClient(offline.client).send(new ListStackResourcesCommand({ StackName: 'Hsm' }));
  const secret = StackResourceSummaries.find(({ ResourceType, LogicalResourceId }) => ResourceType === 'AWS::SecretsManager::Secret' && /User/.test(LogicalResourceId!));
  await asUser(offline, secret!.PhysicalResourceId!, 'key list');
}
