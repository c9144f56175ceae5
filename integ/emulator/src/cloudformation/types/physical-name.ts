import type { Work } from './handler';
import { idFormat } from '../../kernel';

export interface NameRule {
  readonly max: number;
  readonly lower?: boolean;
  /** Characters of the random part. */
  readonly random?: number;
  readonly suffix?: string;
  readonly pattern?: 'stack-logical-random' | 'logical-random';
}

const USUAL: NameRule = { max: 255 };

/**
 * A name as CloudFormation makes them: stack, logical id and a random part, joined by hyphens.
 * Where that is too long, the stack's name and then the logical id are cut.
 */
export function physicalName(work: Work): string {
  const rules = work.context.row<{ readonly [type: string]: NameRule }>('physical-names');
  const rule = { ...USUAL, ...rules[work.type] };
  const { max, random = 12, lower = false, suffix = '', pattern = 'stack-logical-random' } = rule;
  const bytes = work.context.kernel.ids.named('cloudformation-name', work.stackId, work.logicalId, work.uid);
  const tail = lower ? idFormat.upperAlphanumeric(bytes, random).toLowerCase() : idFormat.alphanumeric(bytes, random);
  const end = `-${tail}${suffix}`;
  const room = max - end.length;
  let stack = pattern === 'stack-logical-random' ? work.stackName : '';
  let logical = work.logicalId;
  if (stack.length + logical.length + 1 > room) {
    stack = stack.slice(0, Math.max(Math.floor(room / 2) - 1, room - 1 - logical.length));
    logical = logical.slice(0, room - (stack === '' ? 0 : stack.length + 1));
  }
  const name = `${stack === '' ? '' : `${stack}-`}${logical}${end}`;
  return lower ? name.toLowerCase() : name;
}
