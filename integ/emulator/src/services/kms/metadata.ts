import { storeOf } from './key-stores/backing-key';
import { shownState } from './key-stores/key-state';
import { currentMaterialId } from './material';
import { algorithmsOf } from './specs';
import type { KeyRecord } from './state';
import { date } from './text';
import type { Context } from '../../wire/operation';

/** The modelled `KeyMetadata`. */
export function describeKeyRecord(context: Context, key: KeyRecord): Record<string, unknown> {
  const state = shownState(context, key);
  const store = storeOf(context, key);
  return {
    AWSAccountId: key.account,
    KeyId: key.id,
    Arn: key.arn,
    CreationDate: date(context, key.createdAt),
    Enabled: state === 'Enabled',
    Description: key.description,
    KeyUsage: key.usage,
    KeyState: state,
    DeletionDate: key.deletion && date(context, key.deletion.at),
    Origin: key.origin,
    CustomKeyStoreId: store?.id,
    CloudHsmClusterId: store?.clusterId,
    KeyManager: key.manager,
    CustomerMasterKeySpec: key.spec,
    KeySpec: key.spec,
    ...algorithmsOf(key.spec, key.usage),
    MultiRegion: key.multiRegion,
    MultiRegionConfiguration: key.multiRegion
      ? { MultiRegionKeyType: 'PRIMARY', PrimaryKey: { Arn: key.arn, Region: key.region }, ReplicaKeys: [] }
      : undefined,
    // Only symmetric keys have a history of materials to tell apart.
    CurrentKeyMaterialId: key.spec === 'SYMMETRIC_DEFAULT' ? currentMaterialId(key) : undefined,
  };
}
