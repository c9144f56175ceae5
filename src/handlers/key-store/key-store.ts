import { planKeyStore } from './plan';
import { isSameCertificate } from './same-certificate';
import { storeOf } from './state';
import type { KeyStoreAct, KeyStoreMemory, KeyStoreRecord, ObservedKeyStore } from './state';
import { KEY_STORE_TYPE } from '../../lifecycle/key-store-contract';
import type { KeyStoreProperties } from '../../lifecycle/key-store-contract';
import { clusterParameterName } from '../../lifecycle/resource-contract';
import type { Aws } from '../aws';
import { isAccessDenied, isNamed, isRefusal, refusalOf } from '../aws/errors';
import { actOnCommand, observeCommand } from '../client-command/command';
import type { Lifecycle } from '../engine/lifecycle';
import { resourceKey } from '../engine/request';
import type { Request } from '../engine/request';

/** Disconnecting takes minutes, and after it the store is deleted. */
const CLEAN_UP_MS = 10 * 60_000;

/** A disconnect is over, and shows, within this time. */
const DISCONNECT_MS = 3 * 60_000;

/**
 * A custom key store, CONNECTED.
 *
 * KMS logs in to the HSMs as `kmsuser`, and on every connect changes that password to one that only it knows. So there is no standing secret: a
 * temporary one is made, set on every HSM by the admin client, handed to KMS, used for one connect, and destroyed. Whenever it is not known what became of a
 * connect, everything begins anew with another password, because five wrong ones lock the user.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/keystore-cloudhsm.html
 */
export const keyStore: Lifecycle<ObservedKeyStore, KeyStoreAct> = {
  type: KEY_STORE_TYPE,
  needsLease: true,
  cleanUpMs: () => CLEAN_UP_MS,
  clusterId: (request) => propertiesOf(request).ClusterId,
  // Without the cluster's id: a store moves to a cluster that was restored from a backup and stays the same.
  physicalId: (request) => (request.type === 'Create' ? `key-store/${resourceKey(request)}` : request.physicalId!),
  observe: async (aws, request, memory: KeyStoreMemory) => observe(aws, request, memory),
  plan: (request, observed, memory, now) => planKeyStore(request, propertiesOf(request), observed, memory, now),
  act: async (aws, acts, request, memory, now) => {
    let learned: KeyStoreMemory = memory;
    for (const one of acts) learned = await actOnce(aws, one, request, learned, now);
    return learned;
  },
};

async function observe(aws: Aws, request: Request, memory: KeyStoreMemory): Promise<ObservedKeyStore> {
  const properties = propertiesOf(request);
  const { ClusterId, AdminClientGroupName, TrustAnchorParameterName } = properties;
  const isRemoval = request.type === 'Delete' || memory.failure !== undefined;
  const [stores, recordText, described, command] = await Promise.all([
    aws.keyStores.all(),
    aws.parameters.get(recordName(request)),
    isRemoval ? undefined : aws.cloudHsm.describe(ClusterId),
    isRemoval ? { groupName: AdminClientGroupName, client: {}, refusedVersions: [] } : observeCommand(aws, ClusterId, AdminClientGroupName, memory),
  ]);
  const record = memory.record ?? (recordText === undefined ? undefined : JSON.parse(recordText) as KeyStoreRecord);
  const store = storeOf({ record, stores }, ClusterId);
  const [trustAnchor, isRelated, keys, stackStatus] = await Promise.all([
    store || isRemoval ? undefined : aws.parameters.get(TrustAnchorParameterName),
    store && store.clusterId !== ClusterId && !isRemoval ? isSameCertificate(aws, store, described?.certificates) : undefined,
    store && request.type === 'Delete' ? aws.storeKeys.inStore(store.storeId) : [],
    request.type === 'Delete' ? aws.stacks.status(request.stackId) : '',
  ]);
  const isRollingBack = /ROLLBACK/.test(stackStatus);
  return { clusterId: ClusterId, cluster: described?.cluster, record, stores, command, trustAnchor, isRelated, keys, isRollingBack };
}

