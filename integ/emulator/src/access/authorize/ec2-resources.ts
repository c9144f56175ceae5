import type { ResourceType } from './action-facts';
import type { Asked, Desk } from './asked';
import { filled } from './forms';

/** EC2's ids say themselves what they are of: whatever the input names counts, where the action knows such things. */
export function ec2Resources(asked: Asked, { row }: Desk, types: readonly ResourceType[]): string[] {
  const kinds = row<Readonly<Record<string, string>>>('ec2-ids');
  const ids = [...new Set(textsIn(asked.input))].flatMap((text) => {
    const [, prefix] = /^([a-z]+(?:-svc)?)-[0-9a-f]{8,}$/.exec(text) ?? [];
    return prefix !== undefined && kinds[prefix] !== undefined ? [{ type: kinds[prefix], id: text }] : [];
  });
  const found = types.flatMap((type) => {
    const named = ids.filter((id) => id.type === type.name).map(({ id }) => filled(type.arn, asked, () => id));
    const key = type.name === 'key-pair' ? asked.input.KeyName : undefined;
    if (typeof key === 'string') return [filled(type.arn, asked, () => key)];
    // What is always asked for and not named is about to be made.
    return named.length === 0 && type.required ? [filled(type.arn, asked, () => '*')] : named;
  });
  return found.length === 0 ? ['*'] : found;
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [];
  return Object.values(value).flatMap(textsIn);
}
