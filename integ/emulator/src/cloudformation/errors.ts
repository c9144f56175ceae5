import { ServiceError } from '../wire/operation';

/** What CloudFormation answers to nearly everything that is wrong with a request. */
export function validationError(message: string): ServiceError {
  return new ServiceError('ValidationError', message, { status: 400 });
}

/** Something of CloudFormation that is known and not emulated. */
export function notBuilt(what: string): ServiceError {
  return validationError(`[emulator] ${what} is not built`);
}

/** A resource that its condition leaves out cannot be referred to. */
export function unresolved(logicalId: string): never {
  throw validationError(`Template format error: Unresolved resource dependencies [${logicalId}] in the Resources block of the template`);
}
