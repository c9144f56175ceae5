// cluster
export { Cluster, type ClusterProps } from './cluster/cluster';
export type { ClusterAttributes, ICluster } from './cluster/cluster-ref';
export { ClusterGrants } from './cluster/cluster-grants';
export { ClusterMode } from './cluster/cluster-mode';
export { FleetSchedule, type FleetScheduleProps } from './cluster/fleet-schedule';
export type { HsmPlacement } from './cluster/hsm-placement';
export { HsmType } from './cluster/hsm-type';
export { NetworkType } from './cluster/network-type';

// initialization
export {
  CertificateAuthority,
  type CertificateAuthorityBindOptions, type CertificateAuthorityConfig, type ExternalCertificateAuthorityOptions,
  type KmsCertificateAuthorityOptions, type PrivateCertificateAuthorityOptions,
} from './initialization/certificate-authority';
export { HsmIdentity, type HsmIdentityConfig, type HsmIdentityRoots } from './initialization/hsm-identity';

// client
export { AdminClient, type AdminClientProps } from './client/admin-client';
export type { AdminClientOptions } from './client/admin-client-options';
export type { AdminClientAttributes, IAdminClient } from './client/admin-client-ref';
export { AdminUser, type AdminUserOptions, type AdminUserProps } from './client/admin-user';
export { ClientHost, type ClientHostConfig } from './client/client-host';
export { ClientInstallation, type ClientInstallationProps } from './client/client-installation';
export { ClientInstance, type ClientInstanceProps } from './client/client-instance';
export type { ClientInstallationOptions } from './client/client-options';
export { ClientPackages, type BucketPackagesOptions, type PinnedPackagesOptions } from './client/client-packages';
export { ClientPlatform } from './client/client-platform';
export { ClientSoftware } from './client/client-software';
export { KeyAvailability } from './client/key-availability';
export {
  PasswordRotation, type AlternatingUsersOptions, type MaintenanceWindowOptions, type PasswordRotationBindOptions, type PasswordRotationConfig,
} from './client/password-rotation';
export { PasswordRotator, type PasswordRotatorProps } from './client/password-rotator';
export { CryptoUser, type CryptoUserOptions, type CryptoUserProps } from './client/crypto-user';

// key store
export { CustomKeyStore, type CustomKeyStoreOptions, type CustomKeyStoreProps } from './key-store/custom-key-store';
export { CustomKeyStoreKey, type CustomKeyStoreKeyOptions, type CustomKeyStoreKeyProps } from './key-store/custom-key-store-key';
export type { ICustomKeyStore } from './key-store/custom-key-store-ref';

// backup
export { BackupCopy, type BackupCopyProps } from './backup/backup-copy';
export { ClusterBackup, type ClusterBackupAttributes, type ClusterBackupConfig } from './backup/cluster-backup';

// monitoring
export { ClusterMonitor, type ClusterMonitorProps } from './monitoring/cluster-monitor';
export { HealthProbe, type HealthProbeProps } from './monitoring/health-probe';
export { KeyStoreMonitor, type KeyStoreMonitorProps } from './monitoring/key-store-monitor';

// patterns
export { EndpointUse } from './patterns/endpoint-use';
export { HsmKeyStore, type HsmKeyStoreProps } from './patterns/hsm-key-store';
export { IsolatedEndpoints, type IsolatedEndpointsProps } from './patterns/isolated-endpoints';

// lifecycle
export { LifecycleProvider, type LifecycleProviderProps } from './lifecycle/provider';
export type { ILifecycleProvider } from './lifecycle/provider-ref';
