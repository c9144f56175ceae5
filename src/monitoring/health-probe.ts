import { Duration, Stack } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { HandlerFunction } from '../lifecycle/handler-function';
import type { Probe } from '../lifecycle/probe-contract';
import { CLUSTER_PROBE_ACTIONS, KEY_STORE_PROBE_ACTIONS, READ_PARAMETER_ACTIONS } from '../private/permissions';

/** Settings of a `HealthProbe`. */
export interface HealthProbeProps {
  /**
   * The VPC the function is attached to.
   *
   * Its subnets need a way to the APIs of CloudHSM, KMS, Systems Manager and CloudWatch Logs.
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
   * Key that encrypts the log. Not one of a key store that is watched.
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
}

/** A few calls, with the SDK's own retries. One that hangs is worth an alarm. */
const TIMEOUT = Duration.seconds(30);

/**
 * The one function that looks at clusters and key stores, and reports metrics in the namespace `CdkCloudHSM`.
 *
 * A stack makes one by itself when its first monitor needs it; make your own to place the function in a VPC or to give it your key and boundary, and
 * pass it as `probe`.
 *
 * @resource AWS::Lambda::Function
 */
export class HealthProbe extends Construct {
  /** The probe of the stack that `scope` is in: made when first asked for. */
  public static forStack(scope: Construct): HealthProbe {
    const stack = Stack.of(scope);
    return (stack.node.tryFindChild(DEFAULT_ID) as HealthProbe | undefined) ?? new HealthProbe(stack, DEFAULT_ID);
  }

  /** The function. */
  public readonly handler: lambda.IFunction;

  /** Role of the function. */
  public readonly role: iam.IRole;

  /** Key that encrypts the log. */
  public readonly encryptionKey: kms.IKey;

  private readonly policy: iam.ManagedPolicy;
  private readonly unscoped: iam.ManagedPolicy;
  private looksAtClusters = false;

  constructor(scope: Construct, id: string, props: HealthProbeProps = {}) {
    super(scope, id);
    const made = new HandlerFunction(this, {
      bundle: 'probe',
      description: 'Looks at CloudHSM clusters and key stores',
      subject: 'Probe of CloudHSM',
      keyDescription: 'Encrypts the log of cdk-cloudhsm\'s probe',
      timeout: TIMEOUT,
    }, props);
    this.handler = made.handler;
    this.role = made.role;
    this.encryptionKey = made.encryptionKey;
    this.policy = made.policy;
    this.unscoped = made.unscoped;
  }

  /**
   * Looking at clusters, and at the trust anchor of one.
   *
   * @internal
   */
  public _lookAtCluster(trustAnchor: ssm.IStringParameter): void {
    if (!this.looksAtClusters) this.unscoped.addStatements(new iam.PolicyStatement({ actions: CLUSTER_PROBE_ACTIONS, resources: ['*'] }));
    this.looksAtClusters = true;
    this.policy.addStatements(new iam.PolicyStatement({ actions: READ_PARAMETER_ACTIONS, resources: [trustAnchor.parameterArn] }));
  }

  /**
   * Making data keys with a key.
   *
   * @internal
   */
  public _makeDataKeys(key: kms.IKey): void {
    this.policy.addStatements(new iam.PolicyStatement({ actions: KEY_STORE_PROBE_ACTIONS, resources: [key.keyArn] }));
  }

  /**
   * Has the function look every so often.
   *
   * @internal
   */
  public _every(scope: Construct, interval: Duration, probe: Probe): events.Rule {
    return new events.Rule(scope, 'Schedule', {
      description: 'Has cdk-cloudhsm\'s probe look at what a monitor watches',
      schedule: events.Schedule.rate(interval),
      targets: [new targets.LambdaFunction(this.handler, { event: events.RuleTargetInput.fromObject(probe) })],
    });
  }
}

/** Fixed: logical ids are contract. */
const DEFAULT_ID = 'CloudHsmProbe';
