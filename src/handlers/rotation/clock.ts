/** The time of one invocation. */
export interface Clock {
  /** Epoch milliseconds at which the invocation is cut off. */
  readonly end: number;
  /** Epoch milliseconds. */
  now(): number;
  sleep(seconds: number): Promise<void>;
}

/** Nothing is begun when less than this is left: a script is over in a minute, and must not outlive who looks after it. */
export const BEGIN_BEFORE_END_MS = 4 * 60_000;

/** What is under way is left to the next try when less than this is left, so that there is time to say so. */
export const LEAVE_BEFORE_END_MS = 15_000;
