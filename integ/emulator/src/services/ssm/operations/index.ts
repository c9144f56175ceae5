import { cancelCommand } from './cancel-command';
import { createDocument } from './create-document';
import { deleteDocument } from './delete-document';
import { deleteParameter } from './delete-parameter';
import { deleteParameters } from './delete-parameters';
import { describeDocument } from './describe-document';
import { describeInstanceInformation } from './describe-instance-information';
import { describeParameters } from './describe-parameters';
import { describeDocumentPermission, modifyDocumentPermission } from './document-permission';
import { emulatedGuard } from './emulated-access';
import { getCommandInvocation } from './get-command-invocation';
import { getConnectionStatus } from './get-connection-status';
import { getDocument } from './get-document';
import { getParameter } from './get-parameter';
import { getParameterHistory } from './get-parameter-history';
import { getParameters } from './get-parameters';
import { getParametersByPath } from './get-parameters-by-path';
import { labelParameterVersion } from './label-parameter-version';
import { listCommandInvocations } from './list-command-invocations';
import { listCommands } from './list-commands';
import { listDocumentVersions } from './list-document-versions';
import { listDocuments } from './list-documents';
import { putParameter } from './put-parameter';
import { sendCommand } from './send-command';
import { addTagsToResource, listTagsForResource, removeTagsFromResource } from './tags';
import { unlabelParameterVersion } from './unlabel-parameter-version';
import { updateDocument } from './update-document';
import { updateDocumentDefaultVersion } from './update-document-default-version';
import type { Operation } from '../../../wire/operation';

export const operations: Readonly<Record<string, Operation>> = {
  AddTagsToResource: addTagsToResource,
  CancelCommand: cancelCommand,
  CreateDocument: createDocument,
  DeleteDocument: deleteDocument,
  DeleteParameter: deleteParameter,
  DeleteParameters: deleteParameters,
  DescribeDocument: describeDocument,
  DescribeDocumentPermission: describeDocumentPermission,
  DescribeInstanceInformation: describeInstanceInformation,
  DescribeParameters: describeParameters,
  GetCommandInvocation: getCommandInvocation,
  GetConnectionStatus: getConnectionStatus,
  GetDocument: getDocument,
  GetParameter: getParameter,
  GetParameterHistory: getParameterHistory,
  GetParameters: getParameters,
  GetParametersByPath: getParametersByPath,
  LabelParameterVersion: labelParameterVersion,
  ListCommandInvocations: listCommandInvocations,
  ListCommands: listCommands,
  ListDocumentVersions: listDocumentVersions,
  ListDocuments: listDocuments,
  ListTagsForResource: listTagsForResource,
  ModifyDocumentPermission: modifyDocumentPermission,
  PutParameter: putParameter,
  RemoveTagsFromResource: removeTagsFromResource,
  SendCommand: sendCommand,
  UnlabelParameterVersion: unlabelParameterVersion,
  UpdateDocument: updateDocument,
  UpdateDocumentDefaultVersion: updateDocumentDefaultVersion,

  // Not AWS's: what decides about access to a thing.
  EmulatedGuard: emulatedGuard,
};
