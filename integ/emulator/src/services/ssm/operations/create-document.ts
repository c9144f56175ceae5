import { ServiceError } from '../../../wire/operation';
import type { Context } from '../../../wire/operation';
import { checkContent, parseContent } from '../documents/content';
import { describeVersion } from '../documents/describe';
import { documents, putDocumentVersion } from '../documents/state';
import { putTags } from '../tags';
import type { Tag } from '../tags';
import { text } from '../text';

interface Input {
  readonly Name: string;
  readonly Content: string;
  readonly DocumentType?: string;
  readonly DocumentFormat?: 'JSON' | 'YAML' | 'TEXT';
  readonly VersionName?: string;
  readonly DisplayName?: string;
  readonly TargetType?: string;
  readonly Tags?: readonly Tag[];
  readonly Attachments?: readonly unknown[];
}

export function createDocument(context: Context, input: Input): Record<string, unknown> {
  const { Name: name, Content: content, DocumentType: type = 'Command', DocumentFormat: format = 'JSON' } = input;
  if (/^(aws|amazon|amzn)/i.test(name)) {
    throw new ServiceError('ValidationException', `The document name ${name} starts with a prefix that is reserved for AWS: aws, amazon, amzn.`);
  }
  if (documents(context).has(name)) throw new ServiceError('DocumentAlreadyExists', text(context, 'text-document-exists', { name }));
  checkSize(context, content);
  if (format === 'TEXT' || input.Attachments?.length) {
    throw new ServiceError('InvalidDocumentContent', '[emulator] documents of format TEXT and attachments are not built');
  }
  checkContent(context, parseContent(content, format), type);
  const document = documents(context).put(name, {
    name,
    type,
    owner: context.account,
    targetType: input.TargetType,
    displayName: input.DisplayName,
    createdAt: context.now,
    defaultVersion: 1,
    latestVersion: 1,
    sharedWith: [],
  });
  const version = putDocumentVersion(context, { name, version: 1, versionName: input.VersionName, content, format, createdAt: context.now });
  if (input.Tags?.length) putTags(context, 'Document', name, input.Tags);
  return { DocumentDescription: describeVersion(context, document, version, 'Creating') };
}

export function checkSize(context: Context, content: string): void {
  const limit = context.row<number>('max-document-bytes');
  if (Buffer.byteLength(content) > limit) {
    throw new ServiceError('MaxDocumentSizeExceeded', `The size limit of a document is ${limit / 1024} KB.`);
  }
}
