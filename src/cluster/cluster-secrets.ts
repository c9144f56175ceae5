import { Lazy, Stack } from 'aws-cdk-lib';
import type { RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct, IConstruct, IDependable } from 'constructs';
import { READ_SECRET_ACTIONS } from '../private/permissions';

/** Name of the admin that this library works as. */
export const AUTOMATION_USER = 'cdk_automation';

/** Length of generated passwords: the longest an HSM takes. */
const PASSWORD_LENGTH = 32;

export interface ClusterSecretOptions {
  readonly encryptionKey: kms.IKey;
  readonly removalPolicy: RemovalPolicy;
  /** Who alone may read it. */
  readonly reader: iam.IRole;
}

/** The automation admin's name and password. */
export function adminSecretOf(scope: Construct, options: ClusterSecretOptions): secretsmanager.Secret {
  return onlyFor(options.reader, passwordSecret(scope, 'AdminSecret', AUTOMATION_USER, 'Automation admin of a CloudHSM cluster', options));
}

/**
 * Lets the admin client read a secret by the secret's own policy, too. When another secret takes its place, an update takes it out of the client's policy
 * before it changes the password, and a rollback puts it back too late; this policy goes after the update, with what is not needed any more.
 *
 * Secrets of another stack would make a circle, and imported ones are not ours to change.
 */
export function letRead(secret: secretsmanager.ISecret, reader: iam.IRole): void {
  if (Stack.of(secret) !== Stack.of(reader)) return;
  secret.addToResourcePolicy(new iam.PolicyStatement({
    sid: 'TheAdminClientReads',
    principals: [new iam.ArnPrincipal(reader.roleArn)],
    actions: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
    resources: ['*'],
  }));
}

/** The password of `admin`, which sets the cluster in motion once. The lifecycle closes it to everybody when the cluster is ACTIVE. */
export function sealedAdminSecret(scope: Construct, options: ClusterSecretOptions): secretsmanager.Secret {
  const secret = onlyFor(options.reader, passwordSecret(scope, 'SealedAdminSecret', 'admin', 'User admin of a CloudHSM cluster; closed after activation', options));
  // Stays as closed as it is when the stack goes. The automation admin's policy goes with its reader, so that a later stack can adopt the cluster.
  (secret.node.findChild('Policy').node.defaultChild as secretsmanager.CfnResourcePolicy).applyRemovalPolicy(options.removalPolicy);
  return secret;
}

/** The resource policy of a secret, if it is made in this app. Not all of the secret: a rotation that hangs on it may need the cluster. */
export function policyOf(secret: secretsmanager.ISecret): IDependable[] {
  const policy = secret.node.tryFindChild('Policy');
  return policy ? [policy] : [];
}

/** A user's name and a generated password: letters and digits, which no shell or prompt takes amiss. */
export function passwordSecret(
  scope: Construct, id: string, userName: string, description: string,
  options: { readonly encryptionKey?: kms.IKey; readonly removalPolicy: RemovalPolicy },
): secretsmanager.Secret {
  return new secretsmanager.Secret(scope, id, {
    description,
    encryptionKey: options.encryptionKey,
    removalPolicy: options.removalPolicy,
    generateSecretString: {
      secretStringTemplate: JSON.stringify({ username: userName }),
      generateStringKey: 'password',
      passwordLength: PASSWORD_LENGTH,
      excludePunctuation: true,
      includeSpace: false,
    },
  });
}

/** ARNs of the roles that are not kept out of a secret. */
const READERS = new WeakMap<secretsmanager.ISecret, string[]>();

/**
 * Lets the admin client of a cluster that is made from a backup read the password that is in it. `roleName` is given where the role is in another stack, which
 * needs this one: a reference would be a circle.
 */
export function letRestorerRead(secret: secretsmanager.ISecret, restorer: iam.IRole, roleName: string | undefined): void {
  const stack = Stack.of(secret);
  const roleArn = roleName === undefined ? restorer.roleArn : stack.formatArn({ service: 'iam', region: '', resource: 'role', resourceName: roleName });
  READERS.get(secret)?.push(roleArn);
}

/** Whether a secret's policy names who alone may read it, and is in another stack than whoever asks. */
export function isClosedElsewhere(secret: secretsmanager.ISecret, scope: IConstruct): boolean {
  return READERS.has(secret) && Stack.of(secret) !== Stack.of(scope);
}

function onlyFor(reader: iam.IRole, secret: secretsmanager.Secret): secretsmanager.Secret {
  const readers = [reader.roleArn];
  READERS.set(secret, readers);
  secret.addToResourcePolicy(new iam.PolicyStatement({
    sid: 'OnlyTheAdminClientReads',
    effect: iam.Effect.DENY,
    principals: [new iam.AnyPrincipal()],
    actions: READ_SECRET_ACTIONS,
    resources: ['*'],
    conditions: { ArnNotEquals: { 'aws:PrincipalArn': Lazy.any({ produce: () => readers.length === 1 ? readers[0] : readers }) } },
  }));
  return secret;
}
