import { join } from 'path';
import { Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { machineDefinition } from './machine-definition';
import { ProviderPermissions } from './provider-permissions';
import type { ILifecycleProvider } from './provider-ref';
import { ENVIRONMENT } from './resource-contract';
import { endpointsOf } from '../private/network-path';
import { TRACING_ACTIONS } from '../private/permissions';

/** Settings of a `LifecycleProvider`. */
export interface LifecycleProviderProps {
  /**
   * The VPC the function is attached to.
   *
   * Its subnets need a way to the APIs of CloudHSM, EC2, Auto Scaling, Systems Manager, KMS, Step Functions, CloudWatch Logs and Service Quotas,
   * and to CloudFormation's response bucket in Amazon S3.
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
   * Role of the function. A role that is made in this app is given what the function needs; an imported one is left as it is and must have been
   * given it.
   *
   * @default - a new role
   */
  readonly role?: iam.IRole;

  /**
   * Permissions boundary of the roles that are made.
   *
   * @default - none
   */
  readonly permissionsBoundary?: iam.IManagedPolicy;

  /**
   * Key that seals response URLs and encrypts the logs and environment of function and machine.
   *
   * @default - a key of its own, rotated every year
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * How long the logs of function and machine are kept.
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
   * Memory of the function, in MiB: 128 to 10,240.
   *
   * @default 512
   */
  readonly memorySize?: number;

  /**
   * How many copies of the function may run at once. An account with a limit of 10 cannot reserve any.
   *
   * @default - not reserved
   */
  readonly reservedConcurrentExecutions?: number;

  /**
   * Topic that gets requests which could not be handled. Such a request holds the response URL: whoever reads the topic can answer
   * for the resource, so encrypt it and keep its readers few.
   *
   * @default - none
   */
  readonly deadLetterTopic?: sns.ITopic;

  /**
   * Instruction set of the function.
   *
   * @default lambda.Architecture.ARM_64
   */
  readonly architecture?: lambda.Architecture;
}

/** Seconds one step may take: a handful of API calls. */
const STEP_TIMEOUT = Duration.seconds(60);

/**
 * The one function and the one state machine that carry the custom resources of this library through their requests.
 *
 * A stack makes one by itself when its first cluster needs it; make your own to place the function in a VPC or to give it your keys and boundaries,
 * and pass it as `lifecycleProvider`.
 *
 * @resource AWS::Lambda::Function
 */
export class LifecycleProvider extends Construct implements ILifecycleProvider {
  /** The provider of the stack that `scope` is in: made when first asked for. */
  public static forStack(scope: Construct): LifecycleProvider {
    const stack = Stack.of(scope);
    return (stack.node.tryFindChild(DEFAULT_ID) as LifecycleProvider | undefined) ?? new LifecycleProvider(stack, DEFAULT_ID);
  }

  public readonly serviceToken: string;
  public readonly stateMachineArn: string;
  public readonly role: iam.IRole;

  /** The function that handles the requests. */
  public readonly handler: lambda.IFunction;

  /** Key that seals response URLs and encrypts logs. */
  public readonly encryptionKey: kms.IKey;

  /** @internal */
  public readonly _permissions: ProviderPermissions;

  constructor(scope: Construct, id: string, props: LifecycleProviderProps = {}) {
    super(scope, id);
    const { permissionsBoundary } = props;
    this.encryptionKey = props.encryptionKey ?? new kms.Key(this, 'Key', {
      description: 'Seals the response URLs of cdk-cloudhsm\'s custom resources and encrypts their logs',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.encryptionKey.grantEncryptDecrypt(new iam.ServicePrincipal(`logs.${Aws.REGION}.${Aws.URL_SUFFIX}`));

    const made = props.role ? undefined : new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: 'Brings CloudHSM clusters to their desired state',
      permissionsBoundary,
    });
    // Everything is granted by the policies below: nothing else may add an inline or an AWS managed policy.
    this.role = props.role ?? made!.withoutPolicyUpdates();
    this._permissions = new ProviderPermissions(this, props.role ?? made!);
    const logGroup = this.logGroup('Log', props);
    this._permissions.writeLogs(logGroup);
    if (props.vpc) this._permissions.attachToVpc();

    const handler = new lambda.Function(this, 'Handler', {
      description: 'Brings CloudHSM clusters to their desired state',
      code: lambda.Code.fromAsset(join(__dirname, '..', '..', 'assets', 'handlers', 'lifecycle')),
      handler: 'index.handler',
      runtime: props.runtime ?? lambda.determineLatestNodeRuntime(this),
      architecture: props.architecture ?? lambda.Architecture.ARM_64,
      timeout: STEP_TIMEOUT,
      memorySize: props.memorySize ?? 512,
      role: this.role,
      logGroup,
      environment: {
        [ENVIRONMENT.providerKeyArn]: this.encryptionKey.keyArn,
        [ENVIRONMENT.functionTimeoutSeconds]: String(STEP_TIMEOUT.toSeconds()),
      },
      vpc: props.vpc,
      vpcSubnets: props.vpcSubnets,
      securityGroups: props.securityGroups,
      reservedConcurrentExecutions: props.reservedConcurrentExecutions,
      tracing: lambda.Tracing.ACTIVE,
      deadLetterTopic: props.deadLetterTopic,
    });
    this._permissions.precede(handler);
    if (props.vpc) handler.node.addDependency(endpointsOf(this, props.vpc));
    this.handler = handler;
    this.serviceToken = handler.functionArn;

    const machine = this.machine(handler, props);
    this.stateMachineArn = machine.stateMachineArn;
    this._permissions.startMachine(machine);
    this._permissions.useKey(this.encryptionKey);
    if (props.deadLetterTopic) this._permissions.publish(props.deadLetterTopic);
    if (props.deadLetterTopic?.masterKey) this._permissions.useKey(props.deadLetterTopic.masterKey);
  }

  private machine(handler: lambda.IFunction, props: LifecycleProviderProps): sfn.StateMachine {
    const role = new iam.Role(this, 'MachineRole', {
      assumedBy: new iam.ServicePrincipal('states.amazonaws.com'),
      description: 'Steps of cdk-cloudhsm\'s lifecycle machine',
      permissionsBoundary: props.permissionsBoundary,
    });
    // Two policies, for one that names the function comes after it, and IAM takes its time with each. No step is taken before the custom resources are made.
    new iam.ManagedPolicy(this, 'MachineInvokePolicy', {
      description: 'Invokes the lifecycle function',
      roles: [role],
      statements: [new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [handler.functionArn] })],
    });
    const policy = new iam.ManagedPolicy(this, 'MachinePolicy', {
      description: 'Writes the log and the traces of the machine',
      roles: [role],
      statements: [
        // Delivery of vended logs is set up by these; none takes a resource.
        new iam.PolicyStatement({
          actions: [
            'logs:CreateLogDelivery', 'logs:GetLogDelivery', 'logs:UpdateLogDelivery', 'logs:DeleteLogDelivery', 'logs:ListLogDeliveries',
            'logs:PutResourcePolicy', 'logs:DescribeResourcePolicies', 'logs:DescribeLogGroups',
          ],
          resources: ['*'],
        }),
        new iam.PolicyStatement({ actions: [...TRACING_ACTIONS, 'xray:GetSamplingRules', 'xray:GetSamplingTargets'], resources: ['*'] }),
      ],
    });
    const machine = new sfn.StateMachine(this, 'Machine', {
      definitionBody: sfn.DefinitionBody.fromChainable(machineDefinition(this, handler)),
      role: role.withoutPolicyUpdates(),
      tracingEnabled: true,
      // Data is left out: it holds ids and names only, but the least that is kept is the safest.
      logs: { destination: this.logGroup('MachineLog', props), level: sfn.LogLevel.ALL, includeExecutionData: false },
    });
    machine.node.addDependency(policy);
    return machine;
  }

  private logGroup(id: string, props: LifecycleProviderProps): logs.LogGroup {
    return new logs.LogGroup(this, id, {
      retention: props.logRetention ?? logs.RetentionDays.ONE_YEAR,
      encryptionKey: this.encryptionKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}

/** Fixed: logical ids are contract. */
const DEFAULT_ID = 'CloudHsmLifecycle';
