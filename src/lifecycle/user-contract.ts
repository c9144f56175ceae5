import type { ResourceProperties } from './resource-contract';

/** A user on every HSM of a cluster. */
export const USER_TYPE = 'Custom::CloudHSMUser';

export interface UserProperties extends ResourceProperties {
  readonly ClusterId: string;
  readonly UserName: string;
  /** `admin`; absent: a crypto user. */
  readonly Role?: string;
  /** Who takes turns with him; empty when nobody does. */
  readonly AlternateUserName?: string;
  readonly SecretArn: string;
  readonly AdminSecretArn: string;
  /** `true`: a user who exists already is taken over, and his password set to the secret's. */
  readonly Adopt: string;
  readonly AdminClientGroupName: string;
  readonly TrustAnchorParameterName: string;
  readonly EnsureUserDocumentName: string;
  readonly DeleteUserDocumentName: string;
}

export interface UserAttributes {
  readonly UserName: string;
  readonly ClusterId: string;
}
