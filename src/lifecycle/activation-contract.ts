import type { ResourceProperties } from './resource-contract';

/** From INITIALIZED to ACTIVE, and an automation admin whose secret logs in. */
export const ACTIVATION_TYPE = 'Custom::CloudHSMActivation';

export interface ActivationProperties extends ResourceProperties {
  readonly ClusterId: string;
  /** Auto Scaling group of the admin client. */
  readonly AdminClientGroupName: string;
  readonly TrustAnchorParameterName: string;
  readonly AdminSecretArn: string;
  /** Empty when the cluster is adopted or made from a backup: `admin` then belongs to whoever activated it. */
  readonly SealedAdminSecretArn: string;
  /** Of a cluster that was made from a backup: the secret whose password is in the backup, and its version of that day. */
  readonly BackupAdminSecretArn?: string;
  readonly BackupAdminSecretVersions?: string;
  /** Key disabled once the cluster is ACTIVE; empty: none. */
  readonly AuthorityKeyArn: string;
  readonly ActivateDocumentName: string;
  readonly VerifyAdminDocumentName: string;
  readonly ChangeAdminPasswordDocumentName: string;
}

export interface ActivationAttributes {
  readonly ClusterId: string;
}
