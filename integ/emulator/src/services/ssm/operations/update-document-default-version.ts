import type { Context } from '../../../wire/operation';
import { documents, requireDocument, requireDocumentVersion } from '../documents/state';

export function updateDocumentDefaultVersion(context: Context, input: { Name: string; DocumentVersion: string }): Record<string, unknown> {
  const document = requireDocument(context, input.Name);
  const version = requireDocumentVersion(context, document, input.DocumentVersion);
  documents(context).put(document.name, { ...document, defaultVersion: version.version });
  return { Description: { Name: document.name, DefaultVersion: String(version.version), DefaultVersionName: version.versionName } };
}
