import { createHash } from 'node:crypto';
import type { Table } from '../../../kernel';
import { ServiceError } from '../../../wire/operation';
import type { Context } from '../../../wire/operation';
import { text } from '../text';
import { BUILT_IN } from './built-in';

export interface DocumentRecord {
  readonly name: string;
  readonly type: string;
  readonly owner: string;
  readonly targetType?: string;
  readonly displayName?: string;
  readonly createdAt: number;
  readonly defaultVersion: number;
  readonly latestVersion: number;
  readonly sharedWith: readonly string[];
}

export interface DocumentVersion {
  readonly name: string;
  readonly version: number;
  readonly versionName?: string;
  readonly content: string;
  readonly format: 'JSON' | 'YAML';
  readonly createdAt: number;
}

export function documents(context: Context): Table<DocumentRecord> {
  return context.table('ssm/documents');
}

function versions(context: Context): Table<DocumentVersion> {
  return context.table('ssm/document-versions');
}

export function documentVersions(context: Context, name: string): DocumentVersion[] {
  return versions(context).values().filter((version) => version.name === name);
}

export function putDocumentVersion(context: Context, version: DocumentVersion): DocumentVersion {
  return versions(context).put(`${version.name}@${version.version}`, version);
}

export function dropDocumentVersion(context: Context, name: string, version: number): void {
  versions(context).delete(`${name}@${version}`);
}

/** A document by name or ARN: the account's own, or one of AWS's. @throws ServiceError InvalidDocument */
export function requireDocument(context: Context, reference: string): DocumentRecord {
  const name = documentName(reference);
  const document = documents(context).get(name) ?? builtIn(name);
  if (!document) throw new ServiceError('InvalidDocument', text(context, 'text-no-document'));
  return document;
}

/** `$DEFAULT`, `$LATEST` or a number. @throws ServiceError InvalidDocumentVersion */
export function requireDocumentVersion(context: Context, document: DocumentRecord, wanted: string = '$DEFAULT', versionName?: string): DocumentVersion {
  const number = wanted === '$DEFAULT' ? document.defaultVersion : wanted === '$LATEST' ? document.latestVersion : Number(wanted);
  const found = document.owner === 'Amazon'
    ? builtInVersion(document.name, number)
    : documentVersions(context, document.name).find((version) => (versionName === undefined
      ? version.version === number
      : version.versionName === versionName && (wanted === '$DEFAULT' || version.version === number)));
  if (!found) throw new ServiceError('InvalidDocumentVersion', text(context, 'text-no-document-version'));
  return found;
}

export function builtInDocuments(): DocumentRecord[] {
  return Object.keys(BUILT_IN).map((name) => builtIn(name)!);
}

export function hashOf({ content }: DocumentVersion): string {
  return createHash('sha256').update(content).digest('hex');
}

function documentName(reference: string): string {
  return reference.startsWith('arn:') ? reference.slice(reference.indexOf(':document/') + ':document/'.length) : reference;
}

function builtIn(name: string): DocumentRecord | undefined {
  if (!Object.hasOwn(BUILT_IN, name)) return undefined;
  return { name, type: 'Command', owner: 'Amazon', createdAt: 0, defaultVersion: 1, latestVersion: 1, sharedWith: [] };
}

function builtInVersion(name: string, version: number): DocumentVersion | undefined {
  return version === 1 ? { name, version, content: JSON.stringify(BUILT_IN[name], undefined, 2), format: 'JSON', createdAt: 0 } : undefined;
}
