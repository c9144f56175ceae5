import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as ssm from 'aws-cdk-lib/aws-ssm';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { TEMPORARY_SECRET_PREFIX } from './key-store-contract';
import { KEY_TAGS } from './key-store-key-contract';
import { PARAMETER_PREFIX } from './resource-contract';
import {
  AUDIT_LOG_ACTIONS, AUTHORITY_KEY_ACTIONS, CLOUDHSM_CLUSTER_ACTIONS, CLUSTER_SERVICE, CLOUDHSM_UNSCOPED_ACTIONS, COMMAND_LOOKUP_ACTIONS,
  EXECUTION_ACTIONS, HSM_NETWORK_ACTIONS, KEY_CREATION_ACTIONS, KEY_LIST_ACTIONS, KEY_SEARCH_ACTIONS, KEY_STORE_ACTIONS, KEY_STORE_LOOKUP_ACTIONS,
  KEY_STORE_SERVICE, KEY_TAGGING_ACTIONS, KEY_UPKEEP_ACTIONS, MACHINE_ACTIONS, PARAMETER_ACTIONS, PASSWORD_ACTIONS, PREFLIGHT_ACTIONS,
  PRIVATE_CA_ACTIONS, PRIVATE_CA_ISSUE_ACTIONS, READ_PARAMETER_ACTIONS, RESTORE_ACTIONS, RESTORED_CLUSTER_ACTIONS, SECRET_VERSION_ACTIONS,
  STACK_ACTIONS, TEMPORARY_SECRET_ACTIONS, TRACING_ACTIONS, VPC_FUNCTION_ACTIONS,
} from '../private/permissions';

/** Of commands there is a policy for each of the first admin clients; the last one is for all others, too. */
const COMMANDS = ['Commands', 'Commands2', 'Commands3'] as const;

/** What a policy is about: one policy each. */
type Subject = 'Clusters' | 'Keys' | 'Function' | 'Unscoped' | 'Restores' | 'KeyStores' | 'StoreKeys' | typeof COMMANDS[number];

/**
 * What the provider's function may do, as managed policies: one for each subject, so that a stack of many users and keys stays within the ten
 * policies of a role and 6,144 characters per policy.
 *
 * Nothing is scoped to a thing that a custom resource makes: the custom resources depend on these policies.
 *
 * What comes into a stack as a whole, and may have to go again at once, has a policy of its own: a further cluster, one from a backup, key stores. When an update
 * is rolled back, CloudFormation first takes back what was added to policies that stay, and only then deletes what was made; a policy that was made is
 * deleted after what depends on it. Without it the function could not take back what it has bought.
 */
export class ProviderPermissions extends Construct {
  private readonly policies = new Map<Subject, iam.ManagedPolicy>();
  private readonly statements = new Map<string, iam.PolicyStatement>();
  private readonly tagValues = new Set<string>();

  constructor(scope: Construct, private readonly functionRole: iam.IRole) {
    super(scope, 'Permissions');
    const arn = (service: string, resource: string, resourceName: string) => Stack.of(this).formatArn({ service, resource, resourceName });
    this.allow('Clusters', CLOUDHSM_CLUSTER_ACTIONS, [arn('cloudhsm', 'cluster', '*')]);
    this.allow('Clusters', PARAMETER_ACTIONS, [arn('ssm', 'parameter', `${PARAMETER_PREFIX.slice(1)}/*`)]);
    this.allow('Clusters', AUDIT_LOG_ACTIONS, [
      Stack.of(this).formatArn({ service: 'logs', resource: 'log-group', resourceName: '/aws/cloudhsm/*', arnFormat: ArnFormat.COLON_RESOURCE_NAME }),
    ]);
    // None of these takes a resource, or what it is called on is not known before: `*` is the narrowest there is.
    this.allow('Unscoped', [
      ...CLOUDHSM_UNSCOPED_ACTIONS, ...HSM_NETWORK_ACTIONS, ...PREFLIGHT_ACTIONS, ...KEY_STORE_LOOKUP_ACTIONS, ...COMMAND_LOOKUP_ACTIONS,
      ...TRACING_ACTIONS,
    ], ['*']);
  }

