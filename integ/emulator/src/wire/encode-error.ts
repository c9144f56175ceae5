/**
 * A service of the emulator gave an answer that its AWS model does not allow: a bug here, which no client should see as anything else.
 */
export class EncodeError extends Error {
  public constructor(path: string, problem: string) {
    super(`[emulator] ${path} ${problem}`);
    this.name = 'EncodeError';
  }
}

/** Throws for the first member of an output that the model does not have. */
export function refuseUnknownMembers(path: string, value: Readonly<Record<string, unknown>>, known: ReadonlyMap<string, unknown>): void {
  for (const name of Object.keys(value)) {
    if (!known.has(name) && value[name] !== undefined) throw new EncodeError(`${path}.${name}`, 'is not a member the model has');
  }
}
