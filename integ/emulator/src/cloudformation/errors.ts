import { ServiceError } from '../wire/operation';

/** What CloudFormation answers to nearly everything that is wrong with a request. */
export function validationError(message: string): ServiceError {
  return new ServiceError('ValidationError', message, { status: 400 });
}

/** Something of CloudFormation that is known and not emulated. */
export function notBuilt(what: string): ServiceError {
  return validationError(`[emulator] ${what} is not built`);
}