async function actOnce(aws: Aws, act: KeyStoreAct, request: Request, memory: KeyStoreMemory, now: number): Promise<KeyStoreMemory> {
  const properties = propertiesOf(request);
  const { ClusterId } = properties;
  switch (act.kind) {
    case 'send-command':
    case 'record-refusal':
      return actOnCommand(aws, ClusterId, act, memory);
    case 'record':
      await aws.parameters.overwrite(recordName(request), JSON.stringify(act.record));
      return memory;
    case 'forget':
      await aws.parameters.delete([recordName(request)]);
      return memory;
    case 'make-secret': {
      const { AdminClientRoleArn: reader, ProviderRoleArn, SecretKeyArn: keyArn } = properties;
      const secretArn = await aws.secrets.makeTemporary({
        name: act.name, description: `Password of kmsuser on ${ClusterId} until KMS has connected and set its own`, userName: 'kmsuser', keyArn, reader, readers: [reader, ProviderRoleArn],
      });
      return { ...memory, secretArn };
    }
    case 'destroy-secret':
      await aws.secrets.destroyTemporary(act.name);
      return memory;
    case 'create-store': {
      const trustAnchor = await aws.parameters.get(properties.TrustAnchorParameterName);
      const password = await aws.secrets.temporaryPassword(act.secret);
      const result = await asked(act, `create key store ${act.name}`, memory, () => aws.keyStores.create({
        name: act.name, clusterId: ClusterId, password, trustAnchor: trustAnchor!,
      }));
      return wasDone(result, memory) ? { ...result, isPasswordGiven: true } : result;
    }
    case 'give-password': {
      const password = await aws.secrets.temporaryPassword(act.secret);
      const result = await asked(act, `take cluster ${ClusterId} for key store ${act.storeId}`, memory, () => aws.keyStores.give(act.storeId, ClusterId, password));
      return wasDone(result, memory) ? { ...result, isPasswordGiven: true } : result;
    }
    case 'connect':
      return asked(act, `connect key store ${act.storeId}`, memory, () => aws.keyStores.connect(act.storeId));
    case 'disconnect':
      return asked(act, `disconnect key store ${act.storeId}`, memory, () => aws.keyStores.disconnect(act.storeId));
    case 'make-sure': {
      // Refused: it is DISCONNECTED already.
      const result = await asked(act, `disconnect key store ${act.storeId}`, memory, () => aws.keyStores.disconnect(act.storeId));
      return { ...result, idleFrom: wasDone(result, memory) ? now + DISCONNECT_MS : now };
    }
    case 'rename':
      return asked(act, `name key store ${act.storeId} ${act.name}`, memory, () => aws.keyStores.rename(act.storeId, act.name));
    case 'delete-store':
      return asked(act, `delete key store ${act.storeId}`, memory, () => aws.keyStores.delete(act.storeId));
  }
}

/** Remembers a refusal. One that only says that things have moved on meanwhile is none: the store is looked at again. */
async function asked(act: KeyStoreAct, what: string, memory: KeyStoreMemory, call: () => Promise<unknown>): Promise<KeyStoreMemory> {
  try {
    await call();
    return { ...memory };
  } catch (error) {
    if (!isRefusal(error) || isAccessDenied(error)) throw error;
    const refused = refusalOf(error);
    console.log(JSON.stringify({ what, ...refused }));
    if (isNamed(error, 'CustomKeyStoreInvalidStateException', 'CustomKeyStoreNotFoundException')) return memory;
    // A second create of a store whose first answer was lost.
    if ((memory.creates ?? 0) > 1 && isNamed(error, 'CloudHsmClusterInUseException', 'CustomKeyStoreNameInUseException')) return memory;
    return { ...memory, refused: { act: act.kind, what, ...refused } };
  }
}

function wasDone(learned: KeyStoreMemory, memory: KeyStoreMemory): boolean {
  return learned !== memory && !learned.refused;
}

function recordName(request: Request): string {
  return clusterParameterName('key-stores', resourceKey(request));
}

function propertiesOf(request: Request): KeyStoreProperties {
  return request.properties as unknown as KeyStoreProperties;
}
