import type { Memory } from './memory';
import type { Request } from './request';

/** What the machine carries from state to state. */
export interface Execution {
  readonly request: Request;
  /** The response URL, encrypted under the provider's key; absent where a schedule asks. */
  readonly sealedUrl?: string;
  /** Epoch milliseconds at which the request arrived. */
  readonly startedAt: number;
  /** Seconds before the first step: how long a stopped execution may still be acting. */
  readonly delay: number;
  readonly memory: Memory;
  /** Where the machine goes next. */
  readonly next: 'ACT' | 'WAIT' | 'RESPOND';
  /** Seconds to wait, when `next` is `WAIT`. */
  readonly seconds: number;
  /** What is being waited for, and since when, in epoch milliseconds, when `next` is `WAIT`. */
  readonly waiting?: Waiting;
  /** What to carry out, when `next` is `ACT`. */
  readonly acts?: readonly unknown[];
  /** Memory to go back to if the acts turn out not to be allowed, or fail and are repeatable. */
  readonly memoryBefore?: Memory;
  /** Whether the acts do no harm when they are done twice. */
  readonly isRepeatable?: boolean;
  /** The answer, when `next` is `RESPOND`. */
  readonly outcome?: Outcome;
  /** Set by the machine when a state failed. */
  readonly error?: { readonly Error?: string; readonly Cause?: string };
}

export interface Waiting {
  readonly because: string;
  readonly since: number;
}

export type Outcome =
  | { readonly status: 'SUCCESS'; readonly physicalId: string; readonly attributes: Readonly<Record<string, string>>; readonly note?: string }
  | { readonly status: 'FAILED'; readonly physicalId: string; readonly reason: string };
