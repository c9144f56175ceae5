import { Duration, Stack } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { ADMIN_CLIENT_TAG } from './admin-client-ref';
import type { IAdminClient } from './admin-client-ref';
import { HandlerFunction } from '../lifecycle/handler-function';
import { PARAMETER_PREFIX } from '../lifecycle/resource-contract';
import { ROTATION_ENVIRONMENT, ROTATION_SETTINGS } from '../lifecycle/rotation-contract';
import {
  BACKUP_LOOKUP_ACTIONS, CLUSTER_LOOKUP_ACTIONS, COMMAND_LOOKUP_ACTIONS, KEPT_PASSWORD_ACTIONS, PARAMETER_ACTIONS, PASSWORD_ACTIONS, ROTATION_ACTIONS,
  SECRET_KEY_ACTIONS,
} from '../private/permissions';

/** Settings of a `PasswordRotator`. */
export interface PasswordRotatorProps {
  /**
   * The VPC the function is attached to.
   *
   * Its subnets need a way to the APIs of Secrets Manager, Systems Manager, Auto Scaling, CloudHSM, KMS and CloudWatch Logs.
   *
   * @default - the function is not attached to a VPC
   */
  readonly vpc?: ec2.IVpc;

  /**
   * Where in the VPC the function's interfaces are.
   *
   * @default - private subnets
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * Security groups of the function.
   *
   * @default - a new one, when there is a VPC
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * Permissions boundary of the role that is made.
   *
   * @default - none
   */
  readonly permissionsBoundary?: iam.IManagedPolicy;

  /**
   * Key that encrypts the log.
   *
   * @default - a key of its own, rotated every year
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * How long the log is kept.
   *
   * @default logs.RetentionDays.ONE_YEAR
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * Node.js runtime of the function.
   *
   * @default - the newest one that the Region offers
   */
  readonly runtime?: lambda.Runtime;

  /**
   * Instruction set of the function.
   *
   * @default lambda.Architecture.ARM_64
   */
  readonly architecture?: lambda.Architecture;

  /**
   * How many copies of the function may run at once. Secrets Manager asks for ten or more; an account with a limit of 10 cannot reserve any.
   *
   * @default - not reserved
   */
  readonly reservedConcurrentExecutions?: number;

  /**
   * Topic that gets steps of rotations which could not be carried out: name of the step, ARN and version of the secret.
   *
   * @default - none
   */
  readonly deadLetterTopic?: sns.ITopic;
}

/** All that Lambda allows: it waits for other changes of the cluster and for a script. Secrets Manager tries again when that is not enough. */
const TIMEOUT = Duration.minutes(15);

/**
 * The one function that rotates passwords of HSM users for Secrets Manager.
 *
 * A stack makes one by itself when its first user needs it; make your own to place the function in a VPC or to give it your key and boundary, and pass it
 * as `rotator`. It runs scripts on the admin client and labels versions of secrets; it reads no password but those it makes.
 *
 * @resource AWS::Lambda::Function
 */
export class PasswordRotator extends Construct {
  /** The rotator of the stack that `scope` is in: made when first asked for. */
  public static forStack(scope: Construct): PasswordRotator {
    const stack = Stack.of(scope);
    return (stack.node.tryFindChild(DEFAULT_ID) as PasswordRotator | undefined) ?? new PasswordRotator(stack, DEFAULT_ID);
  }

  /** The function. */
  public readonly handler: lambda.IFunction;

  /** Role of the function. */
  public readonly role: iam.IRole;

  /** Key that encrypts the log. */
  public readonly encryptionKey: kms.IKey;

  private readonly policy: iam.ManagedPolicy;
  private readonly unscoped: iam.ManagedPolicy;
  private readonly statements = new Map<string, iam.PolicyStatement>();
  private looksAtBackups = false;

