import { ServiceError } from '../../../wire/operation';
import type { Context } from '../../../wire/operation';
import { checkContent, parseContent } from '../documents/content';
import { describeVersion } from '../documents/describe';
import { documents, documentVersions, putDocumentVersion, requireDocument, requireDocumentVersion } from '../documents/state';
import { text } from '../text';
import { checkSize } from './create-document';

interface Input {
  readonly Name: string;
  readonly Content: string;
  readonly DocumentVersion?: string;
  readonly DocumentFormat?: 'JSON' | 'YAML' | 'TEXT';
  readonly VersionName?: string;
  readonly DisplayName?: string;
  readonly TargetType?: string;
}

/** A new version; the default stays until it is moved. */
export function updateDocument(context: Context, input: Input): Record<string, unknown> {
  const document = requireDocument(context, input.Name);
  if (document.owner === 'Amazon') throw new ServiceError('InvalidDocumentOperation', 'You attempted to change a document that is owned by Amazon.');
  const based = requireDocumentVersion(context, document, input.DocumentVersion ?? '$LATEST');
  if (input.DocumentVersion !== undefined && based.version !== document.latestVersion) {
    throw new ServiceError('InvalidDocumentVersion', 'The document version is not the latest version.');
  }
  const format = input.DocumentFormat === 'TEXT' ? 'JSON' : input.DocumentFormat ?? 'JSON';
  checkSize(context, input.Content);
  checkContent(context, parseContent(input.Content, format), document.type);
  const versions = documentVersions(context, document.name);
  if (versions.some(({ content }) => content === input.Content)) {
    throw new ServiceError('DuplicateDocumentContent', text(context, 'text-duplicate-content'));
  }
  if (input.VersionName !== undefined && versions.some(({ versionName }) => versionName === input.VersionName)) {
    throw new ServiceError('DuplicateDocumentVersionName', 'The version name has already been used in this document. Specify a different version name, and then try again.');
  }
  if (versions.length >= context.row<number>('max-document-versions')) {
    throw new ServiceError('DocumentVersionLimitExceeded', 'The document has too many versions. Delete one or more document versions and try again.');
  }
  const number = document.latestVersion + 1;
  const updated = documents(context).put(document.name, {
    ...document, latestVersion: number, targetType: input.TargetType ?? document.targetType, displayName: input.DisplayName ?? document.displayName,
  });
  const version = putDocumentVersion(context, {
    name: document.name, version: number, versionName: input.VersionName, content: input.Content, format, createdAt: context.now,
  });
  return { DocumentDescription: describeVersion(context, updated, version, 'Updating') };
}
