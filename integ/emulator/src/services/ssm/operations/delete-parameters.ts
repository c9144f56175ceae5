import { deleteParameter } from './delete-parameter';
import type { Context } from '../../../wire/operation';
import { parameters } from '../parameters/state';

export function deleteParameters(context: Context, input: { Names: readonly string[] }): Record<string, unknown> {
  const known = input.Names.filter((name) => parameters(context).has(name));
  for (const Name of known) deleteParameter(context, { Name });
  return { DeletedParameters: known, InvalidParameters: input.Names.filter((name) => !known.includes(name)) };
}
