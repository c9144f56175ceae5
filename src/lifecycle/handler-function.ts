import { join } from 'path';
import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { endpointsOf } from '../private/network-path';
import { TRACING_ACTIONS, VPC_FUNCTION_ACTIONS } from '../private/permissions';

/** What users may say of a function of this library; the public properties say what each means. */
export interface HandlerFunctionSettings {
  readonly vpc?: ec2.IVpc;
  readonly vpcSubnets?: ec2.SubnetSelection;
  readonly securityGroups?: ec2.ISecurityGroup[];
  readonly permissionsBoundary?: iam.IManagedPolicy;
  readonly encryptionKey?: kms.IKey;
  readonly logRetention?: logs.RetentionDays;
  readonly runtime?: lambda.Runtime;
  readonly architecture?: lambda.Architecture;
  readonly reservedConcurrentExecutions?: number;
  readonly deadLetterTopic?: sns.ITopic;
}

/** What a function of this library is. */
export interface HandlerFunctionDefinition {
  /** Folder of its bundle. */
  readonly bundle: string;
  readonly description: string;
  /** Of whom the policies are, such as `Probe of CloudHSM`. */
  readonly subject: string;
  /** What the key encrypts. */
  readonly keyDescription: string;
  readonly timeout: Duration;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A function with a key, a log group, and a role that has two policies: one for what has a resource, one for what takes none. */
export class HandlerFunction {
  public readonly handler: lambda.Function;
  public readonly role: iam.IRole;
  public readonly encryptionKey: kms.IKey;
  public readonly policy: iam.ManagedPolicy;
  public readonly unscoped: iam.ManagedPolicy;

  constructor(scope: Construct, definition: HandlerFunctionDefinition, settings: HandlerFunctionSettings) {
    this.encryptionKey = settings.encryptionKey ?? new kms.Key(scope, 'Key', {
      description: definition.keyDescription, enableKeyRotation: true, removalPolicy: RemovalPolicy.DESTROY,
    });
    this.encryptionKey.grantEncryptDecrypt(new iam.ServicePrincipal(`logs.${Aws.REGION}.${Aws.URL_SUFFIX}`));
    const made = new iam.Role(scope, 'Role', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: definition.description,
      permissionsBoundary: settings.permissionsBoundary,
    });
    // Everything is granted by the policies below: nothing else may add an inline or an AWS managed policy.
    this.role = made.withoutPolicyUpdates();
    const logGroup = new logs.LogGroup(scope, 'Log', {
      retention: settings.logRetention ?? logs.RetentionDays.ONE_YEAR,
      encryptionKey: this.encryptionKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.policy = new iam.ManagedPolicy(scope, 'Policy', {
      description: `${definition.subject}: what it looks at`,
      roles: [made],
      statements: [new iam.PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] })],
    });
    // None of these takes a resource: `*` is the narrowest there is.
    this.unscoped = new iam.ManagedPolicy(scope, 'Unscoped', {
      description: `${definition.subject}: what takes no resource`,
      roles: [made],
      statements: [new iam.PolicyStatement({ actions: [...TRACING_ACTIONS, ...settings.vpc ? VPC_FUNCTION_ACTIONS : []], resources: ['*'] })],
    });
    this.handler = new lambda.Function(scope, 'Handler', {
      description: definition.description,
      code: lambda.Code.fromAsset(join(__dirname, '..', '..', 'assets', 'handlers', definition.bundle)),
      handler: 'index.handler',
      runtime: settings.runtime ?? lambda.determineLatestNodeRuntime(scope),
      architecture: settings.architecture ?? lambda.Architecture.ARM_64,
      timeout: definition.timeout,
      memorySize: 256,
      role: this.role,
      logGroup,
      environment: definition.environment,
      vpc: settings.vpc,
      vpcSubnets: settings.vpcSubnets,
      securityGroups: settings.securityGroups,
      reservedConcurrentExecutions: settings.reservedConcurrentExecutions,
      deadLetterTopic: settings.deadLetterTopic,
      tracing: lambda.Tracing.ACTIVE,
    });
    this.handler.node.addDependency(this.policy, this.unscoped);
    if (settings.vpc) this.handler.node.addDependency(endpointsOf(this.handler, settings.vpc));
  }
}
