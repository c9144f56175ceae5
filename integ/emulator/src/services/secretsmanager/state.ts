import type { Table } from '../../kernel';
import type { Context } from '../../wire/operation';

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export interface RotationRules {
  readonly AutomaticallyAfterDays?: number;
  readonly Duration?: string;
  readonly ScheduleExpression?: string;
}

export interface SecretRecord {
  readonly name: string;
  readonly arn: string;
  readonly type?: string;
  readonly description?: string;
  readonly kmsKeyId?: string;
  readonly tags: readonly Tag[];
  readonly createdAt: number;
  readonly changedAt: number;
  readonly accessedAt?: number;
  readonly policy?: string;
  /** As it was last asked for; AWS keeps it to itself. */
  readonly blockPublicPolicy?: boolean;
  readonly deletion?: { readonly requestedAt: number; readonly at: number; readonly forced: boolean };
  readonly rotation?: {
    readonly enabled: boolean;
    readonly lambdaArn?: string;
    readonly rules?: RotationRules;
    readonly rotatedAt?: number;
    readonly next?: number;
    /** A rotation that has not ended: under way, or to be tried again. */
    readonly attempt?: RotationAttempt;
  };
}

export interface RotationAttempt {
  /** Id of the pending version. */
  readonly token: string;
  readonly steps: readonly string[];
  readonly step: number;
  readonly tries: number;
  /** Until when it is tried again. */
  readonly until: number;
}

/** A value, sealed with a data key when the secret has a key of its own. */
export interface SealedValue {
  readonly kind: 'string' | 'binary';
  /** The value, or its ciphertext, in base64. */
  readonly content: string;
  readonly seal?: { readonly keyId: string; readonly dataKey: string; readonly nonce: string; readonly tag: string };
}

export interface VersionRecord {
  readonly id: string;
  readonly secretArn: string;
  readonly createdAt: number;
  readonly accessedAt?: number;
  /** Absent while a rotation has promised the version and not yet put a value. */
  readonly value?: SealedValue;
  /** A version without labels is deprecated: it is not shown and goes some day. */
  readonly stages: readonly string[];
}

/** Secrets by name: a name is taken until its secret is gone for good. */
export function secrets(context: Context): Table<SecretRecord> {
  return context.table('secretsmanager/secrets');
}

function versions(context: Context): Table<VersionRecord> {
  return context.table('secretsmanager/versions');
}

/** Oldest first. */
export function versionsOf(context: Context, { arn }: SecretRecord): VersionRecord[] {
  return versions(context).values().filter(({ secretArn }) => secretArn === arn);
}

export function versionOf(context: Context, { arn }: SecretRecord, id: string): VersionRecord | undefined {
  return versions(context).get(`${arn}/${id}`);
}

export function putVersion(context: Context, version: VersionRecord): VersionRecord {
  return versions(context).put(`${version.secretArn}/${version.id}`, version);
}

export function dropVersion(context: Context, { secretArn, id }: VersionRecord): void {
  versions(context).delete(`${secretArn}/${id}`);
}

export function dropSecret(context: Context, secret: SecretRecord): void {
  versionsOf(context, secret).forEach((version) => dropVersion(context, version));
  secrets(context).delete(secret.name);
}
