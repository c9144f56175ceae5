import type { Package } from './deployment-package';
import { sessionOf } from './environments';
import { conflict, elsewhere, invalid, preconditionFailed } from './errors';
import { arnOf } from './names';
import type { Configuration, FunctionRecord } from './state';
import { idFormat } from '../../kernel';
import { ServiceError, textOf, type Caller, type Context, type Output } from '../../wire/operation';

/** The members of CreateFunction and UpdateFunctionConfiguration that make up a configuration. */
export interface ConfigurationInput {
  readonly Runtime?: string;
  readonly Role?: string;
  readonly Handler?: string;
  readonly Description?: string;
  readonly Timeout?: number;
  readonly MemorySize?: number;
  readonly VpcConfig?: { readonly SubnetIds?: readonly string[]; readonly SecurityGroupIds?: readonly string[] };
  readonly DeadLetterConfig?: { readonly TargetArn?: string };
  readonly Environment?: { readonly Variables?: { readonly [name: string]: string } };
  readonly KMSKeyArn?: string;
  readonly TracingConfig?: { readonly Mode?: string };
  readonly Layers?: readonly string[];
  readonly FileSystemConfigs?: readonly unknown[];
  readonly EphemeralStorage?: { readonly Size: number };
  readonly SnapStart?: { readonly ApplyOn?: string };
  readonly LoggingConfig?: Partial<Configuration['LoggingConfig']>;
}

const DEFAULTS = {
  Description: '',
  Timeout: 3,
  MemorySize: 128,
  TracingConfig: { Mode: 'PassThrough' },
  Architectures: ['x86_64'],
  EphemeralStorage: { Size: 512 },
  SnapStart: { ApplyOn: 'None' },
};

/** Names that Lambda sets itself. */
const RESERVED = new Set([
  '_HANDLER', '_X_AMZN_TRACE_ID', 'AWS_DEFAULT_REGION', 'AWS_REGION', 'AWS_EXECUTION_ENV', 'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE', 'AWS_LAMBDA_FUNCTION_VERSION', 'AWS_LAMBDA_INITIALIZATION_TYPE', 'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME', 'AWS_ACCESS_KEY', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API', 'LAMBDA_TASK_ROOT', 'LAMBDA_RUNTIME_DIR',
]);

/** Longest form of all variables together, in bytes. */
const VARIABLES_LIMIT = 4096;

/** Lambda acting by itself, for instance to look at a role before it accepts it. */
export function asLambda(context: Context): Pick<Caller, 'principal' | 'position'> {
  return {
    principal: {
      kind: 'service', account: context.account, service: 'lambda.amazonaws.com', arn: `arn:${context.partition}:iam::${context.account}:service/lambda`,
    },
    position: { kind: 'service', service: 'lambda' },
  };
}

