import { KEY_TAGS, SHORTEST_WINDOW_DAYS } from '../../lifecycle/key-store-key-contract';
import type { KeyStoreKeyAttributes, KeyStoreKeyProperties } from '../../lifecycle/key-store-key-contract';
import { deleteCommand, dayOf } from '../aws/left-behind';
import type { StoreKey, Tags } from '../aws/store-keys';
import type { Memory } from '../engine/memory';
import { resourceKey } from '../engine/request';
import type { Request } from '../engine/request';
import { LATER, SOON } from '../engine/step';
import type { Step } from '../engine/step';

/** What is written down of a key, before it is made and after. */
export interface KeyRecord {
  readonly keyId?: string;
  /** When it was last asked for, in epoch milliseconds. */
  readonly askedAt: number;
}

export type KeyAct =
  | { readonly kind: 'record'; readonly record: KeyRecord }
  | { readonly kind: 'create-key'; readonly record: KeyRecord }
  | { readonly kind: 'put-policy'; readonly keyId: string }
  | { readonly kind: 'describe-as'; readonly keyId: string; readonly description: string }
  | { readonly kind: 'tag'; readonly keyId: string; readonly tags: Tags }
  | { readonly kind: 'untag'; readonly keyId: string; readonly names: readonly string[] }
  | { readonly kind: 'enable' | 'disable' | 'cancel-deletion'; readonly keyId: string }
  | { readonly kind: 'schedule-deletion'; readonly keyId: string; readonly days: number };

export interface ObservedKey {
  readonly record: KeyRecord | undefined;
  /** By the record's id; without one by the tag, which is looked for only when a key may have been made. */
  readonly key: StoreKey | undefined;
  /** Whether the stack takes back what it made; asked only before a removal. */
  readonly isRollingBack: boolean;
}

export interface KeyMemory extends Memory {
  readonly record?: KeyRecord;
  /** Creates that were tried. */
  readonly tries?: number;
  /** From the answer to a create; DescribeKey may lag. */
  readonly made?: StoreKey;
  /** The last try was surely not carried out. */
  readonly isSure?: boolean;
  readonly refused?: { readonly code: string; readonly message: string };
  readonly refusedSince?: number;
  /** Changes of an Update that are done. */
  readonly changed?: readonly string[];
  readonly enabledAskedAt?: number;
  readonly deletionAskedAt?: number;
  /** Since when, and when last, upkeep of the key, and its removal, were denied. */
  readonly deniedSince?: number;
  readonly removalDeniedSince?: number;
  readonly deniedAt?: number;
}

/** A key that was asked for shows within this time: three minutes, as for everything else that has no idempotency token. */
const SHOWS_WITHIN_MS = 180_000;

/** A change of state shows within seconds. */
const STATE_SHOWS_WITHIN_MS = 30_000;

/** A principal that was made a moment ago is not known to KMS yet; neither is a store known to be CONNECTED everywhere at once. */
const SETTLES_WITHIN_MS = 120_000;

/** KMS says that tags take up to five minutes until they count for permissions. */
const TAGS_COUNT_WITHIN_MS = 6 * 60_000;

const TRIES = 3;

/** Refusals that may pass. */
const PASSING = ['MalformedPolicyDocumentException', 'CustomKeyStoreInvalidStateException'];

export function planKey(request: Request, properties: KeyStoreKeyProperties, observed: ObservedKey, memory: KeyMemory, now: number): Step<KeyAct> {
  const known: ObservedKey = { ...observed, record: memory.record ?? observed.record, key: observed.key ?? memory.made };
  const isRemoval = request.type === 'Delete' || memory.failure !== undefined;
  const deniedSince = isRemoval ? memory.removalDeniedSince : memory.deniedSince;
  if (deniedSince !== undefined && now - deniedSince > TAGS_COUNT_WITHIN_MS) return denied(known);
  if (memory.deniedAt !== undefined && now - memory.deniedAt < LATER * 1000) return { kind: 'wait', seconds: LATER, because: 'the tags of the key do not count yet', memory };
  if (isRemoval) return planRemoval(request, properties, known, memory, now);
  if (!known.key) return request.type === 'Create' ? planCreate(known, memory, now) : keyGone(known);
  return planUpkeep(request, properties, known.key, known, memory, now);
}

