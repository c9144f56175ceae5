import type { ResourceProperties } from './resource-contract';

/** A KMS custom key store on a cluster, CONNECTED. */
export const KEY_STORE_TYPE = 'Custom::KMSCustomKeyStore';

/** KMS takes no trust anchor that is longer; CloudHSM does. */
export const MAX_TRUST_ANCHOR_LENGTH = 5_000;

export interface KeyStoreProperties extends ResourceProperties {
  readonly ClusterId: string;
  readonly CustomKeyStoreName: string;
  readonly TrustAnchorParameterName: string;
  readonly AdminSecretArn: string;
  /** Auto Scaling group of the admin client. */
  readonly AdminClientGroupName: string;
  /** Who reads the temporary password besides the function. */
  readonly AdminClientRoleArn: string;
  /** The function's own role. */
  readonly ProviderRoleArn: string;
  /** Key that encrypts the temporary password; empty: the AWS managed one. */
  readonly SecretKeyArn: string;
  readonly ResetKmsUserDocumentName: string;
  /** `true` while the cluster has too few HSMs on purpose: the store is then disconnected. */
  readonly Paused: string;
}

export interface KeyStoreAttributes {
  readonly CustomKeyStoreId: string;
  readonly ClusterId: string;
}

/** Under this prefix lie the names of temporary secrets, each of which lives from the reset of `kmsuser` until the store is CONNECTED. */
export const TEMPORARY_SECRET_PREFIX = 'cdk-cloudhsm/kmsuser/';
