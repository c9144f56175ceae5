'use strict';
/** The runtime's own errors and the shape in which an error leaves a function. */

class RuntimeError extends Error {
  constructor(type, message) {
    super(message);
    this.name = `Runtime.${type}`;
  }
}

function isError(value) {
  return value instanceof Error || (typeof value?.name === 'string' && typeof value?.message === 'string' && typeof value?.stack === 'string');
}

/** `{ errorType, errorMessage, trace }`. */
function described(error) {
  if (isError(error)) return { errorType: error.name, errorMessage: error.message, trace: String(error.stack).split('\n') };
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}

/** As it stands in the log, with the error's own members. */
function logged(error) {
  if (!isError(error)) return JSON.stringify(described(error));
  const { errorType, errorMessage, trace } = described(error);
  try {
    return JSON.stringify({ errorType, errorMessage, code: error.code, ...error, stack: trace });
  } catch {
    return JSON.stringify({ errorType, errorMessage, stack: trace });
  }
}

exports.RuntimeError = RuntimeError;
exports.described = described;
exports.logged = logged;

exports.neverSettled = () => new RuntimeError('NodeJsExit', 'The Lambda runtime client detected an unexpected Node.js exit code. '
  + 'This is usually caused by a Promise that was never settled. '
  + 'For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes');

exports.callbackRemoved = () => new RuntimeError('CallbackHandlerDeprecated', 'ERROR: AWS Lambda has removed support for callback-based function '
  + 'handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. '
  + 'For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.');
