import { refused } from './texts';
import { ServiceError } from '../wire/operation';

/** Something of CloudFormation that is known and not emulated. */
export function notBuilt(what: string): ServiceError {
  return new ServiceError('ValidationError', `[emulator] ${what} is not built`, { status: 400 });
}

/** A resource that its condition leaves out cannot be referred to. */
export function unresolved(logicalId: string): never {
  throw refused('text-unresolved-resources', { logicalIds: logicalId });
}
