import { ServiceError } from '../../../wire/operation';
import type { Context } from '../../../wire/operation';
import { page } from '../paging';
import { isUnder, passes } from '../parameters/filters';
import type { ParameterFilter } from '../parameters/filters';
import { describeValue } from '../parameters/find';
import { parseReference } from '../parameters/names';
import { publicParameters } from '../parameters/public';
import { allLatest } from '../parameters/state';

interface Input {
  readonly Path: string;
  readonly Recursive?: boolean;
  readonly ParameterFilters?: readonly ParameterFilter[];
  readonly WithDecryption?: boolean;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

export function getParametersByPath(context: Context, input: Input): Record<string, unknown> {
  const path = parseReference(input.Path).name;
  if (!path.startsWith('/')) {
    throw new ServiceError('ValidationException', 'The parameter path must begin with a forward slash. '
      + 'It can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_');
  }
  const candidates = path.startsWith('/aws/service') ? publicParameters(context) : allLatest(context);
  const matching = candidates
    .filter(({ name }) => isUnder(name, path, input.Recursive ?? false))
    .filter((record) => passes(context, record, input.ParameterFilters ?? []));
  const { items, next } = page(matching, input.NextToken, input.MaxResults ?? 10);
  return { Parameters: items.map((record) => describeValue(context, { record }, input.WithDecryption ?? false)), NextToken: next };
}
