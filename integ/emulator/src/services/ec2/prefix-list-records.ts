import { idFormat } from '../../kernel';
import type { Context } from '../../wire/operation';

export interface AwsPrefixList {
  readonly id: string;
  readonly name: string;
  readonly cidrs: readonly string[];
}

/** The lists of AWS's own services that have gateway endpoints; their ids belong to the region, not to an account. */
export function awsPrefixLists(context: Context): AwsPrefixList[] {
  return Object.entries(context.row<Record<string, readonly string[]>>('ec2/aws-prefix-lists')).map(([service, cidrs]) => ({
    id: `pl-${idFormat.hex(context.kernel.ids.named('aws-prefix-list', context.region, service), 8)}`,
    name: `com.amazonaws.${context.region}.${service}`,
    cidrs,
  }));
}
