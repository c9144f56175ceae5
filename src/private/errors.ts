import type { IConstruct } from 'constructs';

/** Something wrong with what the user gave: what it is, what is allowed, what to do. */
export interface Problem {
  readonly code: string;
  /** Lower-case start, no full stop: value, allowed values, next step. */
  readonly text: string;
}

/**
 * Thrown at synth for bad input. Core's class of this name is internal to aws-cdk-lib, so this is our own.
 */
export class ValidationError extends Error {
  public readonly code: string;

  constructor(problem: Problem, scope?: IConstruct) {
    super(`${problem.code}: ${problem.text}${scope ? ` [${scope.node.path}]` : ''}`);
    this.name = 'CloudHsmValidationError';
    this.code = problem.code;
  }
}

/** Throws the first problem there is. */
export function throwFirst(scope: IConstruct, problems: ReadonlyArray<Problem | undefined>): void {
  const first = problems.find((problem) => problem !== undefined);
  if (first) throw new ValidationError(first, scope);
}
