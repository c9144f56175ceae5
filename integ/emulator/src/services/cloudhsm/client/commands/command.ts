import type { Context } from '../../../../wire/operation';
import type { Options, OptionShape } from '../arguments';
import type { RunInput } from '../input';
import type { LoggedIn, Session } from '../session';

/** A command of `cloudhsm-cli` in single command mode. */
export interface Command {
  readonly path: string;
  readonly options: Readonly<Record<string, OptionShape>>;
  readonly required?: readonly string[];
  /** Roles that may run it; empty for commands without a login. */
  readonly roles: ReadonlyArray<LoggedIn['role']>;
  /** It works on two clusters, named by `--source-cluster-id` and `--destination-cluster-id`, with a login on each. */
  readonly betweenClusters?: true;
  /**
   * What must be settled before anything is dialled: typed passwords and the sense of the arguments. Returns what the command does
   * once connected; its result is the envelope's `data`.
   */
  prepare(context: Context, options: Options, answers: readonly string[], input: RunInput): (session: Session, destination?: Session) => unknown;
}
