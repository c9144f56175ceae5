import { Annotations, Resource, Stack, Token } from 'aws-cdk-lib';
import type { RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { AdminClient } from './admin-client';
import { ADMIN_CLIENT_TAG } from './admin-client-ref';
import type { IAdminClient } from './admin-client-ref';
import type { PasswordRotation } from './password-rotation';
import type { PasswordRotator } from './password-rotator';
import { SecretRotation } from './secret-rotation';
import { choicesOf, notActivatedProblem } from '../cluster/cluster-choices';
import type { ICluster } from '../cluster/cluster-ref';
import { passwordSecret } from '../cluster/cluster-secrets';
import { LifecycleResource } from '../lifecycle/lifecycle-resource';
import { LifecycleProvider } from '../lifecycle/provider';
import { USER_TYPE } from '../lifecycle/user-contract';
import type { UserProperties } from '../lifecycle/user-contract';
import { throwFirst } from '../private/errors';
import { alternateNameProblem } from '../private/rotation-validation';
import { keptLongerProblem, providerStackProblem, removalPolicyProblem, userNameProblem } from '../private/validation';

/** Settings of a crypto user. */
export interface CryptoUserOptions {
  /**
   * Name of the user: 1 to 31 letters, digits and underscores; the HSM shows it in lower case. Cannot be changed: keys stay with the user who made them.
   * Not `admin`, `app_user` or `kmsuser`: CloudHSM and KMS use these themselves.
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
export class CryptoUser extends Resource {
  /** Name of the user, in lower case. */
  public readonly userName: string;

  /** Name and password. Give an application `secret.grantRead`. */
  public readonly secret: secretsmanager.ISecret;

  constructor(scope: Construct, id: string, props: CryptoUserProps) {
    super(scope, id);
    const { cluster } = props;
    const name = props.userName ?? id.toLowerCase();
    const removalPolicy = props.removalPolicy ?? cluster.removalPolicy;
    throwFirst(this, [
      notActivatedProblem('a crypto user', this, cluster),
      Token.isUnresolved(name) ? undefined : userNameProblem(name),
      removalPolicyProblem('crypto user', removalPolicy),
      keptLongerProblem('crypto user', removalPolicy, cluster.removalPolicy),
      props.lifecycleProvider && providerStackProblem(Stack.of(props.lifecycleProvider).node.path, Stack.of(this).node.path),
    ]);
    this.userName = Token.isUnresolved(name) ? name : name.toLowerCase();
    this.secret = props.secret ?? passwordSecret(this, 'Secret', this.userName, `Crypto user ${this.userName} of a CloudHSM cluster`, {
      encryptionKey: cluster.encryptionKey, removalPolicy,
    });
    // By the secret's own policy, so that users may be in other stacks than the cluster.
    const readable = this.secret.addToResourcePolicy(new iam.PolicyStatement({
      sid: 'TheAdminClientReads',
      principals: [new iam.ArnPrincipal(cluster.adminClient.role.roleArn)],
      actions: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
      resources: ['*'],
    }));
    if (!readable.statementAdded && !this.letRead(cluster.adminClient)) {
      Annotations.of(this).addWarningV2('cdk-cloudhsm:importedUserSecret', 'the secret of the crypto user is imported, so its policy is not ours to change; let the '
        + 'role of the cluster\'s admin client read and decrypt it');
    }

    const rotation = props.rotation?.bind(this, { userName: this.userName });
    throwFirst(this, [alternateNameProblem(this.userName, rotation?.alternateUserName)]);
    const provider = props.lifecycleProvider ?? LifecycleProvider.forStack(this);
    const { adminClient } = cluster;
    provider._permissions.runDocuments([adminClient.ensureUserDocumentName, adminClient.deleteUserDocumentName], {
      key: ADMIN_CLIENT_TAG, value: adminClient.tagValue,
    });
    const resource = new LifecycleResource<UserProperties>(this, 'Resource', {
      provider,
      type: USER_TYPE,
      removalPolicy,
      properties: {
        ClusterId: cluster.clusterId,
        UserName: this.userName,
        AlternateUserName: rotation?.alternateUserName,
        SecretArn: this.secret.secretArn,
        AdminSecretArn: cluster.adminSecret.secretArn,
        Adopt: String(props.adopt ?? choicesOf(cluster)?.isRestored ?? false),
        AdminClientGroupName: adminClient.autoScalingGroupName,
        TrustAnchorParameterName: cluster.trustAnchor.parameterName,
        EnsureUserDocumentName: adminClient.ensureUserDocumentName,
        DeleteUserDocumentName: adminClient.deleteUserDocumentName,
      },
      after: [cluster.ready, ...readable.policyDependable ? [readable.policyDependable] : []],
    });
    if (rotation) {
      new SecretRotation(this, 'Rotation', {
        cluster,
        rotation,
        rotator: props.rotator,
        secret: this.secret,
        userName: this.userName,
        role: 'crypto-user',
        after: [resource],
      });
    }
  }

  /** Of an imported secret the policy is somebody else's; the admin client's is not, if it is made in this stack. */
  private letRead(adminClient: IAdminClient): boolean {
    if (!(adminClient instanceof AdminClient) || Stack.of(adminClient) !== Stack.of(this)) return false;
    adminClient.grantReadSecrets([this.secret], this.secret.encryptionKey ? [this.secret.encryptionKey] : []);
    return true;
  }
}