function denied({ key }: ObservedKey): Step<KeyAct> {
  return {
    kind: 'fail', code: 'KeyAccessDenied',
    message: `KMS does not let the lifecycle function manage key ${key?.keyId ?? ''}; its policy must let the function's role, or the account by IAM policies: mend the policy, then deploy again`,
  };
}

function keyGone({ record }: ObservedKey): Step<KeyAct> {
  return {
    kind: 'fail', code: 'KeyGone',
    message: `key ${record?.keyId ?? 'of this resource'} does not exist any more, and what it encrypted is lost; remove the construct, or give it another id to make another key`,
  };
}

/** Written down, made once. One whose answer was lost is looked for by its tag, until it cannot appear any more. */
function planCreate({ record }: ObservedKey, memory: KeyMemory, now: number): Step<KeyAct> {
  const { tries = 0, refused } = memory;
  if (refused) {
    const since = memory.refusedSince ?? now;
    if (!PASSING.includes(refused.code) || now - since > SETTLES_WITHIN_MS) {
      return { kind: 'fail', code: 'CreateKeyRefused', message: `KMS refused to make the key: ${refused.message} (${refused.code})` };
    }
    return {
      kind: 'wait', seconds: LATER,
      because: refused.code, memory: { ...memory, refused: undefined, refusedSince: since, tries: 0, isSure: true },
    };
  }
  const mayAppear = record !== undefined && record.keyId === undefined && memory.isSure !== true && now - record.askedAt < SHOWS_WITHIN_MS;
  if (mayAppear) return { kind: 'wait', seconds: SOON, because: 'a key that was asked for may still appear', memory };
  if (tries >= TRIES) return { kind: 'fail', code: 'KeyLost', message: `KMS was asked for the key ${TRIES} times and never made it; deploy again` };
  const asked: KeyRecord = { askedAt: now };
  return {
    kind: 'act', acts: [{ kind: 'create-key', record: asked }], memory: { ...memory, record: asked, tries: tries + 1, isSure: undefined },
    because: 'there is no key with the tag of this resource',
  };
}

/** A key that is there gets what its properties say. Only what has changed is sent; of one that was found again, everything. */
function planUpkeep(
  request: Request, properties: KeyStoreKeyProperties, key: StoreKey, { record }: ObservedKey, memory: KeyMemory, now: number,
): Step<KeyAct> {
  if (record?.keyId !== key.keyId) {
    const written: KeyRecord = { askedAt: record?.askedAt ?? now, keyId: key.keyId };
    return { kind: 'act', acts: [{ kind: 'record', record: written }], memory: { ...memory, record: written }, because: 'the key is found' };
  }
  if (key.state === 'PendingDeletion') {
    if (isFresh(memory.deletionAskedAt, now)) return { kind: 'wait', seconds: SOON, because: 'the end of the deletion does not show yet', memory };
    return { kind: 'act', acts: [{ kind: 'cancel-deletion', keyId: key.keyId }], memory: { ...memory, deletionAskedAt: now }, because: 'the key is wanted again' };
  }
  const [change] = changesOf(request, properties, key.keyId, memory).filter(({ kind }) => !memory.changed?.includes(kind));
  if (change) return { kind: 'act', acts: [change], memory, because: `${change.kind} differs` };
  const wish = properties.Enabled === 'true' ? 'Enabled' : 'Disabled';
  // In a store that is disconnected the state is Unavailable, and the wish comes true when it is connected again.
  const isAsked = memory.enabledAskedAt !== undefined;
  if (key.state !== wish && !(isAsked && (key.state === 'Unavailable' || isFresh(memory.enabledAskedAt, now)))) {
    return {
      kind: 'act', acts: [{ kind: wish === 'Enabled' ? 'enable' : 'disable', keyId: key.keyId }], memory: { ...memory, enabledAskedAt: now }, because: `the key is ${key.state}`,
    };
  }
  if (key.state !== wish && key.state !== 'Unavailable') return { kind: 'wait', seconds: SOON, because: `the key is still ${key.state}`, memory };
  return { kind: 'done', attributes: attributesOf(key), memory };
}

