import { backupApi } from './backups';
import type { BackupApi } from './backups';
import { cloudHsmApi } from './cloudhsm';
import type { CloudHsmApi } from './cloudhsm';
import { commandApi } from './commands';
import type { CommandApi } from './commands';
import { ec2Api } from './ec2';
import type { Ec2Api } from './ec2';
import { keyStoreApi } from './key-stores';
import type { KeyStoreApi } from './key-stores';
import { keyApi } from './keys';
import type { KeyApi } from './keys';
import { logApi } from './logs';
import type { LogApi } from './logs';
import { machineApi } from './machine';
import type { MachineApi } from './machine';
import { parameterApi } from './parameters';
import type { ParameterApi } from './parameters';
import { privateCaApi } from './private-cas';
import type { PrivateCaApi } from './private-cas';
import { quotaApi } from './quotas';
import type { QuotaApi } from './quotas';
import { restoredClusterApi } from './restored-clusters';
import type { RestoredClusterApi } from './restored-clusters';
import { secretVersionApi } from './secret-versions';
import type { SecretVersionApi } from './secret-versions';
import { secretApi } from './secrets';
import type { SecretApi } from './secrets';
import { stackApi } from './stacks';
import type { StackApi } from './stacks';
import { storeKeyApi } from './store-keys';
import type { StoreKeyApi } from './store-keys';

/** Everything the handlers ask of AWS. Tests pass recordings. */
export interface Aws {
  readonly backups: BackupApi;
  readonly cloudHsm: CloudHsmApi;
  readonly commands: CommandApi;
  readonly ec2: Ec2Api;
  readonly keyStores: KeyStoreApi;
  readonly keys: KeyApi;
  readonly logs: LogApi;
  readonly machine: MachineApi;
  readonly parameters: ParameterApi;
  readonly privateCas: PrivateCaApi;
  readonly quotas: QuotaApi;
  readonly restoredClusters: RestoredClusterApi;
  readonly secrets: SecretApi;
  readonly secretVersions: SecretVersionApi;
  readonly stacks: StackApi;
  readonly storeKeys: StoreKeyApi;
}

/** The real clients, each made when it is first needed: a step uses two or three of them. */
export function aws(): Aws {
  return lazily<Aws>({
    backups: backupApi,
    cloudHsm: cloudHsmApi,
    commands: commandApi,
    ec2: ec2Api,
    keyStores: keyStoreApi,
    keys: keyApi,
    logs: logApi,
    machine: machineApi,
    parameters: parameterApi,
    privateCas: privateCaApi,
    quotas: quotaApi,
    restoredClusters: restoredClusterApi,
    secrets: secretApi,
    secretVersions: secretVersionApi,
    stacks: stackApi,
    storeKeys: storeKeyApi,
  });
}

function lazily<T extends object>(makers: { [K in keyof T]: () => T[K] }): T {
  const made: Partial<T> = {};
  const result = {} as T;
  for (const name of Object.keys(makers) as Array<keyof T>) {
    Object.defineProperty(result, name, { get: () => (made[name] ??= makers[name]()) });
  }
  return result;
}
