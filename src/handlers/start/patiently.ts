import { setTimeout } from 'node:timers/promises';
import { isAccessDenied, isRefusal } from '../aws/errors';

/** Milliseconds between tries: together, and with what a client repeats by itself, well within the minute of the function. */
const WAITS_MS = [1_000, 2_000, 4_000, 8_000, 8_000, 8_000, 8_000];

/**
 * Does again what failed for a passing reason: a service that throttles, has an error of its own or does not answer, or permissions that were granted moments
 * ago and are not obeyed yet. What is repeated must be safe to repeat. Any other refusal is final.
 */
export async function patiently(work: () => Promise<void>, wait: (milliseconds: number) => Promise<void> = setTimeout): Promise<void> {
  for (const milliseconds of WAITS_MS) {
    try {
      return await work();
    } catch (error) {
      if (isRefusal(error) && !isAccessDenied(error)) throw error;
      await wait(milliseconds);
    }
  }
  return work();
}
