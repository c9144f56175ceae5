import { ServiceError, wordsOf } from '../../wire/operation';
import type { Context } from '../../wire/operation';

/** What to say of an error: AWS's words of a refusal, and all that is known of a mistake of the emulator's own. */
export function problemOf(context: Context, error: unknown): string {
  if (error instanceof ServiceError) return wordsOf(context, error) || error.code;
  return `[emulator] internal error: ${(error as Error).stack ?? String(error)}`;
}
