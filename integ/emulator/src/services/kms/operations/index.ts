import { createAlias, deleteAlias, listAliases, updateAlias } from './aliases';
import { connectCustomKeyStore, disconnectCustomKeyStore } from './connect-custom-key-store';
import { createCustomKeyStore } from './create-custom-key-store';
import { createKey } from './create-key';
import { generateDataKey, generateDataKeyPair, generateDataKeyPairWithoutPlaintext, generateDataKeyWithoutPlaintext, generateRandom } from './data-keys';
import { deleteCustomKeyStore } from './delete-custom-key-store';
import { describeCustomKeyStores } from './describe-custom-key-stores';
import { describeKey, listKeys, updateKeyDescription } from './describe-keys';
import { emulatedGuard, emulatedResources } from './emulated-access';
import { decrypt, encrypt, reEncrypt } from './encrypt';
import { createGrant, listGrants, listRetirableGrants, retireGrant, revokeGrant } from './grants';
import { cancelKeyDeletion, disableKey, enableKey, scheduleKeyDeletion } from './key-state';
import { generateMac, verifyMac } from './macs';
import { getKeyPolicy, listKeyPolicies, putKeyPolicy } from './policies';
import { disableKeyRotation, enableKeyRotation, getKeyRotationStatus, listKeyRotations, rotateKeyOnDemand } from './rotation';
import { getPublicKey, sign, verify } from './sign';
import { listResourceTags, tagResource, untagResource } from './tags';
import { updateCustomKeyStore } from './update-custom-key-store';
import type { Operation } from '../../../wire/operation';

export const operations: Readonly<Record<string, Operation>> = {
  CancelKeyDeletion: cancelKeyDeletion,
  ConnectCustomKeyStore: connectCustomKeyStore,
  CreateAlias: createAlias,
  CreateCustomKeyStore: createCustomKeyStore,
  CreateGrant: createGrant,
  CreateKey: createKey,
  Decrypt: decrypt,
  DeleteAlias: deleteAlias,
  DeleteCustomKeyStore: deleteCustomKeyStore,
  DescribeCustomKeyStores: describeCustomKeyStores,
  DescribeKey: describeKey,
  DisableKey: disableKey,
  DisableKeyRotation: disableKeyRotation,
  DisconnectCustomKeyStore: disconnectCustomKeyStore,
  EnableKey: enableKey,
  EnableKeyRotation: enableKeyRotation,
  Encrypt: encrypt,
  GenerateDataKey: generateDataKey,
  GenerateDataKeyPair: generateDataKeyPair,
  GenerateDataKeyPairWithoutPlaintext: generateDataKeyPairWithoutPlaintext,
  GenerateDataKeyWithoutPlaintext: generateDataKeyWithoutPlaintext,
  GenerateMac: generateMac,
  GenerateRandom: generateRandom,
  GetKeyPolicy: getKeyPolicy,
  GetKeyRotationStatus: getKeyRotationStatus,
  GetPublicKey: getPublicKey,
  ListAliases: listAliases,
  ListGrants: listGrants,
  ListKeyPolicies: listKeyPolicies,
  ListKeyRotations: listKeyRotations,
  ListKeys: listKeys,
  ListResourceTags: listResourceTags,
  ListRetirableGrants: listRetirableGrants,
  PutKeyPolicy: putKeyPolicy,
  ReEncrypt: reEncrypt,
  RetireGrant: retireGrant,
  RevokeGrant: revokeGrant,
  RotateKeyOnDemand: rotateKeyOnDemand,
  ScheduleKeyDeletion: scheduleKeyDeletion,
  Sign: sign,
  TagResource: tagResource,
  UntagResource: untagResource,
  UpdateAlias: updateAlias,
  UpdateCustomKeyStore: updateCustomKeyStore,
  UpdateKeyDescription: updateKeyDescription,
  Verify: verify,
  VerifyMac: verifyMac,

  // Not AWS's: what decides about access to a thing.
  EmulatedResources: emulatedResources,
  EmulatedGuard: emulatedGuard,
};
