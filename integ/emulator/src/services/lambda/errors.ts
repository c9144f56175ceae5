import { ServiceError } from '../../wire/operation';

/** Lambda's refusals, with AWS's texts. */
function userError(code: string, message: string, status: number, fields: Readonly<Record<string, unknown>> = {}): ServiceError {
  return new ServiceError(code, message, { status, fields: { Type: 'User', ...fields } });
}

export function functionNotFound(arn: string): ServiceError {
  return userError('ResourceNotFoundException', `Function not found: ${arn}`, 404);
}

export function notFound(message: string): ServiceError {
  return userError('ResourceNotFoundException', message, 404);
}

export function conflict(message: string): ServiceError {
  return userError('ResourceConflictException', message, 409);
}

export function invalid(message: string): ServiceError {
  return userError('InvalidParameterValueException', message, 400);
}

export function preconditionFailed(): ServiceError {
  return userError('PreconditionFailedException',
    'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id', 412);
}

export function throttled(reason: 'ConcurrentInvocationLimitExceeded' | 'ReservedFunctionConcurrentInvocationLimitExceeded'): ServiceError {
  return userError('TooManyRequestsException', 'Rate Exceeded.', 429, { Reason: reason });
}

export function requestTooLarge(limit: number): ServiceError {
  return userError('RequestTooLargeException', `Request must be smaller than ${limit} bytes for the InvokeFunction operation`, 413);
}

export function invalidContent(reason: string): ServiceError {
  return userError('InvalidRequestContentException', `Could not parse request body into json: ${reason}`, 400);
}

export function recursive(): ServiceError {
  return userError('RecursiveInvocationException',
    'Lambda has detected your function being invoked in a recursive loop with other AWS resources and stopped your function\'s invocation.', 400);
}

/** Another service's refusal, as Lambda passes it on. */
export function elsewhere(service: string, operation: string, error: ServiceError): ServiceError {
  return invalid(`Error occurred while ${operation}. ${service} Error Code: ${error.name}. ${service} Error Message: ${error.message}`);
}
