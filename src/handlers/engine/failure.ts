import { refusalOf } from '../aws/errors';

/**
 * An error whose text is made for the user: one sentence that says what is wrong and what to do.
 */
export class Failure extends Error {
  public constructor(public readonly code: string, message: string) {
    super(message);
    this.name = code;
  }
}

/** What CloudFormation shows of an error: the code first, so that it can be searched for. */
export function reasonOf(error: unknown): string {
  if (error instanceof Failure) return `${error.code}: ${error.message}`;
  const { code, message } = refusalOf(error);
  return `${code}: ${message}`;
}
