import type { IResource, RemovalPolicy } from 'aws-cdk-lib';
import type { IDependable } from 'constructs';

/**
 * A KMS custom key store on a CloudHSM cluster: made by this library, or known by its id.
 */
export interface ICustomKeyStore extends IResource {
  /**
   * Id of the key store, for instance `cks-1234567890abcdef0`.
   *
   * @attribute
   */
  readonly customKeyStoreId: string;

  /** What must be there before keys: depend on it, never the other way. */
  readonly ready: IDependable;

  /** What becomes of the key store when it is removed from its stack. Its keys share it. */
  readonly removalPolicy: RemovalPolicy;
}
