import { createAlias, deleteAlias, getAlias, listAliases, updateAlias } from './aliases';
import { deleteFunctionConcurrency, getAccountSettings, getFunctionConcurrency, putFunctionConcurrency } from './concurrency';
import { createFunction } from './create-function';
import { deleteFunction } from './delete-function';
import { emulatedGuard } from './emulated-access';
import {
  deleteFunctionEventInvokeConfig, getFunctionEventInvokeConfig, listFunctionEventInvokeConfigs, putFunctionEventInvokeConfig,
  updateFunctionEventInvokeConfig,
} from './event-invoke-configs';
import { getFunction, getFunctionConfiguration } from './get-function';
import { invoke, invokeAsync } from './invoke';
import { listFunctions, listVersionsByFunction } from './list-functions';
import { addPermission, getPolicy, removePermission } from './permissions';
import { getFunctionCodeSigningConfig, getRuntimeManagementConfig, putRuntimeManagementConfig } from './runtime-management';
import { listTags, tagResource, untagResource } from './tags';
import { updateFunctionCode, updateFunctionConfiguration } from './update-function';
import { publishVersion } from './versions';
import type { Operation } from '../../../wire/operation';

export const operations: { readonly [operation: string]: Operation } = {
  CreateFunction: createFunction,
  GetFunction: getFunction,
  GetFunctionConfiguration: getFunctionConfiguration,
  ListFunctions: listFunctions,
  UpdateFunctionCode: updateFunctionCode,
  UpdateFunctionConfiguration: updateFunctionConfiguration,
  DeleteFunction: deleteFunction,

  Invoke: invoke,
  InvokeAsync: invokeAsync,

  PublishVersion: publishVersion,
  ListVersionsByFunction: listVersionsByFunction,
  CreateAlias: createAlias,
  UpdateAlias: updateAlias,
  GetAlias: getAlias,
  DeleteAlias: deleteAlias,
  ListAliases: listAliases,

  AddPermission: addPermission,
  RemovePermission: removePermission,
  GetPolicy: getPolicy,

  PutFunctionConcurrency: putFunctionConcurrency,
  GetFunctionConcurrency: getFunctionConcurrency,
  DeleteFunctionConcurrency: deleteFunctionConcurrency,
  GetAccountSettings: getAccountSettings,

  PutFunctionEventInvokeConfig: putFunctionEventInvokeConfig,
  UpdateFunctionEventInvokeConfig: updateFunctionEventInvokeConfig,
  GetFunctionEventInvokeConfig: getFunctionEventInvokeConfig,
  DeleteFunctionEventInvokeConfig: deleteFunctionEventInvokeConfig,
  ListFunctionEventInvokeConfigs: listFunctionEventInvokeConfigs,

  TagResource: tagResource,
  UntagResource: untagResource,
  ListTags: listTags,

  PutRuntimeManagementConfig: putRuntimeManagementConfig,
  GetRuntimeManagementConfig: getRuntimeManagementConfig,
  GetFunctionCodeSigningConfig: getFunctionCodeSigningConfig,

  // Not AWS's: what decides about access to a thing.
  EmulatedGuard: emulatedGuard,
};
