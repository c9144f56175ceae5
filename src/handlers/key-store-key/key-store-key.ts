import { planKey, tagsOf } from './plan';
import { KEY_STORE_KEY_TYPE, KEY_TAGS } from '../../lifecycle/key-store-key-contract';
import type { KeyStoreKeyProperties } from '../../lifecycle/key-store-key-contract';
import { clusterParameterName } from '../../lifecycle/resource-contract';
import type { Aws } from '../aws';
import type { KeyAct, KeyMemory, KeyRecord, ObservedKey } from './plan';
import { isAccessDenied, isNamed, isRefusal, refusalOf } from '../aws/errors';
import type { Lifecycle } from '../engine/lifecycle';
import { resourceKey } from '../engine/request';
import type { Request } from '../engine/request';

/** Scheduling a deletion takes one call; a key whose answer was lost is looked for before. */
const CLEAN_UP_MS = 10 * 60_000;

/**
 * A KMS key whose material is in the HSMs of a key store's cluster.
 *
 * CreateKey has no idempotency token, and a key cannot be deleted but after a week. So the attempt is written down before the call, and every key carries a
 * tag made of stack and logical id by which it is found again.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/create-cmk-keystore.html
 */
export const keyStoreKey: Lifecycle<ObservedKey, KeyAct> = {
  type: KEY_STORE_KEY_TYPE,
  // Neither HSMs nor users nor connections change.
  needsLease: false,
  cleanUpMs: () => CLEAN_UP_MS,
  clusterId: () => undefined,
  physicalId: (request) => (request.type === 'Create' ? `${propertiesOf(request).CustomKeyStoreId}/key/${resourceKey(request)}` : request.physicalId!),
  refuse: (request) => (request.type === 'Update' ? otherStoreRefused(request) : undefined),
  observe: async (aws, request, memory: KeyMemory) => {
    const text = await aws.parameters.get(recordName(request));
    const record = memory.record ?? (text === undefined ? undefined : JSON.parse(text) as KeyRecord);
    const [key, stackStatus] = await Promise.all([
      find(aws, request, record), request.type === 'Delete' ? aws.stacks.status(request.stackId) : '',
    ]);
    return { record, key, isRollingBack: /ROLLBACK/.test(stackStatus) };
  },
  plan: (request, observed, memory, now) => planKey(request, propertiesOf(request), observed, memory, now),
  act: async (aws, [one], request, memory, now) => actOnce(aws, one, request, memory, now),
};

/** Without a record nothing was asked for, unless the record itself was lost, which only later requests can tell. */
async function find(aws: Aws, request: Request, record: KeyRecord | undefined): Promise<ObservedKey['key']> {
  if (record?.keyId) return aws.storeKeys.describe(record.keyId);
  if (!record && request.type === 'Create') return undefined;
  return aws.storeKeys.findByTag(KEY_TAGS.resource, resourceKey(request));
}

async function actOnce(aws: Aws, act: KeyAct, request: Request, memory: KeyMemory, now: number): Promise<KeyMemory> {
  const { storeKeys } = aws;
  switch (act.kind) {
    case 'record':
      await aws.parameters.overwrite(recordName(request), JSON.stringify(act.record));
      return memory;
    case 'create-key':
      return create(aws, act.record, request, memory);
    case 'put-policy':
      return whenTagsCount(act, memory, now, () => storeKeys.putPolicy(act.keyId, JSON.stringify(propertiesOf(request).Policy)));
    case 'describe-as':
      return whenTagsCount(act, memory, now, () => storeKeys.describeAs(act.keyId, act.description));
    case 'tag':
      return whenTagsCount(act, memory, now, () => storeKeys.tag(act.keyId, act.tags));
    case 'untag':
      return whenTagsCount(act, memory, now, () => storeKeys.untag(act.keyId, act.names));
    case 'enable':
      return whenTagsCount(act, memory, now, () => storeKeys.enable(act.keyId));
    case 'disable':
      return whenTagsCount(act, memory, now, () => storeKeys.disable(act.keyId));
    case 'cancel-deletion':
      return whenTagsCount(act, memory, now, () => storeKeys.cancelDeletion(act.keyId));
    case 'schedule-deletion':
      return whenTagsCount(act, memory, now, () => storeKeys.scheduleDeletion(act.keyId, act.days));
  }
}

async function create(aws: Aws, record: KeyRecord, request: Request, memory: KeyMemory): Promise<KeyMemory> {
  const { CustomKeyStoreId, Policy, Description } = propertiesOf(request);
  await aws.parameters.overwrite(recordName(request), JSON.stringify(record));
  try {
    const made = await aws.storeKeys.create({
      storeId: CustomKeyStoreId, policy: JSON.stringify(Policy), description: Description, tags: tagsOf(request, propertiesOf(request)),
    });
    const written: KeyRecord = { ...record, keyId: made.keyId };
    await aws.parameters.overwrite(recordName(request), JSON.stringify(written));
    return { ...memory, made, record: written };
  } catch (error) {
    if (isAccessDenied(error)) throw error;
    console.log(JSON.stringify({ create: CustomKeyStoreId, ...refusalOf(error) }));
    // One that was throttled was not carried out; of any other that was not refused it is not known.
    if (isNamed(error, 'ThrottlingException')) return { ...memory, isSure: true, tries: Number(memory.tries) - 1 };
    return isRefusal(error) ? { ...memory, refused: refusalOf(error) } : memory;
  }
}

/** Permission on a key is by its tags, which take minutes to count. */
async function whenTagsCount(act: KeyAct, memory: KeyMemory, now: number, call: () => Promise<void>): Promise<KeyMemory> {
  try {
    await call();
    return { ...memory, deniedSince: undefined, deniedAt: undefined, changed: [...memory.changed ?? [], act.kind] };
  } catch (error) {
    if (!isAccessDenied(error)) throw error;
    console.log(JSON.stringify({ act: act.kind, ...refusalOf(error) }));
    const since = act.kind === 'schedule-deletion' ? { removalDeniedSince: memory.removalDeniedSince ?? now } : { deniedSince: memory.deniedSince ?? now };
    return {
      ...memory, ...since, deniedAt: now, enabledAskedAt: undefined, deletionAskedAt: undefined,
    };
  }
}

function otherStoreRefused(request: Request): { code: string; message: string } | undefined {
  const { CustomKeyStoreId } = propertiesOf(request);
  const [before] = request.physicalId!.split('/');
  if (before === CustomKeyStoreId || !before.startsWith('cks-')) return undefined;
  return {
    code: 'KeyStoreChanged',
    message: `a key cannot be moved from ${before} to ${CustomKeyStoreId}: its material stays in its HSMs; make another key with another construct id, and let aliases point to it`,
  };
}

function recordName(request: Request): string {
  const { CustomKeyStoreId } = propertiesOf(request);
  return clusterParameterName(CustomKeyStoreId, `keys/${resourceKey(request)}`);
}

function propertiesOf(request: Request): KeyStoreKeyProperties {
  return request.properties as unknown as KeyStoreKeyProperties;
}
