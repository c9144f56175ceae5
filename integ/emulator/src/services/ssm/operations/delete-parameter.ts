import { ServiceError } from '../../../wire/operation';
import type { Context } from '../../../wire/operation';
import { parseReference } from '../parameters/names';
import { dropParameter, parameters } from '../parameters/state';
import { dropTags } from '../tags';
import { text } from '../text';

export function deleteParameter(context: Context, input: { Name: string }): void {
  const { name } = parseReference(input.Name, (candidate) => parameters(context).has(candidate));
  if (!parameters(context).has(name)) throw new ServiceError('ParameterNotFound', text(context, 'text-not-found', { name }));
  dropParameter(context, name);
  dropTags(context, 'Parameter', name);
  context.emit('Deleted', name);
}
