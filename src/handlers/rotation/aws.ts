import { backupApi } from '../aws/backups';
import type { BackupApi } from '../aws/backups';
import { cloudHsmApi } from '../aws/cloudhsm';
import type { CloudHsmApi } from '../aws/cloudhsm';
import { commandApi } from '../aws/commands';
import type { CommandApi } from '../aws/commands';
import { parameterApi } from '../aws/parameters';
import type { ParameterApi } from '../aws/parameters';
import { secretVersionApi } from '../aws/secret-versions';
import type { SecretVersionApi } from '../aws/secret-versions';

/** What the rotation function asks of AWS. */
export interface RotationAws {
  readonly backups: Pick<BackupApi, 'of'>;
  readonly cloudHsm: Pick<CloudHsmApi, 'describe'>;
  readonly commands: CommandApi;
  readonly parameters: ParameterApi;
  readonly secretVersions: SecretVersionApi;
}

export function rotationAws(): RotationAws {
  return { backups: backupApi(), cloudHsm: cloudHsmApi(), commands: commandApi(), parameters: parameterApi(), secretVersions: secretVersionApi() };
}
