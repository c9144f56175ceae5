import { refusal } from './text';
import type { Context } from '../../wire/operation';

/** Numbers among a queue's attributes have bounds; an empty text takes one back to its default. */
export function checkAttributes(context: Context, attributes: Readonly<Record<string, string>>): void {
  const bounds = context.row<Readonly<Record<string, readonly [least: number, most: number]>>>('sqs/attribute-bounds');
  for (const [name, [least, most]] of Object.entries(bounds)) {
    const value = attributes[name];
    if (value === undefined || value === '') continue;
    const isRight = /^\d+$/.test(value) && Number(value) >= least && Number(value) <= most;
    if (!isRight) throw refusal(context, 'InvalidAttributeValue', 'text-bad-attribute', { attribute: name });
  }
}