function isFresh(at: number | undefined, now: number): boolean {
  return at !== undefined && now - at < STATE_SHOWS_WITHIN_MS;
}

function attributesOf({ keyId, keyArn }: StoreKey): Readonly<Record<string, string>> {
  const attributes: KeyStoreKeyAttributes = { KeyId: keyId, KeyArn: keyArn };
  return { ...attributes };
}

type Change = Extract<KeyAct, { kind: 'put-policy' | 'describe-as' | 'tag' | 'untag' }>;

/** What must be sent to a key that exists already. One that this request made has everything from its creation. */
function changesOf(request: Request, wanted: KeyStoreKeyProperties, keyId: string, { tries }: KeyMemory): readonly Change[] {
  if (request.type === 'Create' && tries) return [];
  const former = request.oldProperties as Partial<KeyStoreKeyProperties> | undefined;
  const tags = tagsOf(request, wanted);
  const formerTags = former ? tagsOf(request, former) : {};
  const newTags = Object.fromEntries(Object.entries(tags).filter(([name, value]) => formerTags[name] !== value));
  const goneTags = Object.keys(formerTags).filter((name) => !(name in tags));
  return [
    ...(JSON.stringify(former?.Policy) !== JSON.stringify(wanted.Policy) ? [{ kind: 'put-policy' as const, keyId }] : []),
    ...(former?.Description !== wanted.Description ? [{ kind: 'describe-as' as const, keyId, description: wanted.Description }] : []),
    ...(Object.keys(newTags).length > 0 ? [{ kind: 'tag' as const, keyId, tags: newTags }] : []),
    ...(goneTags.length > 0 ? [{ kind: 'untag' as const, keyId, names: goneTags }] : []),
  ];
}

/** The user's tags and ours, which win. */
export function tagsOf(request: Request, { Tags: tags = [] }: Partial<KeyStoreKeyProperties>): Tags {
  return {
    ...Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])),
    [KEY_TAGS.stack]: request.stackId,
    [KEY_TAGS.resource]: resourceKey(request),
  };
}

/**
 * A Delete, or a Create that failed: the key is scheduled for deletion. One that a rollback takes back was never used, so it goes as soon as KMS allows. A
 * failed Update takes nothing back: the rollback brings the former properties.
 */
function planRemoval(
  request: Request, properties: KeyStoreKeyProperties, { key, record, isRollingBack }: ObservedKey, memory: KeyMemory, now: number,
): Step<KeyAct> {
  if (request.type === 'Update') return { kind: 'fail', ...memory.failure! };
  if (!key) {
    const mayAppear = record !== undefined && record.keyId === undefined && memory.refused === undefined && now - record.askedAt < SHOWS_WITHIN_MS;
    if (mayAppear) return { kind: 'wait', seconds: SOON, because: 'a key that was asked for may still appear', memory };
    return memory.failure ? { kind: 'fail', ...memory.failure } : { kind: 'done', attributes: {}, memory };
  }
  if (key.state === 'PendingDeletion') return pending(properties, key, memory, now);
  if (isFresh(memory.deletionAskedAt, now)) return { kind: 'wait', seconds: SOON, because: 'the deletion does not show yet', memory };
  const days = isRollingBack || memory.failure ? SHORTEST_WINDOW_DAYS : Number(properties.PendingWindowDays);
  return {
    kind: 'act', acts: [{ kind: 'schedule-deletion', keyId: key.keyId, days }], memory: { ...memory, deletionAskedAt: now },
    because: isRollingBack || memory.failure ? 'nobody has used the key yet' : 'the key is to go',
  };
}

function pending({ CustomKeyStoreId }: KeyStoreKeyProperties, { keyId, deletionAt }: StoreKey, memory: KeyMemory, now: number): Step<KeyAct> {
  const at = deletionAt ?? now;
  const note = `key ${keyId} is deleted on ${dayOf(at)}; until then it can be had back by aws kms cancel-key-deletion --key-id ${keyId}`;
  if (!memory.failure) return { kind: 'done', attributes: {}, memory, note };
  return {
    kind: 'fail', code: 'KeyPendingDeletion',
    message: `the key it made, ${keyId}, is deleted on ${dayOf(at)}; if its key store cannot be used again, ${deleteCommand(CustomKeyStoreId, at)}`,
  };
}
