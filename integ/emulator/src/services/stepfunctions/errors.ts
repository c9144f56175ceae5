import { ServiceError } from '../../wire/operation';

/** Step Functions' refusals, with AWS's texts. */
function refusal(code: string, message: string): ServiceError {
  return new ServiceError(code, message, { status: 400 });
}

export const invalidArn = (arn: string): ServiceError => refusal('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
export const invalidName = (name: string): ServiceError => refusal('InvalidName', `Invalid Name: '${name}'`);
export const invalidToken = (): ServiceError => refusal('InvalidToken', 'Invalid Token: \'Invalid token\'');
export const invalidDefinition = (problems: string): ServiceError => refusal('InvalidDefinition', `Invalid State Machine Definition: '${problems}'`);
export const invalidInput = (text: string): ServiceError => refusal('InvalidExecutionInput', `Invalid State Machine Execution Input: '${text}'`);
export const noMachine = (arn: string): ServiceError => refusal('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
export const machineExists = (arn: string): ServiceError => refusal('StateMachineAlreadyExists', `State Machine Already Exists: '${arn}'`);
export const machineDeleting = (arn: string): ServiceError => refusal('StateMachineDeleting', `State Machine is Deleting: '${arn}'`);
export const noExecution = (arn: string): ServiceError => refusal('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
export const executionExists = (arn: string): ServiceError => refusal('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
export const wrongType = (): ServiceError =>
  refusal('StateMachineTypeNotSupported', 'This operation is not supported by this type of state machine');
export const missingParameter = (): ServiceError => refusal('MissingRequiredParameter', 'Either the definition, the role ARN, the LoggingConfiguration, '
  + 'the TracingConfiguration or the EncryptionConfiguration must be specified');
export const taskTimedOut = (): ServiceError =>
  refusal('TaskTimedOut', 'Task Timed Out: \'Provided task does not exist anymore\'');
export const invalidTaskToken = (): ServiceError => refusal('InvalidToken', 'Invalid Token: \'Invalid token\'');
export const notResource = (arn: string): ServiceError => refusal('ResourceNotFound', `Resource not found: '${arn}'`);
export const notEmulated = (what: string): ServiceError => refusal('ValidationException', `[emulator] ${what} is not emulated`);
export const cannotAssume = (): ServiceError => refusal('AccessDeniedException',
  'Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role.');
