import type { Context } from '../../../wire/operation';
import { documentVersions, requireDocument, requireDocumentVersion } from '../documents/state';
import { page } from '../paging';
import { date } from '../text';

/** Newest first. */
export function listDocumentVersions(context: Context, input: { Name: string; MaxResults?: number; NextToken?: string }): Record<string, unknown> {
  const document = requireDocument(context, input.Name);
  const versions = document.owner === 'Amazon'
    ? [requireDocumentVersion(context, document)]
    : documentVersions(context, document.name).sort((a, b) => b.version - a.version);
  const { items, next } = page(versions, input.NextToken, input.MaxResults ?? 50);
  return {
    DocumentVersions: items.map((version) => ({
      Name: document.name,
      DisplayName: document.displayName,
      DocumentVersion: String(version.version),
      VersionName: version.versionName,
      CreatedDate: date(context, version.createdAt),
      IsDefaultVersion: version.version === document.defaultVersion,
      DocumentFormat: version.format,
      Status: 'Active',
    })),
    NextToken: next,
  };
}