  /** The certificate authority's key. */
  public useAuthorityKey(key: kms.IKey): void {
    this.allow('Keys', AUTHORITY_KEY_ACTIONS, [key.keyArn]);
  }

  /** An authority of AWS Private CA, which issues by this template and no other. */
  public usePrivateCa(arn: string, templateArn: string): void {
    this.allow('Keys', PRIVATE_CA_ACTIONS, [arn]);
    this.allow('Keys', PRIVATE_CA_ISSUE_ACTIONS, [arn])?.addCondition('StringEquals', { 'acm-pca:TemplateArn': templateArn });
  }

  /** A key that seals or encrypts. */
  public useKey(key: kms.IKey): void {
    this.allow('Keys', ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey'], [key.keyArn]);
  }

  /** Run Command with these documents on instances that carry the tag. */
  public runDocuments(documentNames: readonly string[], instanceTag: { readonly key: string; readonly value: string }): void {
    this.tagValues.add(instanceTag.value);
    const index = Math.min([...this.tagValues].indexOf(instanceTag.value), COMMANDS.length - 1);
    const subject = COMMANDS[index];
    this.allow(subject, ['ssm:SendCommand'], documentNames.map((resourceName) => Stack.of(this).formatArn({ service: 'ssm', resource: 'document', resourceName })));
    const tag = `ssm:resourceTag/${instanceTag.key}`;
    const values = index < COMMANDS.length - 1 ? [instanceTag.value] : [...this.tagValues].slice(index);
    this.allow(subject, ['ssm:SendCommand'], [Stack.of(this).formatArn({ service: 'ec2', resource: 'instance', resourceName: '*' })], tag)
      ?.addCondition('StringEquals', { [tag]: values });
  }

  /** Closing a secret for good by its resource policy. */
  public sealSecret(secretArn: string): void {
    this.allow('Keys', ['secretsmanager:PutResourcePolicy'], [secretArn]);
  }

  /** Key stores, the temporary password of `kmsuser`, and the look at what is left in a store. */
  public manageKeyStores(): void {
    const stack = Stack.of(this);
    this.allow('KeyStores', [...KEY_STORE_ACTIONS, ...PASSWORD_ACTIONS], ['*']);
    this.allow('KeyStores', TEMPORARY_SECRET_ACTIONS, [stack.formatArn({
      service: 'secretsmanager', resource: 'secret', resourceName: `${TEMPORARY_SECRET_PREFIX}*`, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    })]);
    this.allow('KeyStores', ['iam:CreateServiceLinkedRole'], [stack.formatArn({
      service: 'iam', region: '', resource: 'role', resourceName: `aws-service-role/${KEY_STORE_SERVICE}/*`,
    })])?.addCondition('StringEquals', { 'iam:AWSServiceName': KEY_STORE_SERVICE });
    this.searchKeys('KeyStores');
  }

  /** Keys in key stores: made with a tag of this stack, and changed only if they carry it. Never by a key's ARN, which would be a circle. */
  public manageStoreKeys(): void {
    const { stackId } = Stack.of(this);
    const made = { [`aws:RequestTag/${KEY_TAGS.stack}`]: stackId };
    this.allow('StoreKeys', KEY_CREATION_ACTIONS, ['*'])?.addCondition('StringEquals', { ...made, 'kms:KeyOrigin': 'AWS_CLOUDHSM' });
    this.allow('StoreKeys', KEY_TAGGING_ACTIONS, ['*'])?.addCondition('StringEquals', made);
    this.allow('StoreKeys', KEY_UPKEEP_ACTIONS, [this.everyKey()])?.addCondition('StringEquals', {
      [`aws:ResourceTag/${KEY_TAGS.stack}`]: stackId, 'kms:KeyOrigin': 'AWS_CLOUDHSM',
    });
    // With a store in the stack the function may do so already.
    if (!this.policies.has('KeyStores')) this.searchKeys('StoreKeys');
  }

  /**
   * Clusters from backups, by the password of the backup's day.
   *
   * In a policy of its own: an update that takes such a cluster out, or rolls back, changes policies that stay before it deletes the cluster, but deletes one that
   * goes after it.
   */
  public restoreClusters(adminSecret: secretsmanager.ISecret): void {
    const stack = Stack.of(this);
    this.allow('Restores', RESTORE_ACTIONS, ['*']);
    this.allow('Restores', RESTORED_CLUSTER_ACTIONS, [stack.formatArn({ service: 'cloudhsm', resource: 'cluster', resourceName: '*' })]);
    this.allow('Restores', SECRET_VERSION_ACTIONS, [adminSecret.secretFullArn ?? `${adminSecret.secretArn}-??????`]);
    this.allow('Restores', ['iam:CreateServiceLinkedRole'], [stack.formatArn({
      service: 'iam', region: '', resource: 'role', resourceName: `aws-service-role/${CLUSTER_SERVICE}/*`,
    })])?.addCondition('StringEquals', { 'iam:AWSServiceName': CLUSTER_SERVICE });
  }

  /** A trust anchor that is kept elsewhere than where this library keeps it. */
  public readTrustAnchor({ parameterName, parameterArn }: ssm.IStringParameter): void {
    if (!parameterName.startsWith(`${PARAMETER_PREFIX}/`)) this.allow('Clusters', READ_PARAMETER_ACTIONS, [parameterArn]);
  }

  /** Parameters of the stack. */
  public readParameters(parameters: readonly ssm.IStringParameter[]): void {
    this.allow('Clusters', READ_PARAMETER_ACTIONS, parameters.map(({ parameterArn }) => parameterArn));
  }

  /** Whether the stack goes back to what it was. */
  public watchStack(): void {
    this.allow('Function', STACK_ACTIONS, [Stack.of(this).stackId]);
  }

  private searchKeys(subject: Subject): void {
    this.allow(subject, KEY_LIST_ACTIONS, ['*']);
    this.allow(subject, KEY_SEARCH_ACTIONS, [this.everyKey()]);
    this.allow(subject, STACK_ACTIONS, [Stack.of(this).stackId]);
  }

  private everyKey(): string {
    return Stack.of(this).formatArn({ service: 'kms', resource: 'key', resourceName: '*' });
  }

  public writeLogs(logGroup: logs.ILogGroup): void {
    this.allow('Function', ['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]);
  }

  /** What Lambda needs to attach a function to a VPC; none of these takes a resource. */
  public attachToVpc(): void {
    this.allow('Unscoped', VPC_FUNCTION_ACTIONS, ['*']);
  }

  /** Asked for when the function is made, so not beside what names the machine, which is made after it. */
  public publish(topic: sns.ITopic): void {
    this.allow('Unscoped', ['sns:Publish'], [topic.topicArn]);
  }

  /**
   * When a function is made, Lambda asks whether its role may write traces, attach it to a VPC and publish to its dead-letter topic: the policy that says so
   * comes first.
   */
  public precede(handler: lambda.Function): void {
    const policy = this.policies.get('Unscoped');
    if (policy) handler.node.addDependency(policy);
  }

  public startMachine(machine: sfn.StateMachine): void {
    this.allow('Function', MACHINE_ACTIONS, [machine.stateMachineArn]);
    this.allow('Function', EXECUTION_ACTIONS, [Stack.of(this).formatArn({
      service: 'states', resource: 'execution', resourceName: `${machine.stateMachineName}:*`, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    })]);
  }

  /** Adds to the statement of the same actions, so that policies stay short without the help of a feature flag. */
  private allow(subject: Subject, actions: readonly string[], resources: string[], purpose: string = ''): iam.PolicyStatement | undefined {
    // An imported role is nobody's to change here.
    if (!iam.Role.isRole(this.functionRole)) return undefined;
    const key = [subject, purpose, ...actions].join();
    const known = this.statements.get(key);
    if (known) {
      known.addResources(...resources);
      return known;
    }
    const statement = new iam.PolicyStatement({ actions: [...new Set(actions)], resources });
    this.statements.set(key, statement);
    this.policy(subject).addStatements(statement);
    return statement;
  }

  private policy(subject: Subject): iam.ManagedPolicy {
    let policy = this.policies.get(subject);
    if (!policy) {
      policy = new iam.ManagedPolicy(this, subject, { description: `Lifecycle of CloudHSM clusters: ${subject.toLowerCase()}`, roles: [this.functionRole] });
      this.policies.set(subject, policy);
    }
    return policy;
  }
}
