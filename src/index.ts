// cluster
export { Cluster, ClusterProps } from './cluster/cluster';
export { ICluster } from './cluster/cluster-ref';
export { ClusterGrants } from './cluster/cluster-grants';
export { ClusterMode } from './cluster/cluster-mode';
export { HsmPlacement } from './cluster/hsm-placement';
export { HsmType } from './cluster/hsm-type';
export { NetworkType } from './cluster/network-type';

// initialization
export {
  CertificateAuthority, CertificateAuthorityBindOptions, CertificateAuthorityConfig, KmsCertificateAuthorityOptions,
} from './initialization/certificate-authority';

// client
export { AdminClient, AdminClientOptions, AdminClientProps } from './client/admin-client';
export { IAdminClient } from './client/admin-client-ref';
export { ClientInstance, ClientInstanceProps } from './client/client-instance';
export { BucketPackagesOptions, ClientPackages, PinnedPackagesOptions } from './client/client-packages';
export { ClientSoftware } from './client/client-software';
export { CryptoUser, CryptoUserOptions, CryptoUserProps } from './client/crypto-user';

// lifecycle
export { LifecycleProvider, LifecycleProviderProps } from './lifecycle/provider';
export { ILifecycleProvider } from './lifecycle/provider-ref';
