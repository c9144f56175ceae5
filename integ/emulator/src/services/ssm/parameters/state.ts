import type { Table } from '../../../kernel';
import type { Context } from '../../../wire/operation';

export type ParameterType = 'String' | 'StringList' | 'SecureString';

/** A parameter by its name; its values are in the versions. */
export interface ParameterRecord {
  readonly name: string;
  readonly latest: number;
  /** Oldest version that is still kept. */
  readonly oldest: number;
}

export interface ParameterVersion {
  readonly name: string;
  readonly version: number;
  readonly type: ParameterType;
  /** Of a SecureString: the ciphertext in base64, see `secret.ts`. */
  readonly value: string;
  readonly keyId?: string;
  readonly tier: 'Standard' | 'Advanced';
  readonly dataType: string;
  readonly description?: string;
  readonly allowedPattern?: string;
  readonly policies?: string;
  readonly labels: readonly string[];
  readonly modifiedAt: number;
  readonly modifiedBy: string;
}

export function parameters(context: Context): Table<ParameterRecord> {
  return context.table('ssm/parameters');
}

function versions(context: Context): Table<ParameterVersion> {
  return context.table('ssm/parameter-versions');
}

export function versionOf(context: Context, name: string, version: number): ParameterVersion | undefined {
  return versions(context).get(`${name}:${version}`);
}

export function latestOf(context: Context, name: string): ParameterVersion | undefined {
  const parameter = parameters(context).get(name);
  return parameter && versionOf(context, name, parameter.latest);
}

/** Oldest first. */
export function historyOf(context: Context, name: string): ParameterVersion[] {
  const parameter = parameters(context).get(name);
  if (!parameter) return [];
  const history: ParameterVersion[] = [];
  for (let version = parameter.oldest; version <= parameter.latest; version++) {
    const record = versionOf(context, name, version);
    if (record) history.push(record);
  }
  return history;
}

export function putVersion(context: Context, record: ParameterVersion): ParameterVersion {
  return versions(context).put(`${record.name}:${record.version}`, record);
}

export function dropVersion(context: Context, name: string, version: number): void {
  versions(context).delete(`${name}:${version}`);
}

export function dropParameter(context: Context, name: string): void {
  for (const { version } of historyOf(context, name)) dropVersion(context, name, version);
  parameters(context).delete(name);
}

/** Latest versions in the order of their names. */
export function allLatest(context: Context): ParameterVersion[] {
  return parameters(context).values()
    .map(({ name }) => latestOf(context, name)!)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
