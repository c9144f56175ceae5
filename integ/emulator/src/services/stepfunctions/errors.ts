import type { Values } from '../../kernel';
import { ServiceError, Refusal } from '../../wire/operation';

/** Step Functions' refusals, by the rows of their texts. */
function refusal(code: string, row: string, values?: Values): Refusal {
  return new Refusal(`stepfunctions/${row}`, values, code);
}

export const invalidArn = (arn: string): ServiceError => refusal('InvalidArn', 'text-arn', { arn });
export const invalidName = (name: string): ServiceError => refusal('InvalidName', 'text-name', { name });
export const invalidToken = (): ServiceError => refusal('InvalidToken', 'text-token');
export const invalidDefinition = (problems: string): ServiceError => refusal('InvalidDefinition', 'text-definition', { problems });
export const invalidInput = (problem: string): ServiceError => refusal('InvalidExecutionInput', 'text-input', { problem });
export const invalidOutput = (problem: string): ServiceError => refusal('InvalidOutput', 'text-output', { problem });
export const noMachine = (arn: string): ServiceError => refusal('StateMachineDoesNotExist', 'text-no-machine', { arn });
export const machineExists = (arn: string): ServiceError => refusal('StateMachineAlreadyExists', 'text-machine-exists', { arn });
export const machineDeleting = (arn: string): ServiceError => refusal('StateMachineDeleting', 'text-machine-deleting', { arn });
export const noExecution = (arn: string): ServiceError => refusal('ExecutionDoesNotExist', 'text-no-execution', { arn });
export const executionExists = (arn: string): ServiceError => refusal('ExecutionAlreadyExists', 'text-execution-exists', { arn });
export const wrongType = (): ServiceError => refusal('StateMachineTypeNotSupported', 'text-machine-type');
export const missingParameter = (): ServiceError => refusal('MissingRequiredParameter', 'text-nothing-to-update');
export const taskTimedOut = (): ServiceError => refusal('TaskTimedOut', 'text-task-gone');
export const invalidTaskToken = (): ServiceError => refusal('InvalidToken', 'text-token');
export const notResource = (arn: string): ServiceError => refusal('ResourceNotFound', 'text-no-resource', { arn });
export const cannotAssume = (): ServiceError => refusal('AccessDeniedException', 'text-role');
export const cannotLog = (): ServiceError => refusal('AccessDeniedException', 'text-log-destination');
export const notEmulated = (what: string): ServiceError => new ServiceError('ValidationException', `[emulator] ${what} is not emulated`, { status: 400 });
