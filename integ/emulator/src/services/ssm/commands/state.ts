import type { Table } from '../../../kernel';
import type { Context } from '../../../wire/operation';

export type Status = 'Pending' | 'InProgress' | 'Success' | 'Cancelled' | 'TimedOut' | 'Failed' | 'Cancelling';

export interface CommandRecord {
  readonly commandId: string;
  readonly documentName: string;
  readonly documentVersion: number;
  readonly comment: string;
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  readonly instanceIds: readonly string[];
  readonly targets: ReadonlyArray<{ readonly Key?: string; readonly Values?: readonly string[] }>;
  /** The instances it was sent to. */
  readonly sentTo: readonly string[];
  readonly requestedAt: number;
  readonly timeoutSeconds: number;
  readonly maxConcurrency: string;
  readonly maxErrors: string;
  readonly bucket?: string;
  readonly prefix?: string;
  readonly serviceRole?: string;
  readonly logGroup?: string;
  readonly logs: boolean;
}

/** A step of a document on one instance. */
export interface StepResult {
  readonly name: string;
  readonly status: Status;
  readonly details: string;
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** When the agent stops it. */
  readonly deadline?: number;
}

export interface InvocationRecord {
  readonly commandId: string;
  readonly instanceId: string;
  readonly status: Status;
  readonly details: string;
  readonly steps: readonly StepResult[];
  /** Number of the step that runs, or of the one that would be next. */
  readonly at: number;
  /** After a failed step that ends the document. */
  readonly skipRest?: boolean;
}

export const TERMINAL: readonly Status[] = ['Success', 'Cancelled', 'TimedOut', 'Failed'];

export function isOver({ status }: { readonly status: Status }): boolean {
  return TERMINAL.includes(status);
}

export function commands(context: Context): Table<CommandRecord> {
  return context.table('ssm/commands');
}

export function invocations(context: Context): Table<InvocationRecord> {
  return context.table('ssm/invocations');
}

export function invocationKey(commandId: string, instanceId: string): string {
  return `${commandId}/${instanceId}`;
}

/** Under this name a step's script is an activity. */
export function stepKey(commandId: string, instanceId: string, step: number): string {
  return `${commandId}/${instanceId}/${step}`;
}

export function invocationsOf(context: Context, { commandId, sentTo }: CommandRecord): InvocationRecord[] {
  return sentTo.map((instanceId) => invocations(context).get(invocationKey(commandId, instanceId))!);
}

/** A command's status follows from those of its invocations. */
export function statusOf(context: Context, command: CommandRecord): { status: Status; details: string } {
  const all = invocationsOf(context, command);
  if (all.length === 0) return { status: 'Success', details: 'NoInstancesInTag' };
  const first = (wanted: Status) => all.find(({ status }) => status === wanted);
  if (first('Cancelling')) return { status: 'Cancelling', details: 'Cancelling' };
  if (!all.every(isOver)) {
    const started = all.some(({ status }) => status !== 'Pending');
    return started ? { status: 'InProgress', details: context.row<string>('details-in-progress') } : { status: 'Pending', details: 'Pending' };
  }
  const worst = first('Failed') ?? first('TimedOut') ?? first('Cancelled') ?? all[0];
  return { status: worst.status, details: worst.details };
}
