import { plainText } from '../../../kernel';
import type { Values } from '../../../kernel';
import type { Context } from '../../../wire/operation';
import { textOf } from '../../../wire/operation';

/** An error inside an execution, by the name under which Retry and Catch know it. */
export class Failure extends Error {
  public constructor(public readonly error: string, public readonly reason: string) {
    super(reason);
  }
}

/** A failure by the row of its text, which is the table's own until `reasonOf` puts it into the words of the run. */
class SaidFailure extends Failure {
  public constructor(error: string, public readonly row: string, public readonly values?: Values) {
    super(error, plainText(row, values));
  }
}

export function failure(error: string, row: string, values?: Values): Failure {
  return new SaidFailure(error, `stepfunctions/${row}`, values);
}

/** Why it failed, in the words of this run. */
export function reasonOf(context: Context, failed: Failure): string {
  return failed instanceof SaidFailure ? textOf(context, failed.row, failed.values) : failed.reason;
}

/** These end an execution whatever it is prepared for; only their own names match them. */
const TERMINAL = new Set(['States.Runtime', 'States.DataLimitExceeded']);

export function matches(names: readonly string[], error: string): boolean {
  if (names.includes(error)) return true;
  if (error === 'States.HeartbeatTimeout' && names.includes('States.Timeout')) return true;
  if (TERMINAL.has(error)) return false;
  if (names.includes('States.ALL')) return true;
  return names.includes('States.TaskFailed') && error !== 'States.Timeout' && error !== 'States.HeartbeatTimeout';
}
