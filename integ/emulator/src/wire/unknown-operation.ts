import type { ServiceModel } from './model';
import { ServiceError } from './operation';

/**
 * The refusal of an operation there is no model of: in AWS's words when AWS has no such operation either,
 * in ours when AWS has it.
 */
export function unknownOperation(model: ServiceModel, operation: string): ServiceError {
  if (model.notKept.has(operation)) {
    return new ServiceError('NotImplemented', `[emulator] ${model.service} ${operation} is not modelled; see tools/operations.ts`, { status: 501 });
  }
  const { protocol, apiVersion } = model.metadata;
  if (protocol === 'ec2') return new ServiceError('InvalidAction', `The action ${operation} is not valid for this web service.`, { status: 400 });
  if (protocol === 'query') {
    return new ServiceError('InvalidAction', `Could not find operation ${operation} for version ${apiVersion}`, { status: 400 });
  }
  const status = protocol.startsWith('rest-') ? 404 : 400;
  return new ServiceError('UnknownOperationException', `The requested operation ${operation} is not recognized by the service.`, { status });
}
