import type { Context } from '../../../wire/operation';
import { tagsOf } from '../tags';
import { date } from '../text';
import { parseContent } from './content';
import { hashOf } from './state';
import type { DocumentRecord, DocumentVersion } from './state';
import type { DocumentContent } from './types';

/** The modelled `DocumentDescription`. */
export function describeVersion(context: Context, document: DocumentRecord, version: DocumentVersion, status: string = 'Active'): Record<string, unknown> {
  const content = parseContent(version.content, version.format);
  return {
    ...identify(context, document, version),
    Hash: hashOf(version),
    HashType: 'Sha256',
    Status: status,
    Description: content.description,
    Parameters: parametersOf(content),
    LatestVersion: String(document.latestVersion),
    DefaultVersion: String(document.defaultVersion),
  };
}

/** The modelled `DocumentIdentifier`. */
export function identify(context: Context, document: DocumentRecord, version: DocumentVersion): Record<string, unknown> {
  const content = parseContent(version.content, version.format);
  return {
    Name: document.name,
    DisplayName: document.displayName,
    CreatedDate: date(context, version.createdAt),
    Owner: document.owner,
    VersionName: version.versionName,
    PlatformTypes: platformsOf(content),
    DocumentVersion: String(version.version),
    DocumentType: document.type,
    SchemaVersion: content.schemaVersion,
    DocumentFormat: version.format,
    TargetType: document.targetType,
    Tags: tagsOf(context, 'Document', document.name),
  };
}

function parametersOf(content: DocumentContent): Array<Record<string, unknown>> {
  return Object.entries(content.parameters ?? {}).map(([Name, { type, description, default: value }]) => ({
    Name,
    Type: type === 'StringList' ? 'StringList' : 'String',
    Description: description,
    DefaultValue: value === undefined || typeof value === 'string' ? value : JSON.stringify(value),
  }));
}

/** A document of shell scripts is for Linux and macOS, one of PowerShell scripts for all three. */
function platformsOf(content: DocumentContent): string[] {
  const actions = [...(content.mainSteps ?? []).map(({ action }) => action), ...Object.keys(content.runtimeConfig ?? {})];
  const shell = actions.includes('aws:runShellScript');
  const power = actions.includes('aws:runPowerShellScript');
  if (shell && !power) return ['Linux', 'MacOS'];
  return ['Windows', 'Linux', 'MacOS'];
}
