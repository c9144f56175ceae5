import { ExecutionAlreadyExists, ListExecutionsCommand, SFNClient, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { SETTINGS } from './client-settings';

/** The calls of Step Functions that the fence needs. */
export interface MachineApi {
  /** Does nothing when an execution of this name was started before: a request may be delivered twice. */
  start(machineArn: string, name: string, input: string): Promise<void>;
  running(machineArn: string): Promise<ReadonlyArray<{ name: string; arn: string }>>;
  /** The newest ones that somebody stopped; `at` in epoch milliseconds. */
  stopped(machineArn: string): Promise<ReadonlyArray<{ name: string; at: number }>>;
  stop(executionArn: string, cause: string): Promise<void>;
}

export function machineApi(): MachineApi {
  const client = new SFNClient(SETTINGS);
  return {
    start: async (machineArn, name, input) => {
      try {
        await client.send(new StartExecutionCommand({ stateMachineArn: machineArn, name, input }));
      } catch (error) {
        if (!(error instanceof ExecutionAlreadyExists)) throw error;
      }
    },
    running: async (machineArn) => {
      const found: Array<{ name: string; arn: string }> = [];
      let next: string | undefined;
      do {
        const page = await client.send(new ListExecutionsCommand({ stateMachineArn: machineArn, statusFilter: 'RUNNING', nextToken: next }));
        for (const { name, executionArn } of page.executions ?? []) found.push({ name: name!, arn: executionArn! });
        next = page.nextToken;
      } while (next);
      return found;
    },
    stopped: async (machineArn) => {
      const { executions = [] } = await client.send(new ListExecutionsCommand({ stateMachineArn: machineArn, statusFilter: 'ABORTED', maxResults: 100 }));
      return executions.map(({ name, stopDate }) => ({ name: name!, at: stopDate!.getTime() }));
    },
    stop: async (executionArn, cause) => {
      await client.send(new StopExecutionCommand({ executionArn, error: 'Superseded', cause }));
    },
  };
}
