import { ServiceError } from '../../../wire/operation';
import type { Context } from '../../../wire/operation';
import { documents, documentVersions, dropDocumentVersion, requireDocument, requireDocumentVersion } from '../documents/state';
import { dropTags } from '../tags';
import { text } from '../text';

export function deleteDocument(context: Context, input: { Name: string; DocumentVersion?: string; VersionName?: string }): void {
  const document = requireDocument(context, input.Name);
  if (document.owner === 'Amazon') throw new ServiceError('InvalidDocumentOperation', 'You attempted to delete a document that is owned by Amazon.');
  if (document.sharedWith.length > 0) {
    throw new ServiceError('InvalidDocumentOperation', 'You attempted to delete a document while it is still shared. You must stop sharing the document before you can delete it.');
  }
  if (input.DocumentVersion !== undefined || input.VersionName !== undefined) {
    const { version } = requireDocumentVersion(context, document, input.DocumentVersion, input.VersionName);
    if (version === document.defaultVersion) throw new ServiceError('InvalidDocumentOperation', text(context, 'text-delete-default'));
    dropDocumentVersion(context, document.name, version);
    const latestVersion = Math.max(...documentVersions(context, document.name).map((left) => left.version));
    documents(context).put(document.name, { ...document, latestVersion });
    return;
  }
  for (const { version } of documentVersions(context, document.name)) dropDocumentVersion(context, document.name, version);
  documents(context).delete(document.name);
  dropTags(context, 'Document', document.name);
}
