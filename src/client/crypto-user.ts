import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { ClusterUserBase } from './cluster-user-base';
import type { PasswordRotation } from './password-rotation';
import type { PasswordRotator } from './password-rotator';
import type { ICluster } from '../cluster/cluster-ref';
import type { LifecycleProvider } from '../lifecycle/provider';

/** Settings of a crypto user. */
export interface CryptoUserOptions {
  /**
   * Name of the user: 1 to 31 letters, digits and underscores; the HSM shows it in lower case. Cannot be changed: keys stay with the user who made them.
   * Not `admin`, `app_user`, `cdk_automation` or `kmsuser`: CloudHSM, KMS and this library use these themselves.
   *
   * @default - the construct's id, in lower case
   */
  readonly userName?: string;

  /**
   * Name and password, as JSON with the members `username` and `password`; 8 to 32 characters without colon, quote and backslash. The role of the
   * cluster's admin client must be able to read and decrypt it: a secret that is made in this app is given a policy that lets it, for an imported one the
   * role is given permissions when both are in the same stack.
   *
   * @default - a generated one, encrypted with the cluster's key
   */
  readonly secret?: secretsmanager.ISecret;

  /**
   * Whether a user of that name who exists already is taken over: his password is then set to the secret's. He is never deleted.
   *
   * @default - true on a cluster that is made from a backup, else false
   */
  readonly adopt?: boolean;

  /**
   * What becomes of the user and his secret when he is removed from the stack. With DESTROY he is deleted, unless he owns keys. Cannot be longer
   * than the cluster is kept.
   *
   * @default - the cluster's; of an imported cluster RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * How his password is changed from time to time.
   *
   * The new value has the members `username` and `password` and no others. Applications try the version `AWSCURRENT` of the secret, then `AWSPENDING`, once
   * each: five refused logins lock a user.
   *
   * @default - never
   */
  readonly rotation?: PasswordRotation;

  /**
   * The function that rotates the password. One of the same stack.
   *
   * @default - the one of the stack, made with default settings
   */
  readonly rotator?: PasswordRotator;

  /**
   * What carries the change through. One of the same stack.
   *
   * @default - the one of the stack, made with default settings
   */
  readonly lifecycleProvider?: LifecycleProvider;
}

/** Properties of a `CryptoUser`. */
export interface CryptoUserProps extends CryptoUserOptions {
  /** The cluster. */
  readonly cluster: ICluster;
}

/**
 * A crypto user on every HSM of a cluster: what an application logs in as, and who owns the keys it makes.
 *
 * @see https://docs.aws.amazon.com/cloudhsm/latest/userguide/understanding-users.html
 */
export class CryptoUser extends ClusterUserBase {
  constructor(scope: Construct, id: string, props: CryptoUserProps) {
    super(scope, id, 'crypto-user', props);
  }
}
