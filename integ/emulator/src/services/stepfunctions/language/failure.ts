/** An error inside an execution, by the name under which Retry and Catch know it. */
export class Failure extends Error {
  public constructor(public readonly error: string, public readonly reason: string) {
    super(reason);
  }
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
