import { ServiceError } from '../../../wire/operation';
import type { Context } from '../../../wire/operation';
import { documents, requireDocument } from '../documents/state';

interface ModifyInput {
  readonly Name: string;
  readonly AccountIdsToAdd?: readonly string[];
  readonly AccountIdsToRemove?: readonly string[];
}

export function modifyDocumentPermission(context: Context, input: ModifyInput): void {
  const document = requireDocument(context, input.Name);
  if (document.owner === 'Amazon') throw new ServiceError('InvalidDocumentOperation', 'You can\'t share a document that is owned by Amazon.');
  const removed = input.AccountIdsToRemove ?? [];
  const sharedWith = [...new Set([...document.sharedWith, ...input.AccountIdsToAdd ?? []])].filter((account) => !removed.includes(account));
  documents(context).put(document.name, { ...document, sharedWith });
}

export function describeDocumentPermission(context: Context, input: { Name: string }): Record<string, unknown> {
  const { sharedWith } = requireDocument(context, input.Name);
  return {
    AccountIds: sharedWith,
    AccountSharingInfoList: sharedWith.map((AccountId) => ({ AccountId, SharedDocumentVersion: '$DEFAULT' })),
  };
}
