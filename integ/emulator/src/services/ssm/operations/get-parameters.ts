import { ServiceError } from '../../../wire/operation';
import type { Context } from '../../../wire/operation';
import { describeValue, findParameter } from '../parameters/find';

/** Names that mean nothing are listed, not refused. */
export function getParameters(context: Context, input: { Names: readonly string[]; WithDecryption?: boolean }): Record<string, unknown> {
  const found: Array<Record<string, unknown>> = [];
  const invalid: string[] = [];
  for (const name of new Set(input.Names)) {
    try {
      found.push(describeValue(context, findParameter(context, name), input.WithDecryption ?? false));
    } catch (error) {
      if (!(error instanceof ServiceError) || !error.code.startsWith('Parameter')) throw error;
      invalid.push(name);
    }
  }
  found.sort((a, b) => (String(a.Name) < String(b.Name) ? -1 : 1));
  return { Parameters: found, InvalidParameters: invalid };
}
