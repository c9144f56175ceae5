import type { Json, Table } from '../../kernel';
import type { Context } from '../../wire/operation';

export interface MachineRecord {
  readonly arn: string;
  readonly name: string;
  readonly definition: string;
  readonly roleArn: string;
  readonly type: 'STANDARD' | 'EXPRESS';
  readonly status: 'ACTIVE' | 'DELETING';
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly revisionId?: string;
  readonly loggingConfiguration: { readonly [name: string]: Json };
  readonly tracingConfiguration: { readonly enabled?: boolean };
  readonly encryptionConfiguration?: { readonly [name: string]: Json };
  readonly tags: { readonly [key: string]: string };
}

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

export interface ExecutionRecord {
  readonly arn: string;
  readonly name: string;
  readonly machineArn: string;
  readonly machineName: string;
  readonly type: MachineRecord['type'];
  /** As it was when the execution began. */
  readonly definition: string;
  readonly roleArn: string;
  readonly machineUpdatedAt: number;
  readonly input: string;
  readonly traceHeader?: string;
  readonly status: ExecutionStatus;
  readonly startedAt: number;
  readonly stoppedAt?: number;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
  /** Transitions so far, and other things that are drawn: each gets a name of its own. */
  readonly steps: number;
  readonly draws: number;
  /** Names the answer that StartSyncExecution waits for. */
  readonly answerKey?: string;
  /** The task of another execution that waits for this one. */
  readonly notify?: { readonly execution: string; readonly thread: string; readonly step: number };
}

/** One line of control: the execution itself, a branch of a Parallel, an iteration of a Map. */
export interface Thread {
  readonly id: string;
  readonly parent?: string;
  /** Which branch or iteration. */
  readonly index: number;
  /** Where its states stand in the definition, member by member. */
  readonly path: readonly string[];
  readonly state: string;
  /** Input of the state, before InputPath. */
  readonly input: Json;
  readonly enteredAt: number;
  readonly enteredEvent: number;
  /** How often each retrier of the state has been used. */
  readonly retries: readonly number[];
  /** Grows with everything it begins: an answer to an earlier step is an answer to nobody. */
  readonly step: number;
  readonly previousEvent: number;
  /** While a task runs: what it was given, and its token. */
  readonly task?: { readonly resource: string; readonly token: string; readonly submitted: boolean; readonly heartbeatMs?: number };
  readonly item?: { readonly index: number; readonly value: Json };
  /** While its branches or iterations run. */
  readonly children?: Children;
}

export interface Children {
  readonly results: ReadonlyArray<{ readonly value: Json } | null>;
  /** The next iteration to begin. */
  readonly next: number;
  readonly done: number;
  readonly limit: number;
  /** Of a Map. */
  readonly items?: readonly Json[];
}

export interface HistoryRecord {
  readonly id: number;
  readonly previousEventId: number;
  readonly type: string;
  readonly at: number;
  readonly details?: { readonly [member: string]: Json };
}

/** A task that waits for SendTaskSuccess. */
export interface TokenRecord {
  readonly execution: string;
  readonly thread: string;
  readonly step: number;
}

export const tables = {
  machines: (context: Context): Table<MachineRecord> => context.table('stepfunctions/machines'),
  executions: (context: Context): Table<ExecutionRecord> => context.table('stepfunctions/executions'),
  threads: (context: Context, execution: string): Table<Thread> => context.table(`stepfunctions/threads/${execution}`),
  history: (context: Context, execution: string): Table<HistoryRecord> => context.table(`stepfunctions/history/${execution}`),
  tokens: (context: Context): Table<TokenRecord> => context.table('stepfunctions/tokens'),
};
