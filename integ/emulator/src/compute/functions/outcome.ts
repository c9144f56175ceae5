import { createHash } from 'node:crypto';
import type { ErrorDocument } from './process';

/** Largest answer of a function, in bytes. */
export const LARGEST_ANSWER = 6_291_556;

/** How the end of an invocation's process looks to its caller. */
export function exitError(invocationId: string, code: number | null, signal: string | null): ErrorDocument {
  const reason = signal ? `error: signal: ${SIGNALS[signal] ?? signal.slice(3).toLowerCase()}`
    : code === 0 ? '' : `error: exit status ${code}`;
  const text = reason ? `Runtime exited with ${reason}` : 'Runtime exited without providing a reason';
  return { errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${invocationId} Error: ${text}` };
}

const SIGNALS: { readonly [name: string]: string } = {
  SIGKILL: 'killed',
  SIGABRT: 'aborted (core dumped)',
  SIGTERM: 'terminated',
  SIGSEGV: 'segmentation fault (core dumped)',
};

/** `Task timed out after 3.00 seconds`. */
export function timeoutText(seconds: number): string {
  return `Task timed out after ${seconds.toFixed(2)} seconds`;
}

export function tooLarge(): ErrorDocument {
  return {
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `Response payload size exceeded maximum allowed payload size (${LARGEST_ANSWER} bytes).`,
  };
}

/** The seed of `Math.random` for one invocation, or for the start of an environment (ordinal 0). */
export function seedOf(kernelSeed: number, environmentId: string, ordinal: number): number {
  return createHash('sha256').update(`${kernelSeed}/${environmentId}/${ordinal}`).digest().readUInt32LE(0);
}
