import { stringify as toYaml } from 'yaml';
import type { Context } from '../../../wire/operation';
import { parseContent } from '../documents/content';
import { requireDocument, requireDocumentVersion } from '../documents/state';
import type { DocumentVersion } from '../documents/state';
import { date } from '../text';

interface Input {
  readonly Name: string;
  readonly DocumentVersion?: string;
  readonly VersionName?: string;
  readonly DocumentFormat?: 'JSON' | 'YAML' | 'TEXT';
}

export function getDocument(context: Context, input: Input): Record<string, unknown> {
  const document = requireDocument(context, input.Name);
  const version = requireDocumentVersion(context, document, input.DocumentVersion, input.VersionName);
  const format = input.DocumentFormat ?? version.format;
  return {
    Name: document.name,
    DisplayName: document.displayName,
    CreatedDate: date(context, version.createdAt),
    VersionName: version.versionName,
    DocumentVersion: String(version.version),
    Status: 'Active',
    Content: inFormat(version, format),
    DocumentType: document.type,
    DocumentFormat: format,
  };
}

function inFormat(version: DocumentVersion, format: string): string {
  if (format === version.format || format === 'TEXT') return version.content;
  const content = parseContent(version.content, version.format);
  return format === 'YAML' ? toYaml(content) : JSON.stringify(content, undefined, 2);
}
