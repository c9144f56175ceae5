/**
 * One thing that is wrong, as data: who asked decides whether to refuse, to log or to show it.
 *
 * Messages never hold key material or the body of a PEM: they go to CloudFormation and to logs.
 */
export interface Problem<Code extends string = string> {
  readonly code: Code;
  readonly message: string;
}

/** Input that nothing can be done with. What can be read but is wrong comes back as a `Problem` instead, together with all the others. */
export class PkiError extends Error implements Problem {
  constructor(public readonly code: string, message: string) {
    super(message);
    this.name = 'PkiError';
  }
}

/** Runs `read` and gives any failure a code and a sentence that names what was being read. */
export function reading<T>(code: string, what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof PkiError) throw error;
    throw new PkiError(code, `${what} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Runs `read` and puts a failure to the other problems, for checks that report all there is in one go. */
export function collect<T>(problems: Problem[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    problems.push({ code: error.code, message: error.message });
    return undefined;
  }
}
