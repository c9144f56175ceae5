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
import { adminUserRotationProblem, alternateNameProblem } from '../private/rotation-validation';
import { keptLongerProblem, providerStackProblem, removalPolicyProblem, userNameProblem } from '../private/validation';

/** What a user of the HSMs may be, and how he is called in texts. */
const ROLES = {
  'crypto-user': { article: 'a crypto user', noun: 'crypto user', title: 'Crypto user' },
  'admin': { article: 'an admin', noun: 'admin', title: 'Admin' },
} as const;

/** What users of both roles are made from. */
export interface ClusterUserProps {
  readonly cluster: ICluster;
  readonly userName?: string;
  readonly secret?: secretsmanager.ISecret;
  readonly adopt?: boolean;
  readonly removalPolicy?: RemovalPolicy;
  readonly rotation?: PasswordRotation;
  readonly rotator?: PasswordRotator;
  readonly lifecycleProvider?: LifecycleProvider;
}

/**
 * A user on every HSM of a cluster: secret, custom resource and rotation.
 *
 * @internal
 */
export abstract class ClusterUserBase extends Resource {
  /** Name of the user, in lower case. */
  public readonly userName: string;

  /** Name and password. Give whoever is to log in `secret.grantRead`. */
  public readonly secret: secretsmanager.ISecret;

  constructor(scope: Construct, id: string, role: keyof typeof ROLES, props: ClusterUserProps) {
    super(scope, id);
    const { cluster } = props;
    const { article, noun, title } = ROLES[role];
    const name = props.userName ?? this.node.id.toLowerCase();
    const removalPolicy = props.removalPolicy ?? cluster.removalPolicy;
    throwFirst(this, [
      notActivatedProblem(article, this, cluster),
      Token.isUnresolved(name) ? undefined : userNameProblem(name),
      removalPolicyProblem(noun, removalPolicy),
      keptLongerProblem(noun, removalPolicy, cluster.removalPolicy),
      props.lifecycleProvider && providerStackProblem(Stack.of(props.lifecycleProvider).node.path, Stack.of(this).node.path),
    ]);
    const userName = Token.isUnresolved(name) ? name : name.toLowerCase();
    const secret = props.secret ?? passwordSecret(this, 'Secret', userName, `${title} ${userName} of a CloudHSM cluster`, {
      encryptionKey: cluster.encryptionKey, removalPolicy,
    });
    // By the secret's own policy, so that users may be in other stacks than the cluster.
    const readable = secret.addToResourcePolicy(new iam.PolicyStatement({
      sid: 'TheAdminClientReads',
      principals: [new iam.ArnPrincipal(cluster.adminClient.role.roleArn)],
      actions: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
      resources: ['*'],
    }));
    if (!readable.statementAdded && !letRead(this, cluster.adminClient, secret)) {
      Annotations.of(this).addWarningV2('cdk-cloudhsm:importedUserSecret', `the secret of the ${noun} is imported, so its policy is not ours to change; let the `
        + 'role of the cluster\'s admin client read and decrypt it');
    }

    const rotation = props.rotation?.bind(this, { userName });
    throwFirst(this, [
      alternateNameProblem(userName, rotation?.alternateUserName),
      role === 'admin' ? adminUserRotationProblem(rotation?.alternateUserName) : undefined,
    ]);
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
        UserName: userName,
        Role: role === 'crypto-user' ? undefined : role,
        AlternateUserName: rotation?.alternateUserName,
        SecretArn: secret.secretArn,
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
      new SecretRotation(this, 'Rotation', { cluster, rotation, rotator: props.rotator, secret, userName, role, after: [resource] });
    }
    this.userName = userName;
    this.secret = secret;
  }
}

/** Of an imported secret the policy is somebody else's; the admin client's is not, if it is made in this stack. */
function letRead(scope: Construct, adminClient: IAdminClient, secret: secretsmanager.ISecret): boolean {
  if (!(adminClient instanceof AdminClient) || Stack.of(adminClient) !== Stack.of(scope)) return false;
  adminClient.grantReadSecrets([secret], secret.encryptionKey ? [secret.encryptionKey] : []);
  return true;
}
