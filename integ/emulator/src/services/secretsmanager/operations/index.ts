import { createSecret } from './create-secret';
import { deleteSecret, restoreSecret } from './delete-secret';
import { describeSecret, listSecrets, listSecretVersionIds } from './describe-secrets';
import { emulatedGuard, emulatedResources } from './emulated-access';
import { batchGetSecretValue, getSecretValue } from './get-secret-value';
import { putSecretValue, updateSecret } from './put-secret-value';
import { getRandomPassword } from './random-password';
import { deleteResourcePolicy, getResourcePolicy, putResourcePolicy, validateResourcePolicy } from './resource-policies';
import { cancelRotateSecret, rotateSecret } from './rotation';
import { tagResource, untagResource } from './tags';
import { updateSecretVersionStage } from './version-stages';
import type { Operation } from '../../../wire/operation';

export const operations: Readonly<Record<string, Operation>> = {
  BatchGetSecretValue: batchGetSecretValue,
  CancelRotateSecret: cancelRotateSecret,
  CreateSecret: createSecret,
  DeleteResourcePolicy: deleteResourcePolicy,
  DeleteSecret: deleteSecret,
  DescribeSecret: describeSecret,
  GetRandomPassword: getRandomPassword,
  GetResourcePolicy: getResourcePolicy,
  GetSecretValue: getSecretValue,
  ListSecretVersionIds: listSecretVersionIds,
  ListSecrets: listSecrets,
  PutResourcePolicy: putResourcePolicy,
  PutSecretValue: putSecretValue,
  RestoreSecret: restoreSecret,
  RotateSecret: rotateSecret,
  TagResource: tagResource,
  UntagResource: untagResource,
  UpdateSecret: updateSecret,
  UpdateSecretVersionStage: updateSecretVersionStage,
  ValidateResourcePolicy: validateResourcePolicy,

  // Not AWS's: what decides about access to a thing.
  EmulatedResources: emulatedResources,
  EmulatedGuard: emulatedGuard,
};