  constructor(scope: Construct, id: string, props: PasswordRotatorProps = {}) {
    super(scope, id);
    const made = new HandlerFunction(this, {
      bundle: 'rotation',
      description: 'Rotates passwords of CloudHSM users',
      subject: 'Rotation of CloudHSM passwords',
      keyDescription: 'Encrypts the log of cdk-cloudhsm\'s rotation function',
      timeout: TIMEOUT,
      environment: { [ROTATION_ENVIRONMENT.settingsPath]: this._settingsPath },
    }, props);
    this.handler = made.handler;
    this.role = made.role;
    this.encryptionKey = made.encryptionKey;
    this.policy = made.policy;
    this.unscoped = made.unscoped;
    this.unscoped.addStatements(new iam.PolicyStatement({ actions: [...COMMAND_LOOKUP_ACTIONS, ...CLUSTER_LOOKUP_ACTIONS, ...PASSWORD_ACTIONS], resources: ['*'] }));
    this.allow(PARAMETER_ACTIONS, [Stack.of(this).formatArn({ service: 'ssm', resource: 'parameter', resourceName: `${PARAMETER_PREFIX.slice(1)}/*` })]);
    if (props.deadLetterTopic) {
      this.allow(['sns:Publish'], [props.deadLetterTopic.topicArn]);
      if (props.deadLetterTopic.masterKey) this.allow(SECRET_KEY_ACTIONS, [props.deadLetterTopic.masterKey.keyArn]);
    }
    new lambda.CfnPermission(this, 'FromSecretsManager', {
      action: 'lambda:InvokeFunction',
      functionName: this.handler.functionName,
      principal: 'secretsmanager.amazonaws.com',
      sourceAccount: Stack.of(this).account,
    });
  }

  /**
   * Where the function finds what it is told of its secrets.
   *
   * @internal
   */
  public get _settingsPath(): string {
    return `${PARAMETER_PREFIX}/${ROTATION_SETTINGS}/${this.node.addr}`;
  }

  /**
   * Making versions of a secret, and scripts on the admin client.
   *
   * @internal
   */
  public _rotate(secret: secretsmanager.ISecret, key: kms.IKey | undefined, adminClient: IAdminClient, documentNames: readonly string[]): void {
    const stack = Stack.of(this);
    this.allow(ROTATION_ACTIONS, [secret.secretFullArn ?? `${secret.secretArn}-??????`]);
    if (key) this.allow(SECRET_KEY_ACTIONS, [key.keyArn]);
    this.allow(['ssm:SendCommand'], documentNames.map((resourceName) => stack.formatArn({ service: 'ssm', resource: 'document', resourceName })));
    this.allow(['ssm:SendCommand'], [stack.formatArn({ service: 'ec2', resource: 'instance', resourceName: '*' })], adminClient.tagValue)
      .addCondition('StringEquals', { [`ssm:resourceTag/${ADMIN_CLIENT_TAG}`]: adminClient.tagValue });
  }

  /**
   * Which versions of an admin's secret backups of the cluster need.
   *
   * @internal
   */
  public _keepPasswords(secret: secretsmanager.ISecret): void {
    this.allow(KEPT_PASSWORD_ACTIONS, [secret.secretArn]);
    if (!this.looksAtBackups) this.unscoped.addStatements(new iam.PolicyStatement({ actions: BACKUP_LOOKUP_ACTIONS, resources: ['*'] }));
    this.looksAtBackups = true;
  }

  /** One statement for the same actions, however many secrets come. */
  private allow(actions: readonly string[], resources: readonly string[], purpose: string = ''): iam.PolicyStatement {
    const key = [purpose, ...actions].join();
    const known = this.statements.get(key);
    if (known) {
      known.addResources(...resources.filter((resource) => !known.resources.includes(resource)));
      return known;
    }
    const statement = new iam.PolicyStatement({ actions: [...actions], resources: [...resources] });
    this.statements.set(key, statement);
    this.policy.addStatements(statement);
    return statement;
  }
}

/** Fixed: logical ids are contract. */
const DEFAULT_ID = 'CloudHsmRotation';
