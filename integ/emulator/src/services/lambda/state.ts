import type { Table } from '../../kernel';
import type { Context } from '../../wire/operation';

/** What a function or a published version consists of, in the API's member names. Instants are emulated milliseconds. */
export interface Configuration {
  readonly FunctionName: string;
  readonly Runtime: string;
  readonly Role: string;
  readonly Handler: string;
  readonly Description: string;
  readonly Timeout: number;
  readonly MemorySize: number;
  readonly CodeSize: number;
  readonly CodeSha256: string;
  /** Blob of the deployment package. */
  readonly code: string;
  readonly VpcConfig?: { readonly SubnetIds: readonly string[]; readonly SecurityGroupIds: readonly string[]; readonly VpcId: string };
  readonly DeadLetterConfig?: { readonly TargetArn?: string };
  readonly Environment?: { readonly Variables?: { readonly [name: string]: string } };
  readonly KMSKeyArn?: string;
  readonly TracingConfig: { readonly Mode: string };
  readonly Layers?: readonly string[];
  readonly FileSystemConfigs?: readonly unknown[];
  readonly Architectures: readonly string[];
  readonly EphemeralStorage: { readonly Size: number };
  readonly SnapStart: { readonly ApplyOn: string };
  readonly LoggingConfig: {
    readonly LogFormat: 'Text' | 'JSON';
    readonly ApplicationLogLevel?: string;
    readonly SystemLogLevel?: string;
    readonly LogGroup: string;
  };
  readonly lastModified: number;
  readonly RevisionId: string;
}

export interface FunctionRecord {
  readonly name: string;
  readonly latest: Configuration;
  /** What invocations of $LATEST run: an update in progress does not show in it yet. Absent while Pending. */
  readonly deployed?: Configuration;
  readonly state: 'Pending' | 'Active' | 'Failed';
  readonly update: 'Successful' | 'InProgress';
  /** The number of the last published version. */
  readonly lastVersion: number;
  readonly tags: { readonly [key: string]: string };
  readonly reserved?: number;
  readonly runtimeManagement?: { readonly UpdateRuntimeOn: string; readonly RuntimeVersionArn?: string };
}

export interface VersionRecord {
  readonly functionName: string;
  readonly version: string;
  readonly configuration: Configuration;
  readonly state: 'Pending' | 'Active';
}

export interface AliasRecord {
  readonly functionName: string;
  readonly Name: string;
  readonly FunctionVersion: string;
  readonly Description: string;
  readonly RoutingConfig?: { readonly AdditionalVersionWeights?: { readonly [version: string]: number } };
  readonly RevisionId: string;
}

export interface Statement {
  readonly Sid: string;
  readonly [member: string]: unknown;
}

/** The resource policy of a function, a version or an alias. */
export interface PolicyRecord {
  readonly statements: readonly Statement[];
  readonly RevisionId: string;
}

export interface EventInvokeConfig {
  readonly functionName: string;
  readonly qualifier: string;
  readonly lastModified: number;
  readonly MaximumRetryAttempts?: number;
  readonly MaximumEventAgeInSeconds?: number;
  readonly DestinationConfig?: { readonly OnSuccess?: { readonly Destination?: string }; readonly OnFailure?: { readonly Destination?: string } };
}

/** An invocation from its acceptance to its end. */
export interface Invocation {
  readonly id: string;
  readonly functionName: string;
  /** `$LATEST` or a number: an alias has been followed. */
  readonly version: string;
  readonly invokedArn: string;
  readonly qualifier: string;
  readonly type: 'RequestResponse' | 'Event';
  readonly event: string;
  readonly clientContext?: string;
  readonly wantsTail: boolean;
  readonly acceptedAt: number;
  /** How often it has run and failed. */
  readonly failures: number;
  /** How often it was thrown back because nothing was free. */
  readonly throttles: number;
  readonly environmentId?: string;
  /** How often each function stands in the chain of invocations that led here. */
  readonly lineage: { readonly [functionArn: string]: number };
}

export interface EnvironmentRecord {
  readonly id: string;
  readonly functionName: string;
  readonly version: string;
  readonly revision: string;
  /** The invocation it is at; idle without one. */
  readonly invocationId?: string;
  /** How many invocations it has been given. */
  readonly ordinal: number;
  readonly logStream: string;
  readonly subnetId?: string;
}

/** An event that was given up, as it went or would have gone to a queue or destination. */
export interface Discarded {
  readonly functionName: string;
  readonly invocationId: string;
  readonly condition: string;
  readonly target?: string;
  readonly at: number;
}

/** Lambda's records of one account and region. */
export const tables = {
  functions: (context: Context): Table<FunctionRecord> => context.table('lambda/functions'),
  versions: (context: Context): Table<VersionRecord> => context.table('lambda/versions'),
  aliases: (context: Context): Table<AliasRecord> => context.table('lambda/aliases'),
  policies: (context: Context): Table<PolicyRecord> => context.table('lambda/policies'),
  eventInvokeConfigs: (context: Context): Table<EventInvokeConfig> => context.table('lambda/event-invoke-configs'),
  invocations: (context: Context): Table<Invocation> => context.table('lambda/invocations'),
  environments: (context: Context): Table<EnvironmentRecord> => context.table('lambda/environments'),
  discarded: (context: Context): Table<Discarded> => context.table('lambda/discarded'),
};

/** Key of what belongs to a function and one of its qualifiers. */
export function qualified(name: string, qualifier: string): string {
  return `${name}:${qualifier}`;
}
