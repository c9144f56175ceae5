import type { Context } from '../../../wire/operation';
import { describeValue, findParameter } from '../parameters/find';

export function getParameter(context: Context, input: { Name: string; WithDecryption?: boolean }): Record<string, unknown> {
  return { Parameter: describeValue(context, findParameter(context, input.Name), input.WithDecryption ?? false) };
}
