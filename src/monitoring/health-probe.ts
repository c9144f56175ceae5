import { join } from 'path';
import { Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { Probe } from '../lifecycle/probe-contract';
import { endpointsOf } from '../private/network-path';
import { CLUSTER_PROBE_ACTIONS, KEY_STORE_PROBE_ACTIONS, READ_PARAMETER_ACTIONS, TRACING_ACTIONS, VPC_FUNCTION_ACTIONS } from '../private/permissions';

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
    this.encryptionKey = props.encryptionKey ?? new kms.Key(this, 'Key', {
      description: 'Encrypts the log of cdk-cloudhsm\'s probe',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.encryptionKey.grantEncryptDecrypt(new iam.ServicePrincipal(`logs.${Aws.REGION}.${Aws.URL_SUFFIX}`));
    const made = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: 'Looks at CloudHSM clusters and key stores',
      permissionsBoundary: props.permissionsBoundary,
    });
    // Everything is granted by the policies below: nothing else may add an inline or an AWS managed policy.
    this.role = made.withoutPolicyUpdates();
    const logGroup = new logs.LogGroup(this, 'Log', {
      retention: props.logRetention ?? logs.RetentionDays.ONE_YEAR,
      encryptionKey: this.encryptionKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.policy = new iam.ManagedPolicy(this, 'Policy', {
      description: 'Probe of CloudHSM: what it looks at',
      roles: [made],
      statements: [new iam.PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] })],
    });
    // None of these takes a resource: `*` is the narrowest there is.
    this.unscoped = new iam.ManagedPolicy(this, 'Unscoped', {
      description: 'Probe of CloudHSM: what takes no resource',
      roles: [made],
      statements: [new iam.PolicyStatement({ actions: [...TRACING_ACTIONS, ...props.vpc ? VPC_FUNCTION_ACTIONS : []], resources: ['*'] })],
    });
    const handler = new lambda.Function(this, 'Handler', {
      description: 'Looks at CloudHSM clusters and key stores',
      code: lambda.Code.fromAsset(join(__dirname, '..', '..', 'assets', 'handlers', 'probe')),
      handler: 'index.handler',
      runtime: props.runtime ?? lambda.determineLatestNodeRuntime(this),
      architecture: props.architecture ?? lambda.Architecture.ARM_64,
      timeout: TIMEOUT,
      memorySize: 256,
      role: this.role,
      logGroup,
      vpc: props.vpc,
      vpcSubnets: props.vpcSubnets,
      securityGroups: props.securityGroups,
      tracing: lambda.Tracing.ACTIVE,
    });
    handler.node.addDependency(this.policy, this.unscoped);
    if (props.vpc) handler.node.addDependency(endpointsOf(this, props.vpc));
    this.handler = handler;
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
