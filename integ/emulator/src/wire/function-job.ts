import type { Caller } from './operation';

/** An instant of emulated time and what was printed at it. */
export interface LogLine {
  readonly at: number;
  readonly text: string;
}

/** Where the lines of an environment go, and as whom they are written. */
export interface LogTarget {
  readonly group: string;
  readonly stream: string;
  readonly caller: Caller;
}

/**
 * One invocation in one environment: the arguments of an activity of kind `function`.
 *
 * The activity's id is the environment's id. An environment's keys live as long as its process and name that activity, and it
 * handles one invocation at a time: so the id says whose turn a call belongs to, without new keys for every invocation.
 */
export interface FunctionJob {
  readonly account: string;
  readonly region: string;
  readonly invocationId: string;
  readonly functionArn: string;
  readonly functionName: string;
  readonly version: string;
  /** As the caller named the function, with qualifier. */
  readonly invokedArn: string;
  readonly runtime: string;
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly initLimitMs: number;
  /** Blob that holds the deployment package. */
  readonly code: string;
  readonly variables: { readonly [name: string]: string };
  readonly caller: Caller;
  readonly log: LogTarget;
  readonly logFormat: 'Text' | 'JSON';
  readonly logLevel?: string;
  /** JSON text. */
  readonly event: string;
  readonly clientContext?: string;
  readonly traceId: string;
  /** Which invocation of its environment this is, from 1. */
  readonly ordinal: number;
  /** What the start of the environment took before the process began; 0 when it was warm. */
  readonly coldMs: number;
  /** What the invocation costs beyond the time that passed inside. */
  readonly chargeMs: number;
  readonly fault?: { readonly kind: 'kill'; readonly afterCalls: number } | { readonly kind: 'timeout' };
}

/** How an invocation ended: the arguments of `lambda.invocation-ended`. */
export interface InvocationEnd {
  readonly account: string;
  readonly region: string;
  readonly environmentId: string;
  readonly invocationId: string;
  /** JSON text; of an error document when `failed`. */
  readonly payload: string;
  readonly failed: boolean;
  /** The environment cannot be used again. */
  readonly dead: boolean;
  /** The host was lost: nobody knows how far the function had come. */
  readonly lost: boolean;
  readonly log: LogTarget;
  /** Lines not handed over before. */
  readonly lines: readonly LogLine[];
  /** The last 4 KB of the log, base64. */
  readonly tail: string;
}