/** What becomes of a configuration, or of none, when the input and a package are applied to it. */
export function applied(context: Context, name: string, before: Configuration | undefined, input: ConfigurationInput, code: Package): Configuration {
  checkRuntime(context, input.Runtime ?? before?.Runtime);
  checkVariables(input.Environment?.Variables);
  const chosen = Object.fromEntries(Object.entries(input).filter(([key, value]) => key in MEMBERS && value !== undefined));
  const Handler = input.Handler ?? before?.Handler;
  if (!Handler) throw invalid('Runtime and Handler are mandatory parameters for functions created with deployment packages.');
  const next: Configuration = {
    ...DEFAULTS,
    ...before,
    ...chosen,
    ...code,
    FunctionName: name,
    Runtime: (input.Runtime ?? before?.Runtime)!,
    Role: (input.Role ?? before?.Role)!,
    Handler,
    VpcConfig: input.VpcConfig ? attachment(context, input.VpcConfig) : before?.VpcConfig,
    LoggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${name}`, ...before?.LoggingConfig, ...input.LoggingConfig },
    lastModified: context.now,
    RevisionId: idFormat.uuid(context.id('revision', name)),
  };
  checkRole(context, next);
  return next;
}

const MEMBERS: { readonly [name in keyof ConfigurationInput]: true } = {
  Description: true, Timeout: true, MemorySize: true, DeadLetterConfig: true, Environment: true, KMSKeyArn: true, TracingConfig: true, Layers: true,
  FileSystemConfigs: true, EphemeralStorage: true, SnapStart: true,
};

function checkRuntime(context: Context, runtime: string | undefined): void {
  if (!runtime) throw invalid('Runtime and Handler are mandatory parameters for functions created with deployment packages.');
  if (context.row<string[]>('runtimes').includes(runtime)) return;
  if (context.row<string[]>('retired-runtimes').includes(runtime)) {
    throw invalid(`The runtime parameter of ${runtime} is no longer supported for creating or updating AWS Lambda functions. `
      + 'We recommend you use a supported runtime while creating or updating functions.');
  }
  throw invalid(`[emulator] functions with the runtime ${runtime} are not emulated: only Node.js runs here`);
}

/** Lambda has to be let in by the role, and the role has to be good for what the function is to have. */
function checkRole(context: Context, configuration: Configuration): void {
  const as = sessionOf(context, configuration);
  if (!isGranted(context, 'sts:AssumeRole', configuration.Role, asLambda(context))) {
    throw invalid('The role defined for the function cannot be assumed by Lambda.');
  }
  const wanted = context.row<Readonly<Record<string, RoleNeed>>>('lambda/role-needs');
  const has: Readonly<Record<string, boolean>> = { vpc: configuration.VpcConfig !== undefined, tracing: configuration.TracingConfig.Mode === 'Active' };
  for (const [feature, { service, actions }] of Object.entries(wanted)) {
    const missing = has[feature] ? actions.find((action) => !isGranted(context, action, '*', as)) : undefined;
    if (missing !== undefined) throw invalid(textOf(context, 'lambda/text-role-needs', { action: missing.split(':')[1], service }));
  }
}

/** What a role must be allowed for a feature of its function. */
interface RoleNeed {
  readonly service: string;
  readonly actions: readonly string[];
}

function isGranted(context: Context, action: string, resource: string, as: Partial<Caller>): boolean {
  try {
    context.demand(action, resource, as);
    return true;
  } catch (error) {
    if (error instanceof ServiceError) return false;
    throw error;
  }
}

function checkVariables(variables: { readonly [name: string]: string } | undefined): void {
  if (!variables) return;
  const reserved = Object.keys(variables).filter((name) => RESERVED.has(name));
  if (reserved.length > 0) {
    throw invalid('Lambda was unable to configure your environment variables because the environment variables you have provided contains '
      + `reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`);
  }
  const text = JSON.stringify(variables);
  if (Buffer.byteLength(text) > VARIABLES_LIMIT) {
    throw invalid('Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB '
      + `limit. String measured: ${text}`);
  }
}

function attachment(context: Context, { SubnetIds = [], SecurityGroupIds = [] }: NonNullable<ConfigurationInput['VpcConfig']>): Configuration['VpcConfig'] {
  if (SubnetIds.length === 0 && SecurityGroupIds.length === 0) return undefined;
  if (SubnetIds.length === 0 || SecurityGroupIds.length === 0) {
    throw invalid('SubnetIds and SecurityIds must coexist or be both empty list.');
  }
  const subnets = described<{ Subnets: Array<{ VpcId: string }> }>(context, 'DescribeSubnets', { SubnetIds });
  described(context, 'DescribeSecurityGroups', { GroupIds: SecurityGroupIds });
  return { SubnetIds, SecurityGroupIds, VpcId: subnets?.Subnets[0]?.VpcId ?? '' };
}

function described<O>(context: Context, operation: string, input: object): O | undefined {
  try {
    return context.call<O>('ec2', operation, input, asLambda(context));
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    if (error.name === 'NotImplemented') return undefined;
    throw elsewhere('EC2', operation, error);
  }
}

/** Refuses an update while another is in progress, or of a revision that is not the latest any more. */
export function checkUpdatable(context: Context, record: FunctionRecord, revisionId: string | undefined): void {
  const arn = arnOf(context, record.name);
  if (record.state === 'Pending') {
    throw conflict(`The operation cannot be performed at this time. The function is currently in the following state: ${record.state}`);
  }
  if (record.update === 'InProgress') {
    throw conflict(`The operation cannot be performed at this time. An update is in progress for resource: ${arn}`);
  }
  if (revisionId !== undefined && revisionId !== record.latest.RevisionId) throw preconditionFailed();
}

/** What Lambda says of where a function stands. */
export interface Condition {
  readonly state: FunctionRecord['state'];
  readonly update: FunctionRecord['update'];
}

/** A configuration as operations answer it. */
export function shown(context: Context, configuration: Configuration, version: string, { state, update }: Condition): Output {
  const { code: _, lastModified, Layers, SnapStart, ...members } = configuration;
  const qualifier = version === '$LATEST' ? undefined : version;
  return {
    ...members,
    FunctionArn: arnOf(context, configuration.FunctionName, qualifier),
    Version: version,
    LastModified: new Date(context.kernel.hostTime(lastModified)).toISOString().replace('Z', '+0000'),
    State: state,
    ...(state === 'Pending' ? { StateReason: 'The function is being created.', StateReasonCode: 'Creating' } : {}),
    LastUpdateStatus: update,
    ...(update === 'InProgress' ? { LastUpdateStatusReason: 'The function is being created.', LastUpdateStatusReasonCode: 'Creating' } : {}),
    PackageType: 'Zip',
    SnapStart: { ...SnapStart, OptimizationStatus: 'Off' },
    ...(Layers ? { Layers: Layers.map((Arn) => ({ Arn, CodeSize: 0 })) } : {}),
    RuntimeVersionConfig: {
      RuntimeVersionArn: `arn:${context.partition}:lambda:${context.region}::runtime:${context.kernel.ids.named('runtime', configuration.Runtime).toString('hex')}`,
    },
  };
}
