import {
  CancelKeyDeletionCommand, CreateKeyCommand, DescribeKeyCommand, DisableKeyCommand, EnableKeyCommand, KMSClient, ListKeysCommand,
  ListResourceTagsCommand,
  PutKeyPolicyCommand, ScheduleKeyDeletionCommand, TagResourceCommand, UntagResourceCommand, UpdateKeyDescriptionCommand,
} from '@aws-sdk/client-kms';
import type { KeyMetadata } from '@aws-sdk/client-kms';
import { SETTINGS } from './client-settings';
import { isAccessDenied, isNamed } from './errors';
import { ONCE } from './once';

/** A key as DescribeKey shows it. */
export interface StoreKey {
  readonly keyId: string;
  readonly keyArn: string;
  /** As the API spells it: `Enabled`, `Disabled`, `PendingDeletion`, `Unavailable`, … */
  readonly state: string;
  /** Epoch milliseconds at which it is deleted, when that is scheduled. */
  readonly deletionAt?: number;
}

export type Tags = Readonly<Record<string, string>>;

export interface NewKey {
  readonly storeId: string;
  readonly policy: string;
  readonly description: string;
  readonly tags: Tags;
}

/** Keys with origin `AWS_CLOUDHSM`. */
export interface StoreKeyApi {
  /** Never retried by the SDK: there is no idempotency token, and a key can be deleted only after seven days. */
  create(key: NewKey): Promise<StoreKey>;
  /** `undefined` when there is no such key. */
  describe(keyId: string): Promise<StoreKey | undefined>;
  /** Looks at the tags of every key of the account. */
  findByTag(name: string, value: string): Promise<StoreKey | undefined>;
  /** Whatever is in a store, also what is pending deletion. A key that may not be described is left out. */
  inStore(storeId: string): Promise<readonly StoreKey[]>;
  putPolicy(keyId: string, policy: string): Promise<void>;
  describeAs(keyId: string, description: string): Promise<void>;
  tag(keyId: string, tags: Tags): Promise<void>;
  untag(keyId: string, names: readonly string[]): Promise<void>;
  enable(keyId: string): Promise<void>;
  disable(keyId: string): Promise<void>;
  scheduleDeletion(keyId: string, days: number): Promise<void>;
  /** Leaves the key disabled. */
  cancelDeletion(keyId: string): Promise<void>;
}

/** So many keys are looked at at once. */
const AT_ONCE = 20;

export function storeKeyApi(): StoreKeyApi {
  const client = new KMSClient(SETTINGS);
  const once = () => new KMSClient(ONCE);
  const metadata = async (keyId: string) => (await client.send(new DescribeKeyCommand({ KeyId: keyId }))).KeyMetadata!;
  return {
    create: async ({ storeId, policy, description, tags }) => {
      const { KeyMetadata: made } = await once().send(new CreateKeyCommand({
        CustomKeyStoreId: storeId, Origin: 'AWS_CLOUDHSM', Policy: policy, Description: description, Tags: toTagList(tags),
      }));
      return toKey(made!);
    },
    describe: async (keyId) => {
      try {
        return toKey(await metadata(keyId));
      } catch (error) {
        if (isNamed(error, 'NotFoundException')) return undefined;
        throw error;
      }
    },
    findByTag: async (name, value) => {
      const carries = async (keyId: string) => (await tagsOf(client, keyId)).some(({ TagKey, TagValue }) => TagKey === name && TagValue === value);
      const [found] = (await lookAtAll(client, async (keyId) => (await carries(keyId) ? [await metadata(keyId)] : []))).map(toKey);
      return found;
    },
    inStore: async (storeId) => {
      const found = await lookAtAll(client, async (keyId) => [await metadata(keyId)]);
      return found.filter(({ CustomKeyStoreId }) => CustomKeyStoreId === storeId).map(toKey);
    },
    putPolicy: async (keyId, policy) => {
      await client.send(new PutKeyPolicyCommand({ KeyId: keyId, PolicyName: 'default', Policy: policy }));
    },
    describeAs: async (keyId, description) => {
      await client.send(new UpdateKeyDescriptionCommand({ KeyId: keyId, Description: description }));
    },
    tag: async (keyId, tags) => {
      await client.send(new TagResourceCommand({ KeyId: keyId, Tags: toTagList(tags) }));
    },
    untag: async (keyId, names) => {
      await client.send(new UntagResourceCommand({ KeyId: keyId, TagKeys: [...names] }));
    },
    enable: async (keyId) => {
      await client.send(new EnableKeyCommand({ KeyId: keyId }));
    },
    disable: async (keyId) => {
      await client.send(new DisableKeyCommand({ KeyId: keyId }));
    },
    scheduleDeletion: async (keyId, days) => {
      await client.send(new ScheduleKeyDeletionCommand({ KeyId: keyId, PendingWindowInDays: days }));
    },
    cancelDeletion: async (keyId) => {
      await client.send(new CancelKeyDeletionCommand({ KeyId: keyId }));
    },
  };
}

/** Some keys belong to AWS or are closed by their own policy, some go away meanwhile: those are passed over. */
async function lookAtAll<T>(client: KMSClient, look: (keyId: string) => Promise<T[]>): Promise<T[]> {
  const found: T[] = [];
  const keyIds = await allKeyIds(client);
  for (let start = 0; start < keyIds.length; start += AT_ONCE) {
    const looks = keyIds.slice(start, start + AT_ONCE).map((keyId) => look(keyId).catch((error: unknown) => {
      if (isAccessDenied(error) || isNamed(error, 'NotFoundException')) return [];
      throw error;
    }));
    found.push(...(await Promise.all(looks)).flat());
  }
  return found;
}

async function allKeyIds(client: KMSClient): Promise<string[]> {
  const found: string[] = [];
  let marker: string | undefined;
  do {
    const page = await client.send(new ListKeysCommand({ Marker: marker, Limit: 1000 }));
    found.push(...(page.Keys ?? []).map(({ KeyId }) => KeyId!));
    marker = page.Truncated ? page.NextMarker : undefined;
  } while (marker);
  return found;
}

async function tagsOf(client: KMSClient, keyId: string): Promise<ReadonlyArray<{ TagKey?: string; TagValue?: string }>> {
  return (await client.send(new ListResourceTagsCommand({ KeyId: keyId }))).Tags ?? [];
}

function toTagList(tags: Tags): Array<{ TagKey: string; TagValue: string }> {
  return Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
}

function toKey({ KeyId, Arn, KeyState, DeletionDate }: KeyMetadata): StoreKey {
  return { keyId: KeyId!, keyArn: Arn!, state: KeyState!, deletionAt: DeletionDate?.getTime() };
}
