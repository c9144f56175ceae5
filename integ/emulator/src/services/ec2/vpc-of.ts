import { find } from './find';
import { vpcs } from './state';
import type { Vpc } from './state';
import type { Context } from '../../wire/operation';

export function vpcOf(context: Context, id: string | undefined): Vpc {
  return find(context, vpcs(context), 'vpc', 'vpc', id);
}
