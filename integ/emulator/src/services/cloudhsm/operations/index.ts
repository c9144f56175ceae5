import { copyBackupToRegion } from './copy-backup-to-region';
import { createCluster } from './create-cluster';
import { createHsm } from './create-hsm';
import { deleteBackup } from './delete-backup';
import { deleteCluster } from './delete-cluster';
import { deleteHsm } from './delete-hsm';
import { describeBackups } from './describe-backups';
import { describeClusters } from './describe-clusters';
import { emulatedGuard } from './emulated-access';
import { initializeCluster } from './initialize-cluster';
import { modifyBackupAttributes } from './modify-backup-attributes';
import { modifyCluster } from './modify-cluster';
import { deleteResourcePolicy, getResourcePolicy, putResourcePolicy } from './resource-policies';
import { restoreBackup } from './restore-backup';
import { listTags, tagResource, untagResource } from './tags';
import type { Operation } from '../../../wire/operation';

export const operations: { readonly [operation: string]: Operation } = {
  CreateCluster: createCluster,
  DescribeClusters: describeClusters,
  ModifyCluster: modifyCluster,
  InitializeCluster: initializeCluster,
  DeleteCluster: deleteCluster,

  CreateHsm: createHsm,
  DeleteHsm: deleteHsm,

  DescribeBackups: describeBackups,
  ModifyBackupAttributes: modifyBackupAttributes,
  DeleteBackup: deleteBackup,
  RestoreBackup: restoreBackup,
  CopyBackupToRegion: copyBackupToRegion,

  PutResourcePolicy: putResourcePolicy,
  GetResourcePolicy: getResourcePolicy,
  DeleteResourcePolicy: deleteResourcePolicy,

  TagResource: tagResource,
  UntagResource: untagResource,
  ListTags: listTags,

  // Not AWS's: what decides about access to a thing.
  EmulatedGuard: emulatedGuard,
};
