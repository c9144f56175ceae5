import type { Context } from '../../../wire/operation';
import { describeVersion } from '../documents/describe';
import { requireDocument, requireDocumentVersion } from '../documents/state';

export function describeDocument(context: Context, input: { Name: string; DocumentVersion?: string; VersionName?: string }): Record<string, unknown> {
  const document = requireDocument(context, input.Name);
  const version = requireDocumentVersion(context, document, input.DocumentVersion, input.VersionName);
  return { Document: describeVersion(context, document, version) };
}
